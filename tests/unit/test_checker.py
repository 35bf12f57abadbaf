"""The checker is silent about a good history and names every kind of planted fault."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from bench.proofs.case import Rows
from bench.proofs.checker import INGEST_PROMISES, PROMISES, check, check_ingest

POLICY = {
    "rules": {
        "1": {"ladder": [{"after_s": 45}, {"after_s": 60}], "repeat": 300},
        "2": {"ladder": [{"after_s": 120}, {"after_s": 240}], "repeat": 300},
    }
}
History = list[dict[str, Any]]


def shown(actor: str, seq: int, event: str, kind: str = "incident.opened", **more: Any) -> dict[str, Any]:
    """A console drew an event of the county's desk."""
    entry = {
        "t": 2.0, "actor": actor, "op": "shown", "inbox": "d:360733", "epoch": "e", "seq": seq, "id": event,
        "type": kind, "incident": "I-1",
    }  # fmt: skip
    return {**entry, **more}


def accepted(actor: str, offer: str, status: int = 200) -> dict[str, Any]:
    """A responder said yes and was answered."""
    path = f"/offers/{offer}/accept"
    return {"t": 2.0, "actor": actor, "op": "acted", "path": path, "status": status, "body": {}}


def good_history() -> History:
    """Two presses of one event, a desk that reconnects, one responder who wins, one process killed."""
    return [
        {"t": 1.0, "actor": "B-1", "op": "sent", "eid": "B-1:1:1", "attempt": 1},
        {"t": 1.1, "actor": "B-1", "op": "receipt", "eid": "B-1:1:1", "rev": 1, "stage": "recorded"},
        {"t": 1.2, "actor": "killer", "op": "killed", "process": "gateway"},
        {"t": 1.3, "actor": "B-1", "op": "sent", "eid": "B-1:1:2", "attempt": 1},
        {"t": 1.4, "actor": "B-1", "op": "receipt", "eid": "B-1:1:2", "rev": 1, "stage": "recorded"},
        {"t": 1.5, "actor": "killer", "op": "back", "process": "gateway"},
        shown("desk1", 0, "", "snapshot", incidents=[]),
        shown("desk1", 1, "v1"),
        shown("desk1", 2, "v2", "incident.updated"),
        shown("desk2", 2, "", "snapshot", incidents=["I-1"]),
        shown("r0003", 1, "w1", "job.offered", inbox="u:r0003"),
        accepted("r0003", "O-1"),
        accepted("r0004", "O-2", status=409),
    ]


def assignment(**more: Any) -> dict[str, Any]:
    """R-0003 goes first."""
    row = {
        "id": "A-1", "job_id": "J-1", "offer_id": "O-1", "responder_id": "R-0003", "role": "first", "slot": 1,
        "state": "completed", "accepted_at": 110.0, "departed_at": 120.0, "ended_at": 200.0,
    }  # fmt: skip
    return {**row, **more}


def asked(name: str, responder: str, state: str) -> dict[str, Any]:
    """Somebody is asked whether they go."""
    return {
        "id": name, "job_id": "J-1", "incident_id": "I-1", "responder_id": responder, "state": state,
        "respond_by": 220.0,
    }  # fmt: skip


def other_first(**more: Any) -> dict[str, Any]:
    """Somebody else in the same slot."""
    return assignment(id="A-2", responder_id="R-9", departed_at=None, **more)


def raw(name: str, eid: str) -> dict[str, Any]:
    """A stored message under its device's own numbers."""
    device, boot, seq = eid.split(":")
    return {"id": name, "eid": eid, "device_id": device, "boot": int(boot), "seq": int(seq)}


def good_rows() -> Rows:
    """What such a history leaves."""
    return Rows(
        raw_events=[raw("1", "B-1:1:1"), raw("2", "B-1:1:2")],
        alarms=[
            {"id": "1", "eid": "B-1:1:1", "incident_id": "I-1"},
            {"id": "2", "eid": "B-1:1:2", "incident_id": "I-1"},
        ],
        incidents=[
            {
                "id": "I-1", "subject": "elder:E-1", "family": "person", "drill": False, "state": "open",
                "priority": 1, "opened_at": 100.0, "policy": POLICY, "division": "360733100", "taken_by": None,
            }
        ],
        offers=[asked("O-1", "R-0003", "accepted"), asked("O-2", "R-0004", "expired")],
        assignments=[assignment()],
        inboxes=[{"id": "d:360733", "epoch": "e", "last_seq": 2}],
        accounts=[
            {"actor": "desk1", "id": "desk1", "division": "360733", "responder": None},
            {"actor": "r0003", "id": "r0003", "division": "360733", "responder": "R-0003"},
            {"actor": "r0004", "id": "r0004", "division": "360733", "responder": "R-0004"},
        ],
        events=[
            {"tag": "offer.expired", "incident": "I-1", "offer": "O-2", "at": 220.001},
            {"tag": "incident.escalated", "incident": "I-1", "why": "nobody_accepted", "rung": 1, "at": 145.0},
            {"tag": "incident.escalated", "incident": "I-1", "why": "nobody_accepted", "rung": 2, "at": 160.0},
            {"tag": "incident.escalated", "incident": "I-1", "why": "nobody_accepted", "rung": 3, "at": 460.0},
        ],
    )  # fmt: skip


