"""Everybody who is simulated: caregivers, desk seats and the stream of alarms, in one event loop."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import aiohttp

from simulators.caregiver import Caregiver
from simulators.door import Door, door_client
from simulators.fleet import Fleet
from simulators.seat import Seat
from simulators.stream import Stream
from simulators.world import World

logger = logging.getLogger(__name__)

LEFT_TO_PEOPLE = frozenset({"desk1", "r0001", "r0002"})
AT_MOST = 120
BETWEEN_LOGINS_S = 0.1
AFTER_A_FAULT_S = 5.0


async def live(world: World, fleet: Fleet) -> None:
    """Run everybody until cancelled. Bots log in one after another: a password check is meant to be slow."""
    clients = [door_client(address) for address in world.demo.gateways]
    try:
        async with asyncio.TaskGroup() as everybody:
            everybody.create_task(Stream(world, fleet).flow())
            for bot in bots(world, *clients):
                everybody.create_task(_kept_alive(bot, world))
                await world.clock.sleep(BETWEEN_LOGINS_S)
    finally:
        for client in clients:
            await client.close()


async def _kept_alive(bot: Seat | Caregiver, world: World) -> None:
    """One bot's fault must not end the others."""
    while True:
        try:
            await bot.live()
        except Exception:
            logger.exception("bot.failed")
        await world.clock.sleep(AFTER_A_FAULT_S)


def bots(world: World, *clients: aiohttp.ClientSession) -> Iterator[Seat | Caregiver]:
    """A bot for each seat and responder that is not left to people; `clients`, one for each gateway, are shared."""
    for account in world.demo.accounts("desk"):
        if account["username"] not in LEFT_TO_PEOPLE:
            yield Seat(world, _door(world, clients, account))
    going = [account for account in world.demo.accounts("responder") if account["username"] not in LEFT_TO_PEOPLE]
    for account in going[:AT_MOST]:
        yield Caregiver(world, _door(world, clients, account), account)


def _door(world: World, clients: Sequence[aiohttp.ClientSession], account: dict[str, Any]) -> Door:
    first, *others = clients
    return Door(first, world.clock, account["username"], account["password"], world.witness, others)
