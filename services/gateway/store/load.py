"""What rings at desks, who sits there, what is put aside; read within the scope of the connection."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.gateway.domain.load import STALE
from shared.runtime.database import Connection, Record

AT_MOST = 20_000
RINGS_AT_A_DESK = "NOT i.drill AND NOT i.canary AND (i.kind <> 'order' OR i.rung > 0)"
RINGING = f"""
SELECT i.opened_at AS at, i.id, i.division, i.kind, coalesce(i.device_id, i.subject) AS source, i.outcome
FROM dispatch.incident i WHERE i.opened_at > {{since}} AND {RINGS_AT_A_DESK}
UNION ALL
SELECT a.at, i.id, i.division, a.kind, coalesce(nullif(a.device_id, ''), i.subject), i.outcome
FROM dispatch.alarm a JOIN dispatch.incident i ON i.id = a.incident_id
WHERE a.at > {{since}} AND a.at > i.opened_at AND {RINGS_AT_A_DESK}
"""  # noqa: S608  a constant
RINGS = f"SELECT * FROM ({RINGING.format(since='$1')}) AS r ORDER BY at DESC LIMIT $2"  # noqa: S608  a constant
COUNTED = f"""
SELECT p.division, d.name, f.began_at, (
    SELECT count(*) FROM ({RINGING.format(since="$1")}) AS r WHERE starts_with(r.division, p.division)) AS alarms
FROM (SELECT DISTINCT division FROM dispatch.seat UNION SELECT division FROM gateway.flood WHERE ended_at IS NULL) AS p
LEFT JOIN dispatch.division d ON d.code = p.division
LEFT JOIN gateway.flood f ON f.division = p.division AND f.ended_at IS NULL
"""  # noqa: S608  a constant
WAITS = f"""
SELECT i.id, i.division, i.priority, i.opened_at, coalesce(i.taken_at, i.closed_at) AS ended
FROM dispatch.incident i
WHERE {RINGS_AT_A_DESK} AND i.shelved_until IS NULL AND i.state <> 'merged'
  AND (i.opened_at > $1 OR (i.taken_at IS NULL AND i.closed_at IS NULL))
ORDER BY i.priority, i.opened_at, i.id
"""  # noqa: S608  a constant
SEATS = """
SELECT s.account, s.name, s.division, d.name AS area, s.since, x.heard_at, x.silent_at, f.began_at,
       (SELECT count(*) FROM dispatch.incident i WHERE i.taken_by = s.account
        AND i.state NOT IN ('closed', 'false_alarm', 'merged')) AS held,
       (SELECT count(*) FROM dispatch.incident i WHERE i.taken_by = s.account AND i.opened_at > $1) AS claimed
FROM dispatch.seat s
LEFT JOIN dispatch.division d ON d.code = s.division
LEFT JOIN gateway.seat_sound x ON x.account = s.account
LEFT JOIN gateway.flood f ON f.division = s.division AND f.ended_at IS NULL
WHERE starts_with(s.division, (SELECT log.scope())) OR s.account = $2
ORDER BY s.division, s.since
"""
STANDING = f"""
SELECT i.id AS incident, i.kind, i.priority, i.division, i.opened_at FROM dispatch.incident i
WHERE i.opened_at < $1 AND i.state NOT IN ('closed', 'false_alarm', 'merged') AND {RINGS_AT_A_DESK}
ORDER BY i.opened_at LIMIT 50
"""  # noqa: S608  a constant
SHELF = """
SELECT s.id AS shelf, s.incident_id AS incident, s.faults, s.division, s.reason, s.by_name AS by, s.at, s.until,
       coalesce(h.address, '') AS place,
       (SELECT count(*) FROM dispatch.shelf o
        WHERE o.faults && s.faults AND o.at > $1::timestamptz - interval '30 days') AS times
