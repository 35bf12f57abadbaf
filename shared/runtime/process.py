"""How a service becomes a process: uvloop, JSON logs, the database's time, clean end on SIGTERM and SIGINT."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

import uvloop

from shared.runtime import metrics
from shared.runtime.clock import SystemClock, follow, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.logging import announce_ready, set_up
from shared.runtime.settings import Settings

logger = logging.getLogger(__name__)

Serve = Callable[[Settings, SystemClock, Callable[[], None]], Awaitable[None]]
"""A service: runs until cancelled and calls the third argument once it serves."""
RARELY = (10_000, 20, 50)
"""When the collector looks for rings: our values hold none, and at every 700 it took some 15 % of dispatch's time."""


def run(name: str, database_url: Callable[[Settings], str], serve: Serve) -> None:
    """Run a service until SIGTERM or SIGINT."""
    set_up(name)
    gc.set_threshold(*RARELY)
    with contextlib.suppress(asyncio.CancelledError):
        uvloop.run(_main(name, database_url, serve))


async def _main(name: str, database_url: Callable[[Settings], str], serve: Serve) -> None:
    settings = Settings()
    settings.guard()
    me = asyncio.current_task()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, me.cancel if me else loop.stop)
    clock = SystemClock()
    database = Database(database_url(settings), name=f"{name}-clock", size=1)
    await opened(database)
    clock.learn(await database.time(), first=True)
    following = asyncio.create_task(follow(clock, database.time, _report_jump))
    watching = asyncio.create_task(metrics.watch_loop())
    try:
        await serve(settings, clock, lambda: _ready(settings))
    finally:
        following.cancel()
        watching.cancel()
        await database.close()


def _ready(settings: Settings) -> None:
    gc.freeze()  # what is loaded by now stays: a search for rings through all of it holds up an alarm
    announce_ready(settings.ready_fd)


async def opened(database: Database) -> None:
    """Open a pool, waiting for the database as long as it takes."""
    while True:
        try:
            await database.open()
        except AWAY:
            logger.warning("database.away")
            await woken(asyncio.Event(), 0.5)
        else:
            return


def _report_jump(error: timedelta) -> None:
    logger.error("clock.jump", extra={"seconds": error.total_seconds()})
