"""Events over an area as their desks see them: the list by village, everybody by risk, figures that add up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import restamp
from services.gateway.store.outages import RISK
from shared.runtime.database import Connection, Record

STATES = ("not_reached", "safe", "needs_transfer", "refused", "transferred", "sheltered", "home", "missing")
COUNTS = ", ".join(f"count(*) FILTER (WHERE p.state = '{state}') AS {state}" for state in STATES)
FIGURES = f"count(*) AS people, {COUNTS}"
EVENT = f"""
SELECT m.id AS event, m.kind, m.title, m.state, m.ver, m.drill, m.division, m.areas, m.outage_id AS outage,
       m.incident_id AS incident, m.enrolled_to IS NOT NULL AS enrolling, m.opened_at, m.opened_by_name AS opened_by,
       m.closed_at, m.closed_by_name AS closed_by, m.closing_note,
       (SELECT to_jsonb(f) FROM (SELECT {FIGURES} FROM dispatch.mass_person p WHERE p.event_id = m.id) f) AS figures
FROM dispatch.mass_event m
"""  # noqa: S608  constants
PAGE = f"""
{EVENT}
WHERE ($1::text IS NULL OR m.state = $1)
  AND ($2::uuid IS NULL OR (m.opened_at, m.id) < (SELECT x.opened_at, x.id FROM dispatch.mass_event x WHERE x.id = $2))
ORDER BY m.opened_at DESC, m.id DESC LIMIT $3
"""  # noqa: S608  constants
ONE = f"{EVENT} WHERE m.id = $1"
SOME = f"{EVENT} WHERE m.id = ANY($1)"
VILLAGES = f"""
SELECT p.division, d.name, {FIGURES}
FROM dispatch.mass_person p LEFT JOIN dispatch.division d ON d.code = p.division
WHERE p.event_id = $1 GROUP BY p.division, d.name ORDER BY p.division
"""  # noqa: S608  constants
# what was written down last about her counts, whichever list it was written on
TOTALS = f"""
SELECT {FIGURES}, coalesce(sum(p.lines), 0)::integer AS lines,
       (SELECT count(*) FROM dispatch.mass_event m WHERE m.state = 'open' AND NOT m.drill
        AND EXISTS (SELECT FROM dispatch.mass_person q
                    WHERE q.event_id = m.id AND starts_with(q.division, $1))) AS events
FROM (
    SELECT DISTINCT ON (p.elder_id) p.elder_id, p.state, count(*) OVER (PARTITION BY p.elder_id) AS lines
    FROM dispatch.mass_person p JOIN dispatch.mass_event m ON m.id = p.event_id
    WHERE m.state = 'open' AND NOT m.drill AND starts_with(p.division, $1)
    ORDER BY p.elder_id, p.state = 'not_reached', p.state_at DESC, p.event_id
) p
"""  # noqa: S608  constants
PEOPLE = f"""
SELECT e.id AS elder, e.name, e.phone, e.born, e.lives_alone, e.assessment, e.health, e.dialect, e.status,
       p.division AS village, d.name AS village_name, h.address, e.home_id AS home, p.state, p.state_at, p.tries,
       p.tried_at, p.place, p.with_whom, p.transfer_id AS transfer, p.named_why,
       CASE WHEN e.temp_until > $6 THEN e.temp_address END AS stays_at,
       (SELECT jsonb_agg(o.id ORDER BY o.id) FROM dispatch.elder o JOIN dispatch.mass_person q ON q.elder_id = o.id
        WHERE o.home_id = e.home_id AND o.id <> e.id AND q.event_id = p.event_id) AS same_home,
       (SELECT jsonb_agg(jsonb_build_object('ord', c.ord, 'name', c.name, 'relation', c.relation, 'phone', c.phone,
                                            'has_key', c.has_key) ORDER BY c.ord)
        FROM dispatch.contact c WHERE c.elder_id = e.id) AS contacts,
       (SELECT jsonb_build_object('event', q.event_id, 'title', m.title, 'state', q.state, 'at', q.state_at)
        FROM dispatch.mass_person q JOIN dispatch.mass_event m ON m.id = q.event_id
        WHERE q.elder_id = e.id AND q.event_id <> p.event_id AND m.state = 'open' AND q.state <> 'not_reached'
          AND (q.state_at > p.state_at OR p.state = 'not_reached')
        ORDER BY q.state_at DESC LIMIT 1) AS elsewhere
