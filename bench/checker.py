"""Read the histories and the rows that are left, and say which promise was broken. A pure function; knows no service.

A history is a list of entries `{"t", "actor", "op", …}`, `t` in seconds of the machine's monotonic clock:

- `sent` {eid, attempt, tries} and `receipt` {eid, rev, stage, incident}: a device, `tries` of them by the second path;
- `shown` {inbox, epoch, seq, id, type, incident, …}: a console drew an event; type `snapshot` has `incidents`;
- `acted` {path, status, body}: a person's command was answered;
- `killed` and `back` {process}: the fault and its end.

Rows are lists of plain dictionaries as `bench.rows` reads them, times in seconds since 1970.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any

Entry = Mapping[str, Any]
Row = Mapping[str, Any]

EARLY_BY_S = 0.005
MILLISECONDS_CUT_S = 0.001
FOREVER = float("inf")
LIVE = frozenset({"open", "taken", "on_scene", "with_elder", "reopened"})
OK = 200
BECOMES = {"assignment.promoted": "first", "assignment.demoted": "backup"}


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database holds afterwards."""

    raw_events: Sequence[Row] = ()
    alarms: Sequence[Row] = ()
    incidents: Sequence[Row] = ()
    offers: Sequence[Row] = ()
    assignments: Sequence[Row] = ()
    inboxes: Sequence[Row] = ()
    events: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Offence:
    """A broken promise, and the event that shows it."""

    promise: str
    what: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Histories and rows, indexed once."""

    history: Sequence[Entry]
    rows: Rows

    def of(self, op: str) -> Iterator[Entry]:
        """Entries of one kind, in order."""
        return (entry for entry in self.history if entry["op"] == op)

    def eids(self, op: str) -> set[str]:
        """Alarms with such an entry."""
        return {entry["eid"] for entry in self.of(op)}


Rule = Callable[[Case], Iterable[Offence]]


def check(history: Sequence[Entry], rows: Rows) -> dict[str, Any]:
    """The report: a count for each promise, and every offence by name."""
    return _report(Case(history, rows), RULES, PROMISES)


def check_ingest(history: Sequence[Entry], rows: Rows) -> dict[str, Any]:
    """The report where nobody answered and only devices and desks are spoken of."""
    return _report(Case(history, rows), INGEST_RULES, INGEST_PROMISES)


def _report(case: Case, rules: Iterable[Rule], promises: Iterable[str]) -> dict[str, Any]:
    rows = case.rows
    offences = [offence for rule in rules for offence in rule(case)]
    counts = Counter(offence.promise for offence in offences)
    return {
        "alarms": len(case.eids("sent")),
        "receipted": len(case.eids("receipt")),
        "faults": sum(1 for _ in case.of("killed")),
        "incidents": len(rows.incidents),
        "shown": sum(1 for _ in case.of("shown")),
        "accepted": sum(1 for _ in _accepted(case)),
        **{promise: counts[promise] for promise in promises},
        "ok": not offences,
        "offences": [{"promise": o.promise, "what": o.what, **o.evidence} for o in offences],
    }


def lost(case: Case) -> Iterator[Offence]:
    """A receipted alarm is stored, has an incident that exists, and was on a desk's screen."""
    stored = {row["eid"] for row in case.rows.raw_events}
    placed = {row["eid"]: row["incident_id"] for row in case.rows.alarms}
    incidents = {row["id"] for row in case.rows.incidents}
    shown = _on_a_desk(case)
    for eid in sorted(case.eids("receipt")):
        if eid not in stored:
            yield Offence("lost", "receipted, not stored", {"eid": eid})
        elif eid not in placed or placed[eid] not in incidents:
            yield Offence("lost", "receipted, no incident", {"eid": eid})
        elif placed[eid] not in shown:
            yield Offence("lost", "receipted, on no desk", {"eid": eid, "incident": placed[eid]})


def unreceipted(case: Case) -> Iterator[Offence]:
    """Every press ends recorded."""
    for eid in sorted(case.eids("sent") - case.eids("receipt")):
        yield Offence("unreceipted", "pressed, never receipted", {"eid": eid})


def unplaced(case: Case) -> Iterator[Offence]:
    """What is stored has an incident, receipted or not."""
    placed = {row["id"] for row in case.rows.alarms}
    for row in case.rows.raw_events:
        if row["id"] not in placed:
            yield Offence("unplaced", "stored, no incident", {"eid": row["eid"]})


def unexpected(case: Case) -> Iterator[Offence]:
    """Nothing is stored that no device sent."""
    sent = case.eids("sent")
    for row in case.rows.raw_events:
        if row["eid"] not in sent:
            yield Offence("unexpected", "stored, never pressed", {"eid": row["eid"]})


