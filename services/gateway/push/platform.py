"""How the platform itself is: the one state every console is shown."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from services.gateway.push import frames
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.settings import Settings

TICK_S = 0.5
PATIENCE_S = 1
OTHERS_S = 2.0
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Health:
    """Which parts answer."""

    database: bool = True
    dispatch: bool = True
    broker: bool = True

    def parts(self) -> dict[str, bool]:
        """By name."""
        return {"database": self.database, "dispatch": self.dispatch, "broker": self.broker}


class Platform:
    """Asks the database twice a second and the others every two seconds."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        """Believe that all is well until the first look."""
        self._database = database
        self._dispatch = _address(settings.dispatch_url)
        self._broker = (settings.mqtt_host, settings.mqtt_port)
        self._others_at = -OTHERS_S
        self._clock = clock
        self._since = clock.now()
        self._listeners: list[Callable[[], None]] = []
        self.health = Health()

    def on_change(self, tell: Callable[[], None]) -> None:
        """Call `tell` whenever something went away or came back."""
        self._listeners.append(tell)

    def frame(self) -> str:
        """The present state as a frame."""
        return frames.state("platform", int(self._since.timestamp() * 1000), self.health.parts())

    def parts(self) -> dict[str, bool]:
        """Which parts answer at present."""
        return self.health.parts()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await woken(asyncio.Event(), TICK_S)

    async def look(self) -> None:
        """Look once, and tell when something changed."""
        dispatch, broker = self.health.dispatch, self.health.broker
        database = await self._database_answers()
        if stopwatch() - self._others_at >= OTHERS_S:
            self._others_at = stopwatch()
            dispatch, broker = await asyncio.gather(_listening(*self._dispatch), _listening(*self._broker))
        found = Health(database, dispatch, broker)
        if found != self.health:
            self.health, self._since = found, max(self._clock.now(), self._since + TICK)
            for tell in self._listeners:
                tell()

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._database.pool.fetchval("SELECT 1")
        except (*AWAY, asyncpg.PostgresError):
            return False
        return True


async def _listening(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(PATIENCE_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True


def _address(url: str) -> tuple[str, int]:
    parts: Any = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80
