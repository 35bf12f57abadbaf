"""What devices were last told, and what they have not heard yet."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from services.devices.domain.told import News, Placed, Told
from services.devices.store.alarms import told_of
from shared.runtime.database import Connection, Database

OVERDUE = timedelta(seconds=1)
AT_ONCE = 200

TELL = """
SELECT device_id AS device, county, eid, rev, stage, incident, rx, who, eta_s, say, signed
FROM devices.tell($1, $2, $3, $4)
"""
UNHEARD = """
SELECT device_id AS device, county, eid, rev, stage, incident, rx, who, eta_s, say, signed
FROM devices.receipt WHERE sent_rev < rev AND stage > 1 AND changed_at <= $1 ORDER BY changed_at LIMIT $2
"""
HEARD = """
UPDATE devices.receipt r SET sent_rev = s.rev
FROM unnest($1::text[], $2::text[], $3::integer[]) AS s(device, eid, rev)
WHERE r.device_id = s.device AND r.eid = s.eid AND r.sent_rev < s.rev
"""


async def tell(connection: Connection, placed: Sequence[Placed], news: Sequence[News], now: datetime) -> list[Told]:
    """Advance receipts within the caller's transaction; returns those with something new."""
    rows = await connection.fetch(
        TELL, [p.alarm for p in placed], [p.incident for p in placed], [asdict(item) for item in news], now
    )
    return [told_of(row) for row in rows]


async def unheard(database: Database, now: datetime) -> list[Told]:
    """Receipts that nobody confirmed for a second: their sender was killed, or the broker was away."""
    rows = await database.pool.fetch(UNHEARD, now - OVERDUE, AT_ONCE)
    return [told_of(row) for row in rows]


async def heard(database: Database, told: Sequence[Told]) -> None:
    """The broker has confirmed these."""
    if told:
        await database.pool.execute(HEARD, [t.device for t in told], [t.eid for t in told], [t.rev for t in told])
