"""Divisions into the database: the national list as the package `china-division` has it, or an operator's own CSV.

A division that is gone stays with its last day and where it went; its people, homes and things go there with it.
"""

import csv
import io
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg

from deploy.local.web import npm
from shared.runtime.database import Connection
from shared.vocabulary.divisions import BadDivisionError, Division, Level, division, ladder

PACKAGE = "china-division@2.7.0"
"""MIT; codes of the statistics bureau as of 2023-06-30."""
LISTS = ("provinces", "cities", "areas", "streets", "villages")
PIECE = 2000
MOVED = 500
"""Rows a transaction: tens of milliseconds, so that nothing holds the log's horizon back."""

KNOWN = """
SELECT code, name FROM dispatch.division WHERE until IS NULL AND (starts_with(code, $1) OR starts_with($1, code))
"""
ADD = """
INSERT INTO dispatch.division (code, name, parent, since)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[])
ON CONFLICT (code) DO UPDATE SET name = excluded.name, since = excluded.since, until = NULL, into_code = NULL
"""
RENAME = """
WITH before AS (
    INSERT INTO dispatch.division_name (code, until, name)
    SELECT code, $3, name FROM dispatch.division WHERE code = $1 ON CONFLICT DO NOTHING)
UPDATE dispatch.division SET name = $2 WHERE code = $1
"""
END = """
UPDATE dispatch.division SET until = $2, into_code = $3, since = CASE WHEN since < $2 THEN since END WHERE code = $1
"""
LIVING = "SELECT count(*) FROM dispatch.elder WHERE starts_with(division, $1)"
THINGS = "SELECT count(*) FROM devices.device WHERE starts_with(division, $1) AND revoked_at IS NULL"
WHERE_PEOPLE_ARE = (
    *(f"dispatch.{table}" for table in (
        "home", "elder", "contact", "provider", "responder", "skill", "shift", "relation", "home_code", "assessment",
        "consent", "elder_code", "series",
    )),
    "devices.device", "gateway.account", "gateway.inbox", "gateway.kin", "gateway.kin_code", "gateway.pairing",
)  # fmt: skip
"""Rows that say where somebody or something is now; what has happened keeps the place where it happened."""
MOVE = """
UPDATE {0} SET division = $2
WHERE ctid = ANY(ARRAY(SELECT ctid FROM {0} WHERE starts_with(division, $1) LIMIT $3))
"""
SERVED = """
UPDATE dispatch.responder SET area = CASE WHEN area = $1 THEN $2 ELSE area END,
       catchment = array_replace(catchment, $1, $2) WHERE area = $1 OR $1 = ANY(catchment)
"""
PLACED = """
UPDATE devices.placement SET division = $2 WHERE starts_with(division, $1) AND until_at IS NULL
"""


class BadDivisionsError(Exception):
    """A list that can't be taken; the text says which line or code is wrong."""


@dataclass(frozen=True, slots=True)
class Change:
    """A division went into another on a day."""

    code: str
    into: str
    on: date


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new list makes of the one that is there."""

    new: tuple[str, ...]
    renamed: tuple[str, ...]
    gone: tuple[str, ...]


def fetch(folder: Path) -> Path:
    """The package's file, through the same npm that the screens are made with."""
    npm("pack", PACKAGE, "--pack-destination", str(folder))
    return next(folder.glob("china-division-*.tgz"))


def read(path: Path | None, area: str) -> dict[str, str]:
    """Names by code: everything in `area` and what is above it. Without a path the package is fetched."""
    if path is None:
        with tempfile.TemporaryDirectory() as folder:
            return read(fetch(Path(folder)), area)
    try:
        texts = _packed(path) if path.name.endswith((".tgz", ".tar.gz")) else [path.read_text("utf-8-sig")]
        found = dict(_codes(path, texts, area))
    except (OSError, UnicodeDecodeError, tarfile.TarError, KeyError) as fault:
        raise BadDivisionsError(f"{path}: {fault}") from fault
    if not any(code.startswith(area) for code in found):
        raise BadDivisionsError(f"{path}: no division of {area} in it 没有该地区")
    for code in found:
        above = code[: _above(code)]
        if above and above not in found:
            raise BadDivisionsError(f"{path}: {code}: {above} above it is not in the list 缺少上级区划")
    return found


