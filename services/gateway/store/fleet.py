"""Devices in use, counted. The connection's scope is the division asked about."""

from datetime import datetime
from typing import Any

from shared.runtime.database import Connection

COUNTED = "SELECT * FROM devices.counted($1)"


async def counted(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """Devices by division, model and kind: how many, and how many of them are how."""
    return [dict(row.items()) for row in await connection.fetch(COUNTED, now)]
