"""Forgets, once a day, the words of messages that are half a year old, in pieces that hold no alarm up."""

import asyncio
import logging
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from services.devices.store import retention as store
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

KEPT = timedelta(days=183)
PIECE = 200
PAUSE_S = 0.05
EVERY_S = 86_400
NONE = UUID(int=0)


async def keep_forgetting(database: Database, clock: Clock) -> None:
    """Forget for ever; by one worker at a time."""
    above = NONE
    while True:
        try:
            above = await forget(database, clock.now(), above)
        except (*AWAY, asyncpg.PostgresError):
            logger.warning("retention.database_away")
        await woken(asyncio.Event(), EVERY_S)


async def forget(database: Database, now: datetime, above: UUID = NONE) -> UUID:
    """Forget what is due among alarms above an id; the newest of them, above which the next time begins."""
    while (last := await _piece(database, above, now - KEPT)) is not None:
        above = last
        await woken(asyncio.Event(), PAUSE_S)
    while await _strays(database, now - KEPT) == PIECE:
        await woken(asyncio.Event(), PAUSE_S)
    return above


async def _piece(database: Database, above: UUID, before: datetime) -> UUID | None:
    async with database.transaction() as connection:
        return await store.forget(connection, above, before, PIECE)


async def _strays(database: Database, before: datetime) -> int:
    async with database.transaction() as connection:
        return await store.forget_strays(connection, before, PIECE)
