"""Policies as they were laid down, every version of them."""

from datetime import datetime
from typing import Any

from shared.runtime.database import Connection, Database, Record

KNOWN = "SELECT EXISTS (SELECT FROM dispatch.division WHERE code = $1)"
NEWEST = "SELECT coalesce(max(version), 0) FROM dispatch.policy WHERE division = $1"
KEEP = """
INSERT INTO dispatch.policy (division, version, body, by_account, by_name, reason, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
LAID_DOWN = """
SELECT division, version, body, by_name, reason, at FROM dispatch.policy
WHERE starts_with($1, division) ORDER BY length(division) DESC, version DESC LIMIT 1
"""
HISTORY = """
SELECT version, by_name AS by, reason, at FROM dispatch.policy WHERE division = $1 ORDER BY version DESC LIMIT 50
"""


async def known(connection: Connection, division: str) -> bool:
    """Whether there is such a division."""
    found: bool = await connection.fetchval(KNOWN, division)
    return found


async def newest(connection: Connection, division: str) -> int:
    """The newest version of a division's own policy; 0 when it has none."""
    found: int = await connection.fetchval(NEWEST, division)
    return found


async def keep(
    connection: Connection, division: str, body: dict[str, Any], by: tuple[str, str], reason: str, now: datetime
) -> None:
    """Write one more version; `by` is account and name. Older ones stay, for the incidents opened with them."""
    await connection.execute(KEEP, division, body["version"], body, *by, reason, now)


async def laid_down(database: Database, division: str) -> Record | None:
    """The policy of the longest code that begins this one, in its newest version; None: the shipped one holds."""
    return await database.pool.fetchrow(LAID_DOWN, division)


async def history(database: Database, division: str) -> list[Record]:
    """Versions of a division's own policy, newest first."""
    return await database.pool.fetch(HISTORY, division)
