"""Case files: loaded under their locks, what changed written in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.alarms import Linked, Pressed
from services.dispatch.domain.case import Assignment, Case, Incident, Job, Offer, matter
from services.dispatch.domain.messages import Message
from services.dispatch.domain.policy import Policy, from_data, to_data
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import Wait, waits
from services.dispatch.store import messages
from services.dispatch.store.learning import LEARNED, learned
from shared.contracts.commands import OF_JOB, OF_OFFER, Command
from shared.runtime.database import Connection, Database
from shared.runtime.log import NewEvent
from shared.runtime.sealed import Private
from shared.vocabulary.divisions import Division, covers

Row = dict[str, Any]

LOAD = "SELECT * FROM dispatch.case_rows($1)"
LOCK_AND_LOAD = "SELECT * FROM dispatch.case_files($1)"
SURROUNDINGS = """
WITH pressed AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
        WITH ORDINALITY AS p(subject, home, family, drill, n)
)
SELECT
    (SELECT jsonb_agg(live.id) FROM (
        SELECT i.id FROM dispatch.incident i
        WHERE i.subject = ANY($1) AND i.state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened')
          AND NOT i.canary
        UNION
        SELECT i.id FROM dispatch.incident i
        WHERE i.also <> '{}' AND i.also && $6
          AND i.state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened')) AS live) AS live,
    (SELECT jsonb_object_agg(p.n - 1, jsonb_build_array(l.id, l.priority)) FROM pressed p CROSS JOIN LATERAL (
        SELECT id, priority FROM (
            SELECT id, priority, opened_at FROM dispatch.incident i
            WHERE i.subject = p.subject AND i.drill = p.drill AND i.family = p.family AND NOT i.canary
              AND i.state IN ('resolved', 'closed', 'false_alarm') AND coalesce(i.resolved_at, i.closed_at) > $5
            UNION ALL
            SELECT id, priority, opened_at FROM dispatch.incident i
            WHERE i.also <> '{}' AND i.also @> ARRAY[p.family || '/' || p.subject] AND i.drill = p.drill
              AND i.state IN ('resolved', 'closed', 'false_alarm') AND coalesce(i.resolved_at, i.closed_at) > $5
            UNION ALL
            SELECT id, priority, opened_at FROM (
                SELECT * FROM dispatch.incident h WHERE h.home_id = p.home OFFSET 0) AS i
            WHERE i.subject <> p.subject AND i.drill = p.drill AND NOT i.canary
              AND i.state IN ('open', 'taken', 'on_scene', 'with_elder', 'reopened')
        ) AS near ORDER BY opened_at DESC LIMIT 1) AS l) AS linked
"""
CONCERNED = """
SELECT i.id FROM dispatch.incident i
WHERE i.state NOT IN ('closed', 'false_alarm', 'merged') AND NOT i.canary AND (i.faults ?| $1 OR i.subject = ANY($2))
"""
TARGETS = {
    (True, False): "SELECT incident_id AS id, division FROM dispatch.offer WHERE id = $1",
    (False, True): "SELECT incident_id AS id, division FROM dispatch.job WHERE id = $1",
    (False, False): "SELECT id, division FROM dispatch.incident WHERE id = $1",
}
UNDER_WAY = """
SELECT responder_id, incident_id FROM dispatch.assignment
WHERE responder_id = ANY($1) AND state IN ('accepted', 'en_route', 'arrived', 'in_service')
"""
ASKING = """
SELECT DISTINCT incident_id FROM dispatch.deadline WHERE incident_id = ANY($1) AND due_at <= $2 AND kind <> ALL($3)
"""
BLOCK = 50
NUMBERS = "SELECT nextval('dispatch.incident_no') AS no FROM generate_series(1, $1)"


def _columns(kind: type, renamed: Mapping[str, str]) -> list[str]:
    return [renamed.get(f.name, f.name) for f in fields(kind)]


def _upsert(table: str, columns: list[str], parameter: int) -> str:
    names = ", ".join(f'"{c}"' for c in columns)
    changes = ", ".join(f'"{c}" = excluded."{c}"' for c in columns if c not in FOR_GOOD)
    return (
        f"INSERT INTO dispatch.{table} ({names}) SELECT {names} "  # noqa: S608  names come from our own classes
        f"FROM jsonb_populate_recordset(NULL::dispatch.{table}, ${parameter}) ON CONFLICT (id) DO UPDATE SET {changes}"
    )


def _insert(table: str, columns: str, parameter: int) -> str:
    return (
        f"INSERT INTO dispatch.{table} ({columns}) SELECT {columns} "  # noqa: S608  names are written below
        f"FROM jsonb_populate_recordset(NULL::dispatch.{table}, ${parameter}) ON CONFLICT DO NOTHING"
    )


FOR_GOOD = ("id", "policy")
"""What a row keeps from its first day; writing the policy's many words again would cost more than the rest."""
CALL = "id, incident_id, division, callee, result, by_account, by_name, at"
ANSWER = "id, incident_id, division, question, answer, by_account, by_name, at"
NAMES = ("responder_name", "taken_name", "evidence_by")
OWN = ["job_id", "incident_id", "division"]
SAVE = f"""
WITH incidents AS ({_upsert("incident", _columns(Incident, {"cls": "class"}), 1)} RETURNING 1),
jobs AS ({_upsert("job", [*_columns(Job, {}), "incident_id", "division"], 2)} RETURNING 1),
offers AS ({_upsert("offer", [*_columns(Offer, {}), *OWN], 3)} RETURNING 1),
assignments AS ({_upsert("assignment", [*_columns(Assignment, {}), *OWN, "drill"], 4)} RETURNING 1),
gone AS (DELETE FROM dispatch.deadline WHERE ctid = ANY(ARRAY(
    SELECT w.ctid FROM jsonb_populate_recordset(NULL::dispatch.deadline, $5) g CROSS JOIN LATERAL (
        SELECT d.ctid FROM dispatch.deadline d
        WHERE (d.incident_id, d.kind, d.target) = (g.incident_id, g.kind, g.target) LIMIT 1) w)) RETURNING 1),
planned AS (INSERT INTO dispatch.deadline SELECT * FROM jsonb_populate_recordset(NULL::dispatch.deadline, $6)
            ON CONFLICT (incident_id, kind, target) DO UPDATE SET due_at = excluded.due_at RETURNING 1),
alarms AS ({_insert("alarm", "id, incident_id, division, device_id, eid, kind, at", 7)} RETURNING 1),
calls AS ({_insert("call_attempt", CALL, 8)} RETURNING 1),
notes AS ({_insert("note", "id, incident_id, division, text, by_account, by_name, at", 9)} RETURNING 1),
answers AS ({_insert("answer", ANSWER, 10)} RETURNING 1),
learned AS ({LEARNED.format("$11")}),
messages AS ({messages.wanting("$14")} RETURNING 1)
SELECT log.append($12, $13)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Side:
    """Rows that belong to a story but are no part of the case: alarms, call attempts, notes, answers."""

    alarms: Sequence[Row] = ()
    calls: Sequence[Row] = ()
    notes: Sequence[Row] = ()
    answers: Sequence[Row] = ()


def _value(kind: object, value: object) -> object:
    if value is None:
        return None
    if kind in (UUID, UUID | None):
        return UUID(str(value))
    if kind in (datetime, datetime | None):
        return datetime.fromisoformat(str(value))
    if kind is Policy and isinstance(value, dict):
        return from_data(value)
    return tuple(value) if kind == tuple[str, ...] and isinstance(value, list) else value


def _built(kind: type, row: Row) -> Any:
    names = {"cls": "class"} if kind is Incident else {}
    return kind(**{f.name: _value(f.type, row[names.get(f.name, f.name)]) for f in fields(kind)})


def _row(thing: Incident | Job | Offer | Assignment) -> Row:
    row = {f.name: getattr(thing, f.name) for f in fields(thing)}
    if isinstance(thing, Incident):
        row |= {"class": row.pop("cls"), "policy": to_data(thing.policy)}
    return row | {name: Private(row[name]) for name in NAMES if row.get(name)}


async def load(connection: Connection, incidents: Iterable[str]) -> dict[str, Case]:
    """Case files by incident id, as they are at present."""
    return await _loaded(connection, LOAD, incidents)


async def locked(connection: Connection, incidents: Iterable[str]) -> dict[str, Case]:
    """Case files by incident id, under their locks until the transaction ends. Call before its first write."""
    return await _loaded(connection, LOCK_AND_LOAD, incidents)


async def _loaded(connection: Connection, statement: str, incidents: Iterable[str]) -> dict[str, Case]:
    wanted = sorted(set(incidents))
    rows = await connection.fetch(statement, wanted) if wanted else []
    return {row["incident"]["id"]: _case(row) for row in rows}


def _case(row: Any) -> Case:
    offers = [_built(Offer, o) for o in row["offers"] or []]
    assignments = [_built(Assignment, a) for a in row["assignments"] or []]
    return Case(
        _built(Incident, row["incident"]), _built(Job, row["job"]),
        {o.id: o for o in offers}, {a.id: a for a in assignments},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a batch of alarms meets: incidents a press may join, incidents to link to by index."""

    live: Sequence[str]
    linked: Mapping[int, Linked]


async def surroundings(connection: Connection, alarms: Sequence[Pressed], linked_since: datetime) -> Surroundings:
    """Look round once for the whole batch. Linked are the subject's own if it ended since, or a live one at home."""
    row = await connection.fetchrow(
        SURROUNDINGS, [a.subject for a in alarms], [a.home for a in alarms], [a.family for a in alarms],
        [a.drill for a in alarms], linked_since, [matter(a.subject, a.family) for a in alarms],
    )  # fmt: skip
    found: Row = dict(row) if row else {}
    return Surroundings(
        found["live"] or [],
        {int(n): Linked(*pair) for n, pair in (found["linked"] or {}).items()},
    )


async def concerned(connection: Connection, faults: Sequence[str], subjects: Sequence[str]) -> list[str]:
    """Incidents not yet over in which one of these faults is open, or which are about one of these subjects."""
    rows = await connection.fetch(CONCERNED, faults, subjects)
    return [row["id"] for row in rows]


async def under_way(connection: Connection, responders: Sequence[str]) -> list[tuple[str, str]]:
    """Where these people have said yes and have not ended yet, as responder and incident."""
    rows = await connection.fetch(UNDER_WAY, responders) if responders else []
    return [(row["responder_id"], row["incident_id"]) for row in rows]


class Numbers:
    """Incident numbers, fetched ahead in blocks; a restart leaves a gap, which means nothing."""

    def __init__(self, database: Database) -> None:
        """Fetch when first asked."""
        self._database = database
        self._ahead: list[int] = []

    async def fetch(self, many: int) -> None:
        """Have at least so many at hand; outside a transaction, since a sequence gives it its number."""
        if len(self._ahead) < many:
            rows = await self._database.pool.fetch(NUMBERS, many + BLOCK)
            self._ahead += [row["no"] for row in rows]

    def next(self, now: datetime) -> str:
        """The next one: I-2026-000123."""
        return f"I-{now:%Y}-{self._ahead.pop(0):06}"


async def incident_of(connection: Connection, command: Command) -> str | None:
    """The incident a command speaks of, if the actor may act on it."""
    of_offer, of_job = command.name in OF_OFFER, command.name in OF_JOB
    target = _uuid(command.target) if of_offer or of_job else command.target
    row = await connection.fetchrow(TARGETS[of_offer, of_job], target)
    if row is None or not (command.actor.responder or covers(Division(command.actor.division), row["division"])):
        return None
    return str(row["id"])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def asking(database: Database, incidents: Sequence[str], now: datetime, unless: Iterable[str]) -> list[str]:
    """Those of which a wait is over that is not of these kinds."""
    rows = await database.pool.fetch(ASKING, incidents, now, list(unless))
    return [row["incident_id"] for row in rows]


async def waiting(connection: Connection, many: int) -> list[tuple[str, datetime]]:
    """The next waits to end, as incident and instant, the longest overdue first."""
    rows = await connection.fetch("SELECT incident_id, due_at FROM dispatch.deadline ORDER BY due_at LIMIT $1", many)
    return [(row["incident_id"], row["due_at"]) for row in rows]


async def save(
    connection: Connection,
    before: Mapping[str, Case],
    stories: Sequence[Story],
    side: Side,
    wanted: Sequence[Message],
    events: Sequence[NewEvent],
    now: datetime,
) -> None:
    """Write what the stories changed, their waits, messages and events, in one statement and one round trip."""
    changed: list[list[Row]] = [[], [], [], [], [], []]
    for story in stories:
        for rows, more in zip(changed, _changes(before.get(story.case.incident.id), story.case), strict=True):
            rows.extend(more)
    told = [event.row() for event in events]
    beside = (side.alarms, side.calls, side.notes, side.answers)
    await connection.execute(SAVE, *changed, *beside, learned(stories), told, now, messages.rows(wanted))


def _changes(old: Case | None, new: Case) -> tuple[list[Row], ...]:
    own = {"job_id": new.job.id, "incident_id": new.incident.id, "division": new.incident.division}
    there = {k: own[k] for k in ("incident_id", "division")}
    offers = [_row(o) | own for k, o in new.offers.items() if old is None or old.offers.get(k) != o]
    moved = [a for k, a in new.assignments.items() if old is None or old.assignments.get(k) != a]
    # who leaves a role slot comes before who takes it, as its unique index demands
    going = [_row(a) | own | {"drill": new.incident.drill} for a in sorted(moved, key=_leaving)]
    planned, kept = waits(new), waits(old) if old else frozenset()
    keys = {(w.kind, w.target) for w in planned}
    gone = [w for w in kept if (w.kind, w.target) not in keys]
    return (
        [_row(new.incident)] if old is None or old.incident != new.incident else [],
        [_row(new.job) | there] if old is None or old.job != new.job else [],
        offers, going, [_wait(new, w) for w in gone], [_wait(new, w) for w in planned - kept],
    )  # fmt: skip


def _leaving(one: Assignment) -> tuple[bool, bool]:
    return one.going, one.role == "first"


def _wait(case: Case, wait: Wait) -> Row:
    return {"incident_id": case.incident.id, "kind": wait.kind, "target": wait.target, "due_at": wait.due_at}
