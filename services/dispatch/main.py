"""Dispatch: people, places and jobs."""

import asyncio
from collections.abc import Callable

from services.dispatch import api, intake, timers
from services.dispatch.flow.house import furnished
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.process import opened, run
from shared.runtime.settings import Settings


async def serve(settings: Settings, clock: Clock, ready: Callable[[], None]) -> None:
    """Follow the log, keep the deadlines, answer commands; until cancelled."""
    database = Database(settings.dispatch_database, name="dispatch", size=8)
    await opened(database)
    wakeup = Wakeup(settings.dispatch_database)
    house = furnished(database, clock)
    door = api.app(house, wakeup, settings.signing_secret())
    listening = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wakeup.run())
            for follower, hears in intake.followers(house):
                work = follower.run(wakeup, hears=hears, tells=["incident"], after=house.planned.set)
                group.create_task(work)
            group.create_task(timers.keep(house, wakeup))
            group.create_task(serve_app(door, settings.dispatch_host, settings.dispatch_port, listening))
            await listening.wait()
            ready()
    finally:
        await database.close()


if __name__ == "__main__":
    run("dispatch", lambda settings: settings.dispatch_database, serve)