def test_a_good_history_is_good() -> None:
    """Nothing broken, everything counted."""
    report = check(good_history(), good_rows())
    assert report["ok"], report["offences"]
    assert (report["alarms"], report["faults"]) == (2, 1)
    assert all(report[promise] == 0 for promise in PROMISES)


def without(rows: Rows, table: str) -> Rows:
    """The same rows with one table empty."""
    return replace(rows, **{table: []})


def drop_screens(history: History, _: Rows) -> tuple[History, Rows]:
    """Nobody was shown anything."""
    return [entry for entry in history if entry["op"] != "shown"], good_rows()


def unanswered(history: History, rows: Rows) -> tuple[History, Rows]:
    """A third press got no receipt and left no row."""
    return [*history, {"t": 3.0, "actor": "B-2", "op": "sent", "eid": "B-2:1:1", "attempt": 1}], rows


def extra_row(history: History, rows: Rows) -> tuple[History, Rows]:
    """An alarm and its incident that no device sent."""
    stored = [*rows.raw_events, raw("3", "B-9:1:1")]
    alarms = [*rows.alarms, {**rows.alarms[0], "id": "3", "eid": "B-9:1:1"}]
    return history, replace(rows, raw_events=stored, alarms=alarms)


def stored_again(history: History, rows: Rows) -> tuple[History, Rows]:
    """The second path's copy did not fold: another row under a number of its own."""
    again = {**raw("3", "B-1:1:1"), "boot": -7}
    alarms = [*rows.alarms, {**rows.alarms[0], "id": "3", "eid": None}]
    return history, replace(rows, raw_events=[*rows.raw_events, again], alarms=alarms)


def rung_again(history: History, rows: Rows) -> tuple[History, Rows]:
    """Stored once, and twice in the incident."""
    return history, replace(rows, alarms=[*rows.alarms, {**rows.alarms[0], "id": "9"}])


def same_number(history: History, rows: Rows) -> tuple[History, Rows]:
    """Two rows under one device, boot and number, with different names."""
    other = {**raw("3", "B-1:1:1"), "eid": "B-1:1:3"}
    sent = {"t": 3.0, "actor": "B-1", "op": "sent", "eid": "B-1:1:3", "attempt": 1}
    told = {"t": 3.1, "actor": "B-1", "op": "receipt", "eid": "B-1:1:3", "rev": 1, "stage": "recorded"}
    alarms = [*rows.alarms, {**rows.alarms[0], "id": "3", "eid": "B-1:1:3"}]
    return [*history, sent, told], replace(rows, raw_events=[*rows.raw_events, other], alarms=alarms)


def second_incident(history: History, rows: Rows) -> tuple[History, Rows]:
    """One alarm lies in two incidents."""
    incidents = [*rows.incidents, {**rows.incidents[0], "id": "I-2", "subject": "elder:E-2"}]
    alarms = [*rows.alarms, {**rows.alarms[0], "id": "4", "incident_id": "I-2"}]
    return [*history, shown("desk2", 3, "v3", incident="I-2")], replace(
        rows, incidents=incidents, alarms=alarms, inboxes=[]
    )


def twin(history: History, rows: Rows) -> tuple[History, Rows]:
    """One subject has two live incidents."""
    return history, replace(rows, incidents=[*rows.incidents, {**rows.incidents[0], "id": "I-3"}])


def assigned(*more: dict[str, Any]) -> Callable[[History, Rows], tuple[History, Rows]]:
    """Further assignments."""
    return lambda history, rows: (history, replace(rows, assignments=[*rows.assignments, *more]))


def happened(*more: dict[str, Any]) -> Callable[[History, Rows], tuple[History, Rows]]:
    """Further entries, after what the inbox is known to hold."""
    return lambda history, rows: ([*history, *more], replace(rows, inboxes=[]))


