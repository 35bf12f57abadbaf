"""Who calls, and how she is: raised, asked wider, spoken with first, never suppressed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.domain import desk, voice
from services.dispatch.domain.elder import Elder, Keyholder, away_m
from services.dispatch.domain.refusals import Refusal
from shared.vocabulary.geo import Position
from tests.scenes import AT_THREE, BY_DAY, HOME, Scene, around

NORTH_500 = Position(HOME.lat + 500 / 111_195, HOME.lon)


def her(**known: Any) -> Elder:
    """李建国's wife, aged 70, at home with two contacts."""
    return Elder("E-1", **{"division": "360733100001", "born": 1956, "home": HOME, "contacts": (1, 2), **known})


def scene(now: Any = BY_DAY, **known: Any) -> Scene:
    """Ten people near; she is known."""
    return Scene(around(elder=her(**known)), now)


@pytest.mark.parametrize(
    ("kind", "known", "at_three", "priority"),
    [
        ("vital", {}, False, 2),
        ("vital", {"assessment": 3}, False, 1),
        ("vital", {"lives_alone": True}, False, 2),
        ("vital", {"lives_alone": True}, True, 1),
        ("vital", {"lives_alone": True, "born": 1940}, False, 1),
        ("vital", {"emergencies": 2}, False, 1),
        ("fence_exit", {"assessment": 3}, False, 2),
        ("fence_exit", {"dementia": True}, False, 1),
        ("water", {"assessment": 4}, False, 3),
        ("sos", {}, False, 1),
    ],
)
def test_what_is_known_of_her_raises_the_priority(
    kind: str, known: dict[str, Any], at_three: bool, priority: int  # noqa: FBT001
) -> None:  # fmt: skip
    """By assessment, living alone, history and the hour; a leaking pipe stays a leaking pipe."""
    it = scene(AT_THREE if at_three else BY_DAY, **known)
    assert it.press(kind).incident.priority == priority


def test_neighbours_and_family_of_somebody_frail_need_not_wait() -> None:
    """At once for a fall or a high risk; for others after half a minute."""
    calm, frail, fall = scene(), scene(assessment=4), scene()
    calm.press()
    frail.press()
    fall.press("fall")
    assert ["volunteer" in s.kinds for s in (calm, frail, fall)] == [False, True, True]
    assert [len(s.messages("family_alarm")) for s in (calm, frail, fall)] == [0, 2, 2]
    calm.wait(30)
    assert "volunteer" in calm.kinds
    assert calm.messages("family_alarm") == [("E-1/1", "family"), ("E-1/2", "family")]


def test_no_seat_is_free_and_everybody_is_asked_at_once() -> None:
    """Nobody at the desk has a hand free to speak with her."""
    it = Scene(around(elder=her(), seat_free=False))
    it.press()
    assert "volunteer" in it.kinds
    assert len(it.messages("family_alarm")) == 2


def test_her_own_voice_clears_it() -> None:
    """Neighbours stay at home, the priority falls by one, and she pressed again is as grave as before."""
    it = scene()
    it.press()
    it.wait(10)
    it.took(voice.attempted(it.moment(), it.case, "elder", "answered", cleared=True, situation=it.situation))
    assert it.case.incident.priority == 2
    it.wait(300)
    assert "volunteer" not in it.kinds
    assert it.messages("family_alarm") == []
    it.press()
    assert (it.case.incident.priority, it.case.incident.cleared_at) == (1, None)
    it.wait(130)
    assert "volunteer" in it.kinds


def test_two_tries_in_vain_within_a_minute_confirm_it() -> None:
    """One does not; somebody else's telephone says nothing; ten minutes later is another try."""
    it = scene()
    it.press("vital")
    for callee, seconds in (("E-1/1", 1), ("elder", 1), ("E-1/1", 300), ("elder", 50)):
        it.took(voice.attempted(it.moment(), it.case, callee, "no_answer", cleared=False, situation=it.situation))
        assert it.case.incident.confirmed_at is None
        it.wait(seconds)
    it.took(voice.attempted(it.moment(), it.case, "elder", "off", cleared=False, situation=it.situation))
    assert it.case.incident.confirmed_at is not None
    assert it.case.incident.priority == 1
    assert [p["service"] for p in it.told("handoff.prompted")] == ["120"]


def test_a_seat_confirms_it() -> None:
    """Neighbours are asked now, not in half a minute; saying it twice changes nothing."""
    it = scene()
    it.press()
    it.took(voice.confirm(it.moment(), it.case, it.situation))
    assert "volunteer" in it.kinds
    assert len(it.messages("family_alarm")) == 2
    assert voice.confirm(it.moment(), it.case, it.situation).facts == []  # type: ignore[union-attr]


