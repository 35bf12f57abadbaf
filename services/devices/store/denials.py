"""Refusals by device and reason. Names that the registry does not have are kept in a bounded number only."""

from collections.abc import Mapping
from datetime import datetime

from shared.runtime.database import Database

MOST_STRANGERS = 500

KEEP = """
INSERT INTO devices.denial AS d (device, why, county, count, first_at, last_at)
SELECT g.device, coalesce(CASE WHEN g.why = 'not_authorised' AND r.revoked_at IS NOT NULL THEN 'revoked' END,
                          CASE WHEN g.why = 'not_authorised' AND r.id IS NULL THEN 'unknown_device' END, g.why),
       coalesce(r.county, ''), g.count, $4, $4
FROM unnest($1::text[], $2::text[], $3::integer[]) AS g(device, why, count)
LEFT JOIN devices.device r ON r.id = g.device
ORDER BY 1, 2
ON CONFLICT (device, why) DO UPDATE
SET count = least(d.count::bigint + excluded.count, 2147483647), last_at = excluded.last_at, county = excluded.county
"""
FORGET_STRANGERS = """
DELETE FROM devices.denial WHERE (device, why) IN (
    SELECT device, why FROM devices.denial WHERE county = '' ORDER BY last_at DESC OFFSET $1)
"""


async def keep(database: Database, counted: Mapping[tuple[str, str], int], now: datetime) -> None:
    """Add to what is known; the county is the registry's, and empty for strangers."""
    async with database.transaction() as connection:
        devices, reasons = [device for device, _ in counted], [why for _, why in counted]
        await connection.execute(KEEP, devices, reasons, list(counted.values()), now)
        await connection.execute(FORGET_STRANGERS, MOST_STRANGERS)
