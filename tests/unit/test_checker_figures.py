"""Figures of a measurement are what they say."""

from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import median_of, percentile, summary
from bench.load import instants
from bench.press import figures
from bench.watchers import Watcher


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_has_its_share_at_or_below(values: list[float], share: float) -> None:
    """Nearest rank: one of the values, with at least that share of all not above it."""
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_summaries_are_milliseconds() -> None:
    """p50, p99 and the worst."""
    assert summary([0.001, 0.002, 0.010], "x_") == {"x_p50_ms": 2.0, "x_p99_ms": 10.0, "x_max_ms": 10.0}
    assert median_of([{"a": 3.0}, {"a": 1.0}, {"a": 2.0}], "a") == 2.0


def test_presses_come_at_random_but_in_the_number_asked_for() -> None:
    """An open loop: the instants are known before the first answer."""
    at = list(instants(50, 20, Random(1)))
    assert len(at) == 1_000
    assert at == sorted(at)
    assert 0 <= at[0] < at[-1] <= 20


def press(device: str, recorded: float | None) -> dict[str, Any]:
    """Pressed at instant 10, sent at once."""
    return {"device": device, "eid": f"{device}:1:1", "due": 10.0, "sent": 10.0, "recorded": recorded, "attempts": 1}


def screen(duplicates: int = 0, **arrivals: float) -> Watcher:
    """A console that heard of these devices, and 50 ms later was shown their incidents."""
    rang = {device: at - 0.05 for device, at in arrivals.items()}
    return cast("Watcher", SimpleNamespace(rang=rang, arrivals=arrivals, duplicates=duplicates))


def test_lost_is_what_was_receipted_and_is_missing_on_any_console() -> None:
    """An unreceipted press is counted apart; latency is from the appointed instant to each console."""
    presses = [press("a", 10.01), press("b", 10.02), press("c", None)]
    found = figures(presses, [screen(a=10.1, b=10.2), screen(1, a=10.3)], [(0.001, 0.002)])
    assert (found["sent"], found["lost"], found["unreceipted"], found["duplicates"]) == (3, 1, 1, 1)
    assert (found["max_ms"], found["opened_max_ms"]) == (pytest.approx(250), pytest.approx(300))
    assert found["floor_p50_ms"] == 3.0
