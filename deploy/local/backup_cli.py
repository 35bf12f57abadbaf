"""`./yinling server backup|restore|rehearse|era|paper`: for the day when the house is away, on a quiet one before."""

import asyncio
import json
import os
from collections.abc import Coroutine
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import typer
from rich.console import Console

from deploy.local.people_cli import Data, Json, _owner_of

console = Console(stderr=True)
T = TypeVar("T")

Admin = Annotated[
    str | None, typer.Option(envvar="YINLING_ADMIN_DATABASE", help="Superuser address of an outside PostgreSQL.")
]
Owner = Annotated[str | None, typer.Option(envvar="YINLING_OWNER_DATABASE", help="Address under the owner's role.")]
Archive = Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)]


def add_backup(server: typer.Typer) -> None:
    """Put the commands of this page beside the others of a server."""
    for command in (backup, restore, rehearse, era, paper):
        server.command()(command)


def backup(
    to: Annotated[Path, typer.Argument(help="A new file; it holds everything about everybody.")],
    data: Data = None, admin: Admin = None,
) -> None:  # fmt: skip
    """Write the database to a file while everything runs; nobody waits for it."""
    from deploy.local import backup as it  # noqa: PLC0415  heavy, and `--help` should be quick

    if to.exists():
        raise typer.Exit(_say(f"{to} is there already 文件已存在"))
    _run(it.back_up(admin or _admin_of(data or _usual()), to.absolute()))
    console.print(f"{to}: {to.stat().st_size:,} bytes 备份完成", highlight=False)


def restore(archive: Archive, data: Data = None, as_json: Json = False) -> None:
    """Put a backup in the place of the database of a data folder; nothing may run on it. Then `./yinling up`."""
    from deploy.local import backup as it  # noqa: PLC0415  heavy, and `--help` should be quick

    found = _run(it.restore_into((data or _usual()).absolute(), archive.absolute()))
    if as_json:
        print(json.dumps(asdict(found), default=str))  # noqa: T201  for programs
    console.print(
        f"restored in {found.seconds} s, as of {found.last}; era {found.era} 已恢复至该时刻，日志进入新纪元",
        highlight=False,
    )


def rehearse(archive: Archive, as_json: Json = False) -> None:
    """Put a backup back where nobody sees it and read its log against the seals; exit 1 when anything does not fit."""
    from deploy.local import backup as it  # noqa: PLC0415  heavy, and `--help` should be quick

    found, faults = _run(it.rehearse(archive.absolute()))
    if as_json:
        print(json.dumps(asdict(found) | {"faults": faults}, default=str))  # noqa: T201  for programs
    what = f"{found.events} events, {found.incidents} incidents, as of {found.last}, {found.seconds} s"
    console.print(f"{what}: {faults} faults 演练恢复", style="red" if faults else "green", highlight=False)
    raise typer.Exit(1 if faults else 0)


def era(owner: Owner = None) -> None:
    """Begin a new era of the log: once after PostgreSQL's own tools have restored it, before the services start."""
    from deploy.local import backup as it  # noqa: PLC0415  heavy, and `--help` should be quick

    if owner is None:
        raise typer.Exit(_say("--owner: say where the database is 请给出数据库地址"))
    console.print(f"era {_run(it.begin_era(owner, datetime.now(UTC)))} 新纪元", highlight=False)


def paper(
    to: Annotated[Path, typer.Argument(help="A new HTML file, readable by its owner only.")],
    within: Annotated[str, typer.Option(help="A division's code; else everybody.")] = "",
    data: Data = None, owner: Owner = None,
) -> None:  # fmt: skip
    """Print the daily paper: everybody by village with contacts, those who can go, duty telephones."""
    from deploy.local import paper as it  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.secrets import fields  # noqa: PLC0415  as above

    if to.exists():
        raise typer.Exit(_say(f"{to} is there already 文件已存在"))
    folder, now = data or _usual(), datetime.now(UTC).astimezone()
    found = _run(it.gathered(owner or _owner_of(folder), fields(folder), within, now))
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(it.as_html(found, now))
    console.print(f"{to}: {len(found.elders)} people 名册已生成，请打印后删除文件", highlight=False)


def _run(work: Coroutine[None, None, T]) -> T:
    from deploy.local.backup import BackupFailedError  # noqa: PLC0415  as above
    from deploy.local.up import FAULTS  # noqa: PLC0415  as above

    try:
        return asyncio.run(work)
    except (*FAULTS, BackupFailedError, asyncpg.PostgresError) as fault:
        raise typer.Exit(_say(f"{type(fault).__name__}: {fault}", 1)) from None


def _admin_of(folder: Path) -> str:
    from deploy.local.parts import DATABASE  # noqa: PLC0415  as above
    from deploy.local.secrets import kept  # noqa: PLC0415  as above

    lock = next(folder.glob("*/postmaster.pid"), None)
    if lock is None:
        raise typer.Exit(_say(f"--admin: say where it is; nothing runs on {folder} 没有运行中的数据库"))
    port = lock.read_text("utf-8").splitlines()[3]
    return f"postgresql://postgres:{kept(folder).admin}@127.0.0.1:{port}/{DATABASE}"


def _usual() -> Path:
    from deploy.local.up import default_folder  # noqa: PLC0415  as above

    return default_folder()


def _say(text: str, code: int = 2) -> int:
    console.print(text, style="red", markup=False, highlight=False)
    return code
