"""Putting a job to people: the waves of a case, who is passed over, and why."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from services.dispatch.domain import asking
from services.dispatch.domain.alarms import Pressed, open_case
from services.dispatch.domain.asking import need_of
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.leaving import leave
from services.dispatch.domain.matching import Candidate, Roster, safely
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position
from tests.around import near

DAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)


def someone(n: int, kind: str = "caregiver", **more: Any) -> Candidate:
    """A candidate n hundred metres north."""
    at = Position(25.6 + n / 1000, 115.79)
    return replace(Candidate(f"R{n:02}", f"王{n}", kind, at, 1.2, 2, 3.5, reachable=True), **more)


def moment(at: datetime = DAY) -> Moment:
    """An instant with identifiers of its own."""
    draw = Random(1)
    return Moment(at, "test", lambda: UUID(int=draw.getrandbits(128), version=4))


def opened(situation: Situation, kind: str = "sos", at: datetime = DAY) -> Story:
    """A press at home, with these people around."""
    pressed = Pressed(
        UUID(int=1), "B-1", "B-1:1:1", AlarmKind(kind), "own", "elder:E-1", "360733100001", "H-1", "E-1", (), False,
        HOME, at,
    )  # fmt: skip
    return open_case(moment(at), pressed, "I-1", None, situation)


def asked(story: Story) -> list[str]:
    """Who was asked."""
    return [fact.body["responder"] for fact in story.facts if fact.tag == "offer.sent"]


def wave(story: Story) -> Fact:
    """The first asking."""
    return next(fact for fact in story.facts if fact.tag == "job.asked")


def test_everybody_near_is_asked_or_passed_over_with_a_reason() -> None:
    """At most thirty lines, ids alone; nobody is in both."""
    crowd = [someone(n) for n in range(40)]
    others = [someone(50, "volunteer"), someone(51, blocked=True), someone(52, reachable=False)]
    story = opened(near(*crowd, *others))
    passed = {line["responder"]: line["why"] for line in wave(story).body["passed_over"]}
    assert asked(story) == [f"R{n:02}" for n in range(7)]
    assert len(wave(story).body["passed_over"]) == 30
    assert not set(passed) & set(asked(story))
    assert passed["R51"] == "blocked"
    assert passed["R07"] == "farther"
    few = opened(near(*others))
    told = {line["responder"]: line["why"] for line in wave(few).body["passed_over"]}
    assert told["R50"] == "later"
    assert asked(few) == ["R52"]


def test_what_was_worked_out_beforehand_gives_the_same_offers() -> None:
    """The thread beside the event loop decides nothing that the lock would not."""
    people = tuple(someone(n) for n in range(20))
    plain = opened(Situation(roster=Roster(people)))
    need = need_of(plain.case, Situation(), DAY)
    ready = opened(Situation(roster=Roster(people, safely(need, people))))
    assert [(f.tag, f.body) for f in ready.facts] == [(f.tag, f.body) for f in plain.facts]


def test_at_night_only_neighbours_who_agreed_are_asked() -> None:
    """A fall asks neighbours at once; after ten in the evening only those who said they may be woken."""
    people = near(someone(1, "volunteer", nights=False), someone(2, "volunteer"), someone(3))
    assert asked(opened(people, "fall")) == ["R01", "R02", "R03"]
    assert asked(opened(people, "fall", NIGHT)) == ["R02", "R03"]


def test_with_nobody_at_all_the_desk_is_rung_and_looked_for_again() -> None:
    """Excluded, blocked and busy people are nobody: an event, never an end."""
    story = opened(near(someone(1, relation="excluded"), someone(2, blocked=True), someone(3, busy=1)))
    assert asked(story) == []
    assert story.case.incident.rung >= 1
    assert {line["why"] for line in wave(story).body["passed_over"]} == {"excluded", "blocked", "busy"}
    assert "wave" in {w.kind for w in waits(story.case)}


def test_who_leaves_is_replaced_wherever_she_stood() -> None:
    """Asked, she is withdrawn; on the way, released; with the elder, she stays."""
    around = near(*(someone(n) for n in range(12)))
    story = opened(around)
    first = asked(story)[0]
    after = leave(moment(), story.case, first, "blocked", near(*(someone(n) for n in range(1, 12))))
    assert first not in {o.responder_id for o in after.case.live_offers}
    assert len(after.case.live_offers) == len(story.case.live_offers)
    assert replay([*story.facts, *after.facts]) == after.case


def test_floors_make_the_promise_longer() -> None:
    """She is told when somebody is at the door, not at the gate."""
    flat = opened(near(someone(1)))
    high = opened(replace(near(someone(1)), floors=6))
    eta = [next(f.body["eta_s"] for f in s.facts if f.tag == "offer.sent") for s in (flat, high)]
    assert eta[1] - eta[0] == 120
    assert asking.need_of(high.case, replace(near(), floors=6), DAY).floors == 6
