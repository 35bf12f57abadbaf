"""What was sent about an incident beside the consoles, and the telephones of duty desks."""

from typing import Any

from services.gateway.domain.wording import name_hint
from shared.runtime.database import Connection, Record

OF_INCIDENT = """
SELECT m.id, m.channel, m.to_kind, m.to_id AS to, m.template, m.state, m.reason, m.answer, m.attempts, m.drill,
       m.offer_id AS offer, m.wanted_at, m.sent_at, m.delivered_at, m.ended_at, m.expires_at,
       coalesce(r.name, c.name, e.name) AS person, d.name AS place
FROM dispatch.message m
LEFT JOIN dispatch.responder r ON m.to_kind = 'responder' AND r.id = m.to_id
LEFT JOIN dispatch.contact c ON m.to_kind = 'contact' AND c.elder_id = split_part(m.to_id, '/', 1)
    AND c.ord::text = split_part(m.to_id, '/', 2)
LEFT JOIN dispatch.elder e ON m.to_kind = 'elder' AND e.id = m.to_id
LEFT JOIN dispatch.division d ON m.to_kind = 'seat' AND d.code = m.to_id
WHERE m.incident_id = $1 ORDER BY m.wanted_at, m.id LIMIT 1000
"""
KNOWN = "SELECT EXISTS (SELECT FROM dispatch.incident WHERE id = $1)"
PHONE = "SELECT code, phone FROM dispatch.division WHERE code = $1"


async def of_incident(connection: Connection, incident: str) -> list[dict[str, Any]] | None:
    """Messages about an incident, oldest first; None where there is no such incident in scope."""
    if not await connection.fetchval(KNOWN, incident):
        return None
    return [_line(row) for row in await connection.fetch(OF_INCIDENT, incident)]


async def duty_phone(connection: Connection, division: str) -> Record | None:
    """The duty telephone of a division; None where there is no such division."""
    return await connection.fetchrow(PHONE, division)


def _line(row: Record) -> dict[str, Any]:
    line = dict(row.items())
    person, place = line.pop("person"), line.pop("place")
    return {**line, "name_masked": name_hint(person) or place or ""}
