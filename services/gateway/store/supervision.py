"""What goes on at this moment in a division, by the divisions it belongs to. The connection's scope is the division."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.supervision import Standing
from services.gateway.store.load import RINGING
from services.gateway.store.maps import ON_SHIFT, UNDER_WAY
from shared.runtime.database import Connection, Record

Row = dict[str, Any]

GOES = "('accepted', 'en_route', 'arrived', 'in_service')"
LIVE = "i.state NOT IN ('closed', 'false_alarm', 'merged') AND NOT i.canary AND NOT i.drill"
CALLS_FOR_HELP = (
    "i.family IN ('person', 'fire', 'wandering', 'house') AND NOT i.canary AND NOT i.drill AND i.state <> 'merged'"
)
"""What somebody in need, or a detector for her, has told: faults of devices, visits and area events are not."""
OPEN = f"""
SELECT i.division, i.priority, count(*) AS open, min(i.opened_at) AS oldest,
       count(*) FILTER (WHERE i.state IN ('open', 'reopened')) AS unclaimed,
       count(*) FILTER (WHERE i.state IN ('open', 'taken', 'on_scene', 'reopened') AND a.state IS NULL)
           AS nobody_coming,
       count(*) FILTER (WHERE a.state IN ('accepted', 'en_route', 'arrived')) AS under_way,
       count(*) FILTER (WHERE i.state = 'with_elder' OR a.state = 'in_service') AS with_elder,
       count(*) FILTER (WHERE i.state = 'resolved') AS to_close
FROM dispatch.incident i LEFT JOIN LATERAL (
    SELECT x.state FROM dispatch.assignment x WHERE x.incident_id = i.id AND x.state IN {GOES} AND x.role <> 'backup'
    ORDER BY x.arrived_at, x.departed_at, x.accepted_at LIMIT 1) a ON true
WHERE {LIVE} AND i.family NOT IN ('order', 'mass') GROUP BY 1, 2
"""  # noqa: S608  constants
STANDING = f"""
SELECT i.id, i.ver, i.division, d.name AS division_name, i.kind, i.priority, i.state, i.taken_by, i.taken_name,
       greatest(coalesce(i.reopened_at, i.opened_at), i.asks_at) AS since,
       greatest(coalesce(i.reopened_at, i.opened_at), i.asks_at, i.held_until) AS asked_from,
       j.state NOT IN ('stood_down', 'completed', 'closed') AND i.cleared_at IS NULL
           AND i.state <> 'resolved' AS wanted,
       i.resolved_at, i.order_id, o.window_to, j.id AS job, a.id AS assignment, a.responder_id, a.responder_name,
       a.accepted_at, a.departed_at, a.with_elder_at, a.heard_at,
       coalesce(a.arrived_at, o.arrived_at, CASE WHEN i.state IN ('on_scene', 'with_elder') THEN i.arrived_at END)
           AS arrived_at,
       jsonb_build_object('stall_s', i.policy->'stall_s', 'entry_s', i.policy->'entry_s',
                          'check_in_s', i.policy->'check_in_s', 'review_s', i.policy->'review_s') AS policy,
       e.name AS elder_name, h.address, n.nudges, n.nudged_at
FROM dispatch.incident i
LEFT JOIN dispatch.division d ON d.code = i.division
LEFT JOIN dispatch.elder e ON e.id = i.elder_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
LEFT JOIN dispatch.service_order o ON o.id = i.order_id
LEFT JOIN LATERAL (SELECT id, state FROM dispatch.job WHERE incident_id = i.id ORDER BY created_at DESC LIMIT 1) j
    ON true
LEFT JOIN LATERAL (
    SELECT x.* FROM dispatch.assignment x WHERE x.incident_id = i.id AND x.state IN {GOES} AND x.role <> 'backup'
    ORDER BY x.arrived_at, x.departed_at, x.accepted_at LIMIT 1) a ON true
CROSS JOIN LATERAL (SELECT count(*) AS nudges, max(at) AS nudged_at FROM gateway.nudge WHERE incident_id = i.id) n
WHERE {LIVE} AND i.family <> 'mass' AND i.shelved_until IS NULL AND ($2::text IS NULL OR i.id = $2)
ORDER BY i.priority, i.opened_at, i.id LIMIT $1
"""  # noqa: S608  constants
TODAY = f"""
SELECT i.division, count(*) AS incidents, count(*) FILTER (WHERE i.state IN ('closed', 'false_alarm')) AS closed,
       count(*) FILTER (WHERE i.outcome IN ('false_press', 'test', 'device_fault')) AS false_alarms
FROM dispatch.incident i WHERE i.opened_at >= $1 AND {CALLS_FOR_HELP} GROUP BY 1
"""  # noqa: S608  a constant
PACE = f"""
SELECT percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM i.taken_at - i.opened_at)) AS taken,
       percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM i.arrived_at - i.opened_at)) AS door
FROM dispatch.incident i WHERE i.opened_at >= $1 AND {CALLS_FOR_HELP}
"""  # noqa: S608  a constant
OWED = """
SELECT 'call_back' AS what, count(*) AS waiting, count(*) FILTER (WHERE due_at <= $1) AS overdue,
       min(due_at) - interval '24 hours' AS oldest
FROM dispatch.call_back WHERE made_at IS NULL
UNION ALL
SELECT 'complaint', count(*), count(*) FILTER (WHERE due_at <= $1), min(at)
FROM gateway.complaint WHERE answered_at IS NULL
"""
SEATS = """
SELECT s.division, count(*) AS seats, count(x.silent_at) AS silent
FROM dispatch.seat s LEFT JOIN gateway.seat_sound x ON x.account = s.account
WHERE starts_with(s.division, (SELECT log.scope())) GROUP BY 1
"""
UNCOVERED = """
SELECT count(*) FROM dispatch.post
WHERE uncovered_since IS NOT NULL AND starts_with(division, (SELECT log.scope()))
"""
PEOPLE = f"""
SELECT r.division, count(*) AS responders, count(a.state) AS busy,
       count(*) FILTER (WHERE (r.reachable OR r.phone_only) AND r.blocked_at IS NULL AND a.state IS NULL) AS ready
