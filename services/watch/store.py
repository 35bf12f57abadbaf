"""What the watch reads, and how it raises the platform's own alarm."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.contracts.events import WatchBreach
from shared.runtime import log
from shared.runtime.database import Connection, Record
from shared.runtime.log import NewEvent
from shared.vocabulary.ids import uuid7

PIECE = 500

LATE_ALARMS = """
SELECT g.alarm_id, g.division, r.device_id, raised.body AS alarm
FROM devices.guard g JOIN devices.raw_event r ON r.id = g.alarm_id
LEFT JOIN LATERAL (
    SELECT e.body FROM log.event e
    WHERE e.stream = 'device' AND e.stream_id = r.device_id AND e.tag = 'alarm.raised'
      AND e.body->>'alarm' = g.alarm_id::text LIMIT 1) AS raised ON true
WHERE g.due_at <= $1 AND NOT EXISTS (SELECT FROM dispatch.alarm a WHERE a.id = g.alarm_id)
  AND raised.body->'canary' IS DISTINCT FROM 'true'
ORDER BY g.due_at LIMIT 100
"""
"""Nobody is in need behind a canary: what is wrong with its way is told as `canary_missing`, and only once."""
KEPT_GUARDS = """
DELETE FROM devices.guard WHERE alarm_id IN (
    SELECT g.alarm_id FROM devices.guard g
    WHERE EXISTS (SELECT FROM dispatch.alarm a WHERE a.id = g.alarm_id) LIMIT $1)
"""
NO_DEADLINE = """
SELECT i.id, i.division FROM dispatch.incident i
LEFT JOIN LATERAL (SELECT true AS waits FROM dispatch.deadline d WHERE d.incident_id = i.id LIMIT 1) d ON true
WHERE i.state NOT IN ('closed', 'false_alarm', 'merged') AND NOT i.canary AND d.waits IS NULL LIMIT 100
"""
"""Each is looked up by itself: a plan made for few would lay every incident beside every wait when they are many."""
OVERDUE = """
SELECT DISTINCT d.incident_id AS id, i.division FROM dispatch.deadline d
JOIN dispatch.incident i ON i.id = d.incident_id WHERE d.due_at < $1 AND NOT i.canary
UNION SELECT m.incident_id, m.division FROM dispatch.message m WHERE m.due_at < $1 AND m.incident_id IS NOT NULL
LIMIT 100
"""
HOUSE_OVERDUE = """
SELECT w.kind, w.target, coalesce(m.division, w.target) AS division
FROM dispatch.house_wait w LEFT JOIN dispatch.mass_event m ON m.id::text = w.target WHERE w.due_at < $1
UNION ALL SELECT w.kind, w.order_id, w.county FROM dispatch.order_wait w WHERE w.due_at < $1
LIMIT 100
"""
"""Lists, modes, seats and orders: a target that is no event and no order is a division."""
BEHIND = "SELECT name FROM log.behind($1) AS name"
DEAD = "SELECT follower, event_id, tag, reason, division FROM log.dead_letter WHERE at > $1 ORDER BY at LIMIT 100"


async def late_alarms(connection: Connection, now: datetime) -> Sequence[Record]:
    """Alarms whose guard deadline passed without an incident."""
    return await connection.fetch(LATE_ALARMS, now)


async def release_guards(connection: Connection) -> None:
    """Take away the guards of alarms that have their incident."""
    await connection.execute(KEPT_GUARDS, PIECE)


async def without_deadline(connection: Connection) -> Sequence[Record]:
    """Live incidents that nothing would ever wake."""
    return await connection.fetch(NO_DEADLINE)


async def overdue(connection: Connection, now: datetime, late: timedelta) -> Sequence[Record]:
    """Incidents with a wait that nobody handled in time."""
    return await connection.fetch(OVERDUE, now - late)


async def house_overdue(connection: Connection, now: datetime, slack: timedelta) -> Sequence[Record]:
    """Waits of lists, modes, seats and orders that nobody has worked."""
    return await connection.fetch(HOUSE_OVERDUE, now - slack)


async def behind(connection: Connection, now: datetime, late: timedelta) -> Sequence[Record]:
    """Followers with an event of theirs left lying."""
    return await connection.fetch(BEHIND, now - late)


async def dead_letters(connection: Connection, since: datetime) -> Sequence[Record]:
    """Events that were given up."""
    return await connection.fetch(DEAD, since)


async def raise_breaches(connection: Connection, breaches: Sequence[tuple[WatchBreach, str]], now: datetime) -> None:
    """Append each breach for its division; the gateway rings the desk with it."""
    await log.lock(connection, {f"watch/{b.check}" for b, _ in breaches})
    events = [
        NewEvent(uuid7(now), "watch", b.check, "watch.breach", b.model_dump(mode="json"), division, "watch:checks")
        for b, division in breaches
    ]
    await log.append(connection, events, now)


async def make_partitions(connection: Connection, now: datetime) -> None:
    """Keep three months of log partitions ahead."""
    await connection.execute("SELECT log.make_partitions($1, 3)", now)
