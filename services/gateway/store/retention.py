"""What is kept only for so long, and how a piece of it is forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from shared.runtime.database import Connection

HALF_A_YEAR, TWO_YEARS, THREE_YEARS = timedelta(days=183), timedelta(days=731), timedelta(days=1096)
KEPT: Mapping[str, tuple[str, timedelta]] = MappingProxyType(
    {
        "dispatch.phone_call": ("recorded_at", HALF_A_YEAR),
        "dispatch.message": ("wanted_at", HALF_A_YEAR),
        "gateway.evidence": ("at", TWO_YEARS),
        "gateway.nudge": ("at", TWO_YEARS),
        "gateway.visit_check": ("at", TWO_YEARS),
        "gateway.complaint": ("at", THREE_YEARS),
        "gateway.access": ("at", THREE_YEARS),
    }
)
"""Tables with words, numbers or pictures of people, by which time a row is old, and when."""
FORGET = """
DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {at} < $1 ORDER BY {at} LIMIT $2))
"""


async def forget(connection: Connection, table: str, now: datetime, most: int) -> int:
    """Delete so many of the oldest rows that are past their time; how many there were."""
    at, kept = KEPT[table]
    done = await connection.execute(FORGET.format(table=table, at=at), now - kept, most)
    return int(done.rpartition(" ")[2])
