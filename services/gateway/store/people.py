"""People who go in full, and why they were asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.gateway.store import portraits
from shared.runtime.database import Connection

RESPONDER = """
SELECT r.id, r.division, r.kind, r.name, r.phone, r.lat, r.lon, r.provider_id, r.mode, r.speed_mps, r.nights, r.sex,
       r.dialects, r.area, r.catchment, r.phone_only, r.on_duty, r.duty_since, r.reachable, r.blocked_at,
       r.blocked_why, r.retired_at, r.accepts, r.accepts + r.refusals AS asked, r.answer_s, r.slow,
       (SELECT jsonb_agg(jsonb_build_object('skill', s.skill, 'until', s.valid_until) ORDER BY s.skill)
        FROM dispatch.skill s WHERE s.responder_id = r.id) AS skills,
       (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'begins', s.from_at, 'until', s.until_at) ORDER BY s.from_at)
        FROM dispatch.shift s WHERE s.responder_id = r.id AND s.until_at > $2) AS shifts,
       (SELECT jsonb_agg(jsonb_build_object('elder', e.elder_id, 'responder', e.responder_id, 'kind', e.kind,
                                            'why', e.why, 'at', e.at) ORDER BY e.elder_id)
        FROM dispatch.relation e WHERE e.responder_id = r.id) AS relations
FROM dispatch.responder r WHERE r.id = $1
"""
JOB = """
SELECT j.id AS job, j.state, i.id AS incident, i.kind, i.priority,
       i.policy->'rules'->(i.priority::text) AS policy
FROM dispatch.job j JOIN dispatch.incident i ON i.id = j.incident_id WHERE j.id = $1
"""
WAVES = """
SELECT recorded_at AS at, (body->>'wave')::integer AS wave, (body->>'asked')::integer AS asked,
       coalesce(body->'passed_over', '[]') AS passed_over
FROM log.event WHERE stream = 'incident' AND stream_id = $1 AND tag = 'job.asked' ORDER BY stream_seq
"""
WAITS = "SELECT kind, target, due_at FROM dispatch.deadline WHERE incident_id = $1 ORDER BY due_at, kind"
NAMES = "SELECT id, name, kind FROM dispatch.responder WHERE id = ANY($1)"

Row = dict[str, Any]


async def responder(connection: Connection, name: str, now: Any) -> Row | None:
    """One person's card, with what was planned and learned."""
    row = await connection.fetchrow(RESPONDER, name, now)
    if row is None:
        return None
    lists = {part: row[part] or [] for part in ("skills", "shifts", "relations")}
    return {**row, **lists, "portrait": await portraits.of(connection, "responder", name)}


async def job(connection: Connection, name: UUID) -> Row | None:
    """What a job is about."""
    row = await connection.fetchrow(JOB, name)
    return None if row is None else dict(row)


async def waves(connection: Connection, incident: str) -> list[Row]:
    """Each asking, with who was not asked."""
    return [dict(row) for row in await connection.fetch(WAVES, incident)]


async def waits(connection: Connection, incident: str) -> list[Row]:
    """What is waited for."""
    return [dict(row) for row in await connection.fetch(WAITS, incident)]


async def names(connection: Connection, people: Sequence[str]) -> dict[str, Row]:
    """Names and kinds by id."""
    return {row["id"]: dict(row) for row in await connection.fetch(NAMES, list(people))}
