"""What is needed to tell an incident again. The connection's scope is the caller's."""

from datetime import datetime
from typing import Any

from services.gateway.domain.case_file import Sealed
from services.gateway.store.seals import LINE
from shared.runtime.database import Connection

INCIDENT = """
SELECT i.id AS incident, i.division, d.name AS division_name, i.kind, i.priority, i.drill, i.state, i.outcome,
       e.name AS elder_name, h.address, coalesce(i.lat, h.lat) AS lat, coalesce(i.lon, h.lon) AS lon,
       i.opened_at, i.closed_at
FROM dispatch.incident i
LEFT JOIN dispatch.division d ON d.code = i.division
LEFT JOIN dispatch.elder e ON e.id = i.elder_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
WHERE i.id = $1 AND NOT i.canary
"""
FACTS = """
SELECT e.tag, e.body, e.recorded_at AS at, coalesce(r.responder_name, a.name) AS who
FROM log.event e
LEFT JOIN gateway.account a ON starts_with(e.actor, 'account:') AND a.id = substr(e.actor, 9)
LEFT JOIN LATERAL (
    SELECT responder_name FROM dispatch.offer o
    WHERE o.incident_id = $1 AND o.responder_id = e.body->>'responder' LIMIT 1) r ON true
WHERE e.stream IN ('incident', 'breach') AND e.stream_id = $1
ORDER BY e.recorded_at, e.stream DESC, e.stream_seq LIMIT 2000
"""
SEALED = f"""
SELECT {LINE} AS line, s.n, s.at, s.hash
FROM log.event e LEFT JOIN LATERAL (
    SELECT n, at, hash FROM log.seal x WHERE (x.era, x.txid, x.position) >= (e.era, e.txid, e.position)
    ORDER BY x.era, x.txid, x.position LIMIT 1) s ON true
WHERE e.stream IN ('incident', 'breach') AND e.stream_id = $1
ORDER BY e.recorded_at, e.stream DESC, e.stream_seq LIMIT 2000
"""  # noqa: S608  constants
TRACKS = """
SELECT a.responder_id AS responder, a.responder_name AS name, a.responder_kind AS kind,
       jsonb_agg(jsonb_build_object('at', t.at, 'lat', t.lat, 'lon', t.lon) ORDER BY t.at) AS points
FROM (
    SELECT responder_id, max(responder_name)::bpchar AS responder_name, responder_kind, min(accepted_at) AS since,
           max(coalesce(ended_at, $2)) AS until
    FROM dispatch.assignment WHERE incident_id = $1 GROUP BY responder_id, responder_kind) a
JOIN dispatch.track t ON t.responder_id = a.responder_id AND t.at BETWEEN a.since AND a.until
GROUP BY 1, 2, 3 ORDER BY min(t.at)
"""


async def incident(connection: Connection, name: str) -> dict[str, Any] | None:
    """What it was, who and where."""
    row = await connection.fetchrow(INCIDENT, name)
    return dict(row.items()) if row else None


async def facts(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Everything that happened, in order, with the names of those who did it or were asked."""
    return [dict(row.items()) for row in await connection.fetch(FACTS, name)]


async def sealed(connection: Connection, name: str) -> list[Sealed]:
    """The same as lines of the log, each with the seal over it."""
    return [Sealed(**row) for row in await connection.fetch(SEALED, name)]


async def tracks(connection: Connection, name: str, now: datetime) -> list[dict[str, Any]]:
    """The ways of those who went, as far as positions are kept."""
    return [dict(row.items()) for row in await connection.fetch(TRACKS, name, now)]
