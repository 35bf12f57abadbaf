"""Hazards, what is done about them, and who answers for that. Rows are those of the caller's scope."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.runtime.database import Connection

ADD = """
INSERT INTO gateway.hazard (id, division, kind, grade, text, measure, owner, due_on, complaint, found_at, found_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
LINES = """
SELECT z.id AS hazard, z.division, coalesce(d.name, z.division) AS division_name, z.kind, z.grade, z.text, z.measure,
       z.owner, o.name AS owner_name, z.due_on, z.complaint, z.found_at, f.name AS found_by, z.fixed_at,
       x.name AS fixed_by, z.fixed_note, z.returned, z.remark, z.closed_at, c.name AS closed_by,
       CASE WHEN z.closed_at IS NOT NULL THEN 'closed' WHEN z.fixed_at IS NOT NULL THEN 'fixed'
            ELSE 'open' END AS state,
       z.fixed_at IS NULL AND z.due_on < $1 AS overdue, z.owner = $2 AS mine,
       z.fixed_at IS NOT NULL AND z.closed_at IS NULL AND z.owner <> $2 AND z.fixed_by <> $2 AS judge
FROM gateway.hazard z
JOIN gateway.account o ON o.id = z.owner
JOIN gateway.account f ON f.id = z.found_by
LEFT JOIN gateway.account x ON x.id = z.fixed_by
LEFT JOIN gateway.account c ON c.id = z.closed_by
LEFT JOIN dispatch.division d ON d.code = z.division
WHERE {which}
"""
ONE = LINES.format(which="z.id = $3")
OPEN = LINES.format(
    which="""z.closed_at IS NULL AND ($3::uuid IS NULL OR (z.due_on, z.id) > (
    SELECT y.due_on, y.id FROM gateway.hazard y WHERE y.id = $3)) ORDER BY z.due_on, z.id LIMIT $4"""
)
CLOSED = LINES.format(
    which="""z.closed_at IS NOT NULL AND ($3::uuid IS NULL OR (z.closed_at, z.id) < (
    SELECT y.closed_at, y.id FROM gateway.hazard y WHERE y.id = $3)) ORDER BY z.closed_at DESC, z.id DESC LIMIT $4"""
)
LISTED = LINES.format(
    which="z.found_at < $4 AND (z.closed_at IS NULL OR z.closed_at >= $3) ORDER BY z.due_on, z.id LIMIT $5"
)
OWNERS = """
SELECT z.owner AS account, a.name, count(*) FILTER (WHERE z.fixed_at IS NULL) AS open,
       count(*) FILTER (WHERE z.fixed_at IS NOT NULL AND z.closed_at IS NULL) AS fixed, count(z.closed_at) AS closed,
       count(*) FILTER (WHERE z.fixed_at IS NULL AND z.due_on < $1) AS overdue
FROM gateway.hazard z JOIN gateway.account a ON a.id = z.owner GROUP BY 1, 2 ORDER BY overdue DESC, open DESC, 1
"""
FIX = """
UPDATE gateway.hazard SET fixed_at = $2, fixed_by = $3, fixed_note = $4 WHERE id = $1 AND fixed_at IS NULL
"""
CLOSE = """
UPDATE gateway.hazard SET closed_at = $2, closed_by = $3
WHERE id = $1 AND fixed_at IS NOT NULL AND closed_at IS NULL AND owner <> $3 AND fixed_by <> $3
"""
RETURN = """
UPDATE gateway.hazard SET fixed_at = NULL, fixed_by = NULL, fixed_note = NULL, returned = returned + 1, remark = $2
WHERE id = $1 AND fixed_at IS NOT NULL AND closed_at IS NULL AND owner <> $3 AND fixed_by <> $3
"""
COUNTED = """
SELECT division, count(*) FILTER (WHERE found_at >= $1 AND found_at < $2) AS found,
       count(*) FILTER (WHERE closed_at >= $1 AND closed_at < $2) AS closed,
       count(*) FILTER (WHERE fixed_at IS NULL AND due_on < $3) AS late
FROM gateway.hazard GROUP BY 1
"""
Row = dict[str, Any]


async def add(connection: Connection, *values: Any) -> None:
    """Write one down: id, division, kind, grade, words, measure, owner, day, complaint, when, by whom."""
    await connection.execute(ADD, *values)


async def one(connection: Connection, name: UUID, who: str, today: date) -> Row | None:
    """One hazard; `today` is China's."""
    row = await connection.fetchrow(ONE, today, who, name)
    return dict(row.items()) if row else None


async def page(
    connection: Connection, who: str, after: UUID | None, limit: int, today: date, *, closed: bool
) -> list[Row]:
    """What is not closed, the soonest due first; or what is, the newest first."""
    return _rows(await connection.fetch(CLOSED if closed else OPEN, today, who, after, limit))


async def listed(
    connection: Connection, who: str, over: tuple[datetime, datetime], limit: int, today: date
) -> list[Row]:
    """What was open at some time of a period."""
    return _rows(await connection.fetch(LISTED, today, who, *over, limit))


async def owners(connection: Connection, today: date) -> list[Row]:
    """What everybody answers for."""
    return _rows(await connection.fetch(OWNERS, today))


async def fix(connection: Connection, name: UUID, now: datetime, by: str, note: str) -> bool:
    """It is said to be done; False if that was said before."""
    return (await connection.execute(FIX, name, now, by, note)).endswith(" 1")


async def close(connection: Connection, name: UUID, now: datetime, by: str) -> bool:
    """Somebody else has seen that it is done; False if nobody says so, or it is one's own."""
    return (await connection.execute(CLOSE, name, now, by)).endswith(" 1")


async def give_back(connection: Connection, name: UUID, remark: str, by: str) -> bool:
    """It is not done; False as in `close`."""
    return (await connection.execute(RETURN, name, remark, by)).endswith(" 1")


async def counted(connection: Connection, over: tuple[datetime, datetime], today: date) -> list[Row]:
    """By division: found and closed in a time, and late at present."""
    return _rows(await connection.fetch(COUNTED, *over, today))


def _rows(found: Sequence[Any]) -> list[Row]:
    return [dict(row.items()) for row in found]
