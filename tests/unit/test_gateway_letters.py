"""What happened becomes as few letters as possible, to exactly those concerned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import (
    Fact,
    Going,
    Incident,
    Letter,
    Offer,
    call_letter,
    desks_over,
    letters,
    letters_of_tests,
)
from services.gateway.domain.wording import place_hint, ring_of, stamp
from shared.vocabulary.divisions import Division

NOW = datetime(2026, 11, 22, 2, 0, 0, 123456, tzinfo=UTC)
JOB, OFFER = UUID(int=1), UUID(int=2)
ROW: dict[str, Any] = {
    "ver": 7, "priority": 1, "kind": "sos", "drill": False, "name_masked": "李*国", "asked": 3, "job_state": "offering",
    "presses": 2,
}  # fmt: skip
INCIDENT = Incident(
    "I-1", Division("360733100"), "open", ROW, "红旗路5号602室",
    offers=(Offer(OFFER, JOB, "wang", 640, 420, NOW + timedelta(seconds=60)),),
)  # fmt: skip


def fact(n: int, tag: str, **body: Any) -> Fact:
    """A numbered fact about I-1."""
    return Fact(UUID(int=100 + n), tag, {"incident": "I-1", **body}, "360733100", NOW)


def going(responder: str, state: str) -> Going:
    """Somebody with an account of the same name."""
    return Going(responder, responder, str(JOB), "first", state, None, {"responder": responder})


def written(incident: Incident, *facts: Fact) -> list[Letter]:
    """Letters of one batch."""
    return letters(facts, {incident.id: incident})


def test_desks_over_a_division_are_its_ladder_and_the_cell() -> None:
    """Every level above may have a desk."""
    assert desks_over("360733100") == ("d:360733100", "d:360733", "d:3607", "d:36", "d:")
    assert desks_over("") == ("d:",)


def test_a_batch_is_one_line_per_incident_and_desk() -> None:
    """Opened beats updated, ended beats opened; the last event gives the id."""
    facts = (fact(1, "incident.opened"), fact(2, "alarm.joined"), fact(3, "job.offering"))
    [opened] = written(INCIDENT, *facts)
    assert (opened.type, opened.id) == ("incident.opened", facts[-1].id)
    [updated] = written(INCIDENT, facts[1])
    assert updated.type == "incident.updated"
    [closed] = written(replace(INCIDENT, state="false_alarm"), *facts)
    assert closed.type == "incident.closed"


def test_a_line_names_the_alarms_it_took_in() -> None:
    """What opened the incident and what joined it, and not the device's word that it was opened by hand."""
    a, b = str(UUID(int=7)), str(UUID(int=8))
    facts = (fact(1, "incident.opened", alarm=a), fact(2, "alarm.joined", alarm=b), fact(3, "alarm.moved", alarm="c"))
    assert [letter.d["alarms"] for letter in written(INCIDENT, *facts)] == [[a, b]]
    assert [letter.d["alarms"] for letter in written(INCIDENT, fact(4, "incident.opened", alarm=None))] == [[]]


def test_an_offer_rings_before_the_desk_is_told_and_shows_no_door() -> None:
    """Masked name, no room number, a deadline."""
    offered, desk = written(INCIDENT, fact(1, "offer.sent", offer=str(OFFER), responder="wang"))
    assert (offered.inboxes, offered.type, desk.type) == (("u:wang",), "job.offered", "incident.updated")
    assert offered.exp == NOW + timedelta(seconds=60)
    assert (offered.d["place"], offered.d["elder"], offered.d["others_asked"]) == (
        "红旗路5号",
        {"name_masked": "李*国"},
        2,
    )


def test_an_offer_ends_with_a_reason() -> None:
    """Withdrawn says why and who; the others are their own reason."""
    taken, _ = written(INCIDENT, fact(1, "offer.withdrawn", offer=str(OFFER), why="taken", who="王护士"))
    assert (taken.type, taken.d["why"], taken.d["who"]) == ("offer.closed", "taken", "王护士")
    declined, _ = written(INCIDENT, fact(1, "offer.declined", offer=str(OFFER), why="busy"))
    assert declined.d["why"] == "declined"
    assert [one.type for one in written(INCIDENT, fact(1, "offer.rang", offer=str(OFFER)))] == ["incident.updated"]


def test_an_offer_to_somebody_without_an_account_is_no_letter() -> None:
    """The desk sees it all the same."""
    nobody = replace(INCIDENT, offers=(replace(INCIDENT.offers[0], account=None),))
    assert [one.type for one in written(nobody, fact(1, "offer.sent", offer=str(OFFER)))] == ["incident.updated"]


