"""The devices service's decisions over a real broker, without its door: for tests of what people decide."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from services.devices.authority.backends import backend
from services.devices.flow.alarms import AlarmFlow
from services.devices.flow.commands import execute
from services.devices.flow.house import House
from services.devices.outbox import Receipts, Spoken
from services.devices.store.keys import Keys, Sealer
from shared.contracts.commands import Actor, Answer, Command
from shared.runtime.clock import FakeClock
from shared.runtime.database import Database
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Consumer
from shared.runtime.settings import Settings
from tests.brokers import CLOCK, COUNTY, RunningBroker

KEY = "a2V5LWtleS1rZXkta2V5LWtleS1rZXkta2V5LWtleSE="


@dataclass
class Decisions:
    """A house whose clock is moved by hand, and the people who command it."""

    house: House
    clock: FakeClock

    async def __call__(self, name: str, target: str, *, by: str = "installer1", key: str = "", **args: Any) -> Answer:
        """Command as an installer of the county; `division` and other words of commands go in as arguments."""
        actor = Actor(account=by, name=by, role="installer", division=COUNTY)
        command = Command.model_validate(
            {"name": name, "target": target, "actor": actor, "key": key or uuid4().hex, "args": args}
        )
        return await execute(self.house, command)

    async def ok(self, name: str, target: str, **more: Any) -> dict[str, Any]:
        """Command, and be obeyed."""
        answer = await self(name, target, **more)
        assert answer.status == 200, answer.body
        return answer.body

    async def refused(self, name: str, target: str, **more: Any) -> tuple[int, str]:
        """Command, and be refused: status and code."""
        answer = await self(name, target, **more)
        return answer.status, answer.body["code"]

    async def registered(self, device: str, **more: Any) -> dict[str, Any]:
        """A new button of the county."""
        said = {"kind": "button", "model": "YL-B1", "division": f"{COUNTY}100", **more}
        return await self.ok("register_device", device, id=device, **said)


@asynccontextmanager
async def decisions(broker: RunningBroker, settings: Settings, ago_s: float = 0) -> AsyncIterator[Decisions]:
    """A house on this broker; its clock stands `ago_s` seconds in the past until it is moved."""
    mine = broker.settings(settings)
    database = Database(mine.devices_database, name="house")
    await database.open()
    clock = FakeClock(CLOCK.now())
    clock.advance(-ago_s)
    keys = Keys(database, Sealer(KEY))
    consumer = Consumer(broker.service, "devices-house", ["yl/v1/none/none/up/alarm"])
    authority = backend(mine, [broker.service], database, CLOCK, "house")
    receipts = Receipts(consumer, keys, clock)
    alarms = AlarmFlow(database, clock, Wakeup(mine.devices_database), receipts, keys, actor="devices:1")
    running = [asyncio.create_task(work) for work in (consumer.run(), authority.run())]
    await asyncio.gather(consumer.connected.wait(), authority.ready.wait())
    try:
        yield Decisions(House(database, clock, authority, Sealer(KEY), Spoken(consumer), alarms), clock)
    finally:
        for task in running:
            task.cancel()
        await asyncio.wait(running)
        await database.close()
