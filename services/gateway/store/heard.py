"""Alarms that no incident has taken in yet."""

from collections.abc import Collection
from uuid import UUID

from services.gateway.domain.heard import Word, word
from shared.runtime.database import Connection, Database

UNANSWERED = """
SELECT u.division, u.at, raised.body,
       (SELECT e.name FROM dispatch.elder e WHERE e.id = raised.body->>'elder') AS name,
       (SELECT h.address FROM dispatch.home h WHERE h.id = raised.body->>'home') AS address
FROM devices.unanswered($1, $2) u
CROSS JOIN LATERAL (
    SELECT v.body FROM log.event v
    WHERE v.stream = 'device' AND v.stream_id = u.device AND v.recorded_at = u.at
      AND v.tag = 'alarm.raised' AND v.body->>'alarm' = u.alarm::text LIMIT 1) AS raised
"""
"""Names are looked up one by one: a plan made for many would read every elder at each look."""
TAKEN_IN = "SELECT id FROM dispatch.alarm WHERE id = ANY($1)"


async def unanswered(database: Database, known: Collection[UUID], at_most: int) -> list[Word]:
    """Those beside the known ones, oldest first. The connections' scope is the whole cell."""
    rows = await database.pool.fetch(UNANSWERED, known, at_most)
    return [word(row["body"], row["division"], row["at"], row["name"], row["address"]) for row in rows]


async def taken_in(connection: Connection, alarms: Collection[UUID]) -> list[UUID]:
    """Which of these are in an incident by now."""
    return [row["id"] for row in await connection.fetch(TAKEN_IN, alarms)]
