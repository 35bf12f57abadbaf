"""Foreign buttons through the bridge: one press, one alarm, one bridge."""

import asyncio
import signal
from pathlib import Path

import orjson
import pytest

from services.devices.store.leases import Lease
from shared.runtime.database import Database
from shared.runtime.mqtt import Link
from shared.runtime.settings import Settings
from tests.brokers import (
    CLOCK,
    Book,
    RunningBroker,
    as_owner,
    bind,
    book,
    broker,
    device,
    nats_broker,
    register,
    until,
    worker,
    worker_process,
)
from tests.conftest import TestDatabase

__all__ = ["book", "broker", "nats_broker"]
SOS = "zigbee2mqtt/sos_bedroom"
SHELLY = "shellies/shellybutton1-3494546ECA01"
EVENTS = f"{SHELLY}/input_event/0"


@pytest.fixture
async def home(broker: RunningBroker, database: TestDatabase) -> None:
    """A home with a zigbee hub and a Shelly button."""
    await register(database, "HUB-1", cls="hub", prefix="zigbee2mqtt/#", elder="")
    await register(database, "HUB-2", cls="hub", prefix="shellies/#", elder="")
    await register(database, "Z-1", "S-1", cls="relayed")
    await bind(database, "HUB-1", SOS, "Z-1", "zigbee2mqtt", emergency="sos", single="sos")
    await bind(database, "HUB-2", SHELLY, "S-1", "shelly", S="sos")
    broker.admit(**{"HUB-1": "zigbee2mqtt/#", "HUB-2": "shellies/#"})


async def listening(hub: Link, book: Book) -> None:
    """Knock until the bridge answers."""
    async with asyncio.timeout(10):
        while not await book.count("devices.quarantine", "reason = 'unbound'"):
            await hub.publish("zigbee2mqtt/knock", b'{"action":"emergency"}')


