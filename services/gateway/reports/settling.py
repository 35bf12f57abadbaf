"""Days that are over are summed up in cells, and months from their days, while nobody is told anything else meanwhile.

A cell may stand only as long as no row of it changes. The reader's lock keeps rows as they are while they are summed.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime

from services.gateway.domain import sketch
from services.gateway.domain.response_times import HERE
from services.gateway.reports.counting import DIMS
from shared.runtime.database import Connection, Database, Record

DAYS_AT_ONCE = 8
"""Of one county."""
Cell = tuple[date, str, str, bytes]
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('report', 0))"
DAYS = """
SELECT county, day FROM report.day
WHERE NOT settled AND day < $1 AND county = (
    SELECT county FROM report.day WHERE NOT settled AND day < $1 ORDER BY county LIMIT 1)
ORDER BY day LIMIT $2
"""
MONTH = """
SELECT d.county, date_trunc('month', d.day)::date AS month FROM report.day d
WHERE d.day < date_trunc('month', $1::date) AND NOT EXISTS (
    SELECT FROM report.month m WHERE m.county = d.county AND m.since = date_trunc('month', d.day)::date)
GROUP BY 1, 2 HAVING bool_and(d.settled) LIMIT 1
"""
OF_DAYS = f"""
SELECT i.day AS since, x.dim, x.value, string_agg(i.keys, '') AS found
FROM report.incident i CROSS JOIN LATERAL (VALUES {", ".join(f"('{dim}', {sql})" for dim, sql in DIMS.items())})
    AS x(dim, value)
WHERE i.county = $1 AND i.day = ANY($2) AND i.recorded_at >= report.begins($2[1])
  AND i.recorded_at < report.begins($2[cardinality($2)] + 1)
GROUP BY 1, 2, 3
"""  # noqa: S608  our own columns
OF_MONTH = """
SELECT $2::date AS since, dim, value, string_agg(counts, '') AS found FROM report.cell
WHERE county = $1 AND span = 'day' AND since >= $2 AND since < $2 + interval '1 month' GROUP BY 2, 3
"""
WRITE = """
INSERT INTO report.cell (county, span, since, dim, value, counts)
SELECT $1, $2, * FROM unnest($3::date[], $4::text[], $5::text[], $6::bytea[])
"""


async def settle(database: Database, now: datetime, most: int = DAYS_AT_ONCE) -> bool:
    """Sum up some days of a county, or a month of it; whether there was anything to do. Reads the whole cell."""
    async with database.transaction() as connection:
        if not await connection.fetchval(LOCK):
            return False
        today = now.astimezone(HERE).date()
        return await _days(connection, today, most) or await _month(connection, today)


async def _days(connection: Connection, today: date, most: int) -> bool:
    days = await connection.fetch(DAYS, today, most)
    if not days:
        return False
    county, dates = days[0]["county"], [row["day"] for row in days]
    rows = await connection.fetch(OF_DAYS, county, dates)
    await _write(connection, county, "day", await asyncio.to_thread(_cells, rows, sketch.of_rows))
    await connection.execute("UPDATE report.day SET settled = true WHERE county = $1 AND day = ANY($2)", county, dates)
    return True


async def _month(connection: Connection, today: date) -> bool:
    month = await connection.fetchrow(MONTH, today)
    if month is None:
        return False
    rows = await connection.fetch(OF_MONTH, month["county"], month["month"])
    await _write(connection, month["county"], "month", await asyncio.to_thread(_cells, rows, sketch.of_cells))
    await connection.execute("INSERT INTO report.month VALUES ($1, $2)", month["county"], month["month"])
    return True


def _cells(rows: Sequence[Record], read: Callable[[bytes], sketch.Counts]) -> list[Cell]:
    return [(row["since"], row["dim"], row["value"], sketch.packed(read(row["found"]))) for row in rows]


async def _write(connection: Connection, county: str, span: str, cells: Sequence[Cell]) -> None:
    columns = [[cell[n] for cell in cells] for n in range(4)]
    await connection.execute(WRITE, county, span, *columns)
