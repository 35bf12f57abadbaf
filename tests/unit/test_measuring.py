"""What a measurement concludes from its runs, and what it reads of a machine."""

import os
import resource
import subprocess
import sys
from dataclasses import asdict
from typing import Any

import pytest

from bench.ceiling import climb, holds, summed
from bench.instance import own_ports
from bench.profile import Cost, costly
from bench.usage import Usage, read
from deploy.local.ports import Ports


def run(rate: float, ceiling: float) -> dict[str, Any]:
    """A platform that is late above its ceiling, and loses nothing."""
    return {"lost": 0, "duplicates": 0, "unreceipted": 0, "p50_ms": 5.0, "p99_ms": 20.0 if rate <= ceiling else 5000.0}


@pytest.mark.parametrize(("ceiling", "found", "tried"), [(70, 68, [20, 30, 45, 68, 102, 85]), (90, 85, 6), (10, 0, 1)])
async def test_the_ceiling_is_the_highest_rate_that_held(
    ceiling: float, found: float, tried: list[float] | int
) -> None:
    """Rates rise by half until one is late; then the one between is tried."""

    async def measure(rate: float) -> dict[str, Any]:
        return run(rate, ceiling)

    steps = await climb(measure, 20, 400)
    assert summed(steps)["sustained_per_s"] == found
    assert [step["rate"] for step in steps] == tried or len(steps) == tried


async def test_nothing_is_tried_above_the_highest_rate_asked_for() -> None:
    """A platform that is never late."""

    async def measure(rate: float) -> dict[str, Any]:
        return run(rate, 1e9)

    assert [step["rate"] for step in await climb(measure, 20, 50)] == [20, 30, 45]


@pytest.mark.parametrize("wrong", [{"lost": 1}, {"unreceipted": 1}, {"p99_ms": 1000.1}])
def test_a_rate_that_loses_or_is_late_does_not_hold(wrong: dict[str, float]) -> None:
    """However quick the rest."""
    assert holds(run(1, 2))
    assert not holds({**run(1, 2), **wrong})


def test_use_is_counted_from_one_reading_to_the_next() -> None:
    """Cores by part, growth of the database, commits a second; a part that has just come counts from nothing."""
    before = Usage(10.0, {"gateway": 1.0}, {"gateway": 3 << 20}, 50 << 20, 100)
    after = Usage(14.0, {"gateway": 3.0, "dispatch": 1.0}, {"gateway": 5 << 20, "dispatch": 1 << 20}, 52 << 20, 900)
    found = after.since(before)
    assert (found["took_s"], found["cpu_s"]) == (4.0, {"gateway": 2.0, "dispatch": 1.0})
    assert (found["cores"], found["cores_by_part"]) == (0.75, {"gateway": 0.5, "dispatch": 0.25})
    assert (found["memory_mib"]["gateway"], found["database_grew_mib"], found["commits_per_s"]) == (5, 2.0, 200)


def test_a_process_is_read_and_one_that_is_gone_counts_nothing() -> None:
    """What runs has used time and memory."""
    found = read({"me": os.getpid(), "gone": 2**22 - 1}, 0, 0)
    assert found.cpu_s["me"] > 0
    assert found.memory["me"] > 1 << 20
    assert (found.cpu_s["gone"], found.memory["gone"]) == (0, 0)


def test_the_time_of_a_child_that_has_ended_stays_with_its_parent() -> None:
    """A connection of PostgreSQL that is closed in the middle of a measurement has cost what it has cost."""
    before, ended = read({"me": os.getpid()}, 0, 0), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - ended
    assert read({"me": os.getpid()}, 0, 0).cpu_s["me"] - before.cpu_s["me"] > took * 0.9


def test_a_proof_that_starts_again_holds_ports_which_no_other_begins_with() -> None:
    """Two run at once, and the one that is down for a moment must find its own."""
    _, http, _, mqtt = own_ports()
    assert not {int(http), int(mqtt)} & set(asdict(Ports()).values())
    assert http != mqtt


def test_what_an_alarm_costs_is_told_by_part_and_the_dearest_statement_comes_first() -> None:
    """Two alarms: executions and milliseconds of each role, and processor time of each process."""
    costs = {
        ("dispatch", "SELECT 1"): Cost(4, 2.0, 2048),
        ("dispatch", "COMMIT"): Cost(2, 6.0, 0),
        ("gateway", "SELECT 2"): Cost(6, 1.0, 2048),
    }
    found = costly(costs, {"postgres": 0.02, "gateway": 0.004}, 2)
    assert (found["cpu_ms_an_alarm"], found["cpu_ms_by_part"]) == (12.0, {"postgres": 10.0, "gateway": 2.0})
    assert (found["round_trips_an_alarm"], found["round_trips_by_role"]) == (6.0, {"dispatch": 3.0, "gateway": 3.0})
    assert (found["database_ms_an_alarm"], found["journal_kib_an_alarm"]) == (4.5, 2.0)
    assert [one["text"] for one in found["statements"]] == ["COMMIT", "SELECT 1", "SELECT 2"]


def test_what_goes_on_anyway_is_taken_off_and_never_leaves_a_debt() -> None:
    """Half the time of the quiet seconds: half of what they cost."""
    assert Cost(10, 4.0, 100).less(Cost(8, 2.0, 400), 0.5) == Cost(6, 3.0, 0)
