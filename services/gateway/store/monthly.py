"""What the month's table counts, by division. The connection's scope is the division asked about."""

from datetime import date, datetime
from typing import Any

from services.gateway.store import complaints, fleet, hazards
from services.gateway.store.indicators import NOISE
from services.gateway.store.supervision import CALLS_FOR_HELP
from shared.runtime.database import Connection

ELDERS = """
SELECT division, count(*) AS elders, count(*) FILTER (WHERE eighty) AS eighty,
       count(*) FILTER (WHERE special) AS special, count(*) FILTER (WHERE special AND seen) AS visited,
       count(*) FILTER (WHERE served) AS served
FROM dispatch.in_care($1, $2, $3) GROUP BY 1
"""
CALLS = f"""
SELECT i.division, count(*) AS calls,
       count(*) FILTER (WHERE i.taken_at - i.opened_at <= interval '30 seconds') AS answered_30,
       count(*) FILTER (WHERE i.arrived_at - i.opened_at <= interval '15 minutes') AS door_15,
       count(*) FILTER (WHERE i.device_id IS NOT NULL AND i.outcome IN {NOISE}) AS false
FROM dispatch.incident i WHERE i.opened_at >= $1 AND i.opened_at < $2 AND {CALLS_FOR_HELP} GROUP BY 1
"""  # noqa: S608  constants
CALL_BACKS = f"""
SELECT c.division, count(*) AS call_backs, count(*) FILTER (WHERE c.made_at <= c.due_at) AS called_back
FROM dispatch.call_back c JOIN dispatch.incident i ON i.id = c.incident_id
WHERE c.due_at >= $1 AND c.due_at < $2 AND c.due_at <= $3 AND {CALLS_FOR_HELP} GROUP BY 1
"""  # noqa: S608  a constant
OPINIONS = """
SELECT division, count(*) AS rated, count(*) FILTER (WHERE rating >= 4) AS content
FROM (
    SELECT division, rating FROM gateway.rating WHERE at >= $1 AND at < $2
    UNION ALL
    SELECT division, rating FROM dispatch.service_order
    WHERE rating IS NOT NULL AND closed_at >= $1 AND closed_at < $2
) AS said GROUP BY 1
"""
HAZARDS = {"found": "hazards", "closed": "closed", "late": "hazards_late"}


async def counted(
    connection: Connection, over: tuple[datetime, datetime], now: datetime, today: date
) -> list[dict[str, Any]]:
    """Lines with a division and some of the counts; several lines may be of one division."""
    elders = await connection.fetch(ELDERS, now, *over)
    calls = await connection.fetch(CALLS, *over)
    called = await connection.fetch(CALL_BACKS, *over, now)
    said = await connection.fetch(OPINIONS, *over)
    things = await fleet.counted(connection, now)
    risks = await hazards.counted(connection, over, today)
    return [
        *(dict(row.items()) for row in (*elders, *calls, *called, *said)),
        *({"division": one["division"], "devices": one["devices"], "online": one["online"]} for one in things),
        *await complaints.counted(connection, over, now),
        *({"division": one["division"], **{HAZARDS[name]: one[name] for name in HAZARDS}} for one in risks),
    ]
