"""Both brokers for tests, devices and a worker at them, and a look into what became of it all.

The fixture `broker` runs a test with each.
"""

import asyncio
import contextlib
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import orjson
import pytest
import pytest_asyncio

from shared.contracts.events import AlarmRaised
from shared.runtime.clock import woken
from shared.runtime.mqtt import AWAY, Link, session
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.broker_process import CLOCK, COUNTY, MOSQUITTO, PLUGIN, SERVICE, RunningBroker, running, secret_of
from tests.conftest import TestDatabase

__all__ = ["CLOCK", "COUNTY", "MOSQUITTO", "PLUGIN", "SERVICE", "RunningBroker", "running", "secret_of"]

T = TypeVar("T")


@pytest_asyncio.fixture(params=["nats", "mosquitto"])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[RunningBroker]:
    """Both brokers, one after the other."""
    it = running(request.param, tmp_path)
    try:
        yield it
    finally:
        it.stop(signal.SIGKILL)


async def register(
    database: TestDatabase,
    *devices: str,
    cls: str = "own",
    prefix: str | None = None,
    home: str | None = None,
    elder: str | None = None,
) -> None:
    """Put devices into the registry; home and elder are H-<id> and E-<id> unless given as an empty text."""
    connection = await asyncpg.connect(database.url("owner"))
    try:
        await connection.executemany(
            """INSERT INTO devices.device (id, county, division, model, class, secret_sha256, foreign_prefix,
                                           home_id, elder_id, added_at)
               VALUES ($1, $2, $2 || '100', 'test', $3, $4, $5, nullif($6, ''), nullif($7, ''), $8)""",
            [
                (
                    device, COUNTY, cls, hashlib.sha256(secret_of(device).encode()).digest(), prefix,
                    f"H-{device}" if home is None else home, f"E-{device}" if elder is None else elder, CLOCK.now(),
                )
                for device in devices
            ],
        )  # fmt: skip
    finally:
        await connection.close()


@asynccontextmanager
async def worker(settings: Settings, number: int = 1) -> AsyncIterator["asyncio.Task[None]"]:
    """A devices worker inside this event loop, serving."""
    from services.devices.main import serve

    ready = asyncio.Event()
    task = asyncio.create_task(serve(settings, CLOCK, ready.set, number))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
    waiting.cancel()
    if task.done():
        task.result()
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=15)


