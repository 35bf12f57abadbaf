"""`./yinling import divisions`, `elders` and so on: a county's own tables, looked at first and taken in whole."""

import asyncio
import csv
import getpass
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import asyncpg
import typer

from deploy.local.devices_cli import Options, connected
from deploy.local.people_cli import (
    Data,
    Database,
    Datum,
    Json,
    Password,
    Url,
    User,
    _check,
    _owner_of,
    _say,
    console,
)

if TYPE_CHECKING:
    from deploy.local.divisions import Plan
    from services.dispatch.domain.imports.sheets import Sheet
    from services.dispatch.domain.imports.table import Fault
    from services.dispatch.flow.imports import Report
    from shared.runtime.sealed import Fields

    Where = tuple[str, Fields]
    """The database's address, and what opens words in it."""

REFUSED = 1
SHOWN = 20
"""Faults on the screen; all of them are in the file of --errors."""

File = Annotated[Path, typer.Argument(help="CSV (UTF-8 or GB18030) or Excel.")]
List = Annotated[Path | None, typer.Argument(help="china-division's .tgz or a CSV of code, name; else it is fetched.")]
Changes = Annotated[Path | None, typer.Option(help="CSV of code, into, on: what went where, and when.")]
County = Annotated[str, typer.Option("--area", help="Division the file is about; nothing beyond it is touched.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Look, and write nothing.")]
Good = Annotated[bool, typer.Option("--good-rows", help="Take the good rows in though others are bad.")]
Secrets = Annotated[Path, typer.Option(help="Where to write what is shown only once.")]
Errors = Annotated[Path | None, typer.Option(help="Write the bad lines here, each with its reason.")]
SHEETS = {
    "providers": "Organisations that people belong to 服务商.",
    "responders": "People who go, and stations with the areas they serve 服务人员.",
    "elders": "Elders with home, assessment and up to three contacts 老人.",
    "contacts": "Further contacts of elders 联系人.",
}
UNREADABLE = {
    "too_large": "larger than 64 MB 文件超过 64 MB",
    "no_table": "there is no table in it 没有表格",
    "bad_encoding": "neither UTF-8 nor GB18030 编码既不是 UTF-8 也不是 GB18030",
    "bad_csv": "a quotation mark is never closed 引号没有闭合",
    "too_many_lines": "too many lines or columns 行或列太多",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file shall be taken in."""

    area: str
    crs: str
    dry_run: bool
    good_rows: bool


def divisions(
    area: County, file: List = None, changes: Changes = None, dry_run: Dry = False, as_json: Json = False,
    data: Data = None, database: Database = None,
) -> None:  # fmt: skip
    """Divisions of an area and of what is above it; new names and mergers with their day."""
    from deploy.local import divisions as it  # noqa: PLC0415  heavy, and `--help` should be quick

    _check(area)
    try:
        found = asyncio.run(_divisions(area, file, changes, _address(data, database), dry_run=dry_run))
    except it.BadDivisionsError as fault:
        raise typer.Exit(_say(str(fault))) from None
    counts = {"new": len(found.new), "renamed": len(found.renamed), "gone": len(found.gone)}
    if as_json:
        print(json.dumps({"written": not dry_run, **counts}))  # noqa: T201  for programs
    else:
        console.print(f"{counts['new']} new 新增, {counts['renamed']} renamed 更名, {counts['gone']} gone 撤销")


async def _divisions(area: str, file: Path | None, changes: Path | None, address: str, *, dry_run: bool) -> "Plan":
    from deploy.local import divisions as it  # noqa: PLC0415  the same

    wanted = it.read(file, area)
    went = it.changes(changes) if changes else []
    if not dry_run:
        return await it.load(address, area, wanted, went, datetime.now(UTC).date())
    connection = await asyncpg.connect(address, timeout=5)
    try:
        return await it.plan(connection, area, wanted)
    finally:
        await connection.close()


def add_registry(imports: typer.Typer) -> None:
    """Put the commands of this page beside the other imports."""
    imports.command()(divisions)
    imports.command()(accounts)
    imports.command()(devices)
    for name in SHEETS:
        _add(imports, name)


def _add(imports: typer.Typer, name: str) -> None:
    """The command of one kind of table."""

    def command(
        file: File, area: County, dry_run: Dry = False, good_rows: Good = False, errors: Errors = None,
        crs: Datum = "wgs84", as_json: Json = False, data: Data = None, database: Database = None,
    ) -> None:  # fmt: skip
        _check(area)
        it = _address(data, database), _keys(data, database)
        _take(name, file, Wish(area, crs, dry_run, good_rows), it, errors, as_json=as_json)

    imports.command(name, help=SHEETS[name])(command)


def accounts(
    file: File, area: County, secrets: Secrets, dry_run: Dry = False, data: Data = None, database: Database = None
) -> None:
    """People who log in, each with a one-time password that is written to a file of its own 账号."""
    from deploy.local.logins import ACCOUNTS  # noqa: PLC0415  heavy, and `--help` should be quick

    _check(area)
    if secrets.exists():
        raise typer.Exit(_say(f"--secrets: {secrets} is there already 文件已存在"))
    made, there, faults = asyncio.run(
        _accounts(file.read_bytes(), area, secrets, (_address(data, database), _keys(data, database)), dry_run=dry_run)
    )
    if faults:
        raise typer.Exit(_faulty(ACCOUNTS, faults))
    console.print(f"{made} accounts made 新增, {there} there already 已有", highlight=False)


async def _accounts(
    content: bytes, area: str, secrets: Path, it: "Where", *, dry_run: bool
) -> "tuple[int, int, list[Fault]]":
    from deploy.local import logins  # noqa: PLC0415  the same
    from shared.runtime.database import Database as Pool  # noqa: PLC0415

    address, keys = it
    pool = Pool(address, name="yinling-import", size=1, fields=keys)
    await pool.open()
    try:
        return await logins.take(pool, content, area, secrets, datetime.now(UTC), dry_run=dry_run)
    finally:
        await pool.close()


def devices(
    file: File, secrets: Secrets, url: Url = None, data: Data = None, user: User = None, password: Password = None
) -> None:
    """Devices through the platform, with the elder who wears each; secrets are written to a file 设备."""
    from deploy.local.stock import DEVICES, Stock  # noqa: PLC0415  the same
    from deploy.local.up import default_folder  # noqa: PLC0415
    from services.dispatch.domain.imports.table import read  # noqa: PLC0415
    from services.dispatch.registry.files import lines  # noqa: PLC0415

    table = read(DEVICES, lines(file.read_bytes()))
    if table.faults:
        raise typer.Exit(_faulty(DEVICES, table.faults))
    with connected(Options(url, data or default_folder(), user, password, as_json=False)) as desk:
        stock = Stock(desk.tried, secrets)
        became = [(row, stock.add(row.values)) for row in table.rows]
    for row, what in became:
        if what not in {"added", "same"}:
            _say(f"第 {row.line} 行 line {row.line}: {row.values['id']}: {what}")
    counts = Counter(what if what in {"added", "same"} else "refused" for _, what in became)
    console.print(f"{counts['added']} devices added 新增, {counts['same']} there already 已有", highlight=False)
    if counts["refused"]:
        raise typer.Exit(REFUSED)


def _faulty(sheet: "Sheet", faults: "Sequence[Fault]") -> int:
    from services.dispatch.domain.imports.words import words  # noqa: PLC0415  the same

    for fault in faults:
        _say(f"{words(sheet, fault, 'zh')} · {words(sheet, fault, 'en')}")
    return REFUSED


def _take(name: str, file: Path, wish: Wish, it: "Where", errors: Path | None, *, as_json: bool) -> None:
    from services.dispatch.domain.imports.words import words  # noqa: PLC0415  the same
    from services.dispatch.registry.files import BadFileError  # noqa: PLC0415

    try:
        content = file.read_bytes()
        report = asyncio.run(_taken(name, content, wish, it))
    except OSError as fault:
        raise typer.Exit(_say(f"{file}: {fault.strerror or fault}")) from None
    except BadFileError as fault:
        raise typer.Exit(_say(f"{file}: {UNREADABLE[fault.code]}")) from None
    said = [f"{words(report.sheet, fault, 'zh')} · {words(report.sheet, fault, 'en')}" for fault in report.faults]
    if errors is not None and said:
        _write_errors(errors, content, report)
    if as_json:
        print(json.dumps(_counts(report) | {"faults": said}, ensure_ascii=False))  # noqa: T201  for programs
    else:
        _tell(report, said, errors)
    if report.faults and not report.written:
        raise typer.Exit(REFUSED)


async def _taken(name: str, content: bytes, wish: Wish, it: "Where") -> "Report":
    from services.dispatch.domain.imports.sheets import SHEETS as KNOWN  # noqa: PLC0415
    from services.dispatch.flow.imports import Importer, Terms  # noqa: PLC0415
    from shared.runtime.clock import SystemClock  # noqa: PLC0415
    from shared.runtime.database import Database as Pool  # noqa: PLC0415
    from shared.vocabulary.crs import TO_WGS84  # noqa: PLC0415  the same

    address, keys = it
    pool = Pool(address, name="yinling-import", size=1, fields=keys)
    await pool.open()
    try:
        importer = Importer(pool, SystemClock())
        terms = Terms(wish.area, f"owner:{getpass.getuser()}", TO_WGS84[wish.crs])
        if wish.dry_run:
            return await importer.look(KNOWN[name], content, terms)
        return await importer.take(KNOWN[name], content, terms, good_rows=wish.good_rows)
    finally:
        await pool.close()


def _counts(report: "Report") -> dict[str, object]:
    return {
        "written": report.written, "rows": report.rows, "added": report.added, "changed": report.changed,
        "same": report.same, "refused": report.refused, "longest_piece_ms": round(report.longest_s * 1000),
    }  # fmt: skip


def _tell(report: "Report", said: list[str], errors: Path | None) -> None:
    for line in said[:SHOWN]:
        console.print(line, style="red", markup=False, highlight=False)
    if len(said) > SHOWN:
        where = f": {errors}" if errors else ", --errors FILE"
        console.print(f"… {len(said) - SHOWN} more 还有{where}", markup=False, highlight=False)
    for heading in report.unknown:
        console.print(f"column not used 未使用的列: {heading}", style="yellow", markup=False, highlight=False)
    state = "written 已写入" if report.written else "nothing was written 未写入"
    console.print(
        f"{report.rows} rows 行: {report.added} new 新增, {report.changed} changed 变更, {report.same} the same 未变, "
        f"{report.refused} refused 拒绝; {state}",
        highlight=False,
    )


def _write_errors(path: Path, content: bytes, report: "Report") -> None:
    """The bad lines as they stand, each with its reasons behind it: to be mended and taken in again."""
    from services.dispatch.domain.imports.words import words  # noqa: PLC0415  the same
    from services.dispatch.registry.files import lines  # noqa: PLC0415

    why: dict[int, list[str]] = {}
    for fault in report.faults:
        why.setdefault(fault.line, []).append(words(report.sheet, fault, "zh"))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for number, cells in lines(content):
            if number in why or number == report.head:
                writer.writerow([*cells, "原因" if number == report.head else "；".join(why[number])])
    path.chmod(0o600)


def _address(data: Path | None, database: str | None) -> str:
    from deploy.local.up import default_folder  # noqa: PLC0415  the same

    return database or _owner_of(data or default_folder())


def _keys(data: Path | None, database: str | None) -> "Fields":
    from deploy.local.secrets import fields  # noqa: PLC0415  the same
    from deploy.local.up import default_folder  # noqa: PLC0415

    return fields(data or (None if database else default_folder()))
