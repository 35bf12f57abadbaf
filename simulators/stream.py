"""A gentle stream of alarms, so that the demo lives by itself."""

import contextlib
from collections import defaultdict
from typing import Any

from simulators.fleet import Fleet
from simulators.mqtt import LOST
from simulators.world import World

EVERY_S, UNEVEN = 45.0, 0.4
KINDS = ("sos",) * 17 + ("fall",) * 2 + ("low_batt",)
AGAIN_S = (3.0, 20.0)


class Stream:
    """Presses at random; sometimes twice, sometimes by the other elder of the home, sometimes through a hub."""

    def __init__(self, world: World, fleet: Fleet, every_s: float = EVERY_S) -> None:
        """One press about every `every_s` seconds."""
        self._demo, self._clock, self._draw = world.demo, world.clock, world.draw
        self._fleet = fleet
        self._every_s = every_s
        self._by_home: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for device in world.demo.devices:
            self._by_home[device["home"]].append(device)

    async def flow(self) -> None:
        """Press until cancelled."""
        while True:
            await self._clock.sleep(self._every_s * self._draw.uniform(1 - UNEVEN, 1 + UNEVEN))
            await self._one()

    async def _one(self) -> None:
        chance = self._draw.random()
        if chance < 0.08 and self._fleet.bound:
            with contextlib.suppress(*LOST):
                await self._fleet.use(self._draw.choice(self._fleet.bound))
            return
        device = self._draw.choice(self._demo.devices)
        self._fleet.press(device["id"], self._draw.choice(KINDS))
        if chance < 0.30:
            await self._clock.sleep(self._draw.uniform(*AGAIN_S))
            other = self._other_elder(device) if chance < 0.20 else device
            self._fleet.press(other["id"], "sos")

    def _other_elder(self, device: dict[str, Any]) -> dict[str, Any]:
        others = [other for other in self._by_home[device["home"]] if other["elder"] not in {None, device["elder"]}]
        return self._draw.choice(others) if others else device
