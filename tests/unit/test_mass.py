"""A list over an area, without a database: whatever is written on it, everybody is on it once and in one state."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.mass import rollcall
from services.dispatch.domain.mass.event import CLOSED, NOBODY_YET, OPEN, Event, evolve, opened
from services.dispatch.domain.mass.rollcall import Said, Tale
from services.dispatch.domain.mass.states import PERSON, PersonState
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.waits import waits
from services.gateway.domain.printing import WORDS
from services.gateway.store.mass import STATES
from shared.contracts import mass
from shared.vocabulary.ids import uuid7

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SQL = Path(__file__).parents[2] / "deploy" / "migrations" / "sql" / "0010_mass.sql"
PEOPLE = tuple((f"E-{n}", f"36073310000{n % 3}") for n in range(6))
MARKS = st.tuples(
    st.sets(st.sampled_from([elder for elder, _ in PEOPLE]), min_size=1, max_size=3),
    st.sampled_from([None, *PersonState]),
    st.sampled_from([None, "answered", "no_answer"]),
    st.sampled_from(["", "镇中心小学"]),
)


def moment(minutes: int = 0) -> Moment:
    """Some minutes after it began."""
    now = NOW + timedelta(minutes=minutes)
    return Moment(now, "account:desk1", lambda: uuid7(now))


def event(**more: object) -> Event:
    """A flood over three villages."""
    known: dict[str, object] = {
        "id": UUID(int=1), "division": "360733", "areas": ("360733",), "kind": "flood", "drill": False, "state": OPEN,
        "ver": 1, "outage_id": None, "incident_id": "I-1", "enrolled_to": NOBODY_YET, "opened_at": NOW,
    }  # fmt: skip
    return Event(**{**known, **more})  # type: ignore[arg-type]


def begun() -> Tale:
    """A list with six people."""
    tale = rollcall.open_event(moment(), event())
    rollcall.enrol(tale, PEOPLE, to=None, of_area=True)
    return tale


def test_the_same_states_stand_everywhere() -> None:
    """Database, wire, paper and figures know the eight states and no other."""
    everywhere = [set(get_args(mass.PersonState)), set(WORDS), set(STATES), {before for before, _ in PERSON}]
    assert everywhere == [set(PersonState)] * 4
    table = SQL.read_text("utf-8").split("CREATE TABLE dispatch.mass_person")[1]
    check = table.split("CHECK (state IN (")[1].split("))")[0]
    assert {word.strip().strip("'") for word in check.split(",")} == set(PersonState)


def test_every_state_can_be_reached_and_left() -> None:
    """Nobody is stuck, and nobody is brought home who never left."""
    assert {after for _, after in PERSON} == set(PersonState)
    assert all(any((state, other) in PERSON for other in PersonState if other != state) for state in PersonState)
    assert (PersonState.SAFE, PersonState.HOME) not in PERSON


@given(st.lists(MARKS, max_size=30))
def test_whatever_is_written_the_log_tells_it_again(marks: list[tuple[set[str], str | None, str | None, str]]) -> None:
    """Six people stay six; a refusal writes nothing; replaying the facts gives the same list."""
    tale = begun()
    for n, (elders, state, call, place) in enumerate(marks):
        said, who = Said(state, call, "call", place, "村干部" if place else "", "更正"), sorted(elders)
        if rollcall.refused(tale.roll, who, said) is not None:
            continue
        fetching = {elder: f"I-{n}-{elder}" for elder in who if state == PersonState.NEEDS_TRANSFER}
        over = rollcall.mark(tale, who, said, fetching)
        assert all(tale.roll.lines[elder].state == state for elder in who if state)
        assert not set(over) & {line.transfer_id for line in tale.roll.lines.values()}
    lines = tale.roll.lines
    assert set(lines) == {elder for elder, _ in PEOPLE}
    assert all((line.transfer_id is not None) == (line.state == "needs_transfer") for line in lines.values())
    told = opened(tale.facts[0])
    for fact in tale.facts[1:]:
        told = evolve(told, fact)
    assert told == tale.roll


@given(st.lists(st.sampled_from(list(PersonState)), min_size=6, max_size=6), st.sets(st.sampled_from(range(6))))
def test_it_ends_only_when_everybody_is_settled_or_named(states: list[PersonState], named: set[int]) -> None:
    """Whoever is left is told by the refusal, and the list stays open with its wait."""
    tale = begun()
    for (elder, _), state in zip(PEOPLE, states, strict=True):
        for step in (PersonState.MISSING, state) if state == PersonState.HOME else (state,):
            rollcall.mark(tale, [elder], Said(step, None, "list"), {})
    unsettled = [line.elder_id for line in rollcall.open_people(tale.roll.lines.values())]
    why = {f"E-{n}": "家属已接走" for n in named}
    refusal = rollcall.close(tale, unsettled, why)
    left = sorted(set(unsettled) - set(why))
    if left:
        assert isinstance(refusal, Refusal)
        assert (refusal.code, refusal.params["elders"]) == ("people_unsettled", left)
        assert "mass_remind" in rollcall.waits(tale.roll.event)
    else:
        assert refusal is None
        assert tale.roll.event.state == CLOSED
        assert rollcall.waits(tale.roll.event) == {}
        assert {e for e, line in tale.roll.lines.items() if line.named} == set(unsettled)


def test_people_come_on_the_list_once() -> None:
    """Two devices, two areas, told twice: one line; who was marked meanwhile stays marked."""
    tale = begun()
    rollcall.mark(tale, ["E-1"], Said("safe", "answered", "call"), {})
    rollcall.enrol(tale, [("E-1", "360733100009"), ("E-9", "360733100009")], to=None, of_area=False)
    assert (len(tale.roll.lines), tale.roll.lines["E-1"].state) == (7, "safe")
    assert tale.roll.lines["E-1"].division == "360733100001"


def test_a_visit_that_ends_brings_her_where_she_was_to_go() -> None:
    """Only while she waits to be fetched: what somebody has written since stays."""
    tale = begun()
    rollcall.mark(tale, ["E-1"], Said("needs_transfer", "answered", "call"), {"E-1": "I-7"})
    assert rollcall.fetched(tale, "E-1")
    assert tale.roll.lines["E-1"].state == PersonState.TRANSFERRED
    rollcall.mark(tale, ["E-1"], Said("home", None, "visit"), {})
    assert not rollcall.fetched(tale, "E-1")


def test_the_row_of_an_event_asks_nobody_and_is_rung() -> None:
    """One row for many people: a ladder of desks, no wave of helpers; taken, it is only looked after."""
    case = replay(rollcall.open_row(moment(), "1", "360733", "I-1", drill=False).facts)
    assert case.incident.of_many
    assert {wait.kind for wait in waits(case)} == {"ladder"}