def test_those_who_go_are_told_once_a_batch() -> None:
    """A press tells everyone under way; a release tells the one released as well; others are left in peace."""
    both = replace(INCIDENT, going=(going("wang", "en_route"), going("li", "released")))
    pressed = written(both, fact(1, "alarm.joined"), fact(2, "alarm.joined"), fact(3, "offer.rang", offer=str(OFFER)))
    assert [(one.inboxes, one.id) for one in pressed if one.type == "job.updated"] == [(("u:wang",), UUID(int=102))]
    released = written(both, fact(1, "assignment.released", responder="li"))
    assert [one.inboxes[0] for one in released if one.type == "job.updated"] == ["u:wang", "u:li"]
    assert [one.type for one in written(both, fact(1, "incident.noted"))] == ["incident.updated"]


def test_who_searches_is_told_of_a_picture() -> None:
    """What somebody hands in after a visit is the desk's alone."""
    searched = replace(INCIDENT, going=(going("wang", "en_route"),))
    pictured = written(searched, fact(1, "incident.handed_in", what="person"))
    assert [one.type for one in pictured] == ["job.updated", "incident.updated"]
    assert [one.type for one in written(searched, fact(1, "incident.handed_in", what="photo"))] == ["incident.updated"]


def test_an_unknown_incident_is_no_letter() -> None:
    """The row is the truth; an event without one is passed over."""
    assert letters([fact(1, "incident.opened")], {}) == []


def test_a_canarys_incident_is_told_to_nobody_but_its_own() -> None:
    """The canary's account gets its offer and its job; no desk hears of either."""
    canary = replace(INCIDENT, canary=True, going=(going("wang", "accepted"),))
    found = written(
        canary, fact(1, "incident.opened"), fact(2, "offer.sent", offer=str(OFFER)),
        fact(3, "offer.accepted", offer=str(OFFER)), fact(4, "assignment.made", responder="wang"),
    )  # fmt: skip
    assert [(one.type, one.inboxes) for one in found] == [
        ("job.offered", ("u:wang",)), ("offer.closed", ("u:wang",)), ("job.updated", ("u:wang",)),
    ]  # fmt: skip


def pressed(n: int, device: str, **body: Any) -> Fact:
    """A press in a test window."""
    return Fact(UUID(int=n), "device.tested", {"device": device, "how": "press", **body}, "360733100", NOW)


def test_tests_are_one_quiet_letter_a_button() -> None:
    """The last press counts; self tests and canaries are no news; the waiting installer hears of it too."""
    facts = (
        pressed(1, "B-1"), pressed(2, "B-2"), pressed(3, "B-1"), pressed(4, "B-3", how="self"),
        pressed(5, "C-1", canary=True),
    )  # fmt: skip
    first, second = letters_of_tests(facts, {"B-2": "fitter"})
    assert (first.id, first.type, first.d) == (
        UUID(int=3), "device.tested", {"device": "B-1", "how": "press", "at": "2026-11-22T02:00:00.123Z"},
    )  # fmt: skip
    assert first.inboxes == desks_over("360733100")
    assert second.inboxes == (*desks_over("360733100"), "u:fitter")


def test_wording() -> None:
    """Milliseconds in UTC; addresses without rooms; drills sound like drills."""
    assert stamp(NOW) == "2026-11-22T02:00:00.123Z"
    assert [place_hint(one) for one in ("中山路1号 A1203室", "三组12号", None)] == ["中山路1号", "三组12号", ""]
    assert (ring_of(1, drill=True), ring_of(1, drill=False), ring_of(3, drill=False)) == ("drill", "sos", "notice")


def test_who_is_sent_by_the_desk_is_rung_and_told_so() -> None:
    """An order is one letter that rings, not an offer that closes again at once; going along in a merge is none."""
    sent = fact(1, "offer.sent", offer=str(OFFER), how="ordered")
    accepted = fact(2, "offer.accepted", offer=str(OFFER), ordered=True)
    ordered, desk = written(INCIDENT, sent, accepted)
    assert (ordered.inboxes, ordered.type, ordered.d["ordered"]) == (("u:wang",), "job.offered", True)
    assert desk.type == "incident.updated"
    [moved] = written(INCIDENT, fact(1, "offer.sent", offer=str(OFFER), how="moved"))
    assert moved.type == "incident.updated"


def test_what_is_open_again_rings_and_what_was_merged_leaves() -> None:
    """A reopened incident is news to every desk; a merged one is over under its own number."""
    [again] = written(replace(INCIDENT, state="reopened"), fact(1, "incident.reopened"), fact(2, "job.reopened"))
    assert again.type == "incident.opened"
    [merged] = written(replace(INCIDENT, state="merged"), fact(1, "incident.merged", into="I-2"))
    assert merged.type == "incident.closed"


def test_a_call_goes_to_its_desk_and_the_seat_that_it_rings_at() -> None:
    """Nobody above is disturbed by it."""
    call = Fact(UUID(int=9), "call.incoming", {"call": str(JOB), "seat": "desk1"}, "360733", NOW)
    letter = call_letter(call, {"call": str(JOB), "elders": []})
    assert (letter.inboxes, letter.type, letter.d["seat"]) == (("d:360733", "u:desk1"), "call.incoming", "desk1")