FROM dispatch.mass_person p
JOIN dispatch.elder e ON e.id = p.elder_id
LEFT JOIN dispatch.home h ON h.id = e.home_id
LEFT JOIN dispatch.division d ON d.code = p.division
WHERE p.event_id = $1 AND starts_with(p.division, $2) AND ($3::text IS NULL OR p.state = $3)
  AND ($4 = '' OR {RISK.format(e="e")} > (SELECT {RISK.format(e="x")[1:-1]} FROM dispatch.elder x WHERE x.id = $4))
ORDER BY {RISK.format(e="e")[1:-1]} LIMIT $5
"""  # noqa: S608  constants
ENTRIES = """
SELECT t.id, t.was, t.state, t.call, t.how, t.place, t.with_whom, t.note, t.by_name AS by, t.at
FROM dispatch.mass_entry t WHERE t.event_id = $1 AND t.elder_id = $2 ORDER BY t.at, t.id
"""
PRINTED_AT_MOST = 20_000


async def page(connection: Connection, state: str | None, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Events that touch the scope, newest first."""
    return [dict(row.items()) for row in await connection.fetch(PAGE, state, after, limit)]


async def one(connection: Connection, event: UUID) -> dict[str, Any] | None:
    """An event with its villages, as far as the scope goes."""
    row = await connection.fetchrow(ONE, event)
    if row is None:
        return None
    villages = await connection.fetch(VILLAGES, event)
    return dict(row.items()) | {"villages": [dict(village.items()) for village in villages]}


async def some(connection: Connection, events: list[UUID]) -> dict[str, Mapping[str, Any]]:
    """Events by id, with their figures."""
    return {str(row["event"]): dict(row.items()) for row in await connection.fetch(SOME, events)}


async def totals(connection: Connection, division: str) -> dict[str, Any]:
    """All open events of a division together, each person once; drills are in no figure."""
    row = await connection.fetchrow(TOTALS, division)
    return dict(row.items()) if row else {}


async def people(
    connection: Connection, event: UUID, village: str, state: str | None, after: str, limit: int, now: datetime
) -> list[dict[str, Any]]:
    """People of the list in a division, those at most risk first; `after` is the last one of the page before."""
    rows = await connection.fetch(PEOPLE, event, village, state, after, limit, now)
    return [_line(row, now.year) for row in rows]


async def printed(connection: Connection, event: UUID, village: str, now: datetime) -> list[dict[str, Any]]:
    """Everybody of the list in a division, by village and house, as one goes from door to door."""
    rows = await connection.fetch(PEOPLE, event, village, None, "", PRINTED_AT_MOST, now)
    rows.sort(key=lambda row: (row["village"], row["address"] or ""))
    return [_line(row, now.year) for row in rows]


def _line(row: Record, year: int) -> dict[str, Any]:
    line = dict(row.items())
    born, elsewhere = line.pop("born"), line["elsewhere"]
    return {
        **line, "age": year - born if born else None, "same_home": line["same_home"] or [],
        "contacts": line["contacts"] or [], "elsewhere": restamp(elsewhere) if elsewhere else None,
    }  # fmt: skip


async def entries(connection: Connection, event: UUID, elder: str) -> list[dict[str, Any]]:
    """Everything that was written down about somebody, oldest first."""
    return [dict(row.items()) for row in await connection.fetch(ENTRIES, event, elder)]
