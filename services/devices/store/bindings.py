"""Foreign addresses: what is bound to which device, what has told of itself, and what was set aside unbound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.devices.domain.foreign import Discovered
from shared.runtime.database import Connection, Database

HUB = """
SELECT d.id FROM devices.device d
WHERE d.revoked_at IS NULL AND starts_with(d.division, $3) AND ($6::text IS NULL OR d.id = $6)
  AND (starts_with($1, rtrim(d.foreign_prefix, '#/') || '/') OR starts_with($2, rtrim(d.foreign_prefix, '#/') || '/')
       OR (d.kind = 'sms' AND starts_with($1, 'sms/')))
ORDER BY length(d.foreign_prefix) DESC NULLS LAST, (d.home_id = $4) IS TRUE DESC, starts_with($5, d.county) DESC, d.id
LIMIT 1
"""
BOUND_TO = "SELECT device_id FROM devices.binding WHERE hub_id = $1 AND address = $2"
BIND = """
INSERT INTO devices.binding (hub_id, address, device_id, adapter, meaning) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (hub_id, address) DO UPDATE SET adapter = excluded.adapter, meaning = excluded.meaning
"""
UNBIND = "DELETE FROM devices.binding WHERE device_id = $1 AND address = $2 RETURNING hub_id, adapter"
DATUM = "SELECT datum FROM devices.device WHERE id = $1"

STRAY = """
SELECT id, topic, payload, county, last_at FROM devices.quarantine
WHERE id = $1 AND settled_at IS NULL AND starts_with(county, $2)
"""
SETTLE = "UPDATE devices.quarantine SET settled_at = $2 WHERE id = $1"

NOTICE = """
INSERT INTO devices.discovered AS d (address, adapter, hub_id, county, name, maker, model, words, first_at, last_at)
SELECT f.address, f.adapter, h.id, coalesce(h.county, ''), f.name, f.maker, f.model,
       ARRAY(SELECT jsonb_array_elements_text(f.words)), $2, $2
FROM jsonb_to_recordset($1) AS f(address text, topic text, adapter text, name text, maker text, model text, words jsonb)
LEFT JOIN LATERAL (
    SELECT id, county FROM devices.device
    WHERE starts_with(f.topic, rtrim(foreign_prefix, '#/') || '/')
    ORDER BY length(foreign_prefix) DESC LIMIT 1) h ON true
WHERE NOT EXISTS (SELECT FROM devices.binding b WHERE b.address = f.address)
ORDER BY f.address
ON CONFLICT (address) DO UPDATE
SET adapter = excluded.adapter, hub_id = excluded.hub_id, county = excluded.county,
    name = coalesce(excluded.name, d.name), maker = coalesce(excluded.maker, d.maker),
    model = coalesce(excluded.model, d.model), last_at = excluded.last_at,
    words = ARRAY(SELECT w FROM unnest(d.words || excluded.words) WITH ORDINALITY AS u(w, n) GROUP BY w ORDER BY min(n))
"""
FORGET = "DELETE FROM devices.discovered WHERE address = $1"


@dataclass(frozen=True, slots=True)
class SetAside:
    """An entry of the quarantine that nobody has settled."""

    id: UUID
    topic: str
    payload: bytes
    county: str
    last_at: datetime


async def hub_of(
    connection: Connection, address: str, topic: str, scope: str, home: str | None, division: str, hub: str | None
) -> str | None:
    """The hub that an address lies behind; among several with one prefix the one in the same home, or named."""
    found: str | None = await connection.fetchval(HUB, address, topic, scope, home, division, hub)
    return found


async def bound_to(connection: Connection, hub: str, address: str) -> str | None:
    """The device that an address is now."""
    found: str | None = await connection.fetchval(BOUND_TO, hub, address)
    return found


async def bind(
    connection: Connection, hub: str, address: str, device: str, adapter: str, meaning: Mapping[str, str]
) -> None:
    """From now on this address is this device; it no longer waits to be bound."""
    await connection.execute(BIND, hub, address, device, adapter, dict(meaning))
    await connection.execute(FORGET, address)


async def unbind(connection: Connection, device: str, address: str) -> list[dict[str, str]]:
    """Take an address from a device; the hubs it was bound behind, with the adapter."""
    return [dict(row) for row in await connection.fetch(UNBIND, device, address)]


async def datum_of(connection: Connection, device: str) -> str:
    """System of the coordinates that a device reports in."""
    found: str = await connection.fetchval(DATUM, device)
    return found


async def set_aside(connection: Connection, stray: UUID, scope: str) -> SetAside | None:
    """An open entry of the quarantine within the scope."""
    row = await connection.fetchrow(STRAY, stray, scope)
    return SetAside(*row.values()) if row else None


async def settle(connection: Connection, stray: UUID, now: datetime) -> None:
    """Somebody has looked at it and decided."""
    await connection.execute(SETTLE, stray, now)


async def notice(database: Database, found: Sequence[tuple[str, Discovered]], now: datetime) -> None:
    """Keep what has told of itself, with the topic it came on; what is bound already is left out."""
    rows: list[dict[str, Any]] = [
        {
            "address": it.address, "topic": topic, "adapter": it.adapter, "name": it.name, "maker": it.maker,
            "model": it.model, "words": list(it.words),
        }
        for topic, it in {it.address: (topic, it) for topic, it in found}.values()
    ]  # fmt: skip
    if rows:
        await database.pool.execute(NOTICE, rows, now)