FROM dispatch.responder r {UNDER_WAY}
WHERE starts_with(r.division, $1) AND r.retired_at IS NULL AND r.kind <> 'canary' AND {ON_SHIFT} GROUP BY 1
"""  # noqa: S608  constants
RANG = f"""
SELECT count(*) FILTER (WHERE r.at > $2) AS lately, count(*) AS today,
       (SELECT count(*) FROM gateway.flood f
        WHERE f.ended_at IS NULL AND starts_with(f.division, (SELECT log.scope()))) AS floods
FROM ({RINGING.format(since="$1")}) AS r
"""  # noqa: S608  constants
ORDERS = """
SELECT state, count(*) AS many FROM dispatch.service_order
WHERE window_from >= $1 AND window_from < $1::timestamptz + interval '1 day' GROUP BY 1
"""
MASS = "SELECT count(*) FROM dispatch.mass_event WHERE state = 'open'"


async def open_lines(connection: Connection) -> list[Record]:
    """Open incidents by division and priority; visits and area events left out."""
    return list(await connection.fetch(OPEN))


async def standing(connection: Connection, most: int, incident: str | None = None) -> list[tuple[Standing, Row]]:
    """Open incidents and visits, the most urgent first, each with its row; or one of them."""
    return [(_standing(row), dict(row.items())) for row in await connection.fetch(STANDING, most, incident)]


def _standing(row: Record) -> Standing:
    steps = ("accepted_at", "departed_at", "arrived_at", "with_elder_at", "heard_at", "resolved_at", "window_to")
    return Standing(
        row["id"], row["priority"], row["state"], row["since"], row["asked_from"], bool(row["wanted"]),
        row["assignment"] is not None, policy=row["policy"], **{name: row[name] for name in steps},
    )  # fmt: skip


async def today(connection: Connection, since: datetime) -> list[Record]:
    """Calls for help since then, by division."""
    return list(await connection.fetch(TODAY, since))


async def pace(connection: Connection, since: datetime) -> tuple[list[float | None], list[float | None]]:
    """Median and 90th percentile of seconds until they were taken, and until somebody was at the door."""
    row = await connection.fetchrow(PACE, since)
    nothing: list[float | None] = [None, None]
    return (row["taken"] or nothing, row["door"] or nothing) if row else (nothing, nothing)


async def owed(connection: Connection, now: datetime) -> list[Record]:
    """Call-backs and complaints that wait."""
    return list(await connection.fetch(OWED, now))


async def seats(connection: Connection) -> tuple[list[Record], int]:
    """Seats on duty by division, and how many posts nobody answers for."""
    return list(await connection.fetch(SEATS)), int(await connection.fetchval(UNCOVERED))


async def people(connection: Connection, code: str, now: datetime) -> list[Record]:
    """People on duty by division."""
    return list(await connection.fetch(PEOPLE, code, now))


async def rang(connection: Connection, midnight: datetime, lately: datetime) -> Row:
    """Alarms since midnight and since `lately`; floods that are on."""
    row = await connection.fetchrow(RANG, midnight, lately)
    return dict(row.items()) if row else {}


async def orders(connection: Connection, midnight: datetime) -> dict[str, int]:
    """The day's visits by state."""
    return {row["state"]: row["many"] for row in await connection.fetch(ORDERS, midnight)}


async def mass_events(connection: Connection) -> int:
    """How many area events touch the scope."""
    return int(await connection.fetchval(MASS))


SEAT = "SELECT name FROM dispatch.seat WHERE account = $1"
ACCOUNT = "SELECT id, name FROM gateway.account WHERE responder_id = $1 AND disabled_at IS NULL"
NUDGE = """
INSERT INTO gateway.nudge
    (id, incident_id, division, stage, to_kind, to_account, to_name, text, by_account, by_name, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
NUDGED = "SELECT max(at) FROM gateway.nudge WHERE incident_id = $1 AND to_kind = ANY($2)"
NUDGES = """
SELECT n.id, n.incident_id, n.stage, n.to_kind, n.to_account, n.by_name, n.text, i.priority
FROM gateway.nudge n JOIN dispatch.incident i ON i.id = n.incident_id WHERE n.id = ANY($1)
"""


async def on_duty(connection: Connection, account: str | None) -> str | None:
    """The name of a seat, if it is on duty."""
    found: str | None = await connection.fetchval(SEAT, account)
    return found


async def account_of(connection: Connection, responder: str | None) -> tuple[str, str] | None:
    """Account and name under which a responder logs in."""
    row = await connection.fetchrow(ACCOUNT, responder)
    return (row["id"], row["name"]) if row else None


async def nudged_at(connection: Connection, incident: str, kinds: list[str]) -> datetime | None:
    """When somebody of these kinds was last asked to move an incident on."""
    found: datetime | None = await connection.fetchval(NUDGED, incident, kinds)
    return found


async def nudge(connection: Connection, values: tuple[Any, ...]) -> None:
    """Write down who was asked to move an incident on: the table's columns in their order."""
    await connection.execute(NUDGE, *values)


async def nudges(connection: Connection, names: list[UUID]) -> dict[str, Record]:
    """Nudges by id, with the priority of their incidents."""
    return {str(row["id"]): row for row in await connection.fetch(NUDGES, names)}