@pytest.mark.usefixtures("home")
async def test_a_press_with_its_echoes_is_one_alarm(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Word, plain text and empty word; two workers, one bridge."""
    mine = broker.settings(settings)
    async with worker(mine, 1), worker(mine, 2), device(broker, "HUB-1") as hub:
        await listening(hub, book)
        for topic, payload in (
            (SOS, b'{"action":"emergency","battery":80,"linkquality":120}'), (f"{SOS}/action", b"emergency"),
            (SOS, b'{"action":"","battery":80,"linkquality":118}'), (SOS, b'{"battery":79}'),
        ):  # fmt: skip
            await hub.publish(topic, payload)
        await until(lambda: book.count("devices.raw_event", "copies = 2"))
    [raised] = await book.raised()
    assert (raised.device, raised.kind, raised.cls, raised.subject) == ("Z-1", "sos", "relayed", "elder:E-Z-1")
    row = await book.row("SELECT topic, boot, payload FROM devices.raw_event")
    assert row["topic"] == SOS
    assert row["boot"] < 0
    assert orjson.loads(row["payload"])["action"] == "emergency"


@pytest.mark.usefixtures("home")
async def test_a_shelly_press_said_twice_is_one_and_the_next_count_another(
    broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """At least once is QoS 1's word for it."""
    async with worker(broker.settings(settings)), device(broker, "HUB-1") as knocker, device(broker, "HUB-2") as hub:
        await listening(knocker, book)
        for count in (7, 7, 8):
            await hub.publish(EVENTS, orjson.dumps({"event": "S", "event_cnt": count}))
        await until(lambda: book.count("devices.raw_event"), lambda found: found == 2)
    assert [item.kind for item in await book.raised()] == ["sos", "sos"]


@pytest.mark.usefixtures("home")
async def test_what_the_broker_kept_from_earlier_is_no_press(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """A retained message greets every new bridge; nobody pressed again."""
    mine = broker.settings(settings)
    async with worker(mine), device(broker, "HUB-1") as knocker, device(broker, "HUB-2") as hub:
        await listening(knocker, book)
        await hub.publish(EVENTS, b'{"event":"S","event_cnt":1}', retain=True)
        await until(lambda: book.count("devices.raw_event", "copies = 1"))
    await as_owner(database, "DELETE FROM devices.quarantine")
    async with worker(mine), device(broker, "HUB-1") as knocker:
        await listening(knocker, book)
    assert await book.count("devices.raw_event") == 1


@pytest.mark.usefixtures("home")
async def test_an_unbound_press_is_shown_to_the_county(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Somebody pressed something; a person must look."""
    async with worker(broker.settings(settings)), device(broker, "HUB-1") as hub:
        await listening(hub, book)
        await until(lambda: book.count("log.event", "tag = 'alarm.quarantined'"))
    row = await book.row("SELECT topic, reason, county FROM devices.quarantine")
    assert tuple(row) == ("zigbee2mqtt/knock", "unbound", "360733")
    assert await book.count("devices.raw_event") == 0


async def test_a_standby_takes_over_from_a_killed_bridge(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book, tmp_path: Path
) -> None:
    """Within seconds, and what was pressed meanwhile is not lost."""
    await register(database, "HUB-1", cls="hub", prefix="zigbee2mqtt/#")
    await register(database, "Z-1", cls="relayed")
    await bind(database, "HUB-1", SOS, "Z-1", "zigbee2mqtt")
    mine = nats_broker.settings(settings)
    first = worker_process(mine, 1, tmp_path / "first.log")
    try:
        await until(lambda: book.count("devices.lease", "holder = 'devices-1' AND name = 'bridge'"), within_s=20)
        async with worker(mine, 2), device(nats_broker, "HUB-1") as hub:
            await listening(hub, book)
            first.send_signal(signal.SIGKILL)
            first.wait(10)
            await hub.publish(SOS, b'{"action":"emergency"}')
            await until(lambda: book.count("devices.raw_event"))
            assert await book.count("devices.lease", "holder = 'devices-2' AND name = 'bridge'") == 1
    finally:
        first.kill()


async def test_a_lease_is_held_by_one_and_given_back(settings: Settings, book: Book) -> None:
    """The second waits; when the first ends the second begins."""
    database = Database(settings.devices_database, name="test")
    await database.open()
    began: list[str] = []

    started = asyncio.Event()

    async def work(name: str) -> None:
        began.append(name)
        started.set()
        await asyncio.Event().wait()

    async def compete(name: str) -> None:
        await Lease(database, CLOCK, "test", name).run(lambda: work(name))

    first = asyncio.create_task(compete("a"))
    await started.wait()
    started.clear()
    second = asyncio.create_task(compete("b"))
    first.cancel()
    await started.wait()
    second.cancel()
    await asyncio.wait({first, second})
    assert await book.count("devices.lease") == 0
    assert began == ["a", "b"]
    await database.close()


async def test_a_binding_may_be_added_while_the_bridge_runs(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """The next press finds it."""
    await register(database, "HUB-1", cls="hub", prefix="zigbee2mqtt/#")
    await register(database, "Z-1", cls="relayed")
    async with worker(nats_broker.settings(settings)), device(nats_broker, "HUB-1") as hub:
        await listening(hub, book)
        await bind(database, "HUB-1", "zigbee2mqtt/knock", "Z-1", "zigbee2mqtt")
        await hub.publish("zigbee2mqtt/knock", b'{"action":"emergency"}')
        await until(lambda: book.count("devices.raw_event"))


async def test_what_a_hub_lists_waits_for_binding(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """The retained list of devices is no press; what is in it appears for binding, with the hub it hangs on."""
    await register(database, "HUB-1", cls="hub", prefix="zigbee2mqtt/#")
    listed = [
        {"friendly_name": "cord", "type": "EndDevice", "definition": {"vendor": "Heiman", "model": "HS1EB", "exposes": [
            {"property": "action", "values": ["single", "hold"]}]}},
        {"friendly_name": "nul\0name", "type": "EndDevice", "definition": None},
    ]  # fmt: skip
    async with worker(nats_broker.settings(settings)), device(nats_broker, "HUB-1") as hub:
        await hub.publish("zigbee2mqtt/bridge/devices", orjson.dumps(listed), retain=True)
        await until(lambda: book.count("devices.discovered"), within_s=20)
        row = await book.row(
            "SELECT address, adapter, hub_id, county, name, maker, model, words FROM devices.discovered"
        )
        assert tuple(row) == (
            "zigbee2mqtt/cord", "zigbee2mqtt", "HUB-1", "360733", "cord", "Heiman", "HS1EB", ["single", "hold"],
        )  # fmt: skip
        await listening(hub, book)
    assert await book.count("devices.raw_event") == 0


@pytest.mark.usefixtures("home")
async def test_a_bound_button_that_nobody_can_read_is_shown_to_the_desk(
    broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """Cut off before the word: it may have been a press. The same from a thing that is bound to nobody is noise."""
    async with worker(broker.settings(settings)), device(broker, "HUB-1") as hub:
        await listening(hub, book)
        await hub.publish("zigbee2mqtt/lamp", b'{"act')
        await hub.publish(SOS, b'{"act')
        await until(lambda: book.count("devices.quarantine", "reason = 'unreadable'"))
        await hub.publish(SOS, b'{"action":"emergency","batt')
        await until(lambda: book.count("devices.raw_event"))
    row = await book.row("SELECT topic, county FROM devices.quarantine WHERE reason = 'unreadable'")
    assert tuple(row) == (SOS, "360733")
    [raised] = await book.raised()
    assert (raised.kind, raised.flags) == ("sos", ("unparsed",))


async def test_a_trigger_of_a_house_rings_once_bound_and_a_thermometer_is_no_stray(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Below `homeassistant/` anything may be said: unbound, only what a config announced is shown to the desk."""
    await register(database, "HUB-3", cls="hub", prefix="homeassistant/#", elder="")
    await register(database, "T-1", cls="relayed")
    trigger = {"automation_type": "trigger", "topic": "btn/press", "payload": "short", "type": "button_short_press"}
    press = "homeassistant/h1/btn/press"
    async with worker(nats_broker.settings(settings)), device(nats_broker, "HUB-3") as hub:
        config = "homeassistant/h1/homeassistant/device_automation/btn/config"
        async with asyncio.timeout(20):
            while not await book.count("devices.discovered", f"address = '{press}'"):
                await hub.publish(config, orjson.dumps(trigger), retain=True)
        await hub.publish("homeassistant/h1/room/temperature", b"21.5")
        await hub.publish(press, b"short")
        await until(lambda: book.count("devices.quarantine"))
        assert await book.count("devices.quarantine", f"topic = '{press}' AND reason = 'unbound'") == 1
        await bind(database, "HUB-3", press, "T-1", "homeassistant", short="sos")
        await hub.publish(press, b"short")
        await until(lambda: book.count("devices.raw_event"))
    assert await book.count("devices.quarantine") == 1
    assert [item.kind for item in await book.raised()] == ["sos"]


async def test_a_watch_behind_traccar_rings_where_it_is(
    nats_broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Its Chinese map coordinates become WGS-84 on the way in; event and position are one alarm."""
    await register(database, "HUB-4", cls="hub", prefix="traccar/#", elder="")
    await register(database, "W-1", cls="relayed")
    await as_owner(database, "UPDATE devices.device SET datum = 'gcj02' WHERE id = 'W-1'")
    await bind(database, "HUB-4", "traccar/8612", "W-1", "traccar")
    at = "2026-11-22T05:59:58.000+00:00"
    position = {
        "deviceTime": at, "fixTime": at, "valid": True, "latitude": 39.91334545536069, "longitude": 116.38404722455657,
        "accuracy": 15.0, "attributes": {"alarm": "sos", "batteryLevel": 40},
    }  # fmt: skip
    watch = {"id": 3, "uniqueId": "8612", "name": "watch"}
    event = {"type": "alarm", "eventTime": at, "attributes": {"alarm": "sos"}}
    async with worker(nats_broker.settings(settings)), device(nats_broker, "HUB-4") as hub:
        await until(lambda: book.count("devices.lease", "name = 'bridge'"))
        async with asyncio.timeout(10):
            while not await book.count("devices.raw_event"):
                await hub.publish("traccar/positions", orjson.dumps({"position": position, "device": watch}))
        await hub.publish("traccar/events", orjson.dumps({"event": event, "position": position, "device": watch}))
        await hub.publish("traccar/events", orjson.dumps({"event": {**event, "eventTime": "later"}, "device": watch}))
        await until(lambda: book.count("devices.raw_event"), lambda found: found == 2)
    raised = (await book.raised())[0]
    assert raised.loc is not None
    assert (raised.loc.lat, raised.loc.lon) == pytest.approx((39.911954, 116.377817), abs=1e-7)
    assert (raised.loc.crs, raised.loc.crs_from, raised.loc.acc_m, raised.batt) == ("wgs84", "gcj02", 15, 40)
