"""Who gets a message, by which number, and what may be said: looked up at the moment of sending."""

import re
from collections.abc import Iterable
from datetime import datetime

from services.dispatch.domain.messages import Message
from services.dispatch.domain.texts import Card
from shared.runtime.database import Connection, Database, Record

CARD = """
SELECT coalesce(r.name, c.name, e.name, d.name)::varchar AS name,
       coalesce(r.phone, c.phone, e.phone, d.phone, l.phone)::varchar AS phone,
       coalesce(m.incident_id, '') AS incident, i.kind,
       CASE WHEN she.temp_until <= $2 THEN h.address ELSE coalesce(she.temp_address, h.address) END AS address,
       l.code AS digits, s.name AS service, s.name_en AS service_en, ordered.window_from, ordered.window_to,
       she.name AS elder, she.phone AS elder_phone,
       h.door_code, h.key_place, p.name AS helper, p.kind AS helper_kind,
       EXISTS (SELECT FROM dispatch.assignment g WHERE g.incident_id = m.incident_id AND g.responder_id = r.id
               AND g.state IN ('accepted', 'en_route', 'arrived', 'in_service')) AS going,
       o.dist_m, coalesce(o.eta_s, a.eta_s) AS eta_s, o.state AS offer_state,
       (SELECT string_agg(area.name, '' ORDER BY length(area.code)) FROM dispatch.division area
        WHERE starts_with(m.division, area.code) AND length(area.code) >= least(9, length(m.division))) AS area,
       CASE WHEN she.status_from > $2 OR she.status_until <= $2 THEN 'home' ELSE she.status END AS elder_status,
       EXISTS (SELECT FROM dispatch.drill l WHERE l.incident_id = m.incident_id AND m.to_id = ANY(l.people)) AS listed
FROM dispatch.message m
LEFT JOIN dispatch.incident i ON i.id = m.incident_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
LEFT JOIN dispatch.elder she ON she.id = i.elder_id
LEFT JOIN dispatch.offer o ON o.id = m.offer_id
LEFT JOIN dispatch.responder p ON p.id = m.params->>'responder'
LEFT JOIN LATERAL (SELECT eta_s FROM dispatch.assignment WHERE incident_id = m.incident_id AND responder_id = p.id
                   ORDER BY accepted_at DESC LIMIT 1) a ON true
LEFT JOIN dispatch.responder r ON m.to_kind = 'responder' AND r.id = m.to_id
LEFT JOIN dispatch.contact c ON m.to_kind = 'contact' AND c.elder_id = split_part(m.to_id, '/', 1)
    AND c.ord::text = split_part(m.to_id, '/', 2)
LEFT JOIN dispatch.elder e ON m.to_kind = 'elder' AND e.id = m.to_id
LEFT JOIN dispatch.division d ON m.to_kind = 'seat' AND d.code = m.to_id
LEFT JOIN gateway.login_code l ON l.id = CASE WHEN m.to_kind = 'login' THEN m.to_id::uuid END
LEFT JOIN dispatch.service_order ordered ON ordered.id = m.params->>'order'
LEFT JOIN LATERAL (SELECT name, name_en FROM dispatch.service WHERE code = ordered.service
                   AND starts_with(ordered.division, division) ORDER BY length(division) DESC LIMIT 1) s ON true
WHERE m.id = $1
"""
RESPONDER = """
SELECT r.id, r.name, r.kind, r.division, a.offer_id, a.job_id
FROM dispatch.responder r LEFT JOIN LATERAL (
    SELECT offer_id, job_id FROM dispatch.assignment
    WHERE responder_id = r.id AND incident_id = $2 AND state IN ('accepted', 'en_route', 'arrived', 'in_service')
    LIMIT 1) a ON true
WHERE r.id = $1
"""
WITHOUT_SCREEN = "SELECT id FROM dispatch.responder WHERE id = ANY($1) AND (phone_only OR NOT reachable)"
DRILLS = "SELECT id FROM dispatch.incident WHERE id = ANY($1) AND drill"
DUTY_PHONE = "UPDATE dispatch.division SET phone = $2 WHERE code = $1 RETURNING true"
PUNCTUATION = re.compile(r"[\s()-]")


async def card(database: Database, message: Message, now: datetime) -> Card:
    """What is known now; fields that nobody knows are empty."""
    row = await database.pool.fetchrow(CARD, message.id, now)
    found = dict(row) if row else {}
    words = (
        "name", "incident", "kind", "area", "address", "elder", "elder_phone", "helper", "helper_kind", "digits",
        "service", "service_en",
    )  # fmt: skip
    entry = "，".join(found[way] for way in ("door_code", "key_place") if found.get(way))
    phone = PUNCTUATION.sub("", found.get("phone") or "")
    return Card(
        **{name: found.get(name) or "" for name in words}, entry=entry, phone=phone,
        dist_m=found.get("dist_m") or 0, eta_s=found.get("eta_s") or 0, offer_state=found.get("offer_state"),
        elder_status=found.get("elder_status"), listed=bool(found.get("listed")), going=bool(found.get("going")),
        window=(found["window_from"], found["window_to"]) if found.get("window_from") else None,
    )  # fmt: skip


async def responder(connection: Connection, name: str, incident: str | None) -> Record | None:
    """Somebody who answers by telephone; offer and job where she goes to this incident already."""
    return await connection.fetchrow(RESPONDER, name, incident)


async def set_duty_phone(connection: Connection, division: str, phone: str | None) -> bool:
    """Set or take away the telephone of a duty desk; False when there is no such division."""
    return bool(await connection.fetchval(DUTY_PHONE, division, phone))


async def without_screen(connection: Connection, responders: Iterable[str]) -> set[str]:
    """Those of them whom no console reaches at present."""
    return {row["id"] for row in await connection.fetch(WITHOUT_SCREEN, list(responders))}


async def drills(connection: Connection, incidents: Iterable[str]) -> set[str]:
    """Those of them that are drills."""
    return {row["id"] for row in await connection.fetch(DRILLS, list(incidents))}
