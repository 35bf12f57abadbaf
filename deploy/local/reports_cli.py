"""`./yinling reports`: tell what is kept for figures anew from the log, or hold it against the log."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console

from deploy.local.people_cli import Data, Database, Json, _owner_of

reports = typer.Typer(no_args_is_help=True, help="Figures: rebuild them from the log, verify them against it.")
console = Console(stderr=True)
SHOWN = 20

Now = Annotated[datetime | None, typer.Option(help="Verify the month before this instant; else before now.")]


@reports.command()
def rebuild(data: Data = None, database: Database = None, as_json: Json = False) -> None:
    """Tell every incident anew from the log; figures stay readable meanwhile."""
    from services.gateway.reports.rebuilding import rebuild as it  # noqa: PLC0415  heavy

    done = _run(data, database, it)
    if as_json:
        print(json.dumps(asdict(done)))  # noqa: T201  for programs
    else:
        console.print(
            f"{done.incidents} incidents told in {done.seconds} s, {done.changed} rows changed "
            f"已按日志重建 {done.incidents} 件，变动 {done.changed} 行", highlight=False,
        )  # fmt: skip


@reports.command()
def verify(data: Data = None, database: Database = None, now: Now = None, as_json: Json = False) -> None:
    """Recount last month from the sealed log by other code; equal, or every difference (exit 1)."""
    from services.gateway.domain.recount import last_month  # noqa: PLC0415  heavy
    from services.gateway.reports.verifying import verify as it  # noqa: PLC0415

    since, until = last_month(now.astimezone(UTC) if now else datetime.now(UTC))
    found = _run(data, database, lambda pool: it(pool, since, until))
    if as_json:
        told = asdict(found) | {"since": since.isoformat(), "until": until.isoformat(), "equal": found.equal}
        print(json.dumps(told))  # noqa: T201  for programs
    else:
        _show(found)
    raise typer.Exit(0 if found.equal else 1)


def _show(found: Any) -> None:
    what = f"{found.since:%F %H:%M} – {found.until:%F %H:%M} UTC: {found.incidents} incidents, {found.events} events"
    if found.unsealed:
        what += f", {found.unsealed} of them not sealed yet 尚未封签"
    if found.equal:
        console.print(f"{what}: equal 与日志一致", highlight=False)
        return
    console.print(f"{what}: {len(found.differences)} differences 与日志不一致", style="red", highlight=False)
    for line in found.differences[:SHOWN]:
        console.print(f"  {line}", highlight=False, markup=False)


def _run(data: Any, address: str | None, work: Callable[[Any], Awaitable[Any]]) -> Any:
    from deploy.local.up import default_folder  # noqa: PLC0415  heavy, and `--help` should be quick
    from shared.runtime.database import Database as Pool  # noqa: PLC0415

    async def main() -> Any:
        pool = Pool(address or _owner_of(data or default_folder()), name="yinling-reports", size=2)
        await pool.open()
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(main())
