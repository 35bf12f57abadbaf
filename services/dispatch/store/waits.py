"""Waits of what is no case: lists being filled, reminders, modes that end, seats that must say they are there."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.runtime.database import Connection

WAITING = "SELECT kind, target, due_at FROM dispatch.house_wait ORDER BY due_at LIMIT $1"
PLAN = """
WITH gone AS (
    DELETE FROM dispatch.house_wait WHERE target = $1 AND kind = ANY($2) AND NOT kind = ANY($3)
)
INSERT INTO dispatch.house_wait (kind, target, due_at)
SELECT kind, $1, due_at FROM unnest($3::text[], $4::timestamptz[]) AS w(kind, due_at)
ON CONFLICT (kind, target) DO UPDATE SET due_at = excluded.due_at
"""

HOLD = """
INSERT INTO dispatch.house_wait (kind, target, due_at)
SELECT 'hold', i.id, $3 FROM dispatch.incident i
WHERE i.id = ANY($2) AND i.taken_by = $1 AND i.state NOT IN ('closed', 'false_alarm', 'merged') ORDER BY i.id
ON CONFLICT (kind, target) DO UPDATE SET due_at = excluded.due_at RETURNING target
"""
DUE = "SELECT due_at FROM dispatch.house_wait WHERE kind = $1 AND target = $2"

Name = tuple[str, str]
"""Kind of a wait, and what it is about."""


async def waiting(connection: Connection, many: int) -> list[tuple[Name, datetime]]:
    """The next waits to end, the longest overdue first."""
    rows = await connection.fetch(WAITING, many)
    return [((row["kind"], row["target"]), row["due_at"]) for row in rows]


async def plan(connection: Connection, target: str, kinds: frozenset[str], due: Mapping[str, datetime]) -> None:
    """What something waits for from now on, of these kinds; what it doesn't wait for any more is gone."""
    await connection.execute(PLAN, target, sorted(kinds), list(due), list(due.values()))


async def hold(connection: Connection, account: str, incidents: Sequence[str], until: datetime) -> list[str]:
    """These are held until then, as far as this account has taken them; answers which."""
    return [row["target"] for row in await connection.fetch(HOLD, account, incidents, until)]


async def due(connection: Connection, kind: str, target: str) -> datetime | None:
    """When a wait ends; None when there is none any more."""
    found: datetime | None = await connection.fetchval(DUE, kind, target)
    return found
