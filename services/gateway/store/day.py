"""A person's own jobs and visits."""

from datetime import datetime
from typing import Any

from shared.runtime.database import Connection

JOBS = """
SELECT a.job_id AS job, i.id AS incident, i.kind, i.priority, i.drill, a.state, a.end_reason,
       e.name AS elder_name, h.address, i.opened_at, a.accepted_at, a.arrived_at, a.ended_at,
       CASE WHEN i.family <> 'order' THEN extract(epoch FROM a.accepted_at - i.opened_at)::integer END AS wait_s,
       extract(epoch FROM a.arrived_at - a.accepted_at)::integer AS way_s,
       (SELECT o.rating FROM dispatch.service_order o WHERE o.id = i.order_id) AS rating
FROM dispatch.assignment a
JOIN dispatch.incident i ON i.id = a.incident_id
LEFT JOIN dispatch.elder e ON e.id = i.elder_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
WHERE a.responder_id = $1 AND a.accepted_at >= $2 AND NOT i.canary
ORDER BY a.accepted_at DESC, a.id LIMIT 1000
"""
VISITS = """
SELECT o.id AS "order", o.state, coalesce(s.name, o.service) AS service_name,
       coalesce(s.name_en, o.service) AS service_name_en, e.name AS elder_name, h.address, o.lat, o.lon,
       o.window_from, o.window_to, o.starts_at, o.minutes, o.hands, o.incident_id AS incident
FROM dispatch.service_order o
LEFT JOIN dispatch.elder e ON e.id = o.elder_id
LEFT JOIN dispatch.home h ON h.id = o.home_id
LEFT JOIN LATERAL (
    SELECT c.name, c.name_en FROM dispatch.service c
    WHERE c.code = o.service AND starts_with(o.division, c.division) ORDER BY length(c.division) DESC LIMIT 1
) AS s ON true
WHERE $1 = ANY(o.people) AND o.window_from >= $2 AND o.window_from < $3
  AND o.state NOT IN ('draft', 'cancelled', 'rescheduled', 'returned')
ORDER BY coalesce(o.starts_at, o.window_from), o.id LIMIT 100
"""


async def jobs(connection: Connection, responder: str, since: datetime) -> list[dict[str, Any]]:
    """Jobs accepted since an instant, newest first."""
    return [dict(row.items()) for row in await connection.fetch(JOBS, responder, since)]


async def visits(connection: Connection, responder: str, first: datetime, until: datetime) -> list[dict[str, Any]]:
    """Booked visits whose windows open between two instants, in the order in which they are made."""
    return [dict(row.items()) for row in await connection.fetch(VISITS, responder, first, until)]
