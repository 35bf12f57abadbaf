"""The sender is killed again and again while it sends: every text arrives, some may arrive twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from shared.runtime.clock import Clock, SystemClock, woken
from shared.runtime.http import serve_app
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from simulators.exchange import Exchange
from tests.conftest import TestDatabase, free_port
from tests.instances import ROOT

SECRET = "exchange-of-the-kills"
MANY, KILLS = 300, 6
PATIENCE_S = 60
RESPONDER = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon)
VALUES ('R-1', '36', 'guard', '王', '1', 0, 0)
"""
MESSAGE = """
INSERT INTO dispatch.message (id, division, channel, to_kind, to_id, template, params, drill, state, wanted_at,
    expires_at, due_at, attempts, rings, about)
VALUES ($1, '36', 'sms', 'responder', 'R-1', 'stood_down', '{}', false, 'queued', $2, $3, $2, 0, 0, '')
"""
UNDELIVERED = "SELECT count(*) FROM dispatch.message WHERE state <> 'delivered'"


@dataclass
class Killed:
    """A dispatch that can be killed, and the telephone that its texts arrive on."""

    environment: dict[str, str]
    exchange: Exchange
    arrived: list[UUID]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Begin, or begin again."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.dispatch.main"], cwd=ROOT, env=self.environment, stderr=subprocess.DEVNULL
        )

    def end(self, number: int) -> None:
        """Send it a signal and wait for its end."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(20)
            self.process = None

    async def sent(self, more: int) -> None:
        """Wait until so many more texts have arrived."""
        wanted = len(self.arrived) + more
        async with asyncio.timeout(PATIENCE_S):
            while len(self.arrived) < wanted:
                await woken(asyncio.Event(), 0.005)


@asynccontextmanager
async def killed(database: TestDatabase, settings: Settings, clock: Clock) -> AsyncIterator[Killed]:
    """Nothing runs yet but the exchange."""
    port, opened = free_port(), asyncio.Event()
    environment = {
        **os.environ, "YINLING_DISPATCH_DATABASE": database.url("dispatch"),
        "YINLING_DEMO": "true", "YINLING_SERVICE_SECRET": "test-service-secret",
        "YINLING_DISPATCH_PORT": str(settings.dispatch_port),
        "YINLING_CHANNEL_SMS": f"http://127.0.0.1:{port}/sms", "YINLING_CHANNEL_SECRET": SECRET,
    }  # fmt: skip
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        exchange = Exchange(clock, SECRET, f"{settings.dispatch_url}/reports", http)
        serving = asyncio.create_task(serve_app(exchange.app(), "127.0.0.1", port, opened))
        await opened.wait()
        it = Killed(environment, exchange, _arrivals(exchange))
        try:
            yield it
        finally:
            it.end(signal.SIGTERM)
            await exchange.close()
            serving.cancel()
            await asyncio.wait({serving})


@pytest.mark.timeout(120)
async def test_no_text_is_lost_to_kills(database: TestDatabase, settings: Settings) -> None:
    """Six kills in the middle of three hundred texts; in the end all are delivered and known to be."""
    clock = SystemClock()
    owner = await asyncpg.connect(database.url("owner"))
    await owner.execute(RESPONDER)
    now = clock.now()
    ids = [uuid7(now) for _ in range(MANY)]
    await owner.executemany(MESSAGE, [(name, now, now + timedelta(minutes=10)) for name in ids])
    async with killed(database, settings, clock) as it:
        for _ in range(KILLS):
            it.start()
            await it.sent(10)
            it.end(signal.SIGKILL)
        assert await owner.fetchval(UNDELIVERED) > 0
        it.start()
        async with asyncio.timeout(PATIENCE_S):
            while await owner.fetchval(UNDELIVERED):
                await woken(asyncio.Event(), 0.1)
        assert set(it.arrived) == set(ids)
    await owner.close()


def _arrivals(exchange: Exchange) -> list[UUID]:
    """Ids of the texts in the order in which they arrive, repetitions too."""
    arrived: list[UUID] = []
    take = exchange.take

    def noted(kind: str, given: dict[str, Any], key: str) -> Any:
        arrived.append(UUID(given["id"]))
        return take(kind, given, key)

    exchange.take = noted  # type: ignore[method-assign]
    return arrived
