"""What is kept about whom an incident is about. Row-level security keeps every table within the scope."""

from typing import Any

from services.gateway.store import portraits
from shared.runtime.database import Connection

SUBJECT = "SELECT subject, elder_id, home_id FROM dispatch.incident WHERE id = $1"
PAST = """
SELECT id AS incident, kind, priority, state, drill, presses, opened_at, closed_at, outcome FROM dispatch.incident
WHERE subject = $1 AND id <> $2 AND NOT canary ORDER BY opened_at DESC, id DESC LIMIT 5
"""
DEVICES = """
SELECT d.id AS device, d.kind, d.model, s.online, s.seen_at, s.batt, p.pressed_at, p.tested_at,
       ARRAY(SELECT f.kind FROM devices.fault f WHERE f.device_id = d.id AND f.ended_at IS NULL ORDER BY f.kind)
           AS faults
FROM devices.device d
LEFT JOIN devices.health s ON s.device_id = d.id
LEFT JOIN devices.pressed p ON p.device_id = d.id
WHERE (d.elder_id = $1 OR d.home_id = $2) AND d.revoked_at IS NULL ORDER BY d.kind, d.id LIMIT 50
"""
REACHED = """
SELECT c.callee, count(*) AS tries, count(*) FILTER (WHERE c.result = 'answered') AS answered,
       max(c.at) FILTER (WHERE c.result = 'answered') AS answered_at
FROM dispatch.call_attempt c JOIN dispatch.incident i ON i.id = c.incident_id
WHERE i.subject = $1 GROUP BY c.callee ORDER BY c.callee LIMIT 50
"""
PORTRAIT = "SELECT id FROM gateway.portrait WHERE elder_id = $1"
GOING = "SELECT DISTINCT responder_id FROM dispatch.assignment WHERE incident_id = $1"
ANSWERS = """
SELECT question, answer, by_name AS by, at FROM dispatch.answer WHERE incident_id = $1 ORDER BY at, id LIMIT 500
"""


async def of_incident(connection: Connection, incident: str) -> dict[str, Any] | None:
    """All of it; None where there is no such incident in scope."""
    about = await connection.fetchrow(SUBJECT, incident)
    if about is None:
        return None
    going = [row["responder_id"] for row in await connection.fetch(GOING, incident)]
    return {
        "past": await _all(connection, PAST, about["subject"], incident),
        "devices": await _all(connection, DEVICES, about["elder_id"], about["home_id"]),
        "reached": await _all(connection, REACHED, about["subject"]),
        "answers": await _all(connection, ANSWERS, incident),
        "portrait": await connection.fetchval(PORTRAIT, about["elder_id"]),
        "faces": await portraits.faces(connection, going),
    }


async def _all(connection: Connection, sql: str, *given: object) -> list[dict[str, Any]]:
    return [dict(row.items()) for row in await connection.fetch(sql, *given)]