def worker_process(settings: Settings, number: int, log: Path) -> "subprocess.Popen[bytes]":
    """A devices worker as a process of its own, to be killed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "YINLING_DEMO": "true"}
    for name, value in settings.model_dump().items():
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        if isinstance(plain, tuple):
            plain = orjson.dumps(plain).decode()
        if isinstance(plain, str | int) and not isinstance(plain, bool):
            environment[f"YINLING_{name.upper()}"] = str(plain)
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "services.devices.main", "--worker", str(number)],
            env=environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip


@asynccontextmanager
async def device(broker: RunningBroker, name: str, *, county: str = COUNTY) -> AsyncIterator[Link]:
    """A connected device that listens for its receipts."""
    async with patient(broker, name, f"yl/v1/{county}/{name}/down/receipt") as link:
        yield link


@asynccontextmanager
async def patient(broker: RunningBroker, name: str, *topics: str, secret: str | None = None) -> AsyncIterator[Link]:
    """Connect, again if the broker has not read its files yet."""
    for attempt in range(20):
        try:
            context = session(broker.address(name, secret), topics=topics)
            link = await context.__aenter__()
        except AWAY:
            if attempt == 19:
                raise
            await woken(asyncio.Event(), 0.1)
        else:
            break
    try:
        yield link
    finally:
        await context.__aexit__(None, None, None)


async def until(look: Callable[[], Awaitable[T]], wanted: Callable[[T], bool] = bool, within_s: float = 10) -> T:
    """Look again and again until it is as wanted; only for what no event announces."""
    async with asyncio.timeout(within_s):
        while not wanted(found := await look()):
            await woken(asyncio.Event(), 0.02)
        return found


async def receipts(link: Link, count: int = 1, within_s: float = 10) -> list[dict[str, Any]]:
    """The next receipts that a device hears."""
    heard: list[dict[str, Any]] = []
    async with asyncio.timeout(within_s):
        while len(heard) < count:
            heard += [orjson.loads(delivery.payload) for delivery in await link.arrivals.take(1)]
    return heard


async def attempt(broker: RunningBroker, name: str, topic: str, payload: bytes) -> None:
    """Publish what may be forbidden: NATS swallows it, Mosquitto does or hangs up; neither says so in 3.1.1."""
    with contextlib.suppress(*AWAY):
        async with patient(broker, name) as link:
            await link.publish(topic, payload)


async def press(link: Link, name: str, seq: int = 1, within_s: float = 10) -> dict[str, Any]:
    """Press as a device does: again and again, until our receipt."""
    async with asyncio.timeout(within_s):
        while True:
            await link.publish(up(name), alarm(name, seq))
            with contextlib.suppress(TimeoutError):
                [receipt] = await receipts(link, within_s=0.5)
                return receipt


def alarm(name: str, seq: int = 1, **more: object) -> bytes:
    """An alarm as a good device writes it."""
    content = {"v": 1, "eid": f"{name}:1:{seq}", "kind": "sos", "boot": 1, "seq": seq}
    return orjson.dumps({**content, "ts": int(CLOCK.now().timestamp() * 1000), "attempt": 1, **more})


def up(name: str, county: str = COUNTY) -> str:
    """Where a device publishes its alarms."""
    return f"yl/v1/{county}/{name}/up/alarm"


class Book:
    """Looks into a test's database as the service devices."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Look through this connection."""
        self.connection = connection

    async def count(self, table: str, where: str = "true") -> int:
        """How many rows."""
        found: int = await self.connection.fetchval(f"SELECT count(*) FROM {table} WHERE {where}")
        return found

    async def raised(self) -> list[AlarmRaised]:
        """Every `alarm.raised`, in order."""
        rows = await self.connection.fetch(
            "SELECT body::text AS body FROM log.event WHERE tag = 'alarm.raised' ORDER BY position"
        )
        return [AlarmRaised.model_validate_json(row["body"]) for row in rows]

    async def row(self, query: str, *arguments: object) -> asyncpg.Record:
        """The one row of a query."""
        found = await self.connection.fetchrow(query, *arguments)
        assert found is not None
        return found


@pytest_asyncio.fixture
async def nats_broker(tmp_path: Path) -> AsyncIterator[RunningBroker]:
    """The embedded broker."""
    it = running("nats", tmp_path)
    try:
        yield it
    finally:
        it.stop(signal.SIGKILL)


@pytest_asyncio.fixture
async def book(database: TestDatabase) -> AsyncIterator[Book]:
    """A look into this test's database."""
    connection = await asyncpg.connect(database.url("devices"))
    yield Book(connection)
    await connection.close()


async def as_owner(database: TestDatabase, statement: str, *arguments: object) -> None:
    """Change what services may not."""
    connection = await asyncpg.connect(database.url("owner"))
    try:
        await connection.execute(statement, *arguments)
    finally:
        await connection.close()


async def bind(database: TestDatabase, hub: str, address: str, name: str, adapter: str, **meaning: str) -> None:
    """Bind a foreign address to a device."""
    await as_owner(
        database, "INSERT INTO devices.binding VALUES ($1, $2, $3, $4, $5::text::jsonb)",
        hub, address, name, adapter, orjson.dumps(meaning).decode(),
    )  # fmt: skip


async def tell(database: TestDatabase, tag: str, **body: object) -> None:
    """Append an event of an incident, as dispatch would."""
    event = {
        "id": str(uuid7(CLOCK.now())), "stream": "incident", "stream_id": body["incident"], "tag": tag,
        "division": COUNTY, "actor": "dispatch", "body": body,
    }  # fmt: skip
    connection = await asyncpg.connect(database.url("dispatch"))
    try:
        async with connection.transaction():
            await connection.execute("SELECT log.lock($1)", [f"incident/{body['incident']}"])
            await connection.execute(
                "SELECT log.append($1::text::jsonb, $2)", orjson.dumps([event]).decode(), CLOCK.now()
            )
        await connection.execute("NOTIFY yl_log")
    finally:
        await connection.close()
