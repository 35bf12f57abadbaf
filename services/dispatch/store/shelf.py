"""What was put aside, with the words of whoever did it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.contracts.commands import Actor
from shared.runtime.database import Connection

KEEP = """
INSERT INTO dispatch.shelf (id, division, incident_id, faults, reason, by_account, by_name, at, until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
TAKE_DOWN = """
UPDATE dispatch.shelf s SET taken_down_at = $2
FROM dispatch.incident i
WHERE i.id = $1 AND s.taken_down_at IS NULL AND s.until > $2
  AND (s.incident_id = i.id OR s.faults && ARRAY(SELECT jsonb_object_keys(i.faults)))
"""
STANDING = """
SELECT DISTINCT ON (name) name, s.id::text, s.until FROM dispatch.shelf s, unnest(s.faults) AS name
WHERE s.taken_down_at IS NULL AND s.until > $2 AND s.faults && $1 ORDER BY name, s.until DESC
"""


async def keep(
    connection: Connection, shelf: UUID, about: tuple[str, str], faults: Sequence[str], reason: str, by: Actor,
    now: datetime, until: datetime,
) -> None:  # fmt: skip
    """Write down what is put aside; `about` is the division and the incident."""
    await connection.execute(KEEP, shelf, *about, list(faults), reason, by.account, by.name, now, until)


async def take_down(connection: Connection, incident: str, now: datetime) -> None:
    """Nothing of this incident is put aside any more."""
    await connection.execute(TAKE_DOWN, incident, now)


async def standing(connection: Connection, faults: Sequence[str], now: datetime) -> dict[str, tuple[str, datetime]]:
    """Which of these conditions are put aside, by which entry and until when."""
    rows = await connection.fetch(STANDING, list(faults), now)
    return {row["name"]: (row["id"], row["until"]) for row in rows}
