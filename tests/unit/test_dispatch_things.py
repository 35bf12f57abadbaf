"""What becomes of things that fail: nights, repairs, human cover."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest

from services.dispatch.domain import answers, desk, things, visit
from services.dispatch.domain.alarms import Pressed, open_case
from services.dispatch.domain.case import Case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.night import morning
from services.dispatch.domain.policy import SHIPPED
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position
from tests.around import near

HOME = Position(25.6, 115.79)
AT_THREE = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
AT_TEN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DRAW = Random(1)
PEOPLE = tuple(
    Candidate(f"R{n}", f"王{n}", "caregiver", Position(25.6 + n / 900, 115.79), 1.2, 2, 2, reachable=True)
    for n in range(12)
)
NEAR = near(*PEOPLE)


def moment(now: datetime) -> Moment:
    """An instant, with fresh identifiers."""
    return Moment(now, "test", lambda: UUID(int=DRAW.getrandbits(128), version=4))


def fault(kind: str, now: datetime, *, protects: bool = False) -> Pressed:
    """Something wrong with her button."""
    return Pressed(
        None, "B-1", None, AlarmKind(kind), "own", "elder:E-1", "360733100001", "H-1", "E-1", (), False, HOME, now,
        fault=UUID(int=5), protects=protects,
    )  # fmt: skip


def opened(kind: str, now: datetime, *, protects: bool = False) -> Case:
    """The case of a fault."""
    return open_case(moment(now), fault(kind, now, protects=protects), "I-1", None, NEAR).case


def later(case: Case, **time: int) -> Case:
    """Let time pass since it was opened, each wait handled when it is due."""
    end = case.incident.opened_at + timedelta(**time)
    while due := sorted(w.due_at for w in waits(case) if w.due_at <= end):
        case = overdue(moment(due[0]), case, NEAR).case
    return case


def went(outcome: Story | Refusal) -> Case:
    """The case after a decision that was not refused."""
    assert isinstance(outcome, Story)
    return outcome.case


def mended(case: Case, now: datetime, kind: str = "offline") -> Story:
    """The fault is over."""
    return things.mend(moment(now), case, things.Mended(UUID(int=5), "B-1", kind, "elder:E-1"))


@pytest.mark.parametrize(
    ("local", "until"),
    [("22T21:59", None), ("22T22:00", "23T08:00"), ("23T00:00", "23T08:00"), ("23T07:59", "23T08:00"),
     ("23T08:00", None), ("30T23:00", "31T08:00")],
)  # fmt: skip
def test_the_night_is_from_ten_to_eight_by_the_clock_on_the_wall(local: str, until: str | None) -> None:
    """People in Jiangxi sleep by their own time."""
    now = datetime.fromisoformat(f"2026-12-{local}:00+08:00")
    assert morning(SHIPPED, now) == (datetime.fromisoformat(f"2026-12-{until}:00+08:00") if until else None)


def test_what_leaves_her_without_protection_wakes_somebody() -> None:
    """At three in the morning one person is asked; a low battery waits for eight."""
    assert len(opened("offline", AT_THREE, protects=True).live_offers) == 1
    case = opened("low_batt", AT_THREE)
    assert not case.offers
    assert {w.kind: w.due_at for w in waits(case)} == {"morning": AT_THREE + timedelta(hours=5)}
    assert not later(case, hours=4, minutes=59).offers
    asked = later(case, hours=5)
    assert len(asked.live_offers) == 1
    assert asked.incident.rung == 0
    assert asked.incident.asks_at is None


def test_the_night_ends_when_it_gets_worse_or_a_person_says_so() -> None:
    """Then somebody is asked after all."""
    case = opened("low_batt", AT_THREE)
    worse = things.join_fault(moment(AT_THREE), case, fault("offline", AT_THREE, protects=True), NEAR).case
    assert (len(worse.live_offers), worse.incident.kind) == (1, "offline")
    raised = went(desk.classify(moment(AT_THREE), case, 2, ""))
    assert len(later(raised, minutes=1).live_offers) > 1
    assert len(went(desk.escalate(moment(AT_THREE), case, NEAR)).live_offers) == 1


def test_a_refusal_at_night_is_replaced_in_the_morning() -> None:
    """Asked at 21:59, refused at 22:00: nobody else is woken for a battery."""
    evening = datetime(2026, 11, 22, 13, 59, 30, tzinfo=UTC)
    case = opened("low_batt", evening)
    offer = case.live_offers[0]
    refused = answers.decline(moment(evening + timedelta(minutes=1)), case, offer.id, offer.responder_id, "no", NEAR)
    assert not went(refused).live_offers
    assert not later(went(refused), hours=10).live_offers
    assert len(later(went(refused), hours=10, minutes=1).live_offers) == 1


def test_people_stand_in_for_a_thing_that_stays_silent_for_two_hours() -> None:
    """The desk is rung and several are asked, as for a P2, even if nobody was to go at first."""
    case = went(desk.stand_down(moment(AT_TEN), opened("offline", AT_TEN, protects=True)))
    before, after = later(case, minutes=119), later(case, hours=2)
    assert (before.incident.priority, before.incident.covered_at) == (3, None)
    assert (after.incident.priority, after.incident.covered_at) == (2, AT_TEN + timedelta(hours=2))
    assert (len(before.live_offers), len(after.live_offers)) == (0, 4)
    assert after.incident.rung > before.incident.rung
    assert later(opened("low_batt", AT_TEN), hours=3).incident.covered_at is None


def test_the_last_repair_ends_the_work_and_everybody_is_told() -> None:
    """The first of two repairs does not."""
    case = opened("offline", AT_TEN, protects=True)
    offer = case.live_offers[0]
    case = went(answers.accept(moment(AT_TEN), case, offer.id, offer.responder_id, "u"))
    case = things.join_fault(moment(AT_TEN), case, fault("low_batt", AT_TEN), NEAR).case
    once = mended(case, AT_TEN)
    assert (once.case.incident.ended, once.case.incident.kind, once.case.incident.protects) == (
        False,
        "low_batt",
        False,
    )
    twice = mended(once.case, AT_TEN, "low_batt")
    assert (twice.case.incident.state, twice.case.incident.outcome) == ("closed", "mended")
    told = {f.tag: f.body.get("why") for f in twice.facts}
    assert (told["assignment.stood_down"], told["offer.withdrawn"]) == ("mended", "mended")
    assert twice.facts[-1].body["stage"] == "closed"


def test_a_repair_while_somebody_is_there_is_only_noted() -> None:
    """Who stands in her kitchen decides."""
    case = opened("offline", AT_TEN, protects=True)
    offer = case.live_offers[0]
    case = went(answers.accept(moment(AT_TEN), case, offer.id, offer.responder_id, "u"))
    case = went(visit.report(moment(AT_TEN), case, offer.responder_id, "arrive", {}, NEAR))
    noted = mended(case, AT_TEN)
    assert [f.tag for f in noted.facts] == ["fault.mended"]
    assert (noted.case.incident.state, noted.case.incident.faults) == ("on_scene", {})


def test_what_is_told_again_changes_nothing_unless_it_is_graver() -> None:
    """Two hours count from when she was left alone, not from when it was said again."""
    case = opened("offline", AT_TEN)
    later_on = AT_TEN + timedelta(minutes=30)
    assert things.join_fault(moment(later_on), case, fault("offline", later_on), NEAR).facts == []
    graver = things.join_fault(moment(later_on), case, fault("offline", later_on, protects=True), NEAR).case
    again = things.join_fault(moment(AT_TEN), graver, fault("offline", AT_TEN, protects=True), NEAR)
    assert again.facts == []
    assert {w.due_at for w in waits(graver) if w.kind == "cover"} == {later_on + timedelta(hours=2)}


def test_a_fault_that_turns_out_to_be_one_of_many_is_left_to_the_desk() -> None:
    """Unless somebody is on the way already."""
    one_of_many = things.Mended(UUID(int=5), "B-1", "offline", "elder:E-1", outage=UUID(int=9))
    case = opened("offline", AT_TEN, protects=True)
    left = things.mend(moment(AT_TEN), case, one_of_many).case
    assert (left.incident.outcome, left.live_offers) == ("outage", ())
    offer = case.live_offers[0]
    case = went(answers.accept(moment(AT_TEN), case, offer.id, offer.responder_id, "u"))
    assert not things.mend(moment(AT_TEN), case, one_of_many).case.incident.ended


def test_human_cover_ends_with_the_fault_it_stood_in_for() -> None:
    """What is left is an ordinary battery; what a person raised further stays raised."""
    case = opened("offline", AT_TEN, protects=True)
    case = things.join_fault(moment(AT_TEN), case, fault("low_batt", AT_TEN), NEAR).case
    covered = later(case, hours=2)
    now = AT_TEN + timedelta(hours=2)
    eased = mended(covered, now).case.incident
    assert (eased.priority, eased.covered_at) == (3, None)
    raised = went(desk.classify(moment(now), covered, 1, ""))
    assert mended(raised, now).case.incident.priority == 1
