"""What the database holds after a proof, read by plain SQL, times as seconds since 1970."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from bench.proofs.case import Rows

QUERIES = {
    "raw_events": """SELECT e.id, e.eid, e.device_id, e.boot, e.seq FROM devices.raw_event e
                     LEFT JOIN devices.device d ON d.id = e.device_id
                     WHERE e.received_at >= $1 AND d.kind IS DISTINCT FROM 'canary'""",
    "alarms": """SELECT a.id, a.eid, a.incident_id FROM dispatch.alarm a JOIN dispatch.incident i ON i.id = incident_id
                 WHERE a.at >= $1 AND NOT i.canary""",
    "incidents": """SELECT id, division, subject, family, drill, state, priority, opened_at, taken_by, policy
                    FROM dispatch.incident i WHERE NOT canary AND (opened_at >= $1
                    OR EXISTS (SELECT FROM dispatch.alarm a WHERE a.incident_id = i.id AND a.at >= $1))""",
    "offers": """SELECT o.id, o.job_id, j.incident_id, o.responder_id, o.state, o.respond_by
                 FROM dispatch.offer o JOIN dispatch.job j ON j.id = o.job_id WHERE o.sent_at >= $1""",
    "assignments": """SELECT a.id, a.job_id, j.incident_id, a.offer_id, a.responder_id, a.role, a.slot, a.state,
                             a.accepted_at, a.departed_at, a.ended_at
                      FROM dispatch.assignment a JOIN dispatch.job j ON j.id = a.job_id WHERE a.accepted_at >= $1""",
    "events": """SELECT id, tag, stream_id AS incident, body ->> 'offer' AS offer, body ->> 'why' AS why,
                        (body ->> 'rung')::integer AS rung, body ->> 'assignment' AS assignment
                 FROM log.event WHERE recorded_at >= $1
                   AND tag IN ('offer.expired', 'incident.escalated', 'assignment.promoted', 'assignment.demoted')
                 ORDER BY stream_id, stream_seq""",
    "strays": "SELECT topic, reason, copies FROM devices.quarantine WHERE last_at >= $1",
    "accounts": """SELECT username AS actor, id, division, responder_id AS responder
                   FROM gateway.account WHERE disabled_at IS NULL OR disabled_at >= $1""",
}

GUARDS = """SELECT count(*) FROM devices.guard g JOIN devices.raw_event e ON e.id = g.alarm_id
            LEFT JOIN devices.device d ON d.id = e.device_id WHERE d.kind IS DISTINCT FROM 'canary'"""
HEADS = "SELECT id, epoch, last_seq FROM gateway.inbox"


async def heads(url: str) -> list[dict[str, Any]]:
    """How far each inbox has come."""
    connection = await asyncpg.connect(url)
    try:
        return [dict(record) for record in await connection.fetch(HEADS)]
    finally:
        await connection.close()


async def read(url: str, since: datetime, inboxes: list[dict[str, Any]]) -> Rows:
    """Read everything since the proof began; `inboxes` as they stood some seconds ago."""
    connection = await asyncpg.connect(url)
    try:
        tables = {name: await connection.fetch(query, since) for name, query in QUERIES.items()}
    finally:
        await connection.close()
    found = {name: [_plain(record) for record in records] for name, records in tables.items()}
    for event in found["events"]:
        event["at"] = _decided_at(UUID(event["id"]))
    return Rows(inboxes=inboxes, **found)


async def guards(url: str) -> int:
    """Alarms that wait for their incident; not the canary's, which never stops."""
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(GUARDS))
    finally:
        await connection.close()


def _decided_at(event: UUID) -> float:
    """An event's id carries the instant of the decision (UUIDv7, milliseconds); `recorded_at` is a little later."""
    return (event.int >> 80) / 1000


def _plain(record: asyncpg.Record) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in record.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.timestamp()
    return json.loads(value) if name == "policy" else value