@pytest.mark.parametrize(("result", "asked"), [("no_answer", True), ("answered", True), ("cleared", False)])
def test_a_signed_plan_lets_the_desk_speak_first(result: str, asked: bool) -> None:  # noqa: FBT001
    """Whoever often presses by mistake is telephoned before anybody runs; unless she is well, people go."""
    it = scene(plan_until=BY_DAY + timedelta(days=3))
    it.press()
    assert (it.case.offers, it.due()["wave"]) == ({}, 30)
    it.wait(8)
    cleared = result == "cleared"
    said = "answered" if cleared else result
    it.took(voice.attempted(it.moment(), it.case, "elder", said, cleared=cleared, situation=it.situation))
    assert bool(it.case.offers) == asked
    it.wait(200)
    assert bool(it.case.offers) == asked
    assert it.case.incident.rung > 0


def test_a_plan_delays_and_never_suppresses() -> None:
    """Nobody telephoned: after half a minute people are asked. A fall, or a plan that has ended, waits for nothing."""
    it = scene(plan_until=BY_DAY + timedelta(days=3))
    it.press()
    it.wait(29)
    assert not it.case.offers
    it.wait(1)
    assert it.case.offers
    fall = scene(plan_until=BY_DAY + timedelta(days=3))
    assert fall.press("fall").offers
    assert scene(plan_until=BY_DAY).press().offers


@pytest.mark.parametrize("status", ["hospital", "institution", "moved", "dead"])
def test_she_does_not_live_there_now(status: str) -> None:
    """The desk speaks first, people go after half a minute, and her family is not frightened by a message."""
    it = scene(status=status)
    it.press()
    assert (it.case.offers, it.told("incident.held") != []) == ({}, True)
    it.wait(30)
    assert it.case.offers
    it.accept(next(iter(it.case.offers.values())).responder_id)
    assert it.messages("family_alarm") == it.messages("family_taken") == []


def test_a_temporary_address_wins_and_a_far_position_is_shown() -> None:
    """地址不符: more than three hundred metres from where she is said to be."""
    assert away_m(her(), HOME) is None
    assert away_m(her(), NORTH_500) == pytest.approx(500, abs=2)
    assert away_m(her(temporary=NORTH_500), NORTH_500) is None
    assert her(temporary=NORTH_500).place == NORTH_500
    it = scene()
    case = it.press(place=NORTH_500)
    assert case.incident.away_m == pytest.approx(500, abs=2)
    assert (case.incident.lat, case.incident.lon) == (NORTH_500.lat, NORTH_500.lon)


def test_family_hears_each_thing_once() -> None:
    """That she has called, who comes, that somebody is there, that it is over."""
    it = scene()
    it.press()
    responder = next(iter(it.case.offers.values())).responder_id
    it.accept(responder)
    for step in ("depart", "arrive", "start", "complete"):
        it.report(responder, step)
    it.took(desk.close(it.moment(), it.case, {"outcome": "genuine", "evidence": "none", "evidence_by": ""}))
    for template in ("family_alarm", "family_taken", "family_arrived", "family_over"):
        assert it.messages(template) == [("E-1/1", "family"), ("E-1/2", "family")], template
    assert it.told("call_back.planned")[0]["due_at"] == it.now + timedelta(hours=24)


def test_taken_by_a_seat_the_family_knows_within_ten_seconds() -> None:
    """A drill frightens nobody."""
    it, drill = scene(), scene()
    it.press()
    drill.press(drill=True)
    for s in (it, drill):
        s.took(desk.claim(s.moment(), s.case, "desk1", "陈"))
    assert len(it.messages("family_alarm")) == 2
    assert drill.messages("family_alarm") == []
    assert drill.told("handoff.prompted") == []


def test_gas_sends_nobody_inside() -> None:
    """119 first, she is called out, and only guards and stations are asked, the neighbours never."""
    it = scene()
    it.press("gas")
    it.wait(600)
    assert [p["service"] for p in it.told("handoff.prompted")] == ["119"]
    assert it.told("incident.opened")[0]["say"].startswith("请马上到屋外")
    assert it.messages("come_out") == [("E-1", "voice")]
    assert it.kinds <= {"guard", "station"}


def test_the_ambulance_is_prompted_with_the_area_code_of_where_she_is() -> None:
    """0797 for Ganzhou; once."""
    it = scene()
    it.press()
    it.press()
    assert [(p["service"], p["area"]) for p in it.told("handoff.prompted")] == [("120", "0797")]


