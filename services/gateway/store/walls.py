"""Wallboards: tickets by which a screen without a login shows one division's figures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.database import Connection

MAKE = """
INSERT INTO gateway.wall_ticket (id, token_sha256, division, label, made_by, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
LISTED = """
SELECT t.id AS ticket, t.label, t.division, coalesce(d.name, t.division) AS name, a.name AS made_by, t.made_at,
       t.expires_at, t.used_at
FROM gateway.wall_ticket t
JOIN gateway.account a ON a.id = t.made_by
LEFT JOIN dispatch.division d ON d.code = t.division
WHERE starts_with(t.division, $1) AND t.revoked_at IS NULL AND t.expires_at > $2
ORDER BY t.made_at DESC, t.id LIMIT 200
"""
REVOKE = """
UPDATE gateway.wall_ticket SET revoked_at = $3, revoked_by = $4
WHERE id = $1 AND starts_with(division, $2) AND revoked_at IS NULL RETURNING id
"""
OPEN = """
SELECT t.division, t.label, t.expires_at FROM gateway.wall_ticket t
JOIN gateway.account a ON a.id = t.made_by AND a.disabled_at IS NULL
WHERE t.token_sha256 = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
"""
USED = """
UPDATE gateway.wall_ticket SET used_at = $2
WHERE token_sha256 = $1 AND (used_at IS NULL OR used_at < $2::timestamptz - interval '1 hour')
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token opens, and until when."""

    division: str
    label: str
    expires_at: datetime


async def make(connection: Connection, *values: Any) -> None:
    """Keep a ticket: id, hash of the token, division, label, who, when, until when."""
    await connection.execute(MAKE, *values)


async def listed(connection: Connection, scope: str, now: datetime) -> list[dict[str, Any]]:
    """Tickets in a scope that still open something, newest first."""
    return [dict(row.items()) for row in await connection.fetch(LISTED, scope, now)]


async def revoke(connection: Connection, name: UUID, scope: str, now: datetime, by: str) -> bool:
    """Make a ticket open nothing any more; False where there is none in scope."""
    return await connection.fetchval(REVOKE, name, scope, now, by) is not None


async def opened(connection: Connection, digest: bytes, now: datetime) -> Ticket | None:
    """What a token opens; its last use is kept to the hour."""
    row = await connection.fetchrow(OPEN, digest, now)
    if row is None:
        return None
    await connection.execute(USED, digest, now)
    return Ticket(row["division"], row["label"], row["expires_at"])
