"""How organisations answer and come over a period. The connection's scope is the division asked about."""

from datetime import datetime
from typing import Any

from shared.runtime.database import Connection

REAL = "NOT i.canary AND NOT i.drill"
OF_OFFERS = f"""
SELECT r.provider_id AS provider, o.state, o.reason, count(*) AS many,
       count(*) FILTER (WHERE o.state = 'declined' AND EXISTS (
           SELECT FROM dispatch.assignment a WHERE a.offer_id = o.id)) AS given_back
FROM dispatch.offer o
JOIN dispatch.responder r ON r.id = o.responder_id
JOIN dispatch.incident i ON i.id = o.incident_id
WHERE o.sent_at >= $1 AND o.sent_at < $2 AND r.provider_id IS NOT NULL AND {REAL}
  AND o.state IN ('accepted', 'declined', 'expired')
GROUP BY 1, 2, 3
"""  # noqa: S608  a constant
"""Offers taken back before they were answered say nothing about who was asked."""
OF_ARRIVALS = f"""
SELECT r.provider_id AS provider, count(*) AS arrivals,
       count(*) FILTER (WHERE a.arrived_at > a.accepted_at + make_interval(secs => a.eta_s + $3)) AS late,
       percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM a.arrived_at - a.accepted_at)) AS door
FROM dispatch.assignment a
JOIN dispatch.responder r ON r.id = a.responder_id
JOIN dispatch.incident i ON i.id = a.incident_id
WHERE a.accepted_at >= $1 AND a.accepted_at < $2 AND a.arrived_at IS NOT NULL AND r.provider_id IS NOT NULL
  AND i.family <> 'order' AND {REAL}
GROUP BY 1
"""  # noqa: S608  a constant
OF_VISITS = """
SELECT provider_id AS provider, count(*) AS visits, count(*) FILTER (WHERE NOT verified) AS unproved
FROM dispatch.service_order
WHERE fulfilled_at >= $1 AND fulfilled_at < $2 AND provider_id IS NOT NULL GROUP BY 1
"""
OF_COMPLAINTS = """
SELECT provider, count(*) AS complaints FROM (
    SELECT DISTINCT c.id, coalesce(o.provider_id, r.provider_id) AS provider
    FROM gateway.complaint c
    LEFT JOIN dispatch.service_order o ON o.id = c.about
    LEFT JOIN dispatch.assignment a ON a.incident_id = c.about AND a.role <> 'backup'
    LEFT JOIN dispatch.responder r ON r.id = a.responder_id
    WHERE c.at >= $1 AND c.at < $2) AS made
WHERE provider IS NOT NULL GROUP BY 1
"""
NAMES = "SELECT id AS provider, name, division FROM dispatch.provider WHERE retired_at IS NULL OR id = ANY($1)"


async def offers(connection: Connection, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Answered or expired offers by provider, state and reason."""
    return [dict(row.items()) for row in await connection.fetch(OF_OFFERS, since, until)]


async def arrivals(connection: Connection, since: datetime, until: datetime, late_s: int) -> dict[str, dict[str, Any]]:
    """Arrivals at calls for help by provider; late is more than `late_s` after the time first given."""
    return _by_provider(await connection.fetch(OF_ARRIVALS, since, until, late_s))


async def visits(connection: Connection, since: datetime, until: datetime) -> dict[str, dict[str, Any]]:
    """Visits made by provider, and how many lack their proof."""
    return _by_provider(await connection.fetch(OF_VISITS, since, until))


async def complaints(connection: Connection, since: datetime, until: datetime) -> dict[str, dict[str, Any]]:
    """Complaints by the provider they are about."""
    return _by_provider(await connection.fetch(OF_COMPLAINTS, since, until))


async def names(connection: Connection, also: list[str]) -> list[dict[str, Any]]:
    """Every provider at work in scope, and these."""
    return [dict(row.items()) for row in await connection.fetch(NAMES, also)]


def _by_provider(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["provider"]: dict(row.items()) for row in rows}
