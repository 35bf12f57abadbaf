"""Who may connect, and what a device may do: its own topics, nothing else."""

import asyncio
from dataclasses import replace

import pytest

from shared.runtime.clock import stopwatch
from shared.runtime.mqtt import AWAY, Link, session
from shared.runtime.settings import Settings
from tests.brokers import (
    Book,
    RunningBroker,
    alarm,
    as_owner,
    attempt,
    book,
    broker,
    device,
    nats_broker,
    press,
    receipts,
    register,
    until,
    up,
    worker,
)
from tests.conftest import TestDatabase

__all__ = ["book", "broker", "nats_broker"]


async def test_another_devices_topic_is_refused(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """The publisher gets its PUBACK all the same; there is no row and no receipt."""
    await register(database, "B-1", "B-2")
    broker.admit("B-1", "B-2")
    inner = ["$MQTT/msgs/" + up("B-2")] if broker.kind == "nats" else []
    async with worker(broker.settings(settings)), device(broker, "B-2") as other:
        for topic in (up("B-2"), "zigbee2mqtt/x", "yl/v1/360733/B-2/down/receipt", *inner):
            await attempt(broker, "B-1", topic, alarm("B-2"))
        async with device(broker, "B-1") as button:
            await press(button, "B-1")
        with pytest.raises(TimeoutError):
            await receipts(other, within_s=0.3)
    assert await book.count("devices.raw_event") == 1
    assert await book.count("devices.quarantine") == 0


async def test_another_devices_receipts_are_not_heard(
    broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """Both brokers refuse the subscription."""
    await register(database, "B-1", "B-2")
    broker.admit("B-1", "B-2")
    async with worker(broker.settings(settings)), device(broker, "B-1") as button, device(broker, "B-2") as spy:
        for topic in ("yl/v1/360733/B-1/down/#", "yl/v1/+/+/down/receipt", "#", "$MQTT/#", "$SYS/#"):
            with pytest.raises(AWAY):
                await spy.subscribe(topic)
        await press(button, "B-1")
        with pytest.raises(TimeoutError):
            await receipts(spy, within_s=0.3)


async def test_a_wrong_secret_is_refused(broker: RunningBroker, settings: Settings, database: TestDatabase) -> None:
    """And an unknown device."""
    await register(database, "B-1")
    broker.admit("B-1")
    async with worker(broker.settings(settings)):
        async with device(broker, "B-1"):
            pass
        for name, secret in (("B-1", "wrong"), ("B-1", ""), ("B-9", "secret-of-B-9")):
            with pytest.raises(AWAY):
                async with session(replace(broker.address(name), password=secret)):
                    pytest.fail("must not be let in")


async def test_a_revoked_device_is_refused(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """Its secret is right; it is out all the same."""
    await register(database, "B-1")
    async with worker(nats_broker.settings(settings)):
        async with device(nats_broker, "B-1"):
            pass
        await as_owner(database, "UPDATE devices.device SET revoked_at = added_at")
        with pytest.raises(AWAY):
            async with session(nats_broker.address("B-1")):
                pytest.fail("must not be let in")


async def test_a_device_may_not_take_anothers_client_id(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """Client id, user name and device are one."""
    await register(database, "B-1", "B-2")
    async with worker(nats_broker.settings(settings)):
        for claimed in ("B-2", "devices-1"):
            with pytest.raises(AWAY):
                async with Link(nats_broker.address("B-1"), claimed):
                    pytest.fail("must not be let in")


async def test_at_mosquitto_another_client_id_takes_nobodys_session(
    broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """Claiming it on the devices' door changes nothing (at nats-server it is refused); the services' door is shut."""
    await register(database, "B-1", "B-2")
    broker.admit("B-1", "B-2")
    async with worker(broker.settings(settings)), device(broker, "B-2") as other:
        if broker.kind == "mosquitto":
            async with Link(broker.address("B-1"), "B-2") as link:
                with pytest.raises(AWAY):
                    await link.subscribe("yl/v1/360733/B-2/down/receipt")
        for claimed in ("B-2", "devices-1"):
            with pytest.raises(AWAY):
                async with Link(replace(broker.address("B-1"), port=broker.service_port), claimed):
                    pytest.fail("must not be let in")
        await press(other, "B-2")


async def test_a_service_password_is_needed_for_the_service_user(broker: RunningBroker, settings: Settings) -> None:
    """A stranger can't become the ingest."""
    async with worker(broker.settings(settings)):
        with pytest.raises(AWAY):
            async with Link(replace(broker.service, password="guess"), "devices-1"):
                pytest.fail("must not be let in")


async def test_a_hub_speaks_under_its_prefix_and_no_other(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """What it says there arrives at the bridge; a button may not say it."""
    await register(database, "HUB-1", cls="hub", prefix="zigbee2mqtt/#")
    await register(database, "B-1")
    broker.admit("B-1", **{"HUB-1": "zigbee2mqtt/#"})
    async with worker(broker.settings(settings)):
        await until(lambda: book.count("devices.lease", "name = 'bridge'"))
        await attempt(broker, "B-1", "zigbee2mqtt/forged", b'{"action":"emergency"}')
        await attempt(broker, "HUB-1", "shellies/forged/input_event/0", b'{"event":"S","event_cnt":1}')
        async with asyncio.timeout(10), device(broker, "HUB-1") as hub:
            while not await book.count("devices.quarantine"):
                await hub.publish("zigbee2mqtt/sos", b'{"action":"emergency"}')
    row = await book.row("SELECT topic, reason, county FROM devices.quarantine")
    assert tuple(row) == ("zigbee2mqtt/sos", "unbound", "360733")


async def test_hundreds_connect_within_seconds(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """A county's devices come back after an outage."""
    names = [f"B-{number}" for number in range(200)]
    await register(database, *names)
    mine = nats_broker.settings(settings)
    async with worker(mine, 1), worker(mine, 2):
        began = stopwatch()
        links = [Link(nats_broker.address(name), name) for name in names]
        await asyncio.gather(*(link.__aenter__() for link in links))
        took = stopwatch() - began
        for link in links:
            await link.__aexit__(None, None, None)
    assert took < 10


async def test_the_authority_survives_the_brokers_death(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """It is asked again after the broker's restart."""
    await register(database, "B-1")
    async with worker(nats_broker.settings(settings)):
        nats_broker.stop()
        nats_broker.start()
        async with device(nats_broker, "B-1") as button:
            await press(button, "B-1")
