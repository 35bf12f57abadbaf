"""Forgets what is past its time, in pieces that hold nothing up; the log, which has no words of people, stays."""

from datetime import datetime

from services.gateway.store import retention as store
from shared.runtime.database import Database, set_scope
from shared.vocabulary.divisions import WHOLE_CELL

PIECE = 200


async def forget(database: Database, now: datetime) -> int:
    """Forget all that is due; how many rows that were."""
    return sum([await _table(database, table, now) for table in store.KEPT])


async def _table(database: Database, table: str, now: datetime) -> int:
    gone = 0
    while True:
        async with database.transaction() as connection:
            await set_scope(connection, WHOLE_CELL)
            many = await store.forget(connection, table, now, PIECE)
        gone += many
        if many < PIECE:
            return gone