def _packed(path: Path) -> list[str]:
    with tarfile.open(path) as pack:
        files = [pack.extractfile(f"package/dist/{name}.csv") for name in LISTS]
        return [file.read().decode("utf-8-sig") for file in files if file is not None]


def _codes(path: Path, texts: Iterable[str], area: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        lines = csv.DictReader(io.StringIO(text, newline=""))
        if not {"code", "name"} <= set(lines.fieldnames or ()):
            raise BadDivisionsError(f"{path}: line 1: the columns are code and name 表头应为 code,name")
        for number, line in enumerate(lines, start=2):
            code, name = (line["code"] or "").strip(), (line["name"] or "").strip()
            if not (code.startswith(area) or area.startswith(code)):
                continue
            try:
                division(code)
            except BadDivisionError:
                raise BadDivisionsError(f"{path}: line {number}: code: {code!r} 代码位数不对") from None
            if not name:
                raise BadDivisionsError(f"{path}: line {number}: name: nothing there 没有名称")
            yield code, name


def changes(path: Path) -> list[Change]:
    """A CSV of what went where: code, into, on (a date)."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                Change(division(line["code"].strip()), division(line["into"].strip()), date.fromisoformat(line["on"]))
                for line in csv.DictReader(file)
            ]
    except (OSError, KeyError, AttributeError, ValueError) as fault:
        raise BadDivisionsError(f"{path}: code, into, on: {fault}") from fault


async def plan(connection: Connection, area: str, wanted: Mapping[str, str]) -> Plan:
    """Compare with what is there."""
    known = {row["code"]: row["name"] for row in await connection.fetch(KNOWN, area)}
    return Plan(
        new=tuple(sorted(wanted.keys() - known.keys())),
        renamed=tuple(sorted(code for code in wanted.keys() & known.keys() if wanted[code] != known[code])),
        gone=tuple(sorted(code for code in known.keys() - wanted.keys() if code.startswith(area))),
    )


async def load(url: str, area: str, wanted: Mapping[str, str], went: Sequence[Change], today: date) -> Plan:
    """Make the list so. BadDivisionsError, and nothing changed, when it is not said where people went."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        found = await plan(connection, area, wanted)
        await _sound(connection, found, wanted, went, today)
        for codes in _pieces(found.new):
            rows = [(code, wanted[code], code[: _above(code)] or None, today) for code in codes]
            await connection.execute(ADD, *([row[n] for row in rows] for n in range(4)))
        for code in found.renamed:
            await connection.execute(RENAME, code, wanted[code], today)
        into = {change.code: change for change in went}
        for code in sorted(found.gone, key=len, reverse=True):
            change = into.get(code)
            if change is not None:
                await _move(connection, change)
            await connection.execute(END, code, change.on if change else today, change.into if change else None)
        return found
    finally:
        await connection.close()


async def _sound(
    connection: Connection, found: Plan, wanted: Mapping[str, str], went: Sequence[Change], today: date
) -> None:
    into = {change.code: change for change in went}
    for change in went:
        if change.into not in wanted or change.into.startswith(change.code):
            raise BadDivisionsError(f"{change.code}: {change.into} is not in the list 去向不在名单中")
        if change.on > today:
            raise BadDivisionsError(f"{change.code}: {change.on} is still to come; do this on that day 尚未生效")
        across = change.code[: Level.COUNTY] != change.into[: Level.COUNTY]
        if across and await connection.fetchval(THINGS, change.code):
            raise BadDivisionsError(
                f"{change.code}: devices speak under their county; take them out first 跨县须先解除设备"
            )
    for code in found.gone:
        if not any(above in into for above in ladder(Division(code))) and await connection.fetchval(LIVING, code):
            raise BadDivisionsError(f"{code}: gone, and people live there; say where with --changes 已撤销且有人居住")


async def _move(connection: Connection, change: Change) -> None:
    for table in WHERE_PEOPLE_ARE:
        statement = MOVE.format(table)
        while not (await connection.execute(statement, change.code, change.into, MOVED)).endswith(" 0"):
            pass
    await connection.execute(PLACED, change.code, change.into)
    await connection.execute(SERVED, change.code, change.into)


def _above(code: str) -> int:
    """Digits of the division above."""
    return max((int(level) for level in Level if level < len(code)), default=0)


def _pieces(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(codes), PIECE):
        yield codes[start : start + PIECE]
