"""Those who are asked and those who come: steps up, levels, several hands, silence, delay."""

from dataclasses import replace
from datetime import timedelta

from services.dispatch.domain import answers, losing, screens
from services.dispatch.domain.alarms import Pressed, open_case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.refusals import Refusal
from shared.vocabulary.alarms import AlarmKind
from tests.scenes import BY_DAY, VILLAGE, Scene, around


def asked(it: Scene) -> str:
    """The first who was asked."""
    return next(iter(it.case.offers.values())).responder_id


def test_no_answer_is_stepped_up() -> None:
    """Five seconds unseen: telephoned; seven: louder, as soon as a console shows it."""
    it = Scene(around(1))
    it.press()
    it.wait(4)
    assert it.told("offer.stepped") == []
    it.wait(1)
    assert it.messages("job_offered") == [("R0", "voice")]
    it.wait(5)
    assert [s["step"] for s in it.told("offer.stepped")] == ["unseen"]
    offer = it.case.live_offers[0]
    it.took(screens.shown(it.moment(), it.case, "responder", "caregiver", offer.id, "ok"))
    it.wait(0)
    assert [s["step"] for s in it.told("offer.stepped")] == ["unseen", "louder"]
    it.wait(45)
    assert len(it.told("offer.stepped")) == 2


def test_seen_and_not_taken() -> None:
    """Whoever looks at it is telephoned after twenty seconds, not after five."""
    it = Scene(around(1))
    it.press()
    it.wait(2)
    offer = it.case.live_offers[0]
    it.took(screens.shown(it.moment(), it.case, "responder", "caregiver", offer.id, "ok"))
    it.wait(19)
    assert it.messages("job_offered") == []
    it.wait(1)
    assert it.messages("job_offered") == [("R0", "voice")]


def test_whose_console_does_not_ring_is_telephoned_at_once() -> None:
    """Without waiting for a screen that is dark."""
    it = Scene(around(1))
    it.situation = replace(it.situation, roster=replace(it.situation.roster, people=_dark(it)))
    it.press()
    assert it.messages("job_offered") == [("R0", "voice")]


def _dark(it: Scene) -> tuple[Candidate, ...]:
    return tuple(replace(p, reachable=False) for p in it.situation.roster.people)


def test_an_answered_offer_is_not_stepped_up() -> None:
    """She has said yes."""
    it = Scene(around(1))
    it.press()
    it.wait(3)
    it.accept("R0")
    it.report("R0", "depart")
    it.wait(30)
    assert it.told("offer.stepped") == []


def test_the_ladder_names_who_is_rung_and_how() -> None:
    """Community, then the county's desks, then the city by telephone; above the last the last again."""
    it = Scene(around(0))
    it.press()
    it.wait(600)
    levels = [(e["level"], tuple(e["by"])) for e in it.told("incident.escalated") if "level" in e]
    assert levels[0] == ("county", ("console", "sms"))
    assert levels[1] == ("city", ("console", "voice"))
    assert set(levels[2:]) == {("city", ("console", "voice"))}
    assert it.messages("nobody_accepted")[:2] == [("360733", "sms"), ("3607", "voice")]


def test_two_pairs_of_hands() -> None:
    """Both slots are filled by different people, nobody is first twice, and the bath ends with the last of them."""
    it = Scene(around(6))
    order = Pressed(
        None, None, None, AlarmKind.ORDER, "own", "order:O-1", VILLAGE, "H-1", "E-1", (), drill=False, place=None,
        at=it.now, order="O-1", hands=2, skills=(),
    )  # fmt: skip
    it.took(open_case(it.moment(), order, "O-1-1", None, it.situation))
    assert (it.case.incident.priority, len(it.case.live_offers)) == (4, 2)
    one, two = (o.responder_id for o in it.case.live_offers)
    assert (it.accept(one).role, it.case.seeking) == ("first", True)
    assert (it.accept(two).role, it.case.seeking) == ("second", False)
    assert "ladder" not in it.due()
    for who in (one, two):
        it.report(who, "start")
    it.report(one, "complete")
    assert (it.case.job.state, it.case.incident.ended) == ("in_service", False)
    it.report(two, "complete")
    assert (it.case.incident.state, it.case.incident.outcome) == ("closed", "helped")


def test_the_second_pair_of_hands_gives_up() -> None:
    """Somebody else is asked; the first stays first. When the first gives up, the second goes first."""
    it = Scene(around(6))
    order = Pressed(
        None, None, None, AlarmKind.ORDER, "own", "order:O-1", VILLAGE, "H-1", "E-1", (), drill=False, place=None,
        at=it.now, order="O-1", hands=2,
    )  # fmt: skip
    it.took(open_case(it.moment(), order, "O-1-1", None, it.situation))
    one, two = (o.responder_id for o in it.case.live_offers)
    it.accept(one)
    it.accept(two)
    offers = {o.responder_id: o.id for o in it.case.offers.values()}
    it.took(answers.decline(it.moment(), it.case, offers[two], two, "unwell", it.situation))
    third = it.case.live_offers[0].responder_id
    it.accept(third)
    it.took(answers.decline(it.moment(), it.case, offers[one], one, "unwell", it.situation))
    first = it.case.in_role("first")
    assert first is not None
    assert first.responder_id == third
    assert it.case.seeking
    assert len(it.case.live_offers) == 1