def stored_twice(case: Case) -> Iterator[Offence]:
    """However often and by whatever way it was sent, an alarm is one row, and one alarm of one incident."""
    names = ("device_id", "boot", "seq")
    numbers = Counter(tuple(row.get(name) for name in names) for row in case.rows.raw_events if "seq" in row)
    stored = Counter(row["eid"] for row in case.rows.raw_events)
    placed = Counter(row["eid"] for row in case.rows.alarms if row["eid"])
    for what, many in (("number", numbers), ("alarm", stored), ("place", placed)):
        for name, count in many.items():
            if count > 1:
                yield Offence("stored_twice", f"one {what}, {count} rows", {"eid": name})


def shown_twice(case: Case) -> Iterator[Offence]:
    """A console draws each event once and is told of each incident once, whatever reconnects."""
    seen: set[tuple[Any, ...]] = set()
    for entry in case.of("shown"):
        if entry["type"] == "snapshot":
            continue
        screen = (entry["actor"], entry["inbox"])
        keys: list[tuple[Any, ...]] = [(*screen, entry["epoch"], entry["seq"]), (*screen, "id", entry["id"])]
        if entry["type"] == "incident.opened":
            keys.append((*screen, "opened", entry["incident"]))
        if any(key in seen for key in keys):
            yield Offence("duplicates_shown", "shown twice", _brief(entry))
        seen.update(keys)


def two_incidents(case: Case) -> Iterator[Offence]:
    """An alarm belongs to one incident, and one subject has one live incident of a kind."""
    homes: dict[str, set[str]] = defaultdict(set)
    for row in case.rows.alarms:
        if row["eid"]:
            homes[row["eid"]].add(row["incident_id"])
    for eid, incidents in homes.items():
        if len(incidents) > 1:
            both = {"eid": eid, "incidents": sorted(incidents)}
            yield Offence("duplicates_shown", "one alarm, several incidents", both)
    live = Counter((r["subject"], r["family"], r["drill"]) for r in case.rows.incidents if r["state"] in LIVE)
    for subject, many in live.items():
        if many > 1:
            yield Offence("duplicates_shown", "two live incidents of one event", {"subject": subject[0]})


def out_of_order(case: Case) -> Iterator[Offence]:
    """A screen has no hole, and comes as far as its inbox had come some seconds before the end."""
    heads = {row["id"]: (row["epoch"], row["last_seq"]) for row in case.rows.inboxes}
    last: dict[tuple[str, str], tuple[str, int]] = {}
    for entry in case.of("shown"):
        screen = (entry["actor"], entry["inbox"])
        before = last.get(screen)
        here = (entry["epoch"], entry["seq"])
        if entry["type"] != "snapshot" and before is not None and here != (before[0], before[1] + 1):
            yield Offence("holes", "a console skipped events", {**_brief(entry), "after": before[1]})
        last[screen] = here
    for (actor, inbox), position in last.items():
        epoch, head = heads.get(inbox, position)
        if position[0] != epoch or position[1] < head:
            yield Offence("holes", "a console is behind", {"actor": actor, "inbox": inbox, "at": position[1]})


def two_winners(case: Case) -> Iterator[Offence]:
    """At no instant do two hold the same slot of a job; who is promoted or demoted changes slots at that instant."""
    changes: dict[str, list[Row]] = defaultdict(list)
    for event in case.rows.events:
        if event["tag"] in BECOMES:
            changes[event["assignment"]].append(event)
    held = [part for row in case.rows.assignments for part in _parts(row, changes[row["id"]])]
    for (job, role, slot), rows in _grouped(held, "job_id", "role", "slot"):
        for one, other in _overlapping(rows, "held_from"):
            who = [one["responder_id"], other["responder_id"]]
            yield Offence("double_assigned", f"two hold {role} {slot}", {"job": job, "responders": who})


def _parts(row: Row, changes: Sequence[Row]) -> Iterator[Row]:
    """What somebody held one after the other, from the acceptance to the end."""
    turns = sorted(changes, key=lambda event: event["at"])
    roles = [BECOMES[event["tag"]] for event in turns]
    before = row["role"] if not roles else "backup" if roles[0] == "first" else "first"
    starts = [row["accepted_at"], *(event["at"] for event in turns)]
    ends = [*starts[1:], row["ended_at"]]
    for role, start, end in zip([before, *roles], starts, ends, strict=True):
        yield {**row, "role": role, "held_from": start, "ended_at": end}


