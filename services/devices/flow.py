"""The story of one press.

A device publishes an alarm and repeats it until we answer. Both workers receive it. A worker takes whatever arrived
while it was busy with the last commit, reads each message forgivingly (`domain.alarm`) and stores the lot in one
statement: the registry says whose alarm it is, `alarm.raised` goes into the log, and a guard is set by which an
incident must exist. Only after the commit do the devices hear `recorded`, only then does the broker get its PUBACK
(`intake.alarms`). The second worker's copy, a repetition and a redelivery all fold into the first, and are told how
far help has come. What can't be read rings flagged; what can't be placed or stored is set aside and shown to the
desk. While the database is away nothing is acknowledged, so nothing is lost.

Help then advances in dispatch; the log tells us (`intake.news`), and the button hears seen, accepted, arrived, closed.
"""

import asyncio
import logging
from collections.abc import Sequence

from services.devices.domain.alarm import Alarm
from services.devices.domain.quarantine import Stray, Why, stray
from services.devices.outbox import Receipts
from services.devices.store.alarms import AlarmStore, Outcome, is_away
from services.devices.store.quarantine import set_aside
from shared.runtime.clock import Clock, woken
from shared.runtime.database import Database
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)

Reading = Alarm | Stray

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0


class AlarmFlow:
    """Stores what arrived, then answers. Returns only when everything given to it is safe."""

    def __init__(self, database: Database, clock: Clock, wakeup: Wakeup, receipts: Receipts, actor: str) -> None:
        """Work as `actor`, for example `devices:1`."""
        self._database = database
        self._clock = clock
        self._wakeup = wakeup
        self._receipts = receipts
        self._actor = actor
        self._store = AlarmStore(database, actor)

    async def keep(self, readings: Sequence[Reading]) -> None:
        """Store, ring, answer."""
        alarms = [reading for reading in readings if isinstance(reading, Alarm)]
        outcomes = await self._stored(alarms) if alarms else []
        for reading in readings:
            if isinstance(reading, Stray):
                await self._set_aside(reading)
        self._wakeup.ring()
        self._receipts.answer(outcome.told for outcome in outcomes)

    async def _stored(self, alarms: Sequence[Alarm]) -> list[Outcome]:
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await self._store.ingest(alarms, self._clock.now())
            except Exception as fault:
                if not is_away(fault):
                    logger.exception("alarms.refused", extra={"count": len(alarms)})
                    return await self._one_by_one(alarms)
                logger.warning("database.away", extra={"waiting": len(alarms), "reason": type(fault).__name__})
            await woken(asyncio.Event(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _one_by_one(self, alarms: Sequence[Alarm]) -> list[Outcome]:
        """Find the bad one; its neighbours ring."""
        if len(alarms) > 1:
            return [outcome for alarm in alarms for outcome in await self._stored([alarm])]
        bad = alarms[0]
        await self._set_aside(stray(bad.topic, bad.payload, Why.NOT_STORED, bad.place.county))
        return []

    async def _set_aside(self, item: Stray) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                await set_aside(self._database, item, self._clock.now(), self._actor)
            except Exception as fault:
                logger.exception("quarantine.away", extra={"reason": type(fault).__name__})
            else:
                logger.warning("alarm.quarantined", extra={"topic": item.topic, "reason": item.reason})
                return
            await woken(asyncio.Event(), pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
