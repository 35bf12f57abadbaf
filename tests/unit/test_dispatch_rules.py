"""Rules of dispatch that a table can tell."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy import diagrams
from services.dispatch.domain import states
from services.dispatch.domain.matching import Candidate, allowed, eligible, first_wave, ranked, within_reach
from services.dispatch.domain.policy import SHIPPED, from_data, holes, to_data
from services.dispatch.domain.receipts import called, minutes, spoken
from shared.vocabulary.geo import Position

HOME = Position(25.6, 115.79)


def someone(
    n: int, kind: str = "caregiver", *, accepts: float = 2, reachable: bool = True, far: float = 0.0
) -> Candidate:
    """A candidate n hundred metres north."""
    return Candidate(f"R{n:02}", f"王{n}", kind, Position(25.6 + n / 1000 + far, 115.79), 1.2, accepts, 2, reachable)


def test_the_first_wave_is_as_small_as_confidence_allows() -> None:
    """With even odds five people make 95 %; with better odds fewer."""
    rule = SHIPPED.rule(1)
    even = ranked([someone(n) for n in range(20)], HOME)
    assert [r.candidate.id for r in first_wave(even, rule)] == ["R00", "R01", "R02", "R03", "R04"]
    keen = ranked([someone(n, accepts=18) for n in range(20)], HOME)
    assert len(first_wave(keen, rule)) == 2
    shy = ranked([someone(n, accepts=0.1) for n in range(20)], HOME)
    assert len(first_wave(shy, rule)) == 10


def test_reach_widens_until_there_are_enough() -> None:
    """Nobody far away is looked at while enough are near; everybody when not."""
    rule = SHIPPED.rule(1)
    near = [replace(someone(n % 9), id=f"N{n}") for n in range(35)]
    crowd = within_reach([someone(1, far=0.2), *near], HOME, rule)
    assert {c.id for c in crowd} == {c.id for c in near}
    assert len(within_reach([someone(1), someone(2, far=0.2)], HOME, rule)) == 2
    many = [replace(someone(n % 9, far=n / 1000), id=f"M{n}") for n in range(500)]
    assert len(within_reach(many, HOME, rule)) == 60
    assert within_reach(many, None, rule) == many


def test_gas_sends_nobody_inside() -> None:
    """Only guards and stations are asked for smoke and gas."""
    people = [someone(n, kind) for n, kind in enumerate(("caregiver", "guard", "station", "volunteer", "nurse"))]
    asked = [c for c in people if allowed(c, "gas", volunteers=True, canary=False)]
    assert {c.kind for c in asked} == {"guard", "station"}


def test_silent_people_are_asked_again_only_when_nobody_else_is_left() -> None:
    """And those who said no, or are thinking, never."""
    people = [someone(1), someone(2), someone(3, reachable=False)]
    only = eligible(people, frozenset({"R01"}), frozenset())
    assert [c.id for c in only] == ["R02"]
    unreachable = eligible(people, frozenset({"R01", "R02"}), frozenset())
    assert [c.id for c in unreachable] == ["R03"]
    again = eligible(people, frozenset({"R01", "R02", "R03"}), frozenset({"R02"}))
    assert [c.id for c in again] == ["R01", "R03"]


@given(st.lists(st.tuples(st.integers(0, 80), st.floats(0.1, 20)), min_size=1, max_size=40))
def test_the_parts_of_a_score_make_the_same_rank(people: list[tuple[int, float]]) -> None:
    """Adding the stored parts up again gives the order in which people were asked."""
    ranking = ranked([replace(someone(n, accepts=a), id=f"P{i:02}") for i, (n, a) in enumerate(people)], HOME)
    sums = [sum(v for k, v in r.score.items() if k != "total") for r in ranking]
    assert sums == pytest.approx([r.total for r in ranking], abs=0.11)
    assert [r.total for r in ranking] == sorted(r.total for r in ranking)


def test_the_shipped_policy_has_no_hole_and_survives_its_snapshot() -> None:
    """What is written into an incident is what is read back."""
    assert holes(SHIPPED) == []
    assert from_data(to_data(SHIPPED)) == SHIPPED
    broken = replace(SHIPPED, rules={1: replace(SHIPPED.rule(1), ladder=())})
    assert "priority 1: nobody is rung when nobody accepts" in holes(broken)
    assert "priority 2 has no rule" in holes(broken)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "一"), (420, "七"), (421, "八"), (600, "十"), (720, "十二"), (1800, "三十"), (99999, "九十九")],
)
def test_minutes_are_said_as_people_say_them(seconds: int, said: str) -> None:
    """Rounded up, in Chinese."""
    assert spoken(minutes(seconds)) == said


def test_she_is_told_a_family_name_and_a_title() -> None:
    """Not the whole name."""
    assert called("王小明", "nurse") == "王护士"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("incident", states.IncidentState), ("job", states.JobState), ("offer", states.OfferState),
        ("assignment", states.AssignmentState),
    ],
)  # fmt: skip
def test_the_database_knows_the_same_states(table: str, words: type[states.IncidentState]) -> None:
    """The CHECK and the enum agree."""
    sql = (Path(diagrams.__file__).parent / "migrations" / "sql" / "0003_dispatch.sql").read_text("utf-8")
    body = sql.split(f"CREATE TABLE dispatch.{table} (", 1)[1]
    check = re.search(r"state text NOT NULL CHECK \(state IN \((.*?)\)\)", body, re.DOTALL)
    assert check is not None
    assert set(re.findall(r"'(\w+)'", check[1])) == {str(w) for w in words}


def test_the_drawn_diagrams_are_today_s_tables() -> None:
    """Run `python -m deploy.diagrams` when this fails."""
    assert diagrams.TARGET.read_text("utf-8") == diagrams.page()
