"""The command line behind `./yinling`."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

import shared
from deploy.local.audit_cli import audit
from deploy.local.backup_cli import add_backup
from deploy.local.certs import certs
from deploy.local.devices_cli import devices
from deploy.local.people_cli import explain, imports
from deploy.local.registry_cli import add_registry
from deploy.local.reports_cli import reports
from deploy.local.server import server
from deploy.local.supply_cli import supply
from deploy.local.trace_cli import trace

ROOT = Path(__file__).parents[2]
ALSO = (
    "Also: ./yinling bench --help (measurements), ./yinling prove --help (break it on purpose) and "
    "./yinling replay WORLD.json (the same decisions in a given world)."
)
app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__, epilog=ALSO
)
add_backup(server)
app.add_typer(server, name="server")
app.add_typer(devices, name="devices")
add_registry(imports)
app.add_typer(imports, name="import")
app.add_typer(audit, name="audit")
app.add_typer(reports, name="reports")
app.add_typer(supply, name="supply")
app.command()(explain)
app.command()(trace)
app.command()(certs)
console = Console(stderr=True)


def _ours() -> None:
    if not Path(shared.__file__).is_relative_to(ROOT):
        console.print(f"[red]another package named 'shared' hides ours: {shared.__file__}")
        raise typer.Exit(2)


@app.command()
def up(
    demo: Annotated[str, typer.Option(help="Which synthetic county to seed; there is huichang.")] = "huichang",
    data: Annotated[Path | None, typer.Option(help="Data folder; a second start goes on with it.")] = None,
    homes: Annotated[int, typer.Option(min=10, max=20_000)] = 300,
    seed: Annotated[int, typer.Option()] = 1,
    quiet: Annotated[bool, typer.Option("--quiet", help="Switch the simulated people off.")] = False,
    host: str = "127.0.0.1",
    http_port: int = 8600,
    mqtt_port: int = 1883,
    postgres: Annotated[
        str | None, typer.Option(envvar="YINLING_ADMIN_DATABASE", help="Superuser address of an outside PostgreSQL.")
    ] = None,
    mosquitto: Annotated[str | None, typer.Option(help="host:port of an outside Mosquitto.")] = None,
    broker: Annotated[
        Literal["nats", "mosquitto"], typer.Option(help="Which broker to start: nats, or this machine's mosquitto.")
    ] = "nats",
    tls: Annotated[bool, typer.Option("--tls", help="Devices speak TLS, with certificates of our own.")] = False,
    two: Annotated[bool, typer.Option("--two", help="Two of each service and two brokers (nats).")] = False,
) -> None:
    """Start everything on this machine; Ctrl-C ends it."""
    from deploy.local import panel, up, web  # noqa: PLC0415  heavy, and `--help` should be quick
    from deploy.local.parts import Wish  # noqa: PLC0415
    from deploy.local.ports import Ports  # noqa: PLC0415

    if demo != "huichang":
        console.print(f"[red]there is no county '{demo}'; try --demo huichang")
        raise typer.Exit(2)
    if tls and mosquitto:
        console.print("[red]--tls is for a broker that this starts; an outside one has its own certificates")
        raise typer.Exit(2)
    if two and (mosquitto or broker != "nats"):
        console.print("[red]--two starts two brokers of its own, which are nats")
        raise typer.Exit(2)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    folder = (data or up.default_folder()).absolute()
    wish = Wish(
        folder, host, Ports(http=http_port, mqtt=mqtt_port), homes, seed, quiet, postgres, mosquitto, broker, tls, two
    )  # fmt: skip

    async def main() -> None:
        web.build(lambda text: console.print(f"· {text}"))
        async with up.running(wish, lambda text: console.print(f"· {text}")) as it:
            panel.show(console, it, quiet=quiet)
            print(up.ready_line(it), flush=True)  # noqa: T201  the contract's line
            await up.until_told()
            console.print("· stopping 正在停止")

    _run(main)


def _run(main: Callable[[], Coroutine[None, None, None]]) -> None:
    """Run to the end; what went wrong on the way up is told in words, without a trace."""
    from deploy.local.up import FAULTS  # noqa: PLC0415

    try:
        asyncio.run(main())
    except FAULTS as fault:
        console.print(f"{type(fault).__name__}: {fault}", markup=False, style="red")
        raise typer.Exit(1) from None


@app.command()
def test(
    only: Annotated[list[str] | None, typer.Argument(help="Folders or files; everything by default.")] = None,
    *,
    long: Annotated[bool, typer.Option("--long", help="Also what takes long: journeys again in English.")] = False,
) -> None:
    """Run every check and test; CI calls this."""
    from deploy.local import checks  # noqa: PLC0415

    raise typer.Exit(checks.run(only or [], console, long=long))


def main() -> None:
    """Enter."""
    _ours()
    app()


if __name__ == "__main__":
    main()
