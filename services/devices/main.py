"""Devices: `python -m services.devices.main --worker 1`. Two workers run, so that one may die.

`--presence` is a third process: heartbeats share neither event loop nor connection with the alarms.
"""

import argparse
import asyncio
from collections.abc import Callable

from services.devices import adapters, api
from services.devices.authority.backends import backend
from services.devices.domain.topics import ALARMS
from services.devices.flow import withdrawals
from services.devices.flow.alarms import AlarmFlow
from services.devices.flow.house import House
from services.devices.flow.second import SecondPath
from services.devices.intake import alarms
from services.devices.intake.bridge import Bridge
from services.devices.intake.news import NewsDesk
from services.devices.outbox import Receipts, Spoken
from services.devices.presence.ear import Ear
from services.devices.presence.road import Road
from services.devices.store.keys import Keys, Sealer
from services.devices.store.leases import Lease
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.http import serve_app
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Broker, Consumer
from shared.runtime.process import opened, run
from shared.runtime.settings import Settings


async def serve(settings: Settings, clock: Clock, ready: Callable[[], None], worker: int) -> None:
    """Run one worker until cancelled."""
    adapters.load(settings.adapters_file)
    database = Database(settings.devices_database, name=f"devices-{worker}", size=12)
    await opened(database)
    try:
        await _serve(settings, clock, ready, database, worker)
    finally:
        await database.close()


async def _serve(settings: Settings, clock: Clock, ready: Callable[[], None], database: Database, worker: int) -> None:
    name = f"devices-{worker}"
    wakeup = Wakeup(settings.devices_database)
    consumer = Consumer(broker(settings), name, [ALARMS])
    sealer = Sealer(settings.device_key.get_secret_value())
    keys = Keys(database, sealer)
    receipts = Receipts(consumer, keys, clock)
    news = NewsDesk(database, clock, receipts)
    authority = backend(settings, broker(settings), database, clock, name)
    # a flow stores one batch at a time: each way in has its own
    mqtt, bridged, posted, bound = (
        AlarmFlow(database, clock, wakeup, receipts, keys, actor=f"devices:{worker}") for _ in range(4)
    )
    bridge = Bridge(broker(settings), bridged, clock, database)
    house = House(database, clock, authority, sealer, Spoken(consumer), bound)
    second = SecondPath(database, clock, posted, keys, receipts)
    door = api.app(house, second, wakeup, settings.signing_secret())
    listening = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as tasks:
            for work in (
                wakeup.run(),
                consumer.run(),
                alarms.follow(consumer, mqtt, clock),
                news.follow(wakeup),
                news.deliver(),
                authority.run(),
                Lease(database, clock, "receipts", name).run(news.sweep),
                Lease(database, clock, "bridge", name).run(bridge.run),
                Lease(database, clock, "denials", name).run(authority.watch),
                Lease(database, clock, "withdrawals", name).run(lambda: withdrawals.sweep(database, clock, authority)),
                serve_app(door, settings.devices_host, settings.devices_ports[worker - 1], listening),
            ):
                tasks.create_task(work)
            for serving in (authority.ready, consumer.connected, listening):
                await serving.wait()
            ready()
    finally:
        for flow in (posted, bound):
            await flow.close()


async def serve_presence(settings: Settings, clock: Clock, ready: Callable[[], None]) -> None:
    """Hear heartbeats until cancelled."""
    database = Database(settings.devices_database, name="devices-presence", size=3)
    await opened(database)
    wakeup = Wakeup(settings.devices_database)
    adapters.load(settings.adapters_file)
    ear = Ear(broker(settings), clock, adapters.topics())
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(wakeup.run())
            tasks.create_task(Road(database, clock, ear, wakeup).run())
            await ear.connected.wait()
            ready()
    finally:
        await database.close()


def broker(settings: Settings) -> Broker:
    """The broker as this service knows it."""
    return Broker(
        settings.mqtt_host, settings.mqtt_port, settings.mqtt_user, settings.mqtt_password.get_secret_value(),
        settings.tls_ca, settings.tls_cert, settings.tls_key,
    )  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    part = parser.add_mutually_exclusive_group(required=True)
    part.add_argument("--worker", type=int, choices=(1, 2))
    part.add_argument("--presence", action="store_true")
    asked = parser.parse_args()
    if asked.presence:
        run("devices-presence", lambda settings: settings.devices_database, serve_presence)
    else:
        run(
            f"devices-{asked.worker}",
            lambda settings: settings.devices_database,
            lambda settings, clock, ready: serve(settings, clock, ready, asked.worker),
        )
