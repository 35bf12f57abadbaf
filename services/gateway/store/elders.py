"""How elders are, and what is owed to them."""

from datetime import datetime
from typing import Any

from services.gateway.domain.wording import name_hint
from shared.runtime.database import Connection, Record

STATE = """
SELECT id AS elder, status, status_from, status_until, status_source, temp_address, temp_lat, temp_lon, temp_until,
       plan_until, break_in, dementia
FROM dispatch.elder WHERE id = $1
"""
OWED = """
SELECT c.incident_id AS incident, c.elder_id AS elder, e.name, c.division, i.closed_at, c.due_at, c.result, c.made_at
FROM dispatch.call_back c JOIN dispatch.incident i ON i.id = c.incident_id
LEFT JOIN dispatch.elder e ON e.id = c.elder_id
WHERE c.made_at IS NULL AND ($1 = '' OR (c.due_at, c.incident_id) > (
    SELECT p.due_at, p.incident_id FROM dispatch.call_back p WHERE p.incident_id = $1))
ORDER BY c.due_at, c.incident_id LIMIT $2
"""


async def state(connection: Connection, elder: str) -> dict[str, Any] | None:
    """One elder's status, temporary address and plan, if she is in scope."""
    row = await connection.fetchrow(STATE, elder)
    return dict(row.items()) if row else None


async def owed(connection: Connection, after: str, many: int, now: datetime) -> list[dict[str, Any]]:
    """Calls still to be made, the longest due first; `after` is the last incident of the page before."""
    return [_line(row, now) for row in await connection.fetch(OWED, after, many)]


def _line(row: Record, now: datetime) -> dict[str, Any]:
    line = dict(row.items())
    return {**line, "name_masked": name_hint(line.pop("name")), "overdue": row["due_at"] <= now}
