"""A few devices that can be heard or not, and a clock moved by hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
import pytest

from services.devices.presence.ear import Ear
from services.devices.presence.road import Road
from shared.contracts.events import DeviceFault, DeviceMended, DeviceOutage
from shared.runtime.clock import FakeClock
from shared.runtime.database import Database
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Broker as Service
from shared.runtime.mqtt import Delivery
from shared.runtime.settings import Settings
from simulators.mqtt import Broker, connect
from simulators.mqtt import Link as Line
from tests.brokers import COUNTY, Book, RunningBroker, as_owner, register, until
from tests.conftest import TestDatabase

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOUR = 3600
EVENTS = "SELECT stream_id, tag, body::text AS body FROM log.event WHERE tag LIKE $1 ORDER BY position"
SHAPES: dict[str, Any] = {"device.fault": DeviceFault, "device.mended": DeviceMended, "device.outage": DeviceOutage}


class Town:
    """The presence of a few devices, second by second."""

    def __init__(self, road: Road, ear: Ear, clock: FakeClock, book: Book) -> None:
        """Look into the database through `book`."""
        self.road, self.ear, self.clock, self.book = road, ear, clock, book

    async def passes(self, seconds: float, step: float = 1) -> None:
        """Let time pass in steps, with a look after each."""
        left = seconds
        while left > 0:
            self.clock.advance(min(step, left))
            left -= step
            await self.road.tick(self.clock.now())

    async def heard(self, what: str, count: int) -> None:
        """Wait until so many have arrived."""

        async def look() -> int:
            return self.road.roll.heard[what]

        await until(look, lambda found: found >= count)

    def says(self, device: str, **fields: object) -> None:
        """A heartbeat, put where the broker would put it."""
        topic = f"yl/v1/{COUNTY}/{device}/up/state"
        payload = orjson.dumps({"v": 1, "ts": 1, **fields})
        self.road.roll.hear(Delivery(topic, payload, False, False, None, 0), self.clock.now())  # type: ignore[arg-type]

    def hears(self, topic: str, payload: bytes, *, kept: bool = False) -> None:
        """A foreign message; `kept` by the broker from earlier."""
        self.road.roll.hear(Delivery(topic, payload, kept, False, None, 0), self.clock.now())  # type: ignore[arg-type]

    async def told(self, tag: str) -> list[Any]:
        """Bodies of the events of this tag, read by their contract."""
        rows = await self.book.connection.fetch(EVENTS, tag)
        return [SHAPES[tag].model_validate_json(row["body"]) for row in rows]

    async def online(self, device: str) -> bool | None:
        """What the desk sees."""
        row = await self.book.row("SELECT online FROM devices.health WHERE device_id = $1", device)
        return bool(row["online"]) if row["online"] is not None else None


@asynccontextmanager
async def living(settings: Settings, it: Service, clock: FakeClock, book: Book) -> AsyncIterator[Town]:
    """Presence that hears through this broker; its seconds are taken by hand."""
    database = Database(settings.devices_database, name="presence", size=2)
    await database.open()
    ear = Ear([it], clock)
    road = Road(database, clock, ear, Wakeup(settings.devices_database))
    await road.load()
    tasks = [asyncio.create_task(work) for work in (ear.run(), road.listen())]
    try:
        async with asyncio.timeout(10):
            await ear.connected.wait()
        yield Town(road, ear, clock, book)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await database.close()


@asynccontextmanager
async def still(settings: Settings, clock: FakeClock, book: Book) -> AsyncIterator[Town]:
    """Presence that hears what the test says to it; no broker is needed to be silent."""
    database = Database(settings.devices_database, name="presence", size=2)
    await database.open()
    nowhere = Service("127.0.0.1", 9, "devices", "")
    ear = Ear([nowhere], clock)
    road = Road(database, clock, ear, Wakeup(settings.devices_database))
    await road.load()
    ear._hears(nowhere)
    try:
        yield Town(road, ear, clock, book)
    finally:
        await database.close()


async def hub(broker: RunningBroker, name: str) -> Line:
    """A hub with its last will."""
    will = (f"yl/v1/{COUNTY}/{name}/up/lwt", b'{"v":1}')
    service = broker.service
    it = Broker(service.host, service.port, service.user, service.password)
    return await connect(it, None, lambda *_: None, name, will)


def beats(line: Line, name: str, **fields: object) -> None:
    """A heartbeat over the line."""
    line.tell(f"yl/v1/{COUNTY}/{name}/up/state", orjson.dumps({"v": 1, "ts": 1, **fields}))


async def kinds(database: TestDatabase, **kinds: str) -> None:
    """Register devices of these kinds; `_` in a name stands for `-`."""
    for name, kind in kinds.items():
        device = name.replace("_", "-")
        await register(database, device)
        await as_owner(database, "UPDATE devices.device SET kind = $2 WHERE id = $1", device, kind)


async def many(database: TestDatabase, count: int, kind: str = "hub", division: str = f"{COUNTY}100001") -> list[str]:
    """So many devices, two to a person."""
    names = [f"M-{number:05d}" for number in range(count)]
    connection = await asyncpg.connect(database.url("owner"))
    await connection.executemany(
        "INSERT INTO devices.device (id, county, division, model, kind, home_id, elder_id, added_at)"
        " VALUES ($1, $2, $3, 'test', $4, $5, $6, $7)",
        [(n, COUNTY, division, kind, f"H-{i // 2}", f"E-{i // 2}", START) for i, n in enumerate(names)],
    )
    await connection.close()
    return names


@pytest.fixture
def clock() -> FakeClock:
    """Ten in the morning."""
    return FakeClock(START)