def test_who_is_lost_is_sought_by_many_and_found_only_when_seen() -> None:
    """Up to ten searchers, the police at once; heard is not enough; the others may go home."""
    it = Scene(around(20, elder=her(dementia=True)))
    it.press("fence_exit")
    assert [p["service"] for p in it.told("handoff.prompted")] == ["110"]
    for _ in range(12):
        for offer in it.case.live_offers:
            if it.case.offers[offer.id].live:
                it.accept(offer.responder_id)
        it.wait(60)
    going = [a for a in it.case.assignments.values() if a.going]
    assert (len(going), it.case.seeking, it.case.live_offers) == (10, False, ())
    finder = going[3].responder_id
    it.report(finder, "arrive")
    heard = desk.close(it.moment(), it.case, {"outcome": "genuine", "evidence": "heard", "evidence_by": "陈"})
    assert isinstance(heard, Refusal)
    assert heard.code == "seen_required"
    it.report(finder, "start")
    assert [a.responder_id for a in it.case.assignments.values() if a.going] == [finder]
    it.report(finder, "complete")
    assert it.case.incident.state == "resolved"


def test_the_door_stays_shut() -> None:
    """Those with a key who are awake, one a minute; then the police, with the permission she has signed."""
    keys = (Keyholder(1, 8, 22), Keyholder(2, 22, 6), Keyholder(3))
    it = Scene(replace(around(elder=her(keyholders=keys, break_in=True))), BY_DAY)
    it.press()
    responder = next(iter(it.case.offers.values())).responder_id
    it.accept(responder)
    it.report(responder, "arrive")
    it.report(responder, "no_access")
    it.wait(59)
    assert it.messages("keyholder") == [("E-1/1", "voice"), ("E-1/1", "sms")]
    it.wait(1)
    assert {to for to, _ in it.messages("keyholder")} == {"E-1/1", "E-1/3"}
    it.wait(61)
    police = [p for p in it.told("handoff.prompted") if p["service"] == "110"]
    assert [(p["why"], p["break_in"]) for p in police] == [("no_access", True)]
    it.report(responder, "start")
    it.wait(300)
    assert len(it.told("access.keyholder")) == 2
    assert len(it.told("access.nobody")) == 1


def test_a_shut_door_at_a_planned_visit_calls_nobody_with_a_key_and_no_police() -> None:
    """She may be out. The desk is told; the visit that was missed raises a welfare check, which does both."""
    it = Scene(around(elder=her(keyholders=(Keyholder(1),))))
    it.visit()
    responder = it.case.live_offers[0].responder_id
    it.accept(responder)
    for step in ("arrive", "no_access"):
        it.report(responder, step)
    it.wait(300)
    assert it.case.job.state == "no_access"
    assert not it.told("handoff.prompted") + it.told("access.keyholder") + it.messages("keyholder")
    assert [why["why"] for why in it.told("incident.escalated")][-1] == "no_access"


def test_keys_at_night() -> None:
    """Hours may run over midnight."""
    assert [Keyholder(1, 22, 6).awake(h) for h in (21, 22, 0, 5, 6)] == [False, True, True, True, False]


def test_who_is_lost_is_sought_where_she_was_last_seen() -> None:
    """Each new position moves the search, asks those near it and tells those under way; the trail is in the log."""
    it = Scene(around(20, elder=her(dementia=True)))
    it.press("fence_exit")
    it.accept(it.case.live_offers[0].responder_id)
    asked = len(it.case.offers)
    it.wait(5)
    it.press("fence_exit", place=NORTH_500)
    assert it.case.incident.lat == NORTH_500.lat
    assert it.case.incident.away_m == pytest.approx(500, abs=2)
    assert len(it.case.offers) > asked
    it.press("fence_exit", place=NORTH_500)
    assert len(it.told("incident.relocated")) == 1


def test_a_shut_door_in_a_fire_ends_with_the_fire_brigade_that_was_called() -> None:
    """119 has been prompted from the start: nobody is rung about keys for ever."""
    it = Scene(around(elder=her(keyholders=(Keyholder(1),))))
    it.press("gas")
    responder = it.case.live_offers[0].responder_id
    it.accept(responder)
    for step in ("arrive", "no_access"):
        it.report(responder, step)
    it.wait(500)
    assert [p["why"] for p in it.told("handoff.prompted")] == ["fire"]
    assert (len(it.told("access.keyholder")), len(it.told("access.nobody"))) == (1, 1)
