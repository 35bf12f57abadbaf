"""Samples of the circle of fifteen minutes, read and written within the transaction's scope."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.runtime.database import Connection

DUE = """
SELECT d.code FROM dispatch.division d WHERE length(d.code) = 6 AND NOT EXISTS (
    SELECT FROM gateway.circle c WHERE c.at = $1 AND c.division >= d.code AND c.division < d.code || ':')
ORDER BY d.code
"""
ADD = "INSERT INTO gateway.circle (division, at, elders, within) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
OLD = """
DELETE FROM gateway.circle WHERE (division, at) IN (
    SELECT division, at FROM gateway.circle WHERE at < $1 ORDER BY at LIMIT $2)
"""
HOURS = """
SELECT extract(isodow FROM report.local(c.at))::integer AS weekday,
       extract(hour FROM report.local(c.at))::integer AS hour,
       count(DISTINCT c.at) AS samples, sum(c.elders) AS elders, sum(c.within) AS within, max(c.at) AS last
FROM gateway.circle c
WHERE c.division >= $1 AND c.division < $1 || ':' AND c.at >= $2 AND c.at < $3
GROUP BY 1, 2 ORDER BY 1, 2
"""


async def due(connection: Connection, hour: datetime) -> list[str]:
    """Counties of which nothing is known for an hour."""
    return [row["code"] for row in await connection.fetch(DUE, hour)]


async def add(connection: Connection, hour: datetime, counted: Iterable[tuple[str, int, int]]) -> None:
    """Keep how many elders live in each division, and how many within reach; the first sample of an hour stays."""
    await connection.executemany(ADD, [(division, hour, elders, within) for division, elders, within in counted])


async def forget(connection: Connection, before: datetime, limit: int) -> None:
    """Delete so many of the samples from before an instant."""
    await connection.execute(OLD, before, limit)


async def hours(connection: Connection, division: str, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Sums over a period by hour of the week, and the last sample of each."""
    return [dict(row.items()) for row in await connection.fetch(HOURS, division, since, until)]
