"""Any order of events: the long proof's machine in its short form, and the judge that reads what it leaves."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from bench.proofs import lives, verdict
from services.dispatch.domain import answers
from services.dispatch.domain.alarms import open_case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.story import Story

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.timeout(600)
def test_whatever_happens_in_whatever_order_the_rules_hold() -> None:
    """A hundred lives; `./yinling prove life` lives ten thousand."""
    lives.live(examples=100, steps=30)


def test_no_decision_is_left_out_of_the_proof() -> None:
    """Whoever adds a command about a case adds it to the machine."""
    assert lives.unproven() == set()


def test_a_yes_to_an_old_offer_is_a_yes_to_the_new_one() -> None:
    """She let it pass, was asked again, and taps the first card: she goes, and has one open offer, not two."""
    life = lives.Life()
    life.around = lives.PEOPLE[:1]
    pressed = life.pressed("sos", drill=False, place=lives.HOME)
    life.take(open_case(life.moment(), pressed, "I-1", None, life.situation()))
    life.waits_on(130)
    life.take(overdue(life.moment(), life.case, life.situation()))
    old, new = life.case.offers.values()
    assert (old.state, new.live) == ("expired", True)
    story = answers.accept(life.moment(), life.case, old.id, old.responder_id, "u")
    assert isinstance(story, Story)
    assert [o.state for o in story.case.offers.values()] == ["expired", "accepted"]
    assert [a.offer_id for a in story.case.assignments.values()] == [new.id]


def fact(tag: str, **body: Any) -> dict[str, Any]:
    """A line of the log."""
    return {"tag": tag, "at": NOW.isoformat(), "body": body}


SENT = fact("offer.sent", offer="o1", responder="R1", kind="nurse")
MADE = fact("assignment.made", assignment="a1", responder="R1", role="first", slot=0)
GOOD: list[dict[str, Any]] = [
    fact("incident.opened", kind="sos"), SENT, fact("offer.accepted", offer="o1", responder="R1"), MADE,
    fact("incident.taken"), fact("receipt.changed", stage="accepted"),
]  # fmt: skip
ROWS: dict[str, Any] = {
    "incident": {
        "state": "taken", "family": "person", "drill": False, "presses": 1, "evidence": None, "evidence_by": None,
        "outcome": None,
    },
    "job": {"state": "accepted"},
    "offers": [{"id": "o1", "state": "accepted"}],
    "assignments": [{"role": "first", "state": "accepted"}],
}  # fmt: skip
WAITS = [{"kind": "stall", "target": "a1", "due_at": "2026-11-22T04:01:30+00:00"}]


def judged(log: list[dict[str, Any]], waits: list[dict[str, Any]], **rows: Any) -> str:
    """What the judge finds, with these fields of rows changed."""
    held = deepcopy(ROWS)
    for part, changes in rows.items():
        held[part] = held[part] | changes if isinstance(changes, dict) else changes
    return " ".join(verdict.offences(verdict.File(log, held, waits, NOW)))


def test_the_judge_has_nothing_against_a_sound_case() -> None:
    """Else it could not be believed."""
    assert judged(GOOD, WAITS) == ""


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ([fact("incident.with_elder"), fact("incident.on_scene")], "goes_forward"),
        ([SENT], "offers_live_once: o1 sent twice"),
        ([fact("offer.expired", offer="o1", responder="R1")], "offers_live_once: expired after accepted"),
        ([MADE | {"body": MADE["body"] | {"assignment": "a2", "responder": "R2"}}], "one_winner: two hold one place"),
        ([MADE | {"body": MADE["body"] | {"assignment": "a2", "role": "backup"}}], "one_winner: one person goes twice"),
        ([fact("receipt.changed", stage="seen")], "receipts_stay_true"),
        ([fact("alarm.joined", kind="sos")], "every_press_counts"),
        ([fact("incident.escalated", rung=1), fact("incident.escalated", rung=1)], "rungs_rise"),
        ([fact("alarm.joined", kind="gas"), SENT], "nobody_into_the_fire"),
    ],
)
def test_the_judge_reads_the_log(more: list[dict[str, Any]], rule: str) -> None:
    """One broken rule after the other."""
    assert rule in judged([*GOOD, *more], WAITS)


@pytest.mark.parametrize(
    ("rows", "waits", "rule"),
    [
        ({}, [], "waits_for_something: a live incident waits for nothing"),
        ({}, [WAITS[0] | {"due_at": "2026-11-22T03:59:00+00:00"}], "waits_for_something: overdue"),
        ({"assignments": []}, WAITS, "job_fits: job accepted, nobody goes first"),
        ({"job": {"state": "offering"}}, WAITS, "rings_or_somebody_comes"),
        ({"job": {"state": "closed"}}, WAITS, "job_fits: job closed, incident taken"),
        ({"incident": {"state": "closed"}}, [], "seen_or_heard"),
    ],
)
def test_the_judge_reads_the_rows(rows: dict[str, Any], waits: list[dict[str, Any]], rule: str) -> None:
    """A live case without a deadline, a job without a person, an end without anybody having seen her."""
    assert rule in judged(GOOD, waits, **rows)


def test_somebody_who_has_fallen_silent_is_not_promised_again() -> None:
    """First and backup are both silent on the way: others are asked, and the button hears of neither again."""
    life = lives.Life()
    life.around = lives.PEOPLE[:4]
    pressed = life.pressed("sos", drill=False, place=lives.HOME)
    life.take(open_case(life.moment(), pressed, "I-1", None, life.situation()))
    life.decides(("order_person", {}), "desk1", 0)
    for pick in (0, 3):
        life.loses(pick, reachable=False)
    life.waits_on(61)
    life.holds()
    life.answers(1, "accept_offer")
    first = life.case.in_role("first")
    assert first is not None
    life.loses(int(first.responder_id[1:]), reachable=False)
    life.waits_on(61)
    life.holds()
    assert life.case.seeking
    assert life.case.in_role("first") is None
