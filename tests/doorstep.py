"""The way into the database without a broker: messages are handed to the flow, under a clock moved by hand."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from services.devices.domain.alarm import read
from services.devices.domain.told import Told
from services.devices.domain.topics import Place
from services.devices.flow.alarms import AlarmFlow
from services.devices.flow.second import SecondPath
from services.devices.outbox import Receipts
from services.devices.store.keys import Keys, Sealer
from shared.runtime.clock import FakeClock
from shared.runtime.database import Database
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Broker, Consumer
from tests.brokers import COUNTY, secret_of
from tests.conftest import TestDatabase

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
KEY = base64.b64encode(bytes(range(32))).decode()


@dataclass
class Doorstep:
    """One worker's flow, and the second path beside it."""

    clock: FakeClock
    flow: AlarmFlow
    second: SecondPath
    sealer: Sealer
    owner: "asyncpg.Connection[asyncpg.Record]"

    async def press(self, device: str, seq: int, *, boot: int = 1, kind: str = "sos", **more: Any) -> Told:
        """One alarm of its own device; returns what it is told."""
        [told] = await self.flow.keep([self.reading(device, seq, boot=boot, kind=kind, **more)])
        return told

    def reading(self, device: str, seq: int, *, boot: int = 1, kind: str = "sos", **more: Any) -> Any:
        """The alarm as read from the wire."""
        fields = message(device, seq, boot=boot, kind=kind, **more)
        payload = orjson.dumps(fields)
        topic = f"yl/v1/{COUNTY}/{device}/up/alarm"
        return read(Place(COUNTY, device), topic, payload, fields, self.clock.now(), retained=False)

    async def sign(self, *devices: str) -> None:
        """Give these devices their signing keys."""
        for device in devices:
            sealed = self.sealer.sealed(device, secret_of(device))
            await self.owner.execute("UPDATE devices.device SET mac_key = $2 WHERE id = $1", device, sealed)

    async def tags(self) -> list[str]:
        """Tags in the log, in order."""
        return [row["tag"] for row in await self.owner.fetch("SELECT tag FROM log.event ORDER BY position")]

    async def bodies(self, tag: str) -> list[dict[str, Any]]:
        """Bodies of the events with this tag, in order."""
        rows = await self.owner.fetch("SELECT body FROM log.event WHERE tag = $1 ORDER BY position", tag)
        return [orjson.loads(row["body"]) for row in rows]


def message(device: str, seq: int, *, boot: int = 1, kind: str = "sos", **more: Any) -> dict[str, Any]:
    """An alarm of the wire contract."""
    return {"v": 1, "eid": f"{device}:{boot}:{seq}", "kind": kind, "boot": boot, "seq": seq, **more}


@asynccontextmanager
async def doorstep(database: TestDatabase) -> AsyncIterator[Doorstep]:
    """Open it at noon; its receipts are returned, not published."""
    clock = FakeClock(NOON)
    pool = Database(database.url("devices"), name="doorstep", size=4)
    await pool.open()
    owner = await asyncpg.connect(database.url("owner"))
    sealer = Sealer(KEY)
    keys = Keys(pool, sealer)
    receipts = Receipts(Consumer(Broker("127.0.0.1", 1, "nobody", ""), "nobody", []), keys, clock)

    def flow() -> AlarmFlow:
        return AlarmFlow(pool, clock, Wakeup(database.url("devices")), receipts, keys, actor="devices:test")

    main, other = flow(), flow()
    try:
        yield Doorstep(clock, main, SecondPath(pool, clock, other, keys, receipts), sealer, owner)
    finally:
        await main.close()
        await other.close()
        await owner.close()
        await pool.close()
