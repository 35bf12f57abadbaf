"""Test windows, and the place of a device that somebody speaks of."""

from datetime import datetime

from shared.runtime.database import Connection

DIVISION = "SELECT division FROM devices.device WHERE id = $1 AND starts_with(division, $2)"
COUNTY = "SELECT county FROM devices.device WHERE id = $1 AND starts_with(division, $2)"
CLOSE = "UPDATE devices.test_window SET until_at = $2 WHERE device_id = $1 AND until_at > $2 AND opened_at < $2"
OPEN = """
INSERT INTO devices.test_window (device_id, opened_at, until_at, opened_by) VALUES ($1, $2, $3, $4)
ON CONFLICT (device_id, opened_at) DO UPDATE SET until_at = excluded.until_at
"""


async def division_of(connection: Connection, device: str, scope: str) -> str | None:
    """Division of a device within the scope; None if there is no such device there."""
    found: str | None = await connection.fetchval(DIVISION, device, scope)
    return found


async def county_of(connection: Connection, device: str, scope: str) -> str | None:
    """County in a device's topics, if it lies within the scope."""
    found: str | None = await connection.fetchval(COUNTY, device, scope)
    return found


async def open_window(connection: Connection, device: str, now: datetime, until: datetime, by: str) -> None:
    """Open a window in place of one that is open: presses are counted anew."""
    await connection.execute(CLOSE, device, now)
    await connection.execute(OPEN, device, now, until, by)
