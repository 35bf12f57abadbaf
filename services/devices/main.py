"""Devices: `python -m services.devices.main --worker 1`. Two workers run, so that one may die.

`--presence` is a third process: heartbeats share neither event loop nor connection with the alarms.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine, Iterable

from services.devices import adapters, api
from services.devices.authority.backends import backend
from services.devices.domain.topics import ALARMS
from services.devices.flow import retention, withdrawals
from services.devices.flow.alarms import AlarmFlow
from services.devices.flow.house import House
from services.devices.flow.second import SecondPath
from services.devices.intake import alarms
from services.devices.intake.bridge import Bridge
from services.devices.intake.news import NewsDesk
from services.devices.outbox import EveryBroker, Receipts, Spoken
from services.devices.presence.ear import Ear
from services.devices.presence.road import Road
from services.devices.store.keys import Keys, Sealer
from services.devices.store.leases import Lease
from shared.runtime import metrics
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
    gather_s = 0.0 if worker == 1 else alarms.COPIES_WAIT_S
    wakeup = Wakeup(settings.devices_database)
    known = brokers(settings)
    consumers = [Consumer(broker, name, [ALARMS]) for broker in known]
    outlet = EveryBroker(consumers) if len(consumers) > 1 else consumers[0]
    sealer = Sealer(settings.device_key.get_secret_value())
    keys = Keys(database, sealer)
    receipts = Receipts(outlet, keys, clock)
    news = NewsDesk(database, clock, receipts)
    authority = backend(settings, known, database, clock, name)

    def way_in() -> AlarmFlow:
        """A flow stores one batch at a time: each way in has its own."""
        return AlarmFlow(database, clock, wakeup, receipts, keys, actor=f"devices:{worker}")

    posted, bound = way_in(), way_in()
    bridges = [Bridge(broker, way_in(), clock, database) for broker in known]
    house = House(database, clock, authority, sealer, Spoken(outlet), bound)
    second = SecondPath(database, clock, posted, keys, receipts)
    door = api.app(house, second, wakeup, settings.signing_secret())
    listening = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as tasks:
            for work in (
                wakeup.run(),
                *(consumer.run() for consumer in consumers),
                *(alarms.follow(consumer, way_in(), clock, gather_s) for consumer in consumers),
                news.follow(wakeup),
                news.deliver(),
                authority.run(),
                Lease(database, clock, "receipts", name).run(news.sweep),
                Lease(database, clock, "bridge", name).run(lambda: _all(bridge.run() for bridge in bridges)),
                Lease(database, clock, "denials", name).run(authority.watch),
                Lease(database, clock, "withdrawals", name).run(lambda: withdrawals.sweep(database, clock, authority)),
                Lease(database, clock, "retention", name).run(lambda: retention.keep_forgetting(database, clock)),
                serve_app(door, settings.devices_host, settings.devices_ports[worker - 1], listening),
            ):
                tasks.create_task(work)
            await _first(consumer.connected for consumer in consumers)
            for serving in (authority.ready, listening):
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
    ear = Ear(brokers(settings), clock, adapters.topics())
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(wakeup.run())
            tasks.create_task(Road(database, clock, ear, wakeup).run())
            if settings.metrics_port:
                tasks.create_task(serve_app(metrics.app(), settings.metrics_host, settings.metrics_port))
            await ear.connected.wait()
            ready()
    finally:
        await database.close()


def brokers(settings: Settings) -> tuple[Broker, ...]:
    """Every broker as this service knows it."""
    return tuple(
        Broker(
            host, port, settings.mqtt_user, settings.mqtt_password.get_secret_value(),
            settings.tls_ca, settings.tls_cert, settings.tls_key,
        ) for host, port in settings.brokers()
    )  # fmt: skip


async def _all(works: Iterable[Coroutine[None, None, None]]) -> None:
    """All of them, side by side, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for work in works:
            tasks.create_task(work)


async def _first(events: Iterable[asyncio.Event]) -> None:
    """Return when one of them is set."""
    waiting = {asyncio.ensure_future(event.wait()) for event in events}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()


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
