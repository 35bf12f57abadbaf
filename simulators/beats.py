"""Heartbeats of a whole demo, gently: every device soon after the start, then each at the pace of its kind."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random

from shared.runtime.clock import Clock
from simulators.fleet import Fleet
from simulators.hub import Hub

EVERY_S = {"button": 4 * 3600, "wearable": 600}
UNEVEN = 0.05
FIRST_WITHIN_S, APART_S = 60.0, 0.1
"""All are heard once within the first minute, or as long as it takes at ten a second."""


class Beats:
    """A heap of instants; a device that is connected tells over its connection, another connects for a moment."""

    def __init__(self, fleet: Fleet, clock: Clock, draw: Random) -> None:
        """Spread the first beats evenly at random."""
        self._fleet = fleet
        self._clock = clock
        self._draw = draw
        devices = list(fleet)
        within_s = max(FIRST_WITHIN_S, len(devices) * APART_S)
        now = clock.now()
        self._due: list[tuple[datetime, str]] = [
            (now + timedelta(seconds=draw.uniform(0, within_s)), device) for device in devices
        ]
        heapify(self._due)

    async def go_on(self) -> None:
        """Beat until cancelled."""
        while self._due:
            at, device = heappop(self._due)
            await self._clock.sleep(max(0.0, (at - self._clock.now()).total_seconds()))
            button = self._fleet.button(device)
            button.beat()
            every_s = (button.beat_s or EVERY_S[button.identity.kind]) * self._draw.uniform(1 - UNEVEN, 1 + UNEVEN)
            heappush(self._due, (at + timedelta(seconds=every_s), device))


async def hubs(some: Iterable[Hub], clock: Clock, draw: Random) -> None:
    """Let hubs live, one switched on after the other; until cancelled."""
    async with asyncio.TaskGroup() as living:
        for hub in some:
            living.create_task(hub.live())
            await clock.sleep(draw.uniform(0, 1))
