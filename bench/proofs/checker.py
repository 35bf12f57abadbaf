"""Read the histories and the rows that are left, and say which promise was broken. Pure; knows no service."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bench.proofs.case import Case, Entry, Offence, Rows, Rule, accepted
from bench.proofs.deadlines import expired_early, late, rung_early
from bench.proofs.winners import accepted_answers, two_places, two_winners

LIVE = frozenset({"open", "taken", "on_scene", "with_elder", "reopened"})


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
        "accepted": sum(1 for _ in accepted(case)),
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
    for row in case.sound:
        if row["eid"] not in sent:
            yield Offence("unexpected", "stored, never pressed", {"eid": row["eid"]})


def stored_twice(case: Case) -> Iterator[Offence]:
    """However often and by whatever way it was sent, an alarm is one row, and one alarm of one incident."""
    names = ("device_id", "boot", "seq")
    numbers = Counter(tuple(row.get(name) for name in names) for row in case.sound if "seq" in row)
    stored = Counter(row["eid"] for row in case.sound)
    placed = Counter(row["eid"] for row in case.placed)
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
    for row in case.placed:
        homes[row["eid"]].add(row["incident_id"])
    for eid, incidents in homes.items():
        if len(incidents) > 1:
            both = {"eid": eid, "incidents": sorted(incidents)}
            yield Offence("duplicates_shown", "one alarm, several incidents", both)
    live = Counter((r["subject"], r["family"], r["drill"]) for r in case.rows.incidents if r["state"] in LIVE)
    for subject, many in live.items():
        if many > 1:
            yield Offence("duplicates_shown", "two live incidents of one event", {"subject": subject[0]})


def hidden_poison(case: Case) -> Iterator[Offence]:
    """What nobody can read rings, or lies before a desk."""
    stored = {row["device_id"] for row in case.rows.raw_events}
    aside = [row["topic"] for row in case.rows.strays]
    for device in sorted({entry["actor"] for entry in case.of("poison")} - stored):
        if not any(f"/{device}/" in topic for topic in aside):
            yield Offence("hidden_poison", "neither rung nor set aside", {"device": device})


def leaked(case: Case) -> Iterator[Offence]:
    """A screen follows inboxes of its own account and division; what it is told there concerns it."""
    accounts = {row["actor"]: row for row in case.rows.accounts}
    divisions = {row["id"]: row["division"] for row in case.rows.incidents}
    asked = {(row["responder_id"], row["incident_id"]) for row in case.rows.offers if "incident_id" in row}
    for entry in case.of("shown"):
        who = accounts.get(entry["actor"])
        if who is None:
            continue
        kind, _, owner = entry["inbox"].partition(":")
        if not (owner == who["id"] if kind == "u" else owner.startswith(who["division"])):
            yield Offence("leaked", "an inbox of others", _brief(entry))
        for incident in _named(entry) & divisions.keys():
            beyond = kind == "d" and not divisions[incident].startswith(owner)
            unasked = kind == "u" and who["responder"] and (who["responder"], incident) not in asked
            if beyond or unasked:
                yield Offence("leaked", "an incident of others", {**_brief(entry), "incident": incident})


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


RULES: tuple[Rule, ...] = (
    lost, unreceipted, unplaced, unexpected, stored_twice, shown_twice, two_incidents, out_of_order, two_winners,
    two_places, accepted_answers, expired_early, rung_early, late, leaked, hidden_poison,
)  # fmt: skip
PROMISES = (
    "lost", "unreceipted", "unplaced", "unexpected", "stored_twice", "duplicates_shown", "holes", "double_assigned",
    "lost_accepts", "early", "late", "leaked", "hidden_poison",
)  # fmt: skip
INGEST_RULES = RULES[:8]
INGEST_PROMISES = PROMISES[:7]


def _on_a_desk(case: Case) -> set[str]:
    shown: set[str] = set()
    for entry in case.of("shown"):
        if entry["inbox"].startswith("d:"):
            shown.update(_named(entry))
    return shown


def _named(entry: Entry) -> set[str]:
    """Incidents that a screen was told of."""
    return set(entry["incidents"]) if entry["type"] == "snapshot" else {entry["incident"]} - {None}


def _brief(entry: Entry) -> dict[str, Any]:
    return {name: entry.get(name) for name in ("actor", "inbox", "seq", "id", "type", "incident")}
