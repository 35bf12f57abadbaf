"""What must be true when a world has come to rest: the checker of the real proofs, and what only rows can tell."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bench.proofs.case import Rows
from bench.proofs.checker import check
from bench.simulation.loop import BEGINNING
from bench.simulation.processes import City
from bench.simulation.store import Row
from bench.simulation.town import Button, Diary
from services.dispatch.domain.case import Case
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact
from services.dispatch.domain.states import IllegalMoveError
from services.dispatch.domain.waits import waits

TOLD = frozenset({"offer.expired", "incident.escalated", "assignment.promoted", "assignment.demoted"})
LATE = timedelta(seconds=1)
UNTOLD = frozenset({"responder_name", "taken_name", "evidence_by", "handoffs"})
"""Names are kept out of the log; in `handoffs` are instants, of which the log knows those of the commit."""


def offences(
    city: City, diary: Diary, buttons: Sequence[Button], cases: Mapping[str, Case], heads: Sequence[Row],
    words: Mapping[str, Collection[str]],
) -> list[str]:  # fmt: skip
    """Every broken promise, in words.

    `cases` are the files as dispatch loads them at the end, `heads` how far the inboxes had come some seconds before,
    `words` the alarms that each screen still shows without an incident.
    """
    report = check(diary.entries, _rows(city, heads))
    return [
        *(f"{o['promise']}: {o['what']} {o}" for o in report["offences"]),
        *city.loop.faults, *city.ended, *_given_up(city), *_streams(city), *_inboxes(city),
        *_receipts(city, buttons), *_handled(city), *_behind(city), *_cases(city, cases), *_late(city),
        *_words(city, words),
    ]  # fmt: skip


def _given_up(city: City) -> Iterator[str]:
    """No event was given up."""
    for (follower, event), row in city.server.tables["dead_letter"].items():
        yield f"given up: {follower} {row['tag']} {event} {row['reason']}"


def _streams(city: City) -> Iterator[str]:
    """In the order of followers a stream has neither hole nor turn."""
    last: dict[str, int] = defaultdict(int)
    for event in city.server.after((0, 0)):
        name = f"{event['stream']}/{event['stream_id']}"
        if event["stream_seq"] != last[name] + 1:
            yield f"order of {name}: {event['stream_seq']} after {last[name]}"
        last[name] = event["stream_seq"]


def _inboxes(city: City) -> Iterator[str]:
    """Every inbox is contiguous, and holds no letter twice."""
    seqs: dict[str, list[int]] = defaultdict(list)
    seen: set[tuple[Any, ...]] = set()
    for (inbox, seq), row in sorted(city.server.tables["inbox_event"].items()):
        seqs[inbox].append(seq)
        if (inbox, row["id"], row["type"]) in seen:
            yield f"twice in {inbox}: {row['type']} {row['id']}"
        seen.add((inbox, row["id"], row["type"]))
    for inbox, found in seqs.items():
        if found != list(range(1, len(found) + 1)):
            yield f"hole in {inbox}"


def _receipts(city: City, buttons: Sequence[Button]) -> Iterator[str]:
    """What a device was told last is what it was last to be told, but for the last second's news."""
    rows, since = city.server.tables["receipt"], city.clock().now() - LATE
    for button in buttons:
        for press in button.presses:
            row, heard = rows.get((button.device, press.eid)), press.receipts
            if row is not None and heard and heard[-1]["rev"] != row["rev"] and row["changed_at"] < since:
                yield f"{press.eid} heard revision {heard[-1]['rev']} of {row['rev']}"


def _handled(city: City) -> Iterator[str]:
    """Each follower has handled each of its events once."""
    for name, row in city.server.tables["follower"].items():
        for event in city.server.after((0, 0)):
            times = city.server.tables["handled"].get((name, event["position"]), {"times": 0})["times"]
            passed = (event["txid"], event["position"]) <= row["cursor"]
            if event["tag"] in row["tags"] and times != int(passed):
                yield f"{name} handled {event['tag']} {event['id']} {times} times"


def _behind(city: City) -> Iterator[str]:
    """Nobody has left an event of theirs lying."""
    for name, row in city.server.tables["follower"].items():
        left = [event["tag"] for event in city.server.after(row["cursor"]) if event["tag"] in row["tags"]]
        recorded = [event["recorded_at"] for event in city.server.after(row["cursor"]) if event["tag"] in row["tags"]]
        if left and min(recorded) < city.clock().now() - LATE:
            yield f"{name} has not read {left}"


