"""What became of the presses of a device nobody wears. The connection reads the whole cell."""

from datetime import datetime, timedelta
from typing import Any

from shared.runtime.database import Connection

ROUNDS = """
SELECT i.opened_at AS at, i.division,
       (SELECT min(a.accepted_at) FROM dispatch.assignment a WHERE a.incident_id = i.id) - i.opened_at AS took
FROM dispatch.incident i WHERE i.canary AND i.opened_at >= $1 AND i.opened_at < $2
"""
LATELY = f"""
SELECT max(at) AS last_at,
       percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM took) * 1000) AS took_ms
FROM ({ROUNDS}) AS r WHERE took <= $3
"""  # noqa: S608  a constant
MINUTES = f"""
SELECT date_trunc('minute', at) AS minute, division FROM ({ROUNDS}) AS r WHERE took <= $3 GROUP BY 1, 2
"""  # noqa: S608  a constant
FIRST = "SELECT min(opened_at) FROM dispatch.incident WHERE canary"
THROUGH = f"""
SELECT count(*) FROM (SELECT minute FROM ({MINUTES}) AS m GROUP BY minute
    HAVING count(*) = (SELECT count(DISTINCT division) FROM dispatch.incident
                       WHERE canary AND opened_at >= $1 AND opened_at < $2)) AS whole
"""  # noqa: S608  constants


async def lately(connection: Connection, since: datetime, until: datetime, limit: timedelta) -> dict[str, Any]:
    """The last round that came back within the limit, and how many milliseconds they took (median, 99th)."""
    row = await connection.fetchrow(LATELY, since, until, limit)
    return dict(row.items()) if row else {}


async def first(connection: Connection) -> datetime | None:
    """Since when there are rounds."""
    found: datetime | None = await connection.fetchval(FIRST)
    return found


async def through(connection: Connection, since: datetime, until: datetime, limit: timedelta) -> int:
    """Minutes in which every county that is probed had a round that came back."""
    return int(await connection.fetchval(THROUGH, since, until, limit))
