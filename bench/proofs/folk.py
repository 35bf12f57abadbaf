"""Life in a county that is being broken: buttons repeat until answered, people answer and go, seats take and close."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bench.instance import Instance
from bench.proofs import rows
from bench.proofs.history import History
from shared.runtime.clock import SystemClock, stopwatch
from simulators.caregiver import Caregiver
from simulators.courtesy import Courtesy
from simulators.demo import Demo
from simulators.door import door_client, http_client
from simulators.fleet import Fleet
from simulators.people import bots
from simulators.press import Press
from simulators.seat import Seat
from simulators.world import World

CLOCK = SystemClock()
PACE = 40.0
SETTLE_S, QUIET_WITHIN_S, WARM_UP_S = 6.0, 120.0, 20.0
KINDS = ("sos",) * 8 + ("fall", "low_batt")


@dataclass(frozen=True, slots=True)
class Life:
    """So many alarms, as many a second, by these devices; `demo` is the platform as these people reach it."""

    demo: Demo
    devices: tuple[str, ...]
    alarms: int
    rate: float
    seed: int


async def live_through(
    it: Instance, life: Life, history: History, breaking: Coroutine[Any, Any, None]
) -> tuple[list[Press], list[dict[str, Any]]]:
    """Live until `breaking` is over and all alarms are pressed, then until all is quiet.

    Returns the presses, and how far the inboxes had come some seconds before the history's end.
    """
    draw = Random(life.seed)
    history.note("proof", "clock", {"at": CLOCK.now().timestamp()})
    world = World(life.demo, CLOCK, draw, Courtesy(), PACE, history.note)
    clients = [door_client(address, connections=50) for address in life.demo.gateways]
    second = http_client(life.demo.http, connections=50)
    fleet = Fleet(life.demo, CLOCK, draw, history.button, second)
    everybody = list(bots(world, *clients))
    people = [asyncio.create_task(bot.live()) for bot in everybody]
    try:
        await CLOCK.sleep(WARM_UP_S)
        presses = await _press(fleet, life, draw, asyncio.create_task(breaking))
        await _quiet(it, presses, everybody)
        inboxes = await rows.heads(it.owner_url)
        await CLOCK.sleep(SETTLE_S)
    finally:
        for bot in people:
            bot.cancel()
        await asyncio.wait(people)
        await fleet.stop()
        for client in clients:
            await client.close()
        await second.aclose()
    return presses, inboxes


async def _press(fleet: Fleet, life: Life, draw: Random, breaking: "asyncio.Task[None]") -> list[Press]:
    """Random devices at random instants; some press again while they are being helped."""
    presses: list[Press] = []
    try:
        while len(presses) < life.alarms or not breaking.done():
            await CLOCK.sleep(draw.expovariate(life.rate))
            presses.append(fleet.press(draw.choice(life.devices), draw.choice(KINDS)))
            if breaking.done():
                breaking.result()
    finally:
        breaking.cancel()
    return presses


async def _quiet(it: Instance, presses: list[Press], everybody: Sequence[Seat | Caregiver]) -> None:
    """Until every button is answered, nothing waits for its incident and every screen is there again."""
    until = stopwatch() + QUIET_WITHIN_S
    while stopwatch() < until and not all(press.recorded for press in presses):
        await CLOCK.sleep(0.2)
    while stopwatch() < until and await rows.guards(it.owner_url):
        await CLOCK.sleep(0.2)
    while stopwatch() < until and not all(one.connected for one in everybody):
        await CLOCK.sleep(0.2)