def _cases(city: City, cases: Mapping[str, Case]) -> Iterator[str]:
    """The facts tell the rows, and the waits are those of the case."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    for event in city.server.after((0, 0)):
        if event["stream"] == "incident":
            facts[event["stream_id"]].append(Fact(event["tag"], event["body"], event["recorded_at"], event["actor"]))
    for name, case in cases.items():
        try:
            told, kept = _timeless(replay(facts[name])), _timeless(case)
        except (IllegalMoveError, LookupError) as fault:
            yield f"{name}: the log tells no case: {fault!r}"
            continue
        if told != kept:
            yield f"{name}: the log tells otherwise: {_difference(told, kept)}"
        planned = {(w.kind, w.target): w.due_at for w in waits(case)}
        rows = (row for row in city.server.tables["deadline"].values() if row["incident_id"] == name)
        if planned != {(row["kind"], row["target"]): row["due_at"] for row in rows}:
            yield f"{name}: the rows of its waits are not {planned}"


def _timeless(case: Case) -> list[Row]:
    """Without names and instants."""
    parts: tuple[Any, ...] = (case.incident, case.job, *case.offers.values(), *case.assignments.values())
    rows = [
        {name: value for name, value in _named(part) if name not in UNTOLD and not isinstance(value, datetime)}
        for part in parts
    ]
    return sorted(rows, key=lambda row: str(row["id"]))


def _named(part: Any) -> Iterator[tuple[str, Any]]:
    return ((field.name, getattr(part, field.name)) for field in fields(part))


def _difference(told: Sequence[Row], kept: Sequence[Row]) -> list[tuple[Any, ...]]:
    return [
        (one["id"], name, one[name], other.get(name))
        for one, other in zip(told, kept, strict=False) for name in one if one[name] != other.get(name)
    ]  # fmt: skip


def _words(city: City, words: Mapping[str, Collection[str]]) -> Iterator[str]:
    """No bell rings for what has its incident, and none for what was never stored."""
    placed = {str(row["id"]) for row in city.server.tables["alarm"].values()}
    stored = {str(row["id"]) for row in city.server.tables["raw"].values()}
    for who, alarms in words.items():
        for alarm in sorted(alarms):
            if alarm in placed or alarm not in stored:
                yield f"{who} still hears of {alarm}"


def _late(city: City) -> Iterator[str]:
    """Nothing that was due has been left."""
    now = city.clock().now()
    for row in city.server.tables["deadline"].values():
        if row["due_at"] < now - LATE:
            yield f"overdue: {row['incident_id']} {row['kind']} since {row['due_at']}"


def _rows(city: City, heads: Sequence[Row]) -> Rows:
    tables = city.server.tables
    events = [
        {"id": str(e["id"]), "tag": e["tag"], "incident": e["stream_id"], "offer": e["body"].get("offer"),
         "why": e["body"].get("why"), "rung": e["body"].get("rung"), "assignment": e["body"].get("assignment"),
         "at": _decided(e["id"]).timestamp()}
        for e in city.server.after((0, 0)) if e["tag"] in TOLD
    ]  # fmt: skip
    return Rows(
        raw_events=[{"id": str(row["id"]), "eid": row["eid"], "device_id": key[0], "boot": key[1], "seq": key[2]}
                    for key, row in tables["raw"].items()],
        alarms=list(tables["alarm"].values()),
        incidents=[_timed(row) for row in tables["incident"].values()],
        offers=[{**_timed(row), "incident_id": tables["job"][row["job_id"]]["incident_id"]}
                for row in tables["offer"].values()],
        assignments=[{**_timed(row), "incident_id": tables["job"][row["job_id"]]["incident_id"]}
                     for row in tables["assignment"].values()],
        accounts=[{"actor": who.account, "id": who.account, "division": str(who.division), "responder": who.responder}
                  for who in city.people.values()],
        inboxes=heads, events=events,
    )  # fmt: skip


def _timed(row: Row) -> Row:
    return {
        name: datetime.fromisoformat(value).timestamp()
        if isinstance(value, str) and (name.endswith("_at") or name == "respond_by") else value
        for name, value in row.items()
    }  # fmt: skip


def _decided(event: UUID) -> datetime:
    """An event's id carries the instant of the decision."""
    return datetime.fromtimestamp((event.int >> 80) / 1000, tz=BEGINNING.tzinfo)
