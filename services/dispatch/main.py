"""Dispatch: people, places and jobs."""

import asyncio
import sys
from collections.abc import Callable

import aiohttp

from services.dispatch import api, intake, timers
from services.dispatch.api import Exchanges
from services.dispatch.channels import channels
from services.dispatch.flow.apart import Apart, keys
from services.dispatch.flow.house import furnished
from services.dispatch.outbox import AT_ONCE, LANES, PATIENCE_S, Sender
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.process import opened, run
from shared.runtime.settings import Settings

HAND_OVER_S = 0.001
"""Who is best is worked out in a thread; at the interpreter's own five milliseconds it mostly waits for its turn."""


async def serve(settings: Settings, clock: Clock, ready: Callable[[], None]) -> None:
    """Follow the log, keep the deadlines, answer commands; until cancelled."""
    fields = settings.fields()
    database = Database(settings.dispatch_database, name="dispatch", size=8, fields=fields)
    sys.setswitchinterval(HAND_OVER_S)
    # a thousand messages that wait for a connection must not stand before one alarm
    aside = Database(settings.dispatch_database, name="dispatch-outbox", size=2, fields=fields)
    await opened(database)
    await opened(aside)
    wakeup = Wakeup(settings.dispatch_database)
    house = furnished(database, clock)
    exchanges = Exchanges(settings.channel_secret.get_secret_value(), settings.message_language)
    door = api.app(house, wakeup, settings.signing_secret(), exchanges, Apart(keys(settings), clock))
    client = aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
        connector=aiohttp.TCPConnector(limit=AT_ONCE * len(LANES), keepalive_timeout=3),
    )
    ways = channels(settings, client)
    sender = Sender(aside, clock, ways, settings.message_language, lambda: wakeup.ring("message"))
    listening = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wakeup.run())
            for follower, hears in intake.followers(house):
                work = follower.run(wakeup, hears=hears, tells=["incident", "mass"], after=house.planned.set)
                group.create_task(work)
            group.create_task(timers.keep(house, wakeup))
            group.create_task(timers.keep(house, wakeup, timers.REST))
            group.create_task(timers.keep(house, wakeup, timers.ORDERS))
            group.create_task(timers.keep(house, wakeup, timers.SERIES))
            group.create_task(house.cases.situations.keep())
            group.create_task(sender.run([wakeup.sleeper("incident") for _ in LANES]))
            group.create_task(serve_app(door, settings.dispatch_host, settings.dispatch_port, listening))
            await listening.wait()
            ready()
    finally:
        await client.close()
        await aside.close()
        await database.close()


if __name__ == "__main__":
    run("dispatch", lambda settings: settings.dispatch_database, serve)
