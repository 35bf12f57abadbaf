"""`./yinling trace`: the way of one press with its times, for whoever asks why it took so long."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from deploy.local.people_cli import Data, Database, Json, _owner_of, _say, out


def trace(
    name: Annotated[str, typer.Argument(help="An alarm's id, a device's eid (B-1:3:42) or an incident's number.")],
    data: Data = None, database: Database = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Each step of a press, from the button over the log to the screens and back, with milliseconds since it came."""
    from deploy.local import trace as it  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.up import default_folder  # noqa: PLC0415

    try:
        found = asyncio.run(it.way(database or _owner_of(data or default_folder()), name))
    except it.UnknownAlarmError:
        raise typer.Exit(_say(f"{name}: no such alarm or incident 没有此报警")) from None
    if as_json:
        print(json.dumps(asdict(found), default=str))  # noqa: T201  for programs
        return
    table = Table("ms", "at 时间", "what 事件", "by 由", "", title=f"{found.incident or '–'}  {found.alarms[0]}")
    for step in found.steps:
        more = " ".join(f"{key}={value}" for key, value in step.more.items() if key != "incident")
        table.add_row(f"{step.ms:+.1f}", f"{step.at:%H:%M:%S.%f}"[:-3], step.what, step.by, more)
    out.print(table)