def two_places(case: Case) -> Iterator[Offence]:
    """Nobody is under way to two jobs at once."""
    going = [row for row in case.rows.assignments if row["role"] != "backup" and row["departed_at"] is not None]
    for (responder,), rows in _grouped(going, "responder_id"):
        for one, other in _overlapping(rows, "departed_at"):
            jobs = [one["job_id"], other["job_id"]]
            yield Offence("double_assigned", "under way to two jobs", {"responder": responder, "jobs": jobs})


def accepted_answers(case: Case) -> Iterator[Offence]:
    """Whoever was told that the acceptance holds, holds one; nobody was told so of another's offer."""
    held = {row["offer_id"] for row in case.rows.assignments}
    winners: dict[str, set[str]] = defaultdict(set)
    for offer, actor in _accepted(case):
        winners[offer].add(actor)
        if offer not in held:
            yield Offence("lost_accepts", "accepted, not assigned", {"offer": offer, "actor": actor})
    for offer, actors in winners.items():
        if len(actors) > 1:
            yield Offence("double_assigned", "one offer, two winners", {"offer": offer, "actors": sorted(actors)})


def expired_early(case: Case) -> Iterator[Offence]:
    """No offer expires before its deadline."""
    deadlines = {row["id"]: row["respond_by"] for row in case.rows.offers}
    for event in case.rows.events:
        if event["tag"] == "offer.expired" and event["offer"] in deadlines:
            yield from _early(event, deadlines[event["offer"]])


def rung_early(case: Case) -> Iterator[Offence]:
    """While nobody accepts, no level is rung before the policy's step from the one before."""
    incidents = {row["id"]: row for row in case.rows.incidents}
    escalations = [event for event in case.rows.events if event["tag"] == "incident.escalated"]
    for (name,), events in _grouped(escalations, "incident"):
        if name in incidents:
            since, rung = float(incidents[name]["opened_at"]), 0
            for event in sorted(events, key=lambda event: event["at"]):
                if event["why"] == "nobody_accepted":
                    yield from _early(event, since + _step_s(incidents[name], rung))
                since, rung = event["at"], event["rung"]


RULES: tuple[Rule, ...] = (
    lost, unreceipted, unplaced, unexpected, stored_twice, shown_twice, two_incidents, out_of_order, two_winners,
    two_places, accepted_answers, expired_early, rung_early,
)  # fmt: skip
PROMISES = (
    "lost", "unreceipted", "unplaced", "unexpected", "stored_twice", "duplicates_shown", "holes", "double_assigned",
    "lost_accepts", "early",
)  # fmt: skip
INGEST_RULES = RULES[:8]
INGEST_PROMISES = PROMISES[:7]


def _accepted(case: Case) -> Iterator[tuple[str, str]]:
    """Offer and actor of every acceptance that was answered with yes."""
    for entry in case.of("acted"):
        parts = entry["path"].split("/")
        if parts[-1] == "accept" and entry["status"] == OK:
            yield parts[2], entry["actor"]


def _on_a_desk(case: Case) -> set[str]:
    shown: set[str] = set()
    for entry in case.of("shown"):
        if entry["inbox"].startswith("d:"):
            shown.update(entry["incidents"] if entry["type"] == "snapshot" else [entry["incident"]])
    return shown


def _grouped(rows: Iterable[Row], *names: str) -> Iterator[tuple[tuple[Any, ...], list[Row]]]:
    def key(row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in names)

    for group, members in groupby(sorted(rows, key=key), key):
        yield group, list(members)


def _overlapping(rows: Iterable[Row], begin: str) -> Iterator[tuple[Row, Row]]:
    """Neighbours in time of which the later began before the earlier ended."""
    for one, other in pairwise(sorted(rows, key=lambda row: row[begin])):
        if other[begin] + MILLISECONDS_CUT_S < (one["ended_at"] if one["ended_at"] is not None else FOREVER):
            yield one, other


def _step_s(incident: Row, rung: int) -> float:
    """Seconds from one rung to the next, by the gravest priority the incident has had: the shortest there can be."""
    rule = incident["policy"]["rules"][str(incident["priority"])]
    ladder = [0.0, *(float(step["after_s"]) for step in rule["ladder"])]
    return ladder[rung + 1] - ladder[rung] if rung + 1 < len(ladder) else float(rule["repeat"])


def _early(event: Row, due: float) -> Iterator[Offence]:
    if event["at"] < due - EARLY_BY_S:
        evidence = {"tag": event["tag"], "incident": event["incident"], "early_s": round(due - event["at"], 3)}
        yield Offence("early", "before its time", evidence)


def _brief(entry: Entry) -> dict[str, Any]:
    return {name: entry.get(name) for name in ("actor", "inbox", "seq", "id", "type", "incident")}
