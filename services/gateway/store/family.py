"""What one of the family sees of an elder. The caller has proved that the elder agreed, and reads in her division."""

from datetime import datetime, timedelta
from typing import Any

from services.gateway.store.devices import LINES
from shared.runtime.database import Connection, Record

LIVE = """
SELECT elder_id, id FROM dispatch.incident
WHERE elder_id = ANY($1) AND state NOT IN ('closed', 'false_alarm', 'merged')
  AND order_id IS NULL AND NOT canary AND NOT drill AND family <> 'device'
ORDER BY opened_at DESC
"""
LINE = """
SELECT i.id AS incident, i.elder_id AS elder, i.kind, i.state, i.opened_at, i.closed_at, i.outcome, r.rating,
       i.presses, i.drill, e.name, e.health,
       CASE WHEN e.temp_until <= $3 THEN h.address ELSE coalesce(e.temp_address, h.address) END AS address
FROM dispatch.incident i
JOIN dispatch.elder e ON e.id = i.elder_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
LEFT JOIN gateway.rating r ON r.about = i.id AND r.account_id = $2
WHERE {which} AND i.order_id IS NULL AND NOT i.canary AND NOT i.drill AND i.family <> 'device'
"""
CALL = LINE.format(which="i.id = $1")
CALLS = LINE.format(which="i.elder_id = $1 AND i.opened_at > $4") + " ORDER BY i.opened_at DESC, i.id DESC LIMIT 100"
HELPERS = """
SELECT responder_id AS number, responder_name AS name, responder_kind AS kind, state,
       accepted_at + eta_s * interval '1 second' AS due_at, accepted_at, departed_at, arrived_at, with_elder_at,
       ended_at
FROM dispatch.assignment WHERE incident_id = $1 ORDER BY accepted_at, id
"""
ORGANISATIONS = """
SELECT r.id, p.name FROM dispatch.responder r JOIN dispatch.provider p ON p.id = r.provider_id WHERE r.id = ANY($1)
"""
STEPS = """
SELECT e.id, e.tag AS what, e.recorded_at AS at, r.name AS who, e.body->>'service' AS service
FROM log.event e LEFT JOIN dispatch.responder r ON r.id = e.body->>'responder'
WHERE e.stream = 'incident' AND e.stream_id = $1 AND e.tag = ANY($2) ORDER BY e.stream_seq LIMIT 200
"""
NOTES = "SELECT text, at FROM dispatch.note WHERE incident_id = $1 ORDER BY at, id LIMIT 100"
OF_ELDER = """ARRAY(
    SELECT d.id FROM devices.device d
    WHERE d.revoked_at IS NULL AND d.kind <> 'canary' AND (d.elder_id = $2 OR (
        d.elder_id IS NULL AND d.home_id = (SELECT home_id FROM dispatch.elder WHERE id = $2))))
"""
DEVICES = LINES.format(ids=OF_ELDER)
DEVICE_PARTS = (
    "id", "model", "kind", "online", "seen_at", "batt", "mains", "pressed_at", "tested_at", "self_tested_at",
    "test_until", "faults",
)  # fmt: skip
ORDERS = """
SELECT id FROM dispatch.service_order WHERE elder_id = $1 AND window_to > $2 ORDER BY window_from, id LIMIT 200
"""
ORDER_BESIDE = """
SELECT o.elder_id AS elder, o.incident_id AS incident, o.absent_cents, r.rating AS mine
FROM dispatch.service_order o LEFT JOIN gateway.rating r ON r.about = o.id AND r.account_id = $2
WHERE o.id = $1
"""
TOLD = (
    "incident.opened", "alarm.joined", "incident.claimed", "assignment.made", "assignment.en_route",
    "assignment.arrived", "assignment.in_service", "assignment.completed", "assignment.released", "assignment.lost",
    "job.no_access", "job.not_found", "handoff.made", "incident.resolved", "incident.closed",
    "incident.false_alarm", "incident.reopened",
)  # fmt: skip
"""What of a call's story a family is shown: who comes and how far, nothing of how the desk works."""
PAST = timedelta(days=90)


async def live(connection: Connection, elders: list[str]) -> dict[str, list[str]]:
    """Calls for help that are not over, by elder."""
    found: dict[str, list[str]] = {}
    for row in await connection.fetch(LIVE, elders):
        found.setdefault(row["elder_id"], []).append(row["id"])
    return found


async def calls(connection: Connection, elder: str, account: str, now: datetime) -> list[dict[str, Any]]:
    """Her calls for help of three months, newest first."""
    return [dict(row.items()) for row in await connection.fetch(CALLS, elder, account, now, now - PAST)]


async def call(connection: Connection, incident: str, account: str, now: datetime) -> Record | None:
    """One call for help."""
    return await connection.fetchrow(CALL, incident, account, now)


async def helpers(connection: Connection, incident: str) -> list[dict[str, Any]]:
    """Who comes or came."""
    return await _all(connection, HELPERS, incident)


async def organisations(connection: Connection, responders: list[str]) -> dict[str, str]:
    """Whom these people work for, by their ids; read in the whole cell, for helpers come from next door too."""
    return {row["id"]: row["name"] for row in await connection.fetch(ORGANISATIONS, responders)}


async def steps(connection: Connection, incident: str) -> list[dict[str, Any]]:
    """What happened, oldest first."""
    return await _all(connection, STEPS, incident, list(TOLD))


async def notes(connection: Connection, incident: str) -> list[dict[str, Any]]:
    """What was written about it."""
    return await _all(connection, NOTES, incident)


async def devices(connection: Connection, elder: str, now: datetime) -> list[dict[str, Any]]:
    """What she wears, and what hangs in her home and is nobody else's."""
    rows = await connection.fetch(DEVICES, now, elder)
    return [{name: row[name] for name in DEVICE_PARTS} for row in rows]


async def orders(connection: Connection, elder: str, since: datetime) -> list[str]:
    """Her orders whose window ends later than this."""
    return [row["id"] for row in await connection.fetch(ORDERS, elder, since)]


async def order_beside(connection: Connection, order: str, account: str) -> dict[str, Any] | None:
    """What an order's view has not: whose it is, its running case, and what this account thought of it."""
    row = await connection.fetchrow(ORDER_BESIDE, order, account)
    return dict(row.items()) if row else None


async def _all(connection: Connection, sql: str, *given: object) -> list[dict[str, Any]]:
    return [dict(row.items()) for row in await connection.fetch(sql, *given)]
