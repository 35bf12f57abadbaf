"""Peace and war by division, and every change of it."""

from typing import Any
from uuid import UUID

from services.dispatch.domain.modes import Mode, waits
from services.dispatch.store import waits as waiting
from shared.runtime.database import Connection

KINDS = frozenset({"mode_over"})
LOAD = "SELECT division, war, at, until FROM dispatch.mode WHERE division = $1"
KEEP = """
WITH changed AS (
    INSERT INTO dispatch.mode_change (id, division, war, reason, by_account, by_name, at, until)
    VALUES ($8, $1, $2, $3, $4, $5, $6, $7)
)
INSERT INTO dispatch.mode (division, war, reason, by_account, by_name, at, until)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (division) DO UPDATE SET war = excluded.war, reason = excluded.reason, by_account = excluded.by_account,
    by_name = excluded.by_name, at = excluded.at, until = excluded.until
"""
EXISTS = "SELECT EXISTS (SELECT FROM dispatch.division WHERE code = $1)"


async def load(connection: Connection, division: str) -> Mode | None:
    """How a division works, if that was ever changed."""
    row = await connection.fetchrow(LOAD, division)
    return Mode(**dict(row.items())) if row else None


async def known(connection: Connection, division: str) -> bool:
    """Whether there is such a division."""
    found: bool = await connection.fetchval(EXISTS, division)
    return found


async def keep(connection: Connection, change: UUID, mode: Mode, by: tuple[str, str], reason: str) -> None:
    """Write how it works from now on, who said so (account, name) and why, and when it ends."""
    values: tuple[Any, ...] = (mode.division, mode.war, reason, *by, mode.at, mode.until, change)
    await connection.execute(KEEP, *values)
    await waiting.plan(connection, mode.division, KINDS, waits(mode))
