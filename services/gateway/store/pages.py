"""Elders' own telephones: codes that pair them, and what their page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.store.orders import WRITTEN
from shared.runtime.database import Connection, Record
from shared.vocabulary.divisions import Division, ladder

ELDER = "SELECT id, home_id, division, name FROM dispatch.elder WHERE id = $1"
CLEAR = "DELETE FROM gateway.pairing WHERE used_at IS NULL AND (until_at < $1 OR elder_id = $2)"
OFFER = """
INSERT INTO gateway.pairing (code_sha256, elder_id, division, made_by, until_at) VALUES ($1, $2, $3, $4, $5)
"""
OFFERED = """
SELECT p.elder_id, p.division, a.id, a.name, a.role FROM gateway.pairing p JOIN gateway.account a ON a.id = p.made_by
WHERE p.code_sha256 = $1 AND p.used_at IS NULL AND p.until_at > $2
"""
USED = "UPDATE gateway.pairing SET used_at = $2, device_id = $3, session_sha256 = $4 WHERE code_sha256 = $1"
PAGE = """
SELECT d.id AS device, d.revoked_at IS NULL AND d.elder_id = p.elder_id AS stands, e.id AS elder, e.name, e.division,
       coalesce(h.address, '') AS address
FROM gateway.pairing p
JOIN devices.device d ON d.id = p.device_id
JOIN dispatch.elder e ON e.id = p.elder_id
LEFT JOIN dispatch.home h ON h.id = e.home_id
WHERE p.session_sha256 = $1
"""
PHONE = """
SELECT phone FROM dispatch.division WHERE code = ANY($1) AND phone IS NOT NULL ORDER BY length(code) DESC LIMIT 1
"""
FAMILY = "SELECT name, relation, phone FROM dispatch.contact WHERE elder_id = $1 ORDER BY ord"
COMING = f"""
SELECT o.id AS "order", o.service, coalesce(s.name, o.service) AS service_name,
       coalesce(s.name_en, o.service) AS service_name_en, o.state, o.window_from, o.window_to, o.starts_at,
       o.arrived_at, w.telephoned, w.written_by, g.rating,
       ARRAY(SELECT r.name FROM unnest(o.people) WITH ORDINALITY AS p(id, n)
             JOIN dispatch.responder r ON r.id = p.id ORDER BY p.n) AS people
FROM dispatch.service_order o
LEFT JOIN LATERAL (
    SELECT c.name, c.name_en FROM dispatch.service c
    WHERE c.code = o.service AND starts_with(o.division, c.division) ORDER BY length(c.division) DESC LIMIT 1
) AS s ON true
{WRITTEN}
LEFT JOIN gateway.rating g ON g.about = o.id AND g.account_id = $4
WHERE o.elder_id = $1 AND o.window_from >= $2 AND o.window_from < $3 AND o.state NOT IN ('draft', 'rescheduled')
ORDER BY o.window_from, o.id LIMIT 100
"""  # noqa: S608  constants
COMERS = """
SELECT a.responder_name AS name, a.responder_kind AS kind, a.responder_id AS number, a.state, i.order_id AS "order",
       p.id AS portrait
FROM dispatch.incident i JOIN dispatch.assignment a ON a.incident_id = i.id
LEFT JOIN gateway.portrait p ON p.responder_id = a.responder_id
WHERE i.elder_id = $1 AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service')
  AND i.state NOT IN ('closed', 'false_alarm', 'merged') AND NOT i.canary AND NOT i.drill AND i.family <> 'device'
ORDER BY a.accepted_at, a.id LIMIT 20
"""
ORDER = "SELECT state, arrived_at FROM dispatch.service_order WHERE id = $1 AND elder_id = $2"


@dataclass(frozen=True, slots=True)
class Lives:
    """An elder, where she lives, in which division."""

    elder: str
    home: str
    division: Division
    name: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A code that still pairs: for whom, and who showed it."""

    elder: str
    division: str
    account: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Page:
    """An elder's telephone as her session knows it; `stands` until it is revoked or given to somebody else."""

    device: str
    stands: bool
    elder: str
    name: str
    division: Division
    address: str


async def lives(connection: Connection, elder: str) -> Lives | None:
    """The elder, if she is in scope."""
    row = await connection.fetchrow(ELDER, elder)
    return Lives(row["id"], row["home_id"], Division(row["division"]), row["name"]) if row else None


async def offer(connection: Connection, digest: bytes, her: Lives, by: str, now: datetime, until: datetime) -> None:
    """Keep a code in place of those of hers that nobody used."""
    await connection.execute(CLEAR, now, her.elder)
    await connection.execute(OFFER, digest, her.elder, her.division, by, until)


async def offered(connection: Connection, digest: bytes, now: datetime) -> Offered | None:
    """What a code stands for, while it stands."""
    row = await connection.fetchrow(OFFERED, digest, now)
    return Offered(*row.values()) if row else None


async def used(connection: Connection, digest: bytes, now: datetime, device: str, session: bytes) -> None:
    """The code is spent; the telephone and its session belong together from now on."""
    await connection.execute(USED, digest, now, device, session)


async def page(connection: Connection, session: bytes) -> Page | None:
    """The telephone behind a session."""
    row = await connection.fetchrow(PAGE, session)
    return Page(*row.values()) if row else None


async def duty_phone(connection: Connection, division: Division) -> str | None:
    """The duty telephone nearest to a place."""
    found: str | None = await connection.fetchval(PHONE, list(ladder(division)))
    return found


async def family(connection: Connection, elder: str) -> list[dict[str, Any]]:
    """Whom she may telephone, in order."""
    return [dict(row.items()) for row in await connection.fetch(FAMILY, elder)]


async def comers(connection: Connection, elder: str) -> list[dict[str, Any]]:
    """Who is on the way to her, or there."""
    return [dict(row.items()) for row in await connection.fetch(COMERS, elder)]


async def coming(
    connection: Connection, elder: str, since: datetime, until: datetime, account: str
) -> list[dict[str, Any]]:
    """Her orders whose windows begin in between, with what this account thought of them."""
    return [dict(row.items()) for row in await connection.fetch(COMING, elder, since, until, account)]


async def order(connection: Connection, order: str, elder: str) -> Record | None:
    """State and arrival of an order, if it is hers."""
    return await connection.fetchrow(ORDER, order, elder)
