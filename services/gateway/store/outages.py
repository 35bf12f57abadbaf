"""Many devices silent at once: the outages, and who is to be telephoned, those at most risk first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import restamp
from shared.runtime.database import Connection, Record

PAGE = """
SELECT o.id AS outage, o.division, d.name AS area, o.devices, o.opened_at, o.grew_at, o.ended_at,
       (SELECT count(*) FROM devices.fault f WHERE f.outage_id = o.id AND f.ended_at IS NULL) AS silent,
       (SELECT i.id FROM dispatch.incident i WHERE i.outage_id = o.id ORDER BY i.opened_at DESC LIMIT 1) AS incident,
       (SELECT m.id FROM dispatch.mass_event m WHERE m.outage_id = o.id) AS event
FROM devices.outage o LEFT JOIN dispatch.division d ON d.code = o.division
WHERE ($1::uuid IS NULL OR (o.opened_at, o.id) < (SELECT x.opened_at, x.id FROM devices.outage x WHERE x.id = $1))
ORDER BY o.opened_at DESC, o.id DESC LIMIT $2
"""
KNOWN = "SELECT EXISTS (SELECT FROM devices.outage WHERE id = $1)"
RISK = "(-coalesce({e}.assessment, -1), (NOT {e}.lives_alone)::integer, coalesce({e}.born, 9999), {e}.id)"
# a home's device belongs to everybody who lives there
ROLL_CALL = f"""
WITH silent AS (
    SELECT f.device_id, f.elder_id, f.home_id,
           jsonb_build_object('device', f.device_id, 'kind', d.kind, 'since', f.opened_at, 'back_at', f.ended_at)
               AS device
    FROM devices.fault f JOIN devices.device d ON d.id = f.device_id
    WHERE f.outage_id = $1 AND ($2 OR f.ended_at IS NULL)
), theirs AS (
    SELECT elder_id, device FROM silent WHERE elder_id IS NOT NULL
    UNION ALL
    SELECT e.id, s.device FROM silent s JOIN dispatch.elder e ON e.home_id = s.home_id WHERE s.elder_id IS NULL
), asked AS (
    SELECT elder_id, jsonb_agg(device ORDER BY device->>'since', device->>'device') AS devices
    FROM theirs GROUP BY elder_id
)
SELECT e.id AS elder, e.name, e.phone, e.born, e.lives_alone, e.assessment, e.health, e.dialect, e.division,
       h.address AS place, a.devices,
       (SELECT jsonb_agg(jsonb_build_object('ord', c.ord, 'name', c.name, 'relation', c.relation, 'phone', c.phone,
                                            'has_key', c.has_key) ORDER BY c.ord)
        FROM dispatch.contact c WHERE c.elder_id = e.id) AS contacts,
       (SELECT jsonb_build_object('callee', t.callee, 'result', t.result, 'by', t.by_name, 'at', t.at)
        FROM dispatch.incident i JOIN dispatch.call_attempt t ON t.incident_id = i.id
        WHERE i.outage_id = $1 AND t.callee = e.id ORDER BY t.at DESC LIMIT 1) AS called,
       (SELECT p.state FROM dispatch.mass_event m JOIN dispatch.mass_person p ON p.event_id = m.id
        WHERE m.outage_id = $1 AND p.elder_id = e.id) AS state
FROM asked a
JOIN dispatch.elder e ON e.id = a.elder_id
LEFT JOIN dispatch.home h ON h.id = e.home_id
WHERE $3 = '' OR {RISK.format(e="e")} > (SELECT {RISK.format(e="x")[1:-1]} FROM dispatch.elder x WHERE x.id = $3)
ORDER BY {RISK.format(e="e")[1:-1]} LIMIT $4
"""  # noqa: S608  constants


async def page(connection: Connection, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Outages with a device in scope, newest first."""
    return [dict(row.items()) for row in await connection.fetch(PAGE, after, limit)]


async def known(connection: Connection, outage: UUID) -> bool:
    """Whether there is such an outage in scope."""
    found: bool = await connection.fetchval(KNOWN, outage)
    return found


async def roll_call(
    connection: Connection, outage: UUID, after: str, limit: int, now: datetime, *, everybody: bool
) -> list[dict[str, Any]]:
    """Elders of an outage's devices in scope; `everybody` adds those whose devices have come back."""
    rows = await connection.fetch(ROLL_CALL, outage, everybody, after, limit)
    return [_line(row, now.year) for row in rows]


def _line(row: Record, year: int) -> dict[str, Any]:
    line = dict(row.items())
    born, called = line.pop("born"), line["called"]
    devices = [restamp(device) for device in line["devices"]]
    return {
        **line, "age": year - born if born else None, "devices": devices, "since": devices[0]["since"],
        "contacts": line["contacts"] or [], "called": restamp(called) if called else None,
    }  # fmt: skip
