"""`./yinling audit`: whether anybody has rewritten the log; what is held about one elder, and forgetting her."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import asyncpg
import typer
from rich.console import Console

from deploy.local.people_cli import Data, Database, Json, _owner_of
from services.gateway.flow.sealing import Verdict, handed_up, verified

WORDS = {
    "chain": "is not chained to the one before 与上一枚封签不相连",
    "seal": "says something else than its hash 封签自身被改",
    "count": "has more or fewer events than were sealed 事件数不符",
    "content": "has events that were changed 事件内容被改",
    "head": "is not the one that was handed up 与上级留存的封签不符",
    "gap": "has more or fewer events than were written 流中事件数不符",
}

audit = typer.Typer(no_args_is_help=True, help="Whether the log is what it was; what is held about one person.")
console = Console(stderr=True)


@audit.command()
def verify(
    data: Data = None, database: Database = None,
    heads: Annotated[
        Path | None, typer.Option(help="Heads that were handed up (seal-heads.jsonl); of the data folder by default.")
    ] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Read the whole log again and compare it with its seals; exit 1 and name what does not fit."""
    folder = data or _usual()
    file = heads or folder / "seal-heads.jsonl"
    kept = file.read_bytes().splitlines() if file.exists() else []
    verdict = asyncio.run(_read(database or _owner_of(folder), kept))
    if as_json:
        print(json.dumps(told(verdict, len(kept))))  # noqa: T201  for programs
    else:
        _show(verdict, len(kept))
    raise typer.Exit(1 if verdict.findings else 0)


@audit.command()
def file(elder: str, data: Data = None, database: Database = None) -> None:
    """Everything that is held about one elder, as JSON: what she may ask for (查阅复制)."""
    from deploy.local import subject  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.secrets import fields  # noqa: PLC0415  the same

    folder = data or (None if database else _usual())
    found = asyncio.run(subject.held(database or _owner_of(folder or _usual()), elder, fields(folder)))
    print(json.dumps(found, ensure_ascii=False, indent=1))  # noqa: T201  for her
    raise typer.Exit(0 if "dispatch.elder" in found else 1)


@audit.command()
def forget(
    elder: str,
    why: Annotated[Literal["asked", "died", "moved"], typer.Option(help="Why; it goes into the log.")],
    data: Data = None, database: Database = None,
) -> None:  # fmt: skip
    """Forget an elder (删除): words, numbers and pictures go, ids and times stay. Cannot be undone."""
    from deploy.local import subject  # noqa: PLC0415  heavy, and `--help` should be quick

    try:
        asyncio.run(subject.forget(database or _owner_of(data or _usual()), elder, why, datetime.now(UTC)))
    except subject.NotNowError as fault:
        console.print(str(fault), style="red", markup=False)
        raise typer.Exit(1) from None
    console.print(f"{elder} is forgotten 已删除", highlight=False)


def _usual() -> Path:
    from deploy.local.up import default_folder  # noqa: PLC0415  heavy, and `--help` should be quick

    return default_folder()


async def _read(url: str, kept: list[bytes]) -> Verdict:
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await verified(connection, handed_up(kept))
    finally:
        await connection.close()


def told(verdict: Verdict, heads: int) -> dict[str, object]:
    """The verdict for programs."""
    return {
        "intact": not verdict.findings, "seals": verdict.seals, "events": verdict.events, "heads": heads,
        "head": verdict.head.hex(), "findings": [{"what": f.what, "where": f.where} for f in verdict.findings],
    }  # fmt: skip


def _show(verdict: Verdict, heads: int) -> None:
    counted = f"{verdict.events} events in {verdict.seals} seals, {heads} heads handed up"
    if not verdict.findings:
        console.print(f"[green]intact 完好[/green]: {counted}\nhead 封签头: {verdict.head.hex()}", highlight=False)
    for finding in verdict.findings:
        console.print(f"[red]{finding.where} {WORDS[finding.what]}", highlight=False)