FROM dispatch.shelf s JOIN dispatch.incident i ON i.id = s.incident_id LEFT JOIN dispatch.home h ON h.id = i.home_id
WHERE s.taken_down_at IS NULL AND s.until > $1 ORDER BY s.until, s.id LIMIT 200
"""


async def rings(connection: Connection, since: datetime, most: int = AT_MOST) -> list[Record]:
    """What rang at desks after `since`, the newest first; at most so many."""
    return list(await connection.fetch(RINGS, since, most))


async def counted(connection: Connection, since: datetime) -> list[Record]:
    """Alarms since then at each desk with a seat, with the flood that is on there."""
    return list(await connection.fetch(COUNTED, since))


async def waits(connection: Connection, since: datetime) -> list[Record]:
    """Incidents and until when they waited for a seat, the most urgent first; None: still."""
    return list(await connection.fetch(WAITS, since))


async def seats(connection: Connection, since: datetime, account: str) -> list[Record]:
    """Seats on duty in scope, and this one."""
    return list(await connection.fetch(SEATS, since, account))


async def stale(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """What has stood for more than a day, the oldest first."""
    return [dict(row.items()) for row in await connection.fetch(STANDING, now - STALE)]


async def shelf(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """What is put aside at present."""
    return [_shelved(row) for row in await connection.fetch(SHELF, now)]


def _shelved(row: Record) -> dict[str, Any]:
    line: dict[str, Any] = dict(row.items())
    devices, _, kinds = zip(*(name.rpartition("/") for name in line.pop("faults")), strict=True)
    return line | {"device": devices[0], "kinds": sorted(set(kinds))}


BEGIN = "INSERT INTO gateway.flood (division, began_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING began_at"
END = "UPDATE gateway.flood SET ended_at = $2 WHERE division = $1 AND ended_at IS NULL RETURNING began_at"


async def mark(connection: Connection, division: str, now: datetime, *, begins: bool) -> datetime | None:
    """Write down that a flood begins or ends; answers since when it is or was, None if that is known already."""
    began: datetime | None = await connection.fetchval(BEGIN if begins else END, division, now)
    return began


HEARD = """
INSERT INTO gateway.seat_sound AS x (account, opened_at, heard_at)
SELECT a, $3::timestamptz, CASE WHEN ok THEN $3::timestamptz END FROM unnest($1::text[], $2::boolean[]) AS t(a, ok)
ON CONFLICT (account) DO UPDATE SET heard_at = coalesce(excluded.heard_at, x.heard_at)
"""
CHANGED = """
SELECT s.account, s.name, s.division, x.silent_at, greatest(x.heard_at, x.opened_at, s.since) AS since
FROM dispatch.seat s JOIN gateway.seat_sound x ON x.account = s.account
WHERE (x.silent_at IS NULL AND greatest(x.heard_at, x.opened_at, s.since) < $1)
   OR (x.silent_at IS NOT NULL AND x.heard_at >= $1)
"""
SILENT = "UPDATE gateway.seat_sound SET silent_at = $2 WHERE account = $1 AND silent_at IS NULL RETURNING account"
AUDIBLE = (
    "UPDATE gateway.seat_sound SET silent_at = NULL WHERE account = $1 AND silent_at IS NOT NULL RETURNING account"
)
GONE = """
DELETE FROM gateway.seat_sound x WHERE NOT EXISTS (SELECT FROM dispatch.seat s WHERE s.account = x.account)
  AND coalesce(x.heard_at, x.opened_at) < $1
"""


async def heard(connection: Connection, here: Sequence[tuple[str, bool]], now: datetime) -> None:
    """Write down which desk accounts have a screen open, and whether it can be heard."""
    await connection.execute(HEARD, [one for one, _ in here], [ok for _, ok in here], now)


async def changed(connection: Connection, before: datetime) -> list[Record]:
    """Seats on duty that were last heard before that and are not known to be silent, and those heard again since."""
    return list(await connection.fetch(CHANGED, before))


async def silence(connection: Connection, account: str, since: datetime | None) -> bool:
    """Write down that a seat is silent since then, or (None) heard again; whether that is news."""
    if since is None:
        return await connection.fetchval(AUDIBLE, account) is not None
    return await connection.fetchval(SILENT, account, since) is not None


async def forget(connection: Connection, before: datetime) -> None:
    """Screens of those who are not on duty, last heard before that."""
    await connection.execute(GONE, before)