def test_a_booked_visit_is_not_late_before_it_begins() -> None:
    """Accepted at ten for two in the afternoon: nobody rings at half past ten."""
    it = Scene(around(2))
    order = Pressed(
        None, None, None, AlarmKind.ORDER, "own", "order:O-1", VILLAGE, "H-1", "E-1", (), drill=False, place=None,
        at=it.now, order="O-1", starts_at=BY_DAY.replace(hour=6),
    )  # fmt: skip
    it.took(open_case(it.moment(), order, "O-1-1", None, it.situation))
    it.accept(asked(it))
    assert it.due() == {"arrival": 4 * 3600 + 1800}


def test_the_console_of_who_comes_dies() -> None:
    """Within a minute somebody else is asked; she is telephoned; she may still come, and goes first if nobody else."""
    it = Scene(around(4))
    it.press()
    her = asked(it)
    it.accept(her)
    it.report(her, "depart")
    it.took(losing.heard_of(it.moment(), it.case, her, reachable=False))
    it.wait(59)
    assert it.messages("are_you_coming") == [(her, "voice")]
    assert (it.case.job.state, it.case.in_role("first")) == ("offering", None)
    assert it.case.incident.receipt_say == "正在换人"
    it.took(losing.heard_of(it.moment(), it.case, her, reachable=True))
    it.report(her, "arrive")
    first = it.case.in_role("first")
    assert first is not None
    assert (first.responder_id, it.case.job.state) == (her, "arrived")


def test_a_console_that_comes_back_in_time_changes_nothing() -> None:
    """A tunnel is no loss."""
    it = Scene(around(4))
    it.press()
    her = asked(it)
    it.accept(her)
    it.report(her, "depart")
    it.took(losing.heard_of(it.moment(), it.case, her, reachable=False))
    it.wait(30)
    it.took(losing.heard_of(it.moment(), it.case, her, reachable=True))
    it.wait(60)
    assert it.messages("are_you_coming") == []


def test_the_backup_takes_over_from_who_is_lost() -> None:
    """And the lost one is told that she need not come."""
    it = Scene(around(6))
    it.press()
    one, two = (o.responder_id for o in it.case.live_offers[:2])
    it.accept(two)
    it.accept(one)
    first, backup = it.case.in_role("first"), it.case.in_role("backup")
    assert first is not None
    assert backup is not None
    it.report(first.responder_id, "depart")
    it.took(losing.heard_of(it.moment(), it.case, first.responder_id, reachable=False))
    it.wait(59)
    now_first = it.case.in_role("first")
    assert now_first is not None
    assert now_first.id == backup.id
    assert it.case.assignments[first.id].end_reason == "lost"


def test_an_arrival_that_slips_by_half_raises_others() -> None:
    """Said to need so long, and half as long again: two more are asked."""
    it = Scene(around(6, ("caregiver",)))
    it.press()
    one = it.accept(asked(it))
    it.report(one.responder_id, "depart")
    before = len(it.case.offers)
    it.wait(one.eta_s * 1.5 - 1)
    assert it.told("assignment.late") == []
    it.wait(1)
    assert len(it.told("assignment.late")) == 1
    assert len(it.case.offers) > before or not it.case.live_offers


def test_no_proof_of_arrival_is_an_alarm_again() -> None:
    """After half an hour the desks are rung, she is telephoned, and again half an hour later."""
    it = Scene(around(1))
    it.press()
    it.accept("R0")
    it.report("R0", "depart")
    it.wait(1800)
    nudges = [n["why"] for n in it.told("incident.nudged")]
    assert nudges == ["arrival"]
    assert ("R0", "voice") in it.messages("are_you_coming")
    it.wait(1800)
    assert len(it.told("incident.nudged")) == 2


def test_losers_of_two_slots_are_told_who_won() -> None:
    """The third who says yes learns who goes."""
    it = Scene(around(6))
    order = Pressed(
        None, None, None, AlarmKind.ORDER, "own", "order:O-1", VILLAGE, "H-1", "E-1", (), drill=False, place=None,
        at=it.now, order="O-1", hands=2,
    )  # fmt: skip
    it.took(open_case(it.moment(), order, "O-1-1", None, it.situation))
    it.wait(600)
    crowd = [o for o in it.case.offers.values() if o.state in ("sent", "expired")]
    assert len(crowd) >= 3
    for offer in crowd[:2]:
        it.accept(offer.responder_id)
    late = answers.accept(it.moment(), it.case, crowd[2].id, crowd[2].responder_id, "u")
    assert isinstance(late, Refusal)
    assert (late.code, bool(late.params["who"])) == ("offer_taken", True)


def test_who_takes_over_late_is_late_at_once() -> None:
    """The backup said yes two hours ago and has not moved: what that means is done now, not at the next look."""
    it = Scene(around(6))
    it.press()
    one, two = (o.responder_id for o in it.case.live_offers[:2])
    it.accept(two)
    it.accept(one)
    first = it.case.in_role("first")
    assert first is not None
    it.took(losing.heard_of(it.moment(), it.case, first.responder_id, reachable=False))
    it.now += timedelta(hours=2)
    it.took(overdue(it.moment(), it.case, it.situation))
    assert overdue(it.moment(), it.case, it.situation).facts == []
    taken_over = it.case.in_role("first")
    assert taken_over is not None
    assert taken_over.stalled_at == it.now
