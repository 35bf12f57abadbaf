"""`./yinling bench …` and `./yinling prove …`: figures that anyone can get again with one command."""

import signal
from pathlib import Path
from typing import Annotated

import typer

from bench.proofs.cli import add_proofs

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False, help=__doc__)
bench = typer.Typer(no_args_is_help=True, help="Measurements anyone can run.")
prove = typer.Typer(no_args_is_help=True, help="Break it on purpose and read the histories.")
app.add_typer(bench, name="bench")
app.add_typer(prove, name="prove")
add_proofs(prove)

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
def ceiling(
    start: Annotated[float, typer.Option(min=1, help="Alarms a second to begin with.")] = 20,
    upto: Annotated[float, typer.Option(min=1, help="No further than this rate.")] = 400,
    consoles: Annotated[int, typer.Option(min=1, max=400)] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="Of each rate.")] = 8,
    broker: Annotated[str, typer.Option(help="nats or mosquitto.")] = "nats",
    *,
    ingest: Annotated[bool, typer.Option(help="Devices' workers alone: everything behind them is frozen.")] = False,
    json: Json = False,
) -> None:
    """How many alarms a second go through before they are late, with all the work done for each."""
    from bench import ceiling as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(
        it.main(
            start=start, upto=upto, consoles=consoles, seconds=seconds, ingest=ingest, broker=broker, as_json=json
        )
    )  # fmt: skip


@bench.command()
def profile(
    rate: Annotated[float, typer.Option(min=1, help="Alarms a second, open loop.")] = 40,
    consoles: Annotated[int, typer.Option(min=1, max=400)] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=600)] = 10,
    data: Data = None,
    json: Json = False,
) -> None:
    """What one alarm costs: processor time by process, round trips to the database, its dearest statements."""
    from bench import profile as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(rate=rate, consoles=consoles, seconds=seconds, data=data, as_json=json))


@bench.command()
def cell(
    homes: Annotated[int, typer.Option(min=100, max=1_000_000, help="Of the city whose rates are sent.")] = 94_000,
    connections: Annotated[int, typer.Option(min=10, max=10_000, help="Devices here, twice over.")] = 2000,
    seconds: Annotated[float, typer.Option(min=5, max=3600, help="Of the storm.")] = 300,
    broker: Annotated[str, typer.Option(help="nats or mosquitto.")] = "nats",
    json: Json = False,
) -> None:
    """A whole city: heartbeats, a storm of alarms, and everybody coming back."""
    from bench import cell as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(homes=homes, connections=connections, seconds=seconds, broker=broker, as_json=json))


@bench.command()
def sockets(
    sockets: Annotated[int, typer.Option(min=8, max=15_000)] = 5000,
    alarms: Annotated[int, typer.Option(min=1, max=1000, help="One a second, each to every socket.")] = 20,
    json: Json = False,
) -> None:
    """Open consoles of one gateway process: what each weighs, and how late the last hears of an alarm."""
    from bench import sockets as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(sockets=sockets, alarms=alarms, as_json=json))


@bench.command()
def peer(
    rate: Annotated[float, typer.Option(min=1, help="Alarms a second at which latency is compared.")] = 100,
    consoles: Annotated[int, typer.Option(min=1, max=400)] = 50,
    seconds: Annotated[float, typer.Option(min=1, max=600)] = 10,
    runs: Annotated[int, typer.Option(min=1, max=20)] = 3,
    start: Annotated[float, typer.Option(min=1, help="Lowest rate that is tried.")] = 30,
    upto: Annotated[float, typer.Option(min=1, help="Highest rate that is tried.")] = 800,
    kills: Annotated[int, typer.Option(min=0, max=20, help="Of the services, and as many of the database.")] = 3,
    json: Json = False,
) -> None:
    """Node-RED with the same broker and database beside us: latency, ceiling, and what a kill loses."""
    from bench import peer as it  # noqa: PLC0415  heavy, and `--help` should be quick
    from bench.press import Order  # noqa: PLC0415  as above

    ask = it.Ask(Order(rate, consoles, seconds, runs), start, upto, kills)
    raise typer.Exit(it.main(ask=ask, as_json=json))


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
def supervision(
    elders: Annotated[int, typer.Option(min=100, max=1_000_000, help="Of one county.")] = 20_000,
    json: Json = False,
) -> None:
    """The indicator pack, the protection list and the one screen of a large county: asked first, and asked again."""
    from bench import supervision as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(elders=elders, as_json=json))


@bench.command()
def registry(
    elders: Annotated[int, typer.Option(min=100, max=1_000_000, help="Rows of the file.")] = 100_000,
    json: Json = False,
) -> None:
    """How long a county's elders take to be taken in, and what an alarm beside them has to wait."""
    from bench import registry as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(elders=elders, as_json=json))


