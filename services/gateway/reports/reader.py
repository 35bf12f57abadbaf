"""The read model is kept by looking into the log about once a second; the database does the work."""

import asyncio
import logging
from datetime import timedelta

import asyncpg

from services.gateway.reports.settling import DAYS_AT_ONCE, settle
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

EVERY_S = 1.0
BEHIND_S = 0.05
AT_ONCE = 1000
"""Events a look: what they change is written within some 50 ms, and nobody else waits longer for the horizon."""
SETTLE_EVERY = timedelta(seconds=10)


class Reader:
    """Reads on for ever; several processes may try, one of them does it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`database` reads the whole cell."""
        self._database = database
        self._clock = clock
        self._settled_at = clock.now()
        self._share = 1.0

    async def run(self) -> None:
        """Look for ever, at once again while more lies there; whatever goes wrong here stops nobody else."""
        while True:
            more = False
            try:
                more = await self.look() > 0 or await self._settle()
                self._share = min(1.0, self._share * 2)
            except AWAY:
                logger.warning("reports.database_away")
                self._share /= 2  # it may have been too much for one transaction's time
            except asyncpg.PostgresError:
                logger.exception("reports.failed")
            await woken(asyncio.Event(), BEHIND_S if more else EVERY_S)

    async def look(self) -> int:
        """One look; how many events there were, 0 when that was the last of them."""
        most = max(1, int(AT_ONCE * self._share))
        many = await self._database.pool.fetchval("SELECT report.follow($1, $2)", most, self._clock.now())
        return int(many) if many == most else 0

    async def _settle(self) -> bool:
        """What is over is summed up now and then, and without a pause until nothing is left."""
        now = self._clock.now()
        if now - self._settled_at < SETTLE_EVERY:
            return False
        if await settle(self._database, now, max(1, int(DAYS_AT_ONCE * self._share))):
            return True
        self._settled_at = now
        return False
