"""Events over an area and their lists, loaded under the event's lock, written with their facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any
from uuid import UUID

from services.dispatch.domain.mass.event import Event, Line, Roll
from services.dispatch.domain.mass.rollcall import Person, waits
from services.dispatch.domain.mass.states import SETTLED
from services.dispatch.store import waits as waiting
from shared.runtime.database import Connection, Record
from shared.runtime.sealed import Private

KINDS = frozenset({"mass_enrol", "mass_remind"})
EVENT_COLUMNS = ", ".join(f.name for f in fields(Event))
LINE_COLUMNS = ", ".join(f.name for f in fields(Line))
EVENT = f"SELECT {EVENT_COLUMNS} FROM dispatch.mass_event WHERE id = $1"  # noqa: S608  names of our own classes
LINES = f"""
SELECT {LINE_COLUMNS} FROM dispatch.mass_person WHERE event_id = $1 AND elder_id = ANY($2)
"""  # noqa: S608  names of our own classes
UNSETTLED = """
SELECT elder_id FROM dispatch.mass_person WHERE event_id = $1 AND NOT state = ANY($2) ORDER BY elder_id
"""
OPEN = """
INSERT INTO dispatch.mass_event (id, division, areas, kind, title, drill, state, ver, outage_id, incident_id,
    enrolled_to, opened_at, opened_by, opened_by_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
"""
KEEP_EVENT = """
UPDATE dispatch.mass_event SET state = $2, ver = $3, enrolled_to = $4, reminded_at = $5, closed_at = $6,
    closed_by = coalesce($7, closed_by), closed_by_name = coalesce($8, closed_by_name),
    closing_note = coalesce($9, closing_note)
WHERE id = $1
"""
KEEP_LINES = """
INSERT INTO dispatch.mass_person (event_id, elder_id, division, state, state_at, tries, tried_at, transfer_id, named,
    place, with_whom, named_why)
SELECT $1, l.elder_id, l.division, l.state, l.state_at, l.tries, l.tried_at, l.transfer_id, l.named,
       l.place, l.with_whom, l.named_why
FROM jsonb_to_recordset($2) AS l(elder_id text, division text, state text, state_at timestamptz, tries integer,
    tried_at timestamptz, transfer_id text, named boolean, place bpchar, with_whom bpchar, named_why bpchar)
ON CONFLICT (event_id, elder_id) DO UPDATE SET state = excluded.state, state_at = excluded.state_at,
    tries = excluded.tries, tried_at = excluded.tried_at, transfer_id = excluded.transfer_id, named = excluded.named,
    place = coalesce(excluded.place, mass_person.place),
    with_whom = coalesce(excluded.with_whom, mass_person.with_whom),
    named_why = coalesce(excluded.named_why, mass_person.named_why)
"""
ENTER = """
INSERT INTO dispatch.mass_entry (id, event_id, elder_id, division, was, state, call, how, place, with_whom, note,
    by_account, by_name, at)
SELECT e.id, $1, e.elder_id, e.division, e.was, e.state, e.call, e.how, e.place, e.with_whom, e.note, e.by_account,
       e.by_name, e.at
FROM jsonb_to_recordset($2) AS e(id uuid, elder_id text, division text, was text, state text, call text, how text,
    place bpchar, with_whom bpchar, note bpchar, by_account text, by_name bpchar, at timestamptz)
"""
OF_AREAS = """
SELECT e.id, e.division FROM dispatch.elder e
WHERE e.id > $2 AND e.status NOT IN ('moved', 'dead')
  AND EXISTS (SELECT FROM unnest($1::text[]) AS a WHERE starts_with(e.division, a))
  AND NOT EXISTS (SELECT FROM dispatch.mass_person p WHERE p.event_id = $4 AND p.elder_id = e.id)
ORDER BY e.id LIMIT $3
"""
# a device of the home stands for everybody who lives there
OF_OUTAGE = """
SELECT DISTINCT e.id, e.division FROM dispatch.outage_silent s
JOIN dispatch.elder e ON e.id = s.elder_id OR (s.elder_id IS NULL AND e.home_id = s.home_id)
WHERE s.outage_id = $1 AND e.status NOT IN ('moved', 'dead') AND NOT EXISTS (
    SELECT FROM dispatch.mass_person p JOIN dispatch.mass_event m ON m.id = p.event_id
    WHERE m.outage_id = $1 AND p.elder_id = e.id)
ORDER BY e.id LIMIT $2
"""
SILENT = """
INSERT INTO dispatch.outage_silent (outage_id, device_id, division, home_id, elder_id)
SELECT s.outage, s.device, s.division, s.home, s.elder
FROM jsonb_to_recordset($1) AS s(outage uuid, device text, division text, home text, elder text)
ON CONFLICT DO NOTHING
"""
# of an area that the news is about, or of one within it
OPEN_OVER = """
SELECT m.id FROM dispatch.mass_event m WHERE m.state = 'open' AND m.outage_id IS NULL AND EXISTS (
    SELECT FROM unnest(m.areas) AS a, unnest($1::text[]) AS d WHERE starts_with(d, a) OR starts_with(a, d))
ORDER BY m.id
"""
OPEN_OF_OUTAGES = """
SELECT id FROM dispatch.mass_event WHERE outage_id = ANY($1) AND state = 'open' ORDER BY id
"""
OF_TRANSFER = """
SELECT p.event_id, p.elder_id, p.place,
       (SELECT array_agg(a.responder_name ORDER BY a.accepted_at) FROM dispatch.assignment a
        WHERE a.incident_id = $1 AND a.state = 'completed') AS went
FROM dispatch.mass_person p JOIN dispatch.mass_event m ON m.id = p.event_id
WHERE p.transfer_id = $1 AND m.state = 'open' ORDER BY p.event_id
"""
OF_THIS_OUTAGE = "SELECT id FROM dispatch.mass_event WHERE outage_id = $1"
CALLED = """
SELECT p.event_id, c.callee AS elder_id, c.result, c.by_account, c.by_name
FROM dispatch.call_attempt c
JOIN dispatch.mass_event m ON m.incident_id = c.incident_id AND m.state = 'open'
JOIN dispatch.mass_person p ON p.event_id = m.id AND p.elder_id = c.callee
WHERE c.id = $1
"""
OUTAGE_ROW = """
SELECT id, division, drill FROM dispatch.incident WHERE outage_id = $1 ORDER BY opened_at DESC LIMIT 1
"""
PEOPLE = """
SELECT e.id, e.division, e.home_id FROM dispatch.elder e WHERE e.id = ANY($1)
"""
FETCHED = """
SELECT elder_id, id FROM dispatch.incident
WHERE subject = ANY($1) AND family = 'transfer' AND drill = $2
  AND state IN ('open', 'reopened', 'taken', 'on_scene', 'with_elder')
"""
KNOWN_AREAS = "SELECT code FROM dispatch.division WHERE code = ANY($1)"


@dataclass(frozen=True, slots=True)
class Words:
    """What people wrote about somebody, by elder; it is kept in rows, out of the log."""

    place: str | None = None
    with_whom: str | None = None
    note: str | None = None
    named_why: str | None = None


NO_WORDS = Words()


def sealed(words: Words) -> dict[str, Private | None]:
    """By the names of their columns, as they go into a row."""
    return {name: Private(text) if text else None for name, text in asdict(words).items()}


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote it down."""

    account: str
    name: str


async def load(connection: Connection, event: UUID, elders: Iterable[str]) -> Roll | None:
    """An event with the lines of these people. Call under its lock."""
    row = await connection.fetchrow(EVENT, event)
    if row is None:
        return None
    lines = await connection.fetch(LINES, event, sorted(set(elders)))
    return Roll(_event(row), {line["elder_id"]: Line(**dict(line.items())) for line in lines})


def _event(row: Record) -> Event:
    # the driver's UUID is not one that the JSON encoder knows
    ids = {name: row[name] and UUID(str(row[name])) for name in ("id", "outage_id")}
    return Event(**{**dict(row.items()), **ids, "areas": tuple(row["areas"])})


async def open_row(connection: Connection, event: Event, title: str, by: Writer) -> None:
    """Begin an event's row."""
    await connection.execute(
        OPEN, event.id, event.division, list(event.areas), event.kind, title, event.drill, event.state, event.ver,
        event.outage_id, event.incident_id, event.enrolled_to, event.opened_at, by.account, by.name,
    )  # fmt: skip


async def save(
    connection: Connection, before: Roll, after: Roll, words: Mapping[str, Words], *, closing: tuple[Writer, str] | None
) -> None:
    """Write what has changed of an event, its lines and its waits; `closing` is who ended it, in what words."""
    event, (by, note) = after.event, closing or (None, None)
    await connection.execute(
        KEEP_EVENT, event.id, event.state, event.ver, event.enrolled_to, event.reminded_at, event.closed_at,
        by.account if by else None, by.name if by else None, note,
    )  # fmt: skip
    changed = [line for elder, line in after.lines.items() if before.lines.get(elder) != line]
    if changed:
        await connection.execute(KEEP_LINES, event.id, [_row(line, words) for line in changed])
    await waiting.plan(connection, str(event.id), KINDS, waits(event))


def _row(line: Line, words: Mapping[str, Words]) -> dict[str, Any]:
    said = sealed(words.get(line.elder_id, NO_WORDS))
    return asdict(line) | {name: said[name] for name in ("place", "with_whom", "named_why")}


async def enter(connection: Connection, event: UUID, entries: Sequence[Mapping[str, Any]]) -> None:
    """Write entries down; they are never changed."""
    if entries:
        await connection.execute(ENTER, event, [dict(entry) for entry in entries])


async def unsettled(connection: Connection, event: UUID) -> list[str]:
    """Everybody on the list who is neither safe nor back home."""
    return [row["elder_id"] for row in await connection.fetch(UNSETTLED, event, sorted(SETTLED))]


async def people_of_areas(
    connection: Connection, event: UUID, areas: Sequence[str], after: str, many: int
) -> list[Person]:
    """The next people who live in these areas, by their id, and are not on the event's list."""
    rows = await connection.fetch(OF_AREAS, list(areas), after, many, event)
    return [(row["id"], row["division"]) for row in rows]


async def people_of_outage(connection: Connection, outage: UUID, many: int) -> list[Person]:
    """People whom an outage has silenced and who are not on its list yet."""
    return [(row["id"], row["division"]) for row in await connection.fetch(OF_OUTAGE, outage, many)]


async def silenced(connection: Connection, devices: Sequence[Mapping[str, Any]]) -> None:
    """Remember whose devices an outage has silenced."""
    await connection.execute(SILENT, [dict(device) for device in devices])


async def open_over(connection: Connection, divisions: Iterable[str]) -> list[UUID]:
    """Open events over areas that touch these divisions."""
    return [row["id"] for row in await connection.fetch(OPEN_OVER, sorted(set(divisions)))]


async def open_of_outages(connection: Connection, outages: Iterable[UUID]) -> list[UUID]:
    """Open events that these outages have become."""
    return [row["id"] for row in await connection.fetch(OPEN_OF_OUTAGES, sorted(set(outages)))]


async def of_outage(connection: Connection, outage: UUID) -> UUID | None:
    """The event that this outage has become, open or closed."""
    found: UUID | None = await connection.fetchval(OF_THIS_OUTAGE, outage)
    return found


async def of_transfer(connection: Connection, incident: str) -> list[Record]:
    """Whose transfer this incident is: `event_id`, `elder_id`, the `place` that was meant, and who `went`."""
    return await connection.fetch(OF_TRANSFER, incident)


async def called(connection: Connection, call: UUID) -> Record | None:
    """A call that was written down at the event's row, if it was to somebody on its list."""
    return await connection.fetchrow(CALLED, call)


async def outage_row(connection: Connection, outage: UUID) -> Record | None:
    """The incident of an outage."""
    return await connection.fetchrow(OUTAGE_ROW, outage)


async def fetched_by(connection: Connection, elders: Iterable[str], *, drill: bool) -> dict[str, str]:
    """In which live incident people go already to fetch these, by elder."""
    rows = await connection.fetch(FETCHED, [f"elder:{elder}" for elder in elders], drill)
    return {row["elder_id"]: row["id"] for row in rows}


async def known_areas(connection: Connection, areas: Sequence[str]) -> set[str]:
    """Which of these divisions exist."""
    return {row["code"] for row in await connection.fetch(KNOWN_AREAS, list(areas))}


async def people(connection: Connection, elders: Sequence[str]) -> dict[str, Record]:
    """Where these people live."""
    return {row["id"]: row for row in await connection.fetch(PEOPLE, list(elders))}