@bench.command()
def search(
    elders: Annotated[int, typer.Option(min=1000, max=5_000_000)] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=10, max=10_000)] = 60,
    json: Json = False,
) -> None:
    """How long it takes to find an elder by name, telephone or address, with everything about her sealed."""
    from bench import search as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(elders=elders, rounds=rounds, as_json=json))


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
def evidence(
    visits: Annotated[int, typer.Option(min=60, max=100_000)] = 2000,
    seed: Annotated[int, typer.Option()] = 1,
    json: Json = False,
) -> None:
    """Made-up visits among honest ones: which are found, and who is accused wrongly."""
    from bench.proofs import evidence as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(visits=visits, seed=seed, as_json=json))


@prove.command()
def ingest(
    alarms: Annotated[int, typer.Option(min=10, max=1_000_000)] = 5000,
    seed: Annotated[int, typer.Option()] = 1,
    broker: Annotated[str, typer.Option(help="nats or mosquitto, of the instance that is started.")] = "nats",
    data: Data = None,
    json: Json = False,
) -> None:
    """Devices press through a line that breaks while workers and broker are killed; every press arrives, once."""
    from bench.proofs import ingest as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(alarms=alarms, seed=seed, broker=broker, data=data, as_json=json))


@prove.command()
def kill(
    alarms: Annotated[int, typer.Option(min=10, max=1_000_000)] = 500,
    faults: Annotated[int, typer.Option(min=1)] = 7,
    seed: Annotated[int, typer.Option()] = 1,
    two: Annotated[bool, typer.Option("--two", help="Of an instance with two of each service and broker.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Kill each process in turn under load; nothing receipted is lost, nothing shown twice, nobody assigned twice."""
    from bench.proofs import kill as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(alarms=alarms, faults=faults, seed=seed, two=two, data=data, as_json=json))


@prove.command()
def life(
    examples: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    steps: Annotated[int, typer.Option(min=1, max=500)] = 40,
    json: Json = False,
) -> None:
    """Incident, job and offers in any order of events: no illegal state, no two winners, never without a deadline."""
    from bench.proofs import lives as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(examples=examples, steps=steps, as_json=json))


@prove.command()
def orders(
    examples: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    steps: Annotated[int, typer.Option(min=1, max=500)] = 40,
    json: Json = False,
) -> None:
    """Orders in any order of events: no illegal state, none forgotten, money and log as agreed."""
    from bench.proofs import order_lives as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(examples=examples, steps=steps, as_json=json))


@prove.command()
def race(
    rounds: Annotated[int, typer.Option(min=1, max=1_000_000)] = 10_000,
    consoles: Annotated[int, typer.Option(min=2, max=200)] = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Fifty consoles say yes to one job at once, over and over; one goes, the others are told who."""
    from bench.proofs import race as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(rounds=rounds, consoles=consoles, data=data, as_json=json))


@prove.command()
def scope(
    calls: Annotated[int, typer.Option(min=100, max=10_000_000)] = 5000,
    seed: Annotated[int, typer.Option()] = 1,
    data: Data = None,
    json: Json = False,
) -> None:
    """Every role on every level asks every endpoint and every inbox, for others' things too; nothing comes back."""
    from bench.proofs import scope as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(calls=calls, seed=seed, data=data, as_json=json))


@prove.command()
def audit(
    tampers: Annotated[int, typer.Option(min=1, max=100_000)] = 1000,
    seed: Annotated[int, typer.Option()] = 1,
    json: Json = False,
) -> None:
    """The log is tampered with under its owner's own role; verifying it finds every time."""
    from bench.proofs import audit as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(tampers=tampers, seed=seed, as_json=json))


@prove.command()
def simulation(
    seeds: Annotated[int, typer.Option(min=1, max=10_000_000)] = 300,
    seed: Annotated[int, typer.Option(help="The first of them; one that failed lives again the same.")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=256)] = 2,
    json: Json = False,
) -> None:
    """Our own code in imagined worlds: two of each service, bad radio, kills, pauses, a database that falls."""
    from bench.simulation import prove as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(seeds=seeds, seed=seed, workers=workers, as_json=json))


@app.command()
def replay(
    world: Annotated[Path, typer.Argument(help="World file; its form is in docs/replay.md.")], *, json: Json = False
) -> None:
    """The real decisions of dispatch in a given world, under a clock of their own."""
    from bench import replay as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(world, as_json=json))


if __name__ == "__main__":
    # what a script starts in the background is born deaf to it, and would leave its county behind
    signal.signal(signal.SIGINT, signal.default_int_handler)
    app()
