"""Devices: `python -m services.devices.main --worker 1`. Two workers run, so that one may die."""

import argparse
import asyncio
from collections.abc import Callable

from services.devices.authority.callout import Authority
from services.devices.domain.topics import ALARMS
from services.devices.flow.alarms import AlarmFlow
from services.devices.intake import alarms
from services.devices.intake.bridge import Bridge
from services.devices.intake.news import NewsDesk
from services.devices.outbox import Receipts
from services.devices.store.leases import Lease
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Broker, Consumer
from shared.runtime.process import opened, run
from shared.runtime.settings import Settings


async def serve(settings: Settings, clock: Clock, ready: Callable[[], None], worker: int) -> None:
    """Run one worker until cancelled."""
    name = f"devices-{worker}"
    database = Database(settings.devices_database, name=name, size=8)
    await opened(database)
    try:
        await _serve(settings, clock, ready, database, name)
    finally:
        await database.close()


async def _serve(settings: Settings, clock: Clock, ready: Callable[[], None], database: Database, name: str) -> None:
    wakeup = Wakeup(settings.devices_database)
    consumer = Consumer(broker(settings), name, [ALARMS])
    receipts = Receipts(consumer)
    news = NewsDesk(database, clock, receipts)

    def flow() -> AlarmFlow:
        return AlarmFlow(database, clock, wakeup, receipts, actor=name.replace("-", ":"))

    bridge = Bridge(broker(settings), flow(), clock)
    async with asyncio.TaskGroup() as tasks:
        for work in (
            wakeup.run(),
            consumer.run(),
            alarms.follow(consumer, flow(), clock),
            news.follow(wakeup),
            news.deliver(),
            Lease(database, clock, "receipts", name).run(news.sweep),
            Lease(database, clock, "bridge", name).run(bridge.run),
        ):
            tasks.create_task(work)
        if settings.broker == "nats":
            authority = Authority(settings, database, clock)
            tasks.create_task(authority.run())
            await authority.ready.wait()
        await consumer.connected.wait()
        ready()


def broker(settings: Settings) -> Broker:
    """The broker as this service knows it."""
    return Broker(settings.mqtt_host, settings.mqtt_port, settings.mqtt_user, settings.mqtt_password.get_secret_value())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker", type=int, choices=(1, 2), required=True)
    number: int = parser.parse_args().worker
    run(
        f"devices-{number}",
        lambda settings: settings.devices_database,
        lambda settings, clock, ready: serve(settings, clock, ready, number),
    )
