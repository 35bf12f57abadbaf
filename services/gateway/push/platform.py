"""How the platform itself is: the one state every console is shown."""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from services.gateway.push import frames
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.mqtt import encryption
from shared.runtime.settings import Settings

TICK_S = 0.5
PATIENCE_S = 1
OTHERS_S = 2.0
READY = b"GET /readyz HTTP/1.0\r\n\r\n"
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Health:
    """Which parts answer."""

    database: bool = True
    dispatch: bool = True
    broker: bool = True
    devices: bool = True

    def parts(self) -> dict[str, bool]:
        """By name."""
        return asdict(self)


class Platform:
    """Asks the database twice a second and the others every two seconds."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        """Believe that all is well until the first look."""
        self._database = database
        self._dispatch = tuple(_address(url) for url in (settings.dispatch_url, *settings.dispatch_also))
        self._brokers = settings.brokers()
        self._encryption = encryption(settings.tls_ca, settings.tls_cert, settings.tls_key)
        self._workers = tuple(_address(url) for url in settings.devices_urls)
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
        found = replace(self.health, database=await self._database_answers())
        if stopwatch() - self._others_at >= OTHERS_S:
            self._others_at = stopwatch()
            dispatch, broker, devices = await asyncio.gather(
                _any_lives(_answers(*at) for at in self._dispatch),
                _any_lives(_hangs_up(*at, self._encryption) for at in self._brokers),
                _any_lives(_answers(*at) for at in self._workers),
            )  # fmt: skip
            found = replace(found, dispatch=dispatch, broker=broker, devices=devices)
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


async def _any_lives(asked: Iterable[Awaitable[None]]) -> bool:
    return any(await asyncio.gather(*map(_lives, asked)))


async def _lives(asked: Awaitable[None]) -> bool:
    """Whether somebody is there, if only to hang up: a process that hangs still lets the kernel connect."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await asked
    except ConnectionResetError:
        return True
    except (OSError, TimeoutError):
        return False
    return True


async def _answers(host: str, port: int) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    with contextlib.closing(writer):
        writer.write(READY)
        await reader.read(1)


async def _hangs_up(host: str, port: int, encrypted: ssl.SSLContext | None) -> None:
    """Of a broker nothing is asked that its log would tell: it hangs up when we do; over TLS its greeting is enough."""
    reader, writer = await asyncio.open_connection(host, port, ssl=encrypted)
    with contextlib.closing(writer):
        if encrypted is None:
            writer.write_eof()
            await reader.read(1)


def _address(url: str) -> tuple[str, int]:
    parts: Any = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80
