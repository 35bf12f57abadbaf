"""The gateway as a process: wires the rooms together and runs until cancelled."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack

from fastapi import FastAPI
from starlette.routing import WebSocketRoute

from services.gateway.accounts import Accounts, Factors, Vault
from services.gateway.api.application import add_screens, build
from services.gateway.api.door import Door
from services.gateway.domain.guesses import Guesses
from services.gateway.domain.streams import Limits
from services.gateway.flow.access import Reads
from services.gateway.flow.aid import keep_ending
from services.gateway.flow.circle import keep_sampling
from services.gateway.flow.doubts import keep_weighing
from services.gateway.flow.overview import Shared
from services.gateway.flow.sealing import keep_sealing
from services.gateway.intake import Inboxes
from services.gateway.push.connection import Parts
from services.gateway.push.heard import Heard
from services.gateway.push.hub import Hub
from services.gateway.push.platform import Platform
from services.gateway.push.protocol import OPTIONS
from services.gateway.push.screens import Screens
from services.gateway.push.seats import Seats
from services.gateway.push.sockets import Sockets
from services.gateway.reports.reader import Reader
from services.gateway.timers import keep_house
from shared.runtime.calling import CommandClient
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.process import opened, run
from shared.runtime.settings import Settings

POOL = 10
TURNS = 6
WHOLE_CELL = "options=-c%20yl.scope%3D/"
"""The follower's connections read the whole cell; every other read names its scope."""


async def serve(
    settings: Settings,
    clock: Clock,
    ready: Callable[[], None],
    limits: Limits = Limits(),  # noqa: B008  frozen
) -> None:
    """Serve people until cancelled."""
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    url, fields = settings.gateway_database, settings.fields()
    database = Database(url, name="gateway", size=POOL, fields=fields)
    whole = f"{url}{'&' if '?' in url else '?'}{WHOLE_CELL}"
    following = Database(whole, name="gateway-inboxes", size=5, fields=fields)
    counting = Database(whole, name="gateway-reports", size=1, fields=fields)
    owner = CommandClient((settings.dispatch_url, *settings.dispatch_also), settings.signing_secret())
    things = CommandClient(settings.devices_urls, settings.signing_secret())
    async with AsyncExitStack() as stack:
        for pool in (database, following, counting):
            await opened(pool)
            stack.push_async_callback(pool.close)
        for client in (owner, things):
            stack.push_async_callback(client.close)
        house = House(settings, clock, database, following, Reader(counting, clock), owner, things, limits)
        await house.run(ready)


class House:
    """Everything that runs while the door is open."""

    def __init__(
        self, settings: Settings, clock: Clock, database: Database, following: Database, reader: Reader,
        owner: CommandClient, things: CommandClient, limits: Limits,
    ) -> None:  # fmt: skip
        """Wire the rooms."""
        self._settings = settings
        self._reader = reader
        self._wakeup = Wakeup(settings.gateway_database)
        factors = Factors(database, clock, Vault(settings.signing_secret()))
        self._accounts = Accounts(database, clock, factors, demo=settings.demo)
        self._hub = Hub(database, self._wakeup.sleeper("inbox"))
        self._screens = Screens(database, clock, lambda: self._wakeup.ring("screen"))
        self._seats = Seats(following, clock, lambda: self._wakeup.ring("load"))
        self._platform = Platform(following, clock, settings)
        turns = asyncio.Semaphore(TURNS)
        parts = Parts(database, clock, self._accounts, self._hub, self._screens, limits, turns, self._seats)
        self._sockets = Sockets(parts, self._platform, settings.public_origins, settings.min_client)
        self._heard = Heard(following, clock, self._hub, self._wakeup.sleeper("device"))
        self._inboxes = Inboxes(following, clock, self._hub.deliver)
        self._reads = Reads(following, clock)
        self._keeping = (
            keep_sealing(following, clock, settings.seal_heads), keep_ending(following, clock), self._reads.run(),
            keep_weighing(following, clock), keep_sampling(following, clock),
        )  # fmt: skip
        self._housekeeping = keep_house(database, clock, self._accounts)
        self._app = self._application(Door(
            settings, clock, database, self._accounts, owner, things, self._hub, self._platform.parts,
            self._gauges, Guesses(), self._reads, Shared(clock),
        ))  # fmt: skip

    def _application(self, door: Door) -> FastAPI:
        app = build(door)
        app.router.routes.append(WebSocketRoute("/ws", self._sockets.serve))
        add_screens(app)
        return app

    def _gauges(self) -> dict[str, float]:
        return {"sockets": self._sockets.count, "follower_ticks_total": self._inboxes.follower.ticks}

    async def run(self, ready: Callable[[], None]) -> None:
        """Run until cancelled; consoles are told to come back."""
        listening = asyncio.Event()
        serving = serve_app(self._app, self._settings.gateway_host, self._settings.gateway_port, listening, **OPTIONS)
        async with asyncio.TaskGroup() as tasks:
            for work in (
                self._wakeup.run(), self._inboxes.run(self._wakeup), self._hub.run(), self._heard.run(),
                self._screens.run(), self._seats.run(), self._reader.run(),
                self._platform.run(), self._sockets.run(), self._housekeeping, *self._keeping, serving,
            ):  # fmt: skip
                tasks.create_task(work)
            await listening.wait()
            ready()
            try:
                await asyncio.Event().wait()
            finally:
                await self._sockets.goodbye()


if __name__ == "__main__":
    run("gateway", lambda settings: settings.gateway_database, serve)
