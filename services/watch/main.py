"""The watch: its own process and connections; the checks never wait for the canaries."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from services.watch import store
from services.watch.canary import Canary, Tell
from services.watch.checks import Checks
from shared.contracts.events import WatchBreach
from shared.runtime import metrics
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.process import opened, run
from shared.runtime.settings import Settings

logger = logging.getLogger(__name__)

EVERY_S = 0.5
A_DAY = timedelta(days=1)


async def serve(settings: Settings, clock: Clock, ready: Callable[[], None]) -> None:
    """Look twice a second and press for every county that has a canary, until cancelled."""
    database = Database(settings.watch_database, name="watch", size=2)
    await opened(database)
    wakeup = Wakeup(settings.watch_database)
    tell = _bell(database, clock, wakeup)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(wakeup.run())
            group.create_task(_keep(Checks(database, clock.now()), clock, wakeup))
            if settings.metrics_port:
                group.create_task(serve_app(metrics.app(), settings.metrics_host, settings.metrics_port))
            for county in settings.canaries:
                group.create_task(Canary(county, settings, clock, tell).run())
            ready()
    finally:
        await database.close()


def _bell(database: Database, clock: Clock, wakeup: Wakeup) -> Tell:
    async def tell(breach: WatchBreach, division: str) -> bool:
        try:
            async with database.transaction() as connection:
                await store.raise_breaches(connection, [(breach, division)], clock.now())
        except AWAY:
            return False
        wakeup.ring("watch")
        return True

    return tell


async def _keep(checks: Checks, clock: Clock, wakeup: Wakeup) -> None:
    partitions_at = clock.now()
    while True:
        try:
            if clock.now() >= partitions_at:
                async with checks.database.transaction() as connection:
                    await store.make_partitions(connection, clock.now())
                partitions_at = clock.now() + A_DAY
            if await checks.look(clock.now()):
                logger.error("watch.breach")
                wakeup.ring("watch")
        except AWAY:
            logger.error("watch.database_away")  # noqa: TRY400  the trace tells nothing more
        await woken(asyncio.Event(), EVERY_S)


if __name__ == "__main__":
    run("watch", lambda settings: settings.watch_database, serve)
