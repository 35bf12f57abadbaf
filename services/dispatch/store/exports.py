"""Lists that leave the house: asked for, allowed by somebody else, taken once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.database import Connection, Record

ASK = """
INSERT INTO dispatch.export (id, division, sheet, within, reason, asked_by, asked_name, asked_at)
VALUES ($1, $2, $3, $2, $4, $5, $6, $7)
"""
ONE = "SELECT * FROM dispatch.export WHERE id = $1 AND starts_with(division, $2) FOR UPDATE"
DECIDE = "UPDATE dispatch.export SET decided_by = $2, decided_name = $3, decided_at = $4, allowed = $5 WHERE id = $1"
TAKE = "UPDATE dispatch.export SET taken_at = $2 WHERE id = $1"


async def ask(connection: Connection, name: UUID, within: str, sheet: str, reason: str, *who: Any) -> None:
    """`who` is account, name and when."""
    await connection.execute(ASK, name, within, sheet, reason, *who)


async def one(connection: Connection, name: UUID, scope: str) -> Record | None:
    """One within the scope, locked."""
    return await connection.fetchrow(ONE, name, scope)


async def decide(connection: Connection, name: UUID, by: str, called: str, now: datetime, *, allowed: bool) -> None:
    """Somebody has said yes or no."""
    await connection.execute(DECIDE, name, by, called, now, allowed)


async def take(connection: Connection, name: UUID, now: datetime) -> None:
    """It has left the house."""
    await connection.execute(TAKE, name, now)
