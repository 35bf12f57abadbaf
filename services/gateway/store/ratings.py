"""What was thought of calls for help and visits of a division; the connection's scope is the caller's."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from shared.runtime.database import Connection
from shared.vocabulary.divisions import Division

PARTS: Mapping[str, str] = {
    "provider": "coalesce(said.provider, '')",
    "month": "to_char(said.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')",
    "source": "said.source",
}
"""By what lines are told apart."""
FIRST = """
LEFT JOIN LATERAL (
    SELECT p.provider_id FROM dispatch.assignment a JOIN dispatch.responder p ON p.id = a.responder_id
    WHERE a.incident_id = {incident} AND a.role <> 'backup' AND a.arrived_at IS NOT NULL
    ORDER BY a.arrived_at, a.id LIMIT 1) AS first ON true
"""
"""Who was at the door first answers for a call."""
RATED = f"""
SELECT {{part}} AS part, said.answer, count(*) AS many FROM (
    SELECT r.at, r.rating::text AS answer, CASE WHEN u.role = 'elder' THEN 'elder' ELSE 'family' END AS source,
           coalesce(o.provider_id, first.provider_id) AS provider
    FROM gateway.rating r JOIN gateway.account u ON u.id = r.account_id
    LEFT JOIN dispatch.service_order o ON o.id = r.about
    {FIRST.format(incident="r.about")}
    WHERE r.at >= $1 AND r.at < $2 AND starts_with(r.division, $3)
    UNION ALL
    SELECT o.closed_at, o.rating::text, 'call_back', o.provider_id FROM dispatch.service_order o
    WHERE o.rating IS NOT NULL AND o.closed_at >= $1 AND o.closed_at < $2 AND starts_with(o.division, $3)
) AS said GROUP BY 1, 2
"""  # noqa: S608  constants
CALLED = f"""
SELECT {{part}} AS part, said.answer, count(*) AS many FROM (
    SELECT c.due_at AS at, c.result AS answer, 'call' AS source, first.provider_id AS provider
    FROM dispatch.call_back c {FIRST.format(incident="c.incident_id")}
    WHERE c.due_at >= $1 AND c.due_at < $2 AND c.result IS NOT NULL AND starts_with(c.division, $3)
    UNION ALL
    SELECT o.fulfilled_at, o.callback_result, 'order', o.provider_id FROM dispatch.service_order o
    WHERE o.callback_result IS NOT NULL AND o.fulfilled_at >= $1 AND o.fulfilled_at < $2
      AND starts_with(o.division, $3)
) AS said GROUP BY 1, 2
"""  # noqa: S608  constants
NAMES = "SELECT id, name FROM dispatch.provider WHERE id = ANY($1)"

Found = dict[str, Counter[str]]
Period = tuple[datetime, datetime]


async def rated(connection: Connection, by: str, over: Period, code: Division) -> Found:
    """How many gave each star, by part: on their pages when they last did, and when a call-back closed a visit."""
    return await _counted(connection, RATED, by, over, code)


async def called(connection: Connection, by: str, over: Period, code: Division) -> Found:
    """How call-backs ended, by part: those after calls for help that fell due in the time, and after visits in it."""
    return await _counted(connection, CALLED, by, over, code)


async def _counted(connection: Connection, sql: str, by: str, over: Period, code: Division) -> Found:
    found: Found = defaultdict(Counter)
    for row in await connection.fetch(sql.format(part=PARTS[by]), *over, code):
        found[row["part"]][row["answer"]] = row["many"]
    return found


async def names(connection: Connection, providers: list[str]) -> dict[str, str]:
    """What providers are called."""
    return {row["id"]: row["name"] for row in await connection.fetch(NAMES, providers)}