def never_climbed(history: History, rows: Rows) -> tuple[History, Rows]:
    """A call of which nobody takes hold, and no ladder: the proof ends two minutes later."""
    left = {**rows.incidents[0], "id": "I-5", "subject": "elder:E-5", "opened_at": 1000.0}
    alarm = {"id": "5", "eid": None, "incident_id": "I-5"}
    end = {"t": 1120.0, "actor": "proof", "op": "acted", "path": "/end", "status": 200, "body": {}}
    return [*history, end], replace(rows, incidents=[*rows.incidents, left], alarms=[*rows.alarms, alarm])


def told(**event: Any) -> Callable[[History, Rows], tuple[History, Rows]]:
    """A further event in the log."""
    return lambda history, rows: (history, replace(rows, events=[*rows.events, {"incident": "I-1", **event}]))


FAULTS: dict[str, tuple[str, Callable[[History, Rows], tuple[History, Rows]]]] = {
    "not stored": ("lost", lambda h, r: (h, without(without(r, "raw_events"), "alarms"))),
    "no incident row": ("lost", lambda h, r: (h, without(r, "incidents"))),
    "no place": ("unplaced", lambda h, r: (h, without(r, "alarms"))),
    "on no desk": ("lost", drop_screens),
    "no receipt": ("unreceipted", unanswered),
    "never pressed": ("unexpected", extra_row),
    "stored twice": ("stored_twice", stored_again),
    "rung twice": ("stored_twice", rung_again),
    "one number, two rows": ("stored_twice", same_number),
    "same event again": ("duplicates_shown", happened(shown("desk1", 3, "v2", "incident.updated"))),
    "same number again": ("duplicates_shown", happened(shown("desk1", 2, "v9", "incident.updated"))),
    "opened again": ("duplicates_shown", happened(shown("desk1", 3, "v9"))),
    "two incidents": ("duplicates_shown", second_incident),
    "two live": ("duplicates_shown", twin),
    "skipped": ("holes", happened(shown("desk1", 5, "v9", "incident.updated"))),
    "behind": ("holes", lambda h, r: (h, replace(r, inboxes=[{"id": "d:360733", "epoch": "e", "last_seq": 3}]))),
    "other epoch": ("holes", happened(shown("desk1", 3, "v9", "incident.updated", epoch="f"))),
    "two firsts": ("double_assigned", assigned(other_first(accepted_at=150.0))),
    "first never released": ("double_assigned", assigned(other_first(accepted_at=90.0, ended_at=None))),
    "two jobs": ("double_assigned", assigned(assignment(id="A-2", job_id="J-2", departed_at=130.0))),
    "two told": ("double_assigned", happened(accepted("r0004", "O-1"))),
    "accept forgotten": ("lost_accepts", lambda h, r: (h, without(r, "assignments"))),
    "expired early": ("early", told(tag="offer.expired", offer="O-2", at=219.0)),
    "expired late": ("late", told(tag="offer.expired", offer="O-2", at=231.0)),
    "never climbed": ("late", never_climbed),
    "another's inbox": ("leaked", happened(shown("r0003", 1, "w9", "job.offered", inbox="u:r0004"))),
    "another county's desk": ("leaked", happened(shown("desk1", 1, "v9", "incident.updated", inbox="d:360121"))),
    "another street's call": ("leaked", happened(shown("desk1", 1, "v9", "incident.updated", inbox="d:360733999"))),
    "never asked": ("leaked", lambda h, r: (h, replace(r, offers=[asked("O-1", "R-9", "accepted")]))),
    "nonsense unseen": ("hidden_poison", happened({"t": 3.0, "actor": "B-9", "op": "poison", "size": 1})),
    "rung early": ("early", told(tag="incident.escalated", why="nobody_accepted", rung=4, at=750.0)),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named(name: str) -> None:
    """Each breaks the promise it should, and the report says so."""
    promise, plant = FAULTS[name]
    report = check(*plant(deepcopy(good_history()), good_rows()))
    assert not report["ok"]
    assert report[promise] >= 1
    assert promise in {offence["promise"] for offence in report["offences"]}


INGEST_FAULTS = [name for name, (promise, _) in FAULTS.items() if promise in INGEST_PROMISES]


@pytest.mark.parametrize("name", INGEST_FAULTS)
def test_a_fault_on_the_road_is_named_where_nobody_answers(name: str) -> None:
    """The shorter list of promises sees everything that concerns it."""
    promise, plant = FAULTS[name]
    report = check_ingest(*plant(deepcopy(good_history()), good_rows()))
    assert not report["ok"]
    assert report[promise] >= 1


def test_who_answers_is_no_matter_of_the_road() -> None:
    """Two winners of one slot break another promise than that of a press."""
    report = check_ingest(*assigned(other_first(accepted_at=150.0))(good_history(), good_rows()))
    assert report["ok"]
    assert (report["alarms"], report["receipted"], report["faults"]) == (2, 2, 1)
    assert "double_assigned" not in report


def test_faults_of_things_have_no_press() -> None:
    """What the platform concludes by itself, a silent hub for one, bears no number and is no duplicate."""
    rows = good_rows()
    ours = [{"id": str(number), "eid": None, "incident_id": f"I-{number}"} for number in (7, 8)]
    assert check(good_history(), replace(rows, alarms=[*rows.alarms, *ours]))["ok"]


@pytest.mark.parametrize(
    "seen", [{"raw_events": [raw("9", "B-9:1:1")]}, {"strays": [{"topic": "yl/v1/36/B-9/up/alarm"}]}]
)
def test_nonsense_must_ring_or_lie_before_a_desk(seen: dict[str, Any]) -> None:
    """Whatever its device is then taken to have said is no promise of ours."""
    nonsense = {"t": 3.0, "actor": "B-9", "op": "poison", "size": 1}
    rows = good_rows()
    stored = [*rows.raw_events, *seen.get("raw_events", ())]
    alarms = [*rows.alarms, {"id": "9", "eid": "B-9:1:1", "incident_id": "I-1"}]
    left = replace(rows, raw_events=stored, alarms=alarms, strays=seen.get("strays", ()))
    assert check([*good_history(), nonsense], left)["offences"] == []


def test_a_yes_to_an_earlier_offer_is_one_to_the_later() -> None:
    """She was asked again before her answer came; another's assignment is no excuse."""
    rows, history = good_rows(), [*good_history(), accepted("r0003", "O-0")]
    rows = replace(rows, offers=[*rows.offers, asked("O-0", "R-0003", "withdrawn")])
    assert check(history, rows)["offences"] == []
    assert check(history, replace(rows, assignments=[assignment(responder_id="R-0004")]))["lost_accepts"] > 0


def test_backups_and_later_assignments_are_no_double() -> None:
    """A backup beside the first, and the next job after the last."""
    rows = good_rows()
    more = [
        assignment(id="A-2", role="backup", responder_id="R-9", offer_id="O-9"),
        assignment(id="A-3", job_id="J-2", accepted_at=200.0, departed_at=210.0, ended_at=None),
    ]
    assert check(good_history(), replace(rows, assignments=[*rows.assignments, *more]))["ok"]


def test_a_promoted_backup_holds_the_first_slot_from_then_on() -> None:
    """It accepted before the first gave back, but was first only afterwards."""
    rows = good_rows()
    more = [other_first(accepted_at=111.0, ended_at=None)]
    promotion = {"tag": "assignment.promoted", "incident": "I-1", "assignment": "A-2", "at": 200.0}
    promoted = replace(rows, assignments=[*rows.assignments, *more], events=[*rows.events, promotion])
    assert check(good_history(), promoted)["ok"]
    assert check(good_history(), replace(promoted, events=rows.events))["double_assigned"] == 1


def test_a_first_who_makes_way_holds_the_backup_slot_from_then_on() -> None:
    """Somebody sooner goes first; the backup of before was let go at the same instant."""
    rows = good_rows()
    demoted = assignment(role="backup")
    stood_down = assignment(
        id="A-2", role="backup", responder_id="R-8", offer_id="O-8", accepted_at=112.0, departed_at=None,
        ended_at=150.0,
    )  # fmt: skip
    sooner = other_first(accepted_at=150.0, ended_at=None) | {"id": "A-3", "offer_id": "O-9"}
    demotion = {"tag": "assignment.demoted", "incident": "I-1", "assignment": "A-1", "at": 150.0}
    told = replace(rows, assignments=[demoted, stood_down, sooner], events=[*rows.events, demotion])
    assert check(good_history(), told)["ok"]
    early = replace(told, events=[*rows.events, {**demotion, "at": 140.0}])
    assert check(good_history(), early)["double_assigned"] == 1
    late = replace(told, events=[*rows.events, {**demotion, "at": 160.0}])
    assert check(good_history(), late)["double_assigned"] == 1


def test_what_a_fault_put_off_is_late_from_its_end() -> None:
    """Clocks of history and rows are brought together; a fault that began only afterwards excuses nothing."""
    history, rows = told(tag="offer.expired", offer="O-2", at=231.0)(good_history(), good_rows())
    clock = {"t": 0.0, "actor": "proof", "op": "clock", "at": 200.0}

    def fault(begun: float, over: float) -> History:
        both = (("killed", begun), ("back", over))
        return [{"t": t, "actor": "chaos", "op": op, "process": "dispatch held"} for op, t in both]

    assert check([clock, *history, *fault(19.0, 22.0)], rows)["late"] == 0
    assert check([clock, *history, *fault(31.5, 34.0)], rows)["late"] == 1
