"""`./yinling bench …` and `./yinling prove …`: figures that anyone can get again with one command."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)
bench = typer.Typer(no_args_is_help=True, help="Measurements anyone can run.")
prove = typer.Typer(no_args_is_help=True, help="Break it on purpose and read the histories.")
app.add_typer(bench, name="bench")
app.add_typer(prove, name="prove")

Json = Annotated[bool, typer.Option("--json", help="End with one JSON object.")]
Data = Annotated[Path | None, typer.Option(help="Folder of a running instance; else one is started.")]


@bench.command()
def press(
    rate: Annotated[float, typer.Option(help="Alarms a second, open loop.")] = 50,
    consoles: Annotated[int, typer.Option(min=1, max=400)] = 20,
    seconds: Annotated[float, typer.Option(min=1, max=600)] = 20,
    runs: Annotated[int, typer.Option(min=1, max=20)] = 5,
    data: Data = None,
    json: Json = False,
) -> None:
    """From a device's publish to a console's screen, with the floor of the same machine beside it."""
    from bench import press as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(rate=rate, consoles=consoles, seconds=seconds, runs=runs, data=data, as_json=json))


@bench.command()
def screen(
    rate: Annotated[float, typer.Option(min=0.1, max=200, help="Alarms a second, open loop.")] = 20,
    seconds: Annotated[float, typer.Option(min=1, max=600)] = 20,
    data: Data = None,
    json: Json = False,
) -> None:
    """From a device's publish to a real Chromium that has drawn the alarm and rings."""
    from bench import screen as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(rate=rate, seconds=seconds, data=data, as_json=json))


@bench.command()
def heartbeat(
    devices: Annotated[int, typer.Option(min=1, max=20_000)] = 2000,
    rate: Annotated[float, typer.Option(min=1, help="Heartbeats a second.")] = 2000,
    seconds: Annotated[float, typer.Option(min=1, max=600)] = 20,
    data: Data = None,
    json: Json = False,
) -> None:
    """How many heartbeats one process takes, what they cost it, and what they cost the alarms beside them."""
    from bench import heartbeat as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(devices=devices, rate=rate, seconds=seconds, data=data, as_json=json))


@bench.command()
def reconnect(
    devices: Annotated[int, typer.Option(min=1, max=20_000)] = 2000,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="Within which all come back.")] = 10,
    data: Data = None,
    json: Json = False,
) -> None:
    """Every device comes back at once, some of them with an alarm."""
    from bench import reconnect as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(devices=devices, seconds=seconds, data=data, as_json=json))


@bench.command()
def matching(
    presses: Annotated[int, typer.Option(min=20, max=100_000)] = 500,
    json: Json = False,
) -> None:
    """From an alarm that dispatch has read to the first offers written, in a small county and in a large one."""
    from bench import matching as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(presses=presses, as_json=json))


@bench.command()
def history(
    upto: Annotated[int, typer.Option(min=1000, max=10_000_000, help="Past incidents at the largest size.")] = 100_000,
    visits: Annotated[int, typer.Option(min=5, max=1000)] = 30,
    data: Data = None,
    json: Json = False,
) -> None:
    """How long a change of state takes with 1,000 past incidents, and with up to a million."""
    from bench import past as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(upto=upto, visits=visits, data=data, as_json=json))


@bench.command()
def reports(
    incidents: Annotated[
        int, typer.Option(min=1000, max=20_000_000, help="In the year that is asked about.")
    ] = 100_000,
    json: Json = False,
) -> None:
    """Response times at four levels over a year, the lists behind them, and what reading them from the log takes."""
    from bench import reports as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(incidents=incidents, as_json=json))


@bench.command()
def registry(
    elders: Annotated[int, typer.Option(min=100, max=1_000_000, help="Rows of the file.")] = 100_000,
    json: Json = False,
) -> None:
    """How long a county's elders take to be taken in, and what an alarm beside them has to wait."""
    from bench import registry as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(elders=elders, as_json=json))


@bench.command()
def rls(
    incidents: Annotated[int, typer.Option(min=1000, max=1_000_000)] = 20_000,
    rounds: Annotated[int, typer.Option(min=10, max=10_000)] = 200,
    json: Json = False,
) -> None:
    """What row-level security costs the gateway's hot statements: with it, and as somebody whom no policy holds up."""
    from bench import rls as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(incidents=incidents, rounds=rounds, as_json=json))


@prove.command()
def ingest(
    alarms: Annotated[int, typer.Option(min=10, max=1_000_000)] = 5000,
    seed: Annotated[int, typer.Option()] = 1,
    broker: Annotated[str, typer.Option(help="nats or mosquitto, of the instance that is started.")] = "nats",
    data: Data = None,
    json: Json = False,
) -> None:
    """Devices press through a line that breaks while workers and broker are killed; every press arrives, once."""
    from bench import ingest as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(alarms=alarms, seed=seed, broker=broker, data=data, as_json=json))


@prove.command()
def kill(
    alarms: Annotated[int, typer.Option(min=10, max=1_000_000)] = 500,
    faults: Annotated[int, typer.Option(min=1)] = 7,
    seed: Annotated[int, typer.Option()] = 1,
    data: Data = None,
    json: Json = False,
) -> None:
    """Kill each process in turn under load; nothing receipted is lost, nothing shown twice, nobody assigned twice."""
    from bench import kill as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(alarms=alarms, faults=faults, seed=seed, data=data, as_json=json))


@prove.command()
def life(
    examples: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    steps: Annotated[int, typer.Option(min=1, max=500)] = 40,
    json: Json = False,
) -> None:
    """Incident, job and offers in any order of events: no illegal state, no two winners, never without a deadline."""
    from bench import lives as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(examples=examples, steps=steps, as_json=json))


@prove.command()
def orders(
    examples: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    steps: Annotated[int, typer.Option(min=1, max=500)] = 40,
    json: Json = False,
) -> None:
    """Orders in any order of events: no illegal state, none forgotten, money and log as agreed."""
    from bench import order_lives as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(examples=examples, steps=steps, as_json=json))


@prove.command()
def race(
    rounds: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    consoles: Annotated[int, typer.Option(min=2, max=200)] = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Fifty consoles say yes to one job at once, over and over; one goes, the others are told who."""
    from bench import race as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(rounds=rounds, consoles=consoles, data=data, as_json=json))


@prove.command()
def scope(
    calls: Annotated[int, typer.Option(min=100, max=10_000_000)] = 5000,
    seed: Annotated[int, typer.Option()] = 1,
    data: Data = None,
    json: Json = False,
) -> None:
    """Every role on every level asks every endpoint and every inbox, for others' things too; nothing comes back."""
    from bench import scope as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(calls=calls, seed=seed, data=data, as_json=json))


@prove.command()
def audit(
    tampers: Annotated[int, typer.Option(min=1, max=100_000)] = 1000,
    seed: Annotated[int, typer.Option()] = 1,
    json: Json = False,
) -> None:
    """The log is tampered with under its owner's own role; verifying it finds every time."""
    from bench import audit as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(tampers=tampers, seed=seed, as_json=json))


@app.command()
def replay(
    world: Annotated[Path, typer.Argument(help="World file; its form is in docs/replay.md.")], *, json: Json = False
) -> None:
    """The real decisions of dispatch in a given world, under a clock of their own."""
    from bench import replay as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(world, as_json=json))


if __name__ == "__main__":
    app()
