"""Rows of lists that leave the house, within the scope of the transaction."""

from typing import Any
from uuid import UUID

from shared.runtime.database import Connection, Record

ROWS = {
    "elders": """
        SELECT e.id, e.name, CASE e.sex WHEN 'f' THEN '女' WHEN 'm' THEN '男' END, e.born, e.division, h.address,
               e.phone, CASE WHEN e.lives_alone THEN '是' ELSE '否' END, e.assessment, e.assessed_until::text, e.risk
        FROM dispatch.elder e JOIN dispatch.home h ON h.id = e.home_id
        WHERE e.status NOT IN ('moved', 'dead') ORDER BY e.division, e.id""",
    "contacts": """
        SELECT elder_id, ord, name, relation, phone, CASE WHEN has_key THEN '是' ELSE '否' END
        FROM dispatch.contact ORDER BY elder_id, ord""",
}
LISTED = """
SELECT id, sheet, within, reason, asked_name AS asked_by, asked_at, decided_name AS decided_by, decided_at, allowed,
       taken_at, asked_by = $3 AS mine
FROM dispatch.export WHERE $1::uuid IS NULL OR (asked_at, id) < (
    SELECT asked_at, id FROM dispatch.export WHERE id = $1)
ORDER BY asked_at DESC, id DESC LIMIT $2
"""


async def rows(connection: Connection, what: str) -> list[Record]:
    """The whole list."""
    return await connection.fetch(ROWS[what])


async def listed(connection: Connection, after: UUID | None, many: int, account: str) -> list[dict[str, Any]]:
    """Lists that were asked for; `mine` are the caller's."""
    return [dict(row.items()) for row in await connection.fetch(LISTED, after, many, account)]
