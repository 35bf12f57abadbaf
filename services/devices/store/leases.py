"""Work that one worker does for all: a row with an end, renewed by its holder."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg

from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

TERM = timedelta(seconds=3)
RENEW_S = 1.0

TAKE = """
INSERT INTO devices.lease AS l (name, holder, until) VALUES ($1, $2, $4)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE l.holder = excluded.holder OR l.until < $3
RETURNING true
"""
GIVE = "DELETE FROM devices.lease WHERE name = $1 AND holder = $2"


class Lease:
    """Runs `work` while this holder has the lease `name`, and cancels it when the lease is lost."""

    def __init__(self, database: Database, clock: Clock, name: str, holder: str) -> None:
        """Describe the lease; `run` competes for it."""
        self._database = database
        self._clock = clock
        self._name = name
        self._holder = holder
        self._work: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Compete for ever."""
        try:
            while True:
                await self._follow(work, held=await self._taken())
                await woken(asyncio.Event(), RENEW_S)
        finally:
            await self._give_back()

    async def _taken(self) -> bool:
        now = self._clock.now()
        try:
            return bool(await self._database.pool.fetchval(TAKE, self._name, self._holder, now, now + TERM))
        except (*AWAY, asyncpg.PostgresError):
            return False

    async def _follow(self, work: Callable[[], Awaitable[None]], *, held: bool) -> None:
        if self._work is not None and self._work.done():
            await self._work
        if held and self._work is None:
            logger.info("lease.taken", extra={"lease": self._name})
            self._work = asyncio.ensure_future(work())
        elif not held and self._work is not None:
            logger.warning("lease.lost", extra={"lease": self._name})
            await self._stop()

    async def _stop(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work.cancel()
            await asyncio.wait({work})

    async def _give_back(self) -> None:
        await self._stop()
        try:
            await self._database.pool.execute(GIVE, self._name, self._holder, timeout=1)
        except (*AWAY, asyncpg.PostgresError):
            logger.warning("lease.kept", extra={"lease": self._name})
