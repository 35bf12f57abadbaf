"""Who was refused at the broker's door: counted in memory, written once a second."""

import asyncio
import logging
from collections import Counter

import asyncpg

from services.devices.domain.newcomer import is_device_id
from services.devices.store import denials
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

NAMELESS = "<unknown>"
"""Whom Mosquitto before 2.0.12 or so refuses without saying whom; counted together."""
EVERY_S = 1.0
MOST = 1000
"""Different refusals kept in one second; a stranger who invents names fills no memory."""


class Denials:
    """Collects refusals from one door."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Know of none."""
        self._database = database
        self._clock = clock
        self._waiting: Counter[tuple[str, str]] = Counter()

    def note(self, device: str, why: str) -> None:
        """Count one; a name that no device can have is only logged."""
        logger.warning("authority.refused", extra={"device": device[:64], "why": why})
        known = (device, why) in self._waiting
        if (is_device_id(device) or device == NAMELESS) and (known or len(self._waiting) < MOST):
            self._waiting[device, why] += 1

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await woken(asyncio.Event(), EVERY_S)
            await self.flush()

    async def flush(self) -> None:
        """Write what has been counted; kept for later while the database is away."""
        counted, self._waiting = self._waiting, Counter()
        if not counted:
            return
        try:
            await denials.keep(self._database, counted, self._clock.now())
        except (*AWAY, asyncpg.PostgresError):
            logger.warning("authority.database_away", extra={"uncounted": len(counted)})
            self._waiting.update(counted)
