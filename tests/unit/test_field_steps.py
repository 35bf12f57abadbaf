"""What a phone says of a step: when it was pressed, where that was, and that all is well with her."""

from datetime import timedelta
from typing import Any

import pytest

from tests.scenes import HOME, Scene, around

DEGREE_M = 111_195


def going() -> Scene:
    """R0 has accepted and is on the way."""
    it = Scene(around(1))
    it.press()
    it.wait(3)
    it.accept("R0")
    it.report("R0", "depart")
    return it


@pytest.mark.parametrize(
    ("north_m", "accuracy_m", "door"),
    [
        (0, 5, "near"),
        (150, 10, "near"),
        (170, 10, "far"),
        (480, 50, "far"),
        (480, 400, "unknown"),
        (50, 900, "unknown"),
    ],
)
def test_an_arrival_is_held_against_the_door(north_m: int, accuracy_m: float, door: str) -> None:
    """Within 150 m and what the phone is sure of; a vague position says nothing. It is an arrival all the same."""
    it = going()
    it.report("R0", "arrive", lat=HOME.lat + north_m / DEGREE_M, lon=HOME.lon, accuracy_m=accuracy_m)
    told = it.told("assignment.arrived")[0]
    assert (told["door"], told["dist_m"], told["accuracy_m"]) == (door, north_m, accuracy_m)
    assert it.case.incident.state == "on_scene"


@pytest.mark.parametrize("args", [{}, {"lat": None, "lon": None, "accuracy_m": None}, {"lat": 25.6, "lon": 115.79}])
def test_an_arrival_without_a_position(args: dict[str, Any]) -> None:
    """Nobody can say; the reason given stands beside it."""
    it = going()
    it.report("R0", "arrive", says="no_position", **args)
    told = it.told("assignment.arrived")[0]
    assert (told["door"], told["says"]) == ("unknown", "no_position")
    assert "dist_m" not in told


def test_a_step_that_comes_late_keeps_the_phones_time() -> None:
    """The record's own time is when it came; what the phone says stands beside it."""
    it = going()
    pressed = it.now + timedelta(seconds=60)
    it.wait(240)
    it.report("R0", "arrive", at=pressed.isoformat())
    assert it.told("assignment.arrived")[0]["said_at"] == pressed
    one = next(iter(it.case.assignments.values()))
    assert one.arrived_at == it.now


@pytest.mark.parametrize("seconds", [-86_400, 600, 239])
def test_a_phones_clock_that_cannot_be_right_is_not_believed(seconds: int) -> None:
    """Before the job was accepted, in the future, or just now: nothing is kept."""
    it = going()
    pressed = it.now + timedelta(seconds=seconds)
    it.wait(240)
    it.report("R0", "arrive", at=pressed.isoformat())
    assert "said_at" not in it.told("assignment.arrived")[0]


def test_a_sign_of_life_starts_the_wait_anew() -> None:
    """Fifteen minutes with her without a word and the desk is told; each sign gives fifteen more."""
    it = going()
    it.report("R0", "start")
    it.wait(14 * 60)
    it.report("R0", "check_in")
    it.wait(14 * 60)
    assert [n["why"] for n in it.told("incident.nudged") if n["why"] == "check_in"] == []
    it.wait(60)
    assert [n["why"] for n in it.told("incident.nudged") if n["why"] == "check_in"] == ["check_in"]


def test_a_sign_of_life_is_for_who_is_with_her() -> None:
    """On the way there is nothing to report."""
    it = going()
    with pytest.raises(AssertionError, match="wrong_state"):
        it.report("R0", "check_in")


def test_an_ambulance_is_rung_for_by_its_name() -> None:
    """The next level hears what is wanted, not only that somebody wants something."""
    it = going()
    it.report("R0", "support", need="ambulance")
    assert it.told("incident.support_asked")[-1]["need"] == "ambulance"
    assert it.told("incident.escalated")[-1]["why"] == "ambulance"
