"""The connection that hears heartbeats, and when it heard nothing."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.devices.domain.presence import Ears, Gap
from services.devices.domain.topics import ALARMS, STATES, WILLS
from shared.runtime.clock import Clock, woken
from shared.runtime.logging import why
from shared.runtime.mqtt import AWAY, FIRST_PAUSE_S, KEEPALIVE_S, LONGEST_PAUSE_S, Arrivals, Broker, Link

logger = logging.getLogger(__name__)

CLIENT = "devices-presence"
UNNOTICED = timedelta(seconds=2 * KEEPALIVE_S)
"""So long a dead line may look alive."""
MOVED = timedelta(minutes=2)
"""By then whoever was at a broker that is gone is at another one."""


class Ear:
    """A clean session of its own at every broker, at QoS 0 but for the wills; deaf when it has none.

    Alarms are heard too, a second time and without any promise, because a press is a sign of life.
    """

    def __init__(self, brokers: Sequence[Broker], clock: Clock, foreign: Sequence[str] = ()) -> None:
        """Listen to our own topics and to the `foreign` ones; deaf until `run` has connected."""
        self.arrivals = Arrivals()
        self.connected = asyncio.Event()
        self.gaps: list[Gap] = []
        self.deaf_from: datetime | None = clock.now()
        self.heard_at = clock.now()
        self._since = clock.now()
        self._brokers = tuple(brokers)
        self._open: set[Broker] = set()
        self._lost: dict[Broker, datetime] = {}
        self._clock = clock
        self._topics = (STATES, ALARMS, *foreign)

    @property
    def ears(self) -> Ears:
        """Since when we hear, and the gaps."""
        return Ears(None if self.deaf_from else self._since, self.gaps)

    def recall(self, gaps: Sequence[Gap], deaf_from: datetime) -> None:
        """Take over, before `run`, what an earlier process knew: its gaps, and up to when it heard."""
        self.gaps = list(gaps)
        self.deaf_from = min(deaf_from, self._since)

    def missed(self, begin: datetime, end: datetime) -> None:
        """We stood still between these instants, and the broker may have dropped what came."""
        if self.deaf_from is None:
            self._close(max(begin, self._since), end)
            self._since = end

    async def run(self) -> None:
        """Hold the connections until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for broker in self._brokers:
                tasks.create_task(self._keep(broker))

    async def _keep(self, broker: Broker) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                await self._hold(broker)
                pause = FIRST_PAUSE_S
            except AWAY as fault:
                logger.warning("presence.broker_away", extra={"reason": why(fault)})
                pause = min(pause * 2, LONGEST_PAUSE_S)
            await woken(asyncio.Event(), pause)

    async def _hold(self, broker: Broker) -> None:
        async with Link(broker, CLIENT, arrivals=self.arrivals) as link:
            await link.subscribe(*self._topics, qos=0)
            await link.subscribe(WILLS)
            self._hears(broker)
            try:
                await link.lost()
            finally:
                self._is_deaf(broker)

    def _hears(self, broker: Broker) -> None:
        """Again, or at last; who was at a broker that was not heard for a while may have beaten there in vain."""
        now = self._clock.now()
        self._open.add(broker)
        lost = self._lost.pop(broker, None)
        if self.deaf_from is not None:
            self._since = now
            self._close(self.deaf_from, now)
        elif lost is not None:
            self.missed(max(lost, now - MOVED), now)
        self.deaf_from = None
        self.connected.set()
        logger.info("presence.hears")

    def _is_deaf(self, broker: Broker) -> None:
        now = self._clock.now()
        self._open.discard(broker)
        self._lost[broker] = max(now - UNNOTICED, self._since)
        if self._open:
            return
        self.deaf_from = max(self.heard_at, now - UNNOTICED, self._since)
        self.connected.clear()
        logger.warning("presence.deaf")

    def _close(self, begin: datetime, end: datetime) -> None:
        if begin < end:
            self.gaps.append(Gap(begin, end))
