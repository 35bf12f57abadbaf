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
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from services.devices.domain.alarm import Alarm, checked
from services.devices.domain.flood import Flood
from services.devices.domain.foreign import Binding
from services.devices.domain.quarantine import Stray, Why, stray
from services.devices.domain.told import Told
from services.devices.outbox import Receipts
from services.devices.store import registry
from services.devices.store.alarms import AlarmStore, Outcome
from services.devices.store.keys import Keys
from services.devices.store.quarantine import set_aside
from shared.runtime import metrics
from shared.runtime.clock import Clock, woken
from shared.runtime.database import Database, is_away
from shared.runtime.failpoint import reach
from shared.runtime.log import Wakeup
from shared.runtime.logging import why
from shared.vocabulary.alarms import Stage

logger = logging.getLogger(__name__)

Reading = Alarm | Stray
T = TypeVar("T")

FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 1.0


class AlarmFlow:
    """Stores what arrived, then answers. Returns only when everything given to it is safe."""

    def __init__(
        self, database: Database, clock: Clock, wakeup: Wakeup, receipts: Receipts, keys: Keys, actor: str
    ) -> None:
        """Work as `actor`, for example `devices:1`."""
        self._database = database
        self._clock = clock
        self._wakeup = wakeup
        self._receipts = receipts
        self._keys = keys
        self._flood = Flood()
        self.copying = False
        """Whether all that the last batch brought had been stored before."""
        self._turn = asyncio.Lock()
        self._actor = actor
        self._store = AlarmStore(database, actor)

    async def keep(self, readings: Sequence[Reading]) -> list[Told]:
        """Store, ring, answer, and set aside what could not be stored. Returns what the devices were told."""
        async with self._turn:
            kept = await self._stored([reading for reading in readings if isinstance(reading, Alarm)])
        reach("alarms.committed")
        outcomes = [outcome for outcome in kept if isinstance(outcome, Outcome)]
        news = any(outcome.fresh for outcome in outcomes)
        if news:
            self._wakeup.ring("device")
        self.copying = bool(outcomes) and not news
        told = [outcome.told for outcome in outcomes]
        self._receipts.answer(told)
        reach("alarms.answered")
        strays = [item for item in (*readings, *kept) if isinstance(item, Stray)]
        _count(outcomes, len(strays))
        for item in strays:
            await self._set_aside(item)
        if strays:
            self._wakeup.ring("quarantine")
        return told

    async def close(self) -> None:
        """Give the connection back."""
        await self._store.close()

    async def bindings(self, addresses: Iterable[str]) -> dict[str, list[Binding]]:
        """What is bound to these foreign addresses; waits while the database is away."""
        wanted = sorted(set(addresses))
        return await insist(lambda: registry.bindings(self._database, wanted))

    async def unbound(self, topic: str, payload: bytes, why: Why = Why.UNBOUND) -> Stray:
        """What to set aside when something happened at an address that nobody has bound, or nobody can read it."""
        county = await insist(lambda: registry.hub_county(self._database, topic))
        return stray(topic, payload, why, county)

    async def _stored(self, alarms: Sequence[Alarm]) -> list[Outcome | Stray]:
        if not alarms:
            return []
        now = self._clock.now()
        sifted = self._flood.sift(await self._checked(alarms), now)
        counted: list[Outcome | Stray] = [Outcome(fresh=False, told=_counted(alarm, now)) for alarm in sifted.folded]
        try:
            with metrics.STORED.time():
                return await self._ingested(sifted.kept) + counted
        except Exception:
            logger.exception("alarms.refused", extra={"count": len(sifted.kept)})
            return [await self._alone(alarm) for alarm in sifted.kept] + counted

    async def _checked(self, alarms: Sequence[Alarm]) -> list[Alarm]:
        """With the signatures looked at; only who signs costs a look at the keys."""
        signing = {alarm.place.device for alarm in alarms if alarm.seal is not None}
        if not signing:
            return list(alarms)
        keys = await insist(lambda: self._keys.of(signing, self._clock.now()))
        return [checked(alarm, keys.get(alarm.place.device)) for alarm in alarms]

    async def _alone(self, alarm: Alarm) -> Outcome | Stray:
        """Find the bad one; its neighbours ring."""
        try:
            [outcome] = await self._ingested([alarm])
        except Exception:
            logger.exception("alarm.refused", extra={"device": alarm.place.device})
            return _stray(alarm, Why.NOT_STORED)
        return outcome

    async def _ingested(self, alarms: Sequence[Alarm]) -> list[Outcome | Stray]:
        outcomes = await insist(lambda: self._store.ingest(alarms, self._clock.now()))
        return [outcome or _stray(alarm, Why.NO_PLACE) for alarm, outcome in zip(alarms, outcomes, strict=True)]

    async def _set_aside(self, item: Stray) -> None:
        """The last resort must hold: it takes any bytes, so whatever stops it is worth trying again."""
        logger.warning("alarm.quarantined", extra={"county": item.county, "reason": item.reason})
        await insist(lambda: set_aside(self._database, item, self._clock.now(), self._actor), always=True)


async def insist(work: Callable[[], Awaitable[T]], *, always: bool = False) -> T:
    """Do it until the database has done it; raises only what is not the database's absence."""
    pause = FIRST_PAUSE_S
    while True:
        try:
            return await work()
        except Exception as fault:
            if not always and not is_away(fault):
                raise
            logger.warning("database.away", extra={"reason": why(fault)})
        await woken(asyncio.Event(), pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)


def _count(outcomes: Sequence[Outcome], strays: int) -> None:
    fresh = sum(outcome.fresh for outcome in outcomes)
    for what, many in (("stored", fresh), ("folded", len(outcomes) - fresh), ("set_aside", strays)):
        if many:
            metrics.ALARMS.labels(what).inc(many)


def _counted(alarm: Alarm, now: datetime) -> Told:
    """What a device hears of an alarm that another stands for."""
    return Told(alarm.place.device, alarm.place.county, alarm.eid, 1, Stage.RECORDED, now, signed=alarm.signed)


def _stray(alarm: Alarm, why: Why) -> Stray:
    return stray(alarm.topic, alarm.payload, why, alarm.place.county)
