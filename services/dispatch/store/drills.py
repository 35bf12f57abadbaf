"""Who takes part in a drill."""

from collections.abc import Sequence
from datetime import datetime

from shared.runtime.database import Connection

KEEP = """
INSERT INTO dispatch.drill (incident_id, division, people, by_account, by_name, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (incident_id) DO UPDATE SET people = (
    SELECT array_agg(DISTINCT who ORDER BY who) FROM unnest(drill.people || excluded.people) AS who)
"""


async def keep(
    connection: Connection, incident: str, division: str, people: Sequence[str], by: tuple[str, str], now: datetime
) -> None:
    """Write the list of a drill; one that is joined gets the new names besides. `by` is account and name."""
    await connection.execute(KEEP, incident, division, list(people), *by, now)
