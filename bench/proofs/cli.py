"""`./yinling prove …`: what is broken on purpose in a county of the proof's own, and all proofs together."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="End with one JSON object.")]
Seed = Annotated[int, typer.Option(help="Of chance; the same seed breaks the same things in the same order.")]


def add_proofs(prove: typer.Typer) -> None:
    """Put the commands of this page beside the others."""
    for command in (chaos, storm, timers, presence, upgrade, restore):
        prove.command()(command)
    prove.command("all")(everything)


def chaos(
    faults: Annotated[int, typer.Option(min=0, help="At least so many; each of them at least once.")] = 0,
    rate: Annotated[float, typer.Option(min=0.1, max=50, help="Alarms a second.")] = 3,
    seed: Seed = 1,
    json: Json = False,
) -> None:
    """Everything that can be broken here is, while a county lives on: nothing lost, nothing twice, nobody early."""
    from bench.proofs import chaos as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(faults=faults, rate=rate, seed=seed, as_json=json))


def storm(
    alarms: Annotated[int, typer.Option(min=10, max=10_000)] = 2000,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="Within which all of them come.")] = 10,
    beats: Annotated[int, typer.Option(min=10, max=10_000, help="Heartbeats a second beside them.")] = 1780,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Each without heartbeats and with them.")] = 3,
    json: Json = False,
) -> None:
    """Two thousand press within ten seconds over everybody's heartbeats: none lost, and none waits for a heartbeat."""
    from bench.proofs import surge as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(alarms=alarms, seconds=seconds, beats=beats, rounds=rounds, as_json=json))


def timers(
    incidents: Annotated[int, typer.Option(min=10, max=20_000)] = 1000,
    rate: Annotated[float, typer.Option(min=0.1, max=200, help="Presses a second.")] = 10,
    seed: Seed = 1,
    json: Json = False,
) -> None:
    """Nobody answers: every rung is climbed at its second, though dispatch is killed and wall clocks are wrong."""
    from bench.proofs import timers as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(incidents=incidents, rate=rate, seed=seed, as_json=json))


def presence(
    devices: Annotated[int, typer.Option(min=30, max=5000, help="That fall silent; as many go on.")] = 1000,
    json: Json = False,
) -> None:
    """Who falls silent is missed in time, in one report; who speaks is not, though we ourselves stood still."""
    from bench.proofs import silence as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(devices=devices, as_json=json))


def upgrade(
    revision: Annotated[str | None, typer.Option(help="The version before; else the newest with an older schema.")]
    = None,
    seed: Seed = 1,
    json: Json = False,
) -> None:  # fmt: skip
    """From the version before to this one, back, and forth again, while people press and are helped."""
    from bench.proofs import upgrade as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(seed=seed, revision=revision, as_json=json))


def restore(
    alarms: Annotated[int, typer.Option(min=10, max=100_000, help="Before the backup, and as many after.")] = 200,
    seed: Seed = 1,
    json: Json = False,
) -> None:
    """The database is lost whole and comes back from a backup: what was receipted before it is there."""
    from bench.proofs import restore as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(alarms=alarms, seed=seed, as_json=json))


def everything(
    only: Annotated[list[str] | None, typer.Argument(help="Some of them by name; all by default.")] = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Small forms: a quarter of an hour on two cores.")] = False,
    page: Annotated[Path | None, typer.Option(help="Page for the figures; of all of them docs/proof.md.")] = None,
    json: Json = False,
) -> None:
    """Every proof one after the other; what they came to goes into docs/proof.md."""
    from bench.proofs import everything as it  # noqa: PLC0415  heavy, and `--help` should be quick

    raise typer.Exit(it.main(quick=quick, only=only or [], page=page, as_json=json))
