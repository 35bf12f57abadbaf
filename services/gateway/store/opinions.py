"""What families thought of it: ratings, and complaints that a supervisor answers by a day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import name_hint
from shared.runtime.database import Connection, Record

RATE = """
INSERT INTO gateway.rating (about, account_id, division, elder_id, rating, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (about, account_id) DO UPDATE SET rating = excluded.rating, text = excluded.text, at = excluded.at
"""
COMPLAIN = """
INSERT INTO gateway.complaint (id, division, elder_id, account_id, about, text, at, due_at, involved)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, gateway.involved($5, NULL, NULL))
"""
LINES = """
SELECT c.id AS complaint, c.elder_id AS elder, e.name AS elder_name, a.name AS by, c.about, c.text, c.at, c.due_at,
       c.answered_at IS NULL AND c.due_at <= $1 AS overdue, c.answer, c.answered_at
FROM gateway.complaint c JOIN gateway.account a ON a.id = c.account_id LEFT JOIN dispatch.elder e ON e.id = c.elder_id
WHERE {which}
"""
MINE = LINES.format(which="c.account_id = $2 AND c.elder_id = ANY($3) ORDER BY c.at DESC, c.id DESC LIMIT 100")
ONE = LINES.format(which="c.id = $2 AND c.source = 'family'")
OPEN = LINES.format(
    which="""c.source = 'family' AND c.answered_at IS NULL AND ($2::uuid IS NULL OR (c.due_at, c.id) > (
    SELECT x.due_at, x.id FROM gateway.complaint x WHERE x.id = $2)) ORDER BY c.due_at, c.id LIMIT $3"""
)
ANSWER = """
UPDATE gateway.complaint SET answer = $2, answered_at = $3, answered_by = $4
WHERE id = $1 AND source = 'family' AND answered_at IS NULL
RETURNING division, elder_id, account_id
"""


@dataclass(frozen=True, slots=True)
class About:
    """Whose opinion of what: an incident or an order, or nothing in particular."""

    division: str
    elder: str
    account: str
    about: str | None


async def rate(connection: Connection, it: About, rating: int, text: str, now: datetime) -> None:
    """One opinion each; the last one counts."""
    await connection.execute(RATE, it.about, it.account, it.division, it.elder, rating, text, now)


async def complain(connection: Connection, name: UUID, it: About, text: str, now: datetime, due: datetime) -> None:
    """Something was not right."""
    await connection.execute(COMPLAIN, name, it.division, it.elder, it.account, it.about, text, now, due)


async def mine(connection: Connection, account: str, elders: list[str], now: datetime) -> list[dict[str, Any]]:
    """What the caller has complained of, for elders who still agree."""
    return [_line(row) for row in await connection.fetch(MINE, now, account, elders)]


async def waiting(connection: Connection, after: UUID | None, limit: int, now: datetime) -> list[dict[str, Any]]:
    """What waits for an answer in scope, the soonest due first."""
    return [_line(row) for row in await connection.fetch(OPEN, now, after, limit)]


async def one(connection: Connection, name: UUID, now: datetime) -> dict[str, Any] | None:
    """One complaint in scope."""
    row = await connection.fetchrow(ONE, now, name)
    return _line(row) if row else None


async def answer(connection: Connection, name: UUID, text: str, by: str, now: datetime) -> Record | None:
    """Answer it; None if it was answered already."""
    return await connection.fetchrow(ANSWER, name, text, now, by)


def _line(row: Record) -> dict[str, Any]:
    line = dict(row.items())
    return {**line, "name_masked": name_hint(line.pop("elder_name") or "")}
