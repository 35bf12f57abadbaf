"""Who can still be heard: real database, real brokers, and a clock moved by hand."""

import asyncio
import signal
from datetime import timedelta

import pytest

from shared.runtime.clock import FakeClock
from shared.runtime.settings import Settings
from tests.brokers import COUNTY, Book, RunningBroker, as_owner, bind, book, broker, register, until
from tests.conftest import TestDatabase
from tests.integration.presence_world import HOUR, START, beats, clock, hub, kinds, living, still
from tests.line import Line as Wire

__all__ = ["book", "broker", "clock"]


async def test_a_hub_whose_will_comes_is_missed_within_its_grace_and_mended_when_it_returns(
    database: TestDatabase, settings: Settings, broker: RunningBroker, clock: FakeClock, book: Book
) -> None:
    """Pulled plug: seventeen seconds after the will there is a fault; after it is back there is none."""
    await kinds(database, H_1="hub")
    async with living(settings, broker.service, clock, book) as town:
        line = await hub(broker, "H-1")
        beats(line, "H-1", mains=True, batt=100)
        await town.heard("states", 1)
        await town.passes(60)
        assert await town.online("H-1") is True
        line.close()
        await town.heard("wills", 1)
        await town.passes(14)
        assert await town.told("device.fault") == []
        await town.passes(2)
        [fault] = await town.told("device.fault")
        assert (fault.device, fault.kind, fault.protects, fault.outage) == ("H-1", "offline", True, None)
        assert (fault.subject, fault.home, fault.county) == ("elder:E-H-1", "H-H-1", COUNTY)
        assert await town.online("H-1") is False
        again = await hub(broker, "H-1")
        beats(again, "H-1")
        await town.heard("states", 2)
        await town.passes(1)
        [mended] = await town.told("device.mended")
        assert (mended.fault, mended.kind) == (fault.fault, "offline")
        assert await town.online("H-1") is True
        assert await town.book.count("devices.fault", "ended_at IS NULL") == 0
        again.close()


async def test_a_hub_that_comes_back_in_time_is_not_missed(
    database: TestDatabase, settings: Settings, broker: RunningBroker, clock: FakeClock, book: Book
) -> None:
    """A router that starts anew makes no fault."""
    await kinds(database, H_1="hub")
    async with living(settings, broker.service, clock, book) as town:
        line = await hub(broker, "H-1")
        beats(line, "H-1")
        await town.heard("states", 1)
        await town.passes(60)
        line.close()
        await town.heard("wills", 1)
        await town.passes(10)
        line = await hub(broker, "H-1")
        beats(line, "H-1")
        await town.heard("states", 2)
        await town.passes(60)
        assert await town.told("device.fault") == []
        line.close()


async def test_a_broker_that_was_away_makes_nobody_silent(
    database: TestDatabase, settings: Settings, broker: RunningBroker, clock: FakeClock, book: Book
) -> None:
    """We heard nothing for ten minutes: nobody is declared, and each has a whole beat to be heard again."""
    await kinds(database, H_1="hub", H_2="hub")
    async with living(settings, broker.service, clock, book) as town:
        town.says("H-1")
        town.says("H-2")
        await town.passes(60)
        town.says("H-1")
        town.says("H-2")
        broker.stop(signal.SIGKILL)

        async def deaf() -> bool:
            return town.ear.deaf_from is not None

        await until(deaf)
        await town.passes(600, step=60)
        assert await town.told("device.fault") == []
        broker.start()
        async with asyncio.timeout(20):
            await town.ear.connected.wait()
        await town.passes(59)
        assert await town.told("device.fault") == []
        town.says("H-1")
        await town.passes(140)
        assert [fault.device for fault in await town.told("device.fault")] == ["H-2"]
        assert await town.book.count("devices.deaf", "until_at - from_at >= interval '600 s'") == 1


async def test_a_press_is_a_sign_of_life(
    database: TestDatabase, settings: Settings, broker: RunningBroker, clock: FakeClock, book: Book
) -> None:
    """A button that is pressed is there, whatever its heartbeat does."""
    await kinds(database, B_1="button")
    async with living(settings, broker.service, clock, book) as town:
        town.says("B-1")
        await town.passes(11 * HOUR, step=HOUR)
        line = await hub(broker, "B-1")
        line.publish(f"yl/v1/{COUNTY}/B-1/up/alarm", b'{"v":1,"eid":"B-1:1:1","kind":"sos","boot":1,"seq":1}')
        await town.heard("alarms", 1)
        await town.passes(11 * HOUR, step=HOUR)
        assert await town.told("device.fault") == []
        await town.passes(HOUR + 20, step=10)
        assert [fault.device for fault in await town.told("device.fault")] == ["B-1"]
        line.close()


@pytest.mark.parametrize(
    ("kind", "limit_s"), [("hub", 150), ("wearable", 1800), ("button", 12 * HOUR), ("sensor", 12 * HOUR)]
)
async def test_silence_is_told_after_the_limit_of_its_kind(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book, kind: str, limit_s: int
) -> None:
    """Not a second before its limit, and at most eleven after."""
    await kinds(database, D_1=kind)
    async with still(settings, clock, book) as town:
        town.says("D-1")
        await town.passes(limit_s - 1, step=limit_s / 10)
        assert await town.online("D-1") is True
        await town.passes(1)
        assert await town.online("D-1") is False
        await town.passes(10)
        [fault] = await town.told("device.fault")
        assert fault.since == START + timedelta(seconds=limit_s)


async def test_whoever_was_never_heard_of_is_not_offline(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """A button in its box has no fault; nor has one that hangs in no home yet, though it is seen to be off."""
    await kinds(database, B_1="button", B_2="wearable")
    await as_owner(database, "UPDATE devices.device SET home_id = NULL, elder_id = NULL WHERE id = 'B-2'")
    async with still(settings, clock, book) as town:
        town.says("B-2")
        await town.passes(24 * HOUR, step=HOUR)
        assert await town.online("B-2") is False
        assert await town.told("device.fault") == []
        assert await town.book.count("devices.health", "device_id = 'B-1'") == 0
        await as_owner(database, "UPDATE devices.device SET home_id = 'H-9' WHERE id = 'B-2'")
        await town.passes(40)
        [fault] = await town.told("device.fault")
        assert (fault.device, fault.subject) == ("B-2", "home:H-9")


async def test_a_battery_that_runs_down_is_told_and_told_again_when_she_cannot_call(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """Fifteen percent is a fault for tomorrow; five percent of her only button is one for now; 25 ends it."""
    await kinds(database, B_1="button")
    async with still(settings, clock, book) as town:
        for batt in (40, 15, 20, 5, 4):
            town.says("B-1", batt=batt, rssi=-70, fw="1.0")
            await town.passes(1)
        first, second = await town.told("device.fault")
        assert (first.kind, first.protects, second.protects) == ("low_batt", False, True)
        assert first.fault == second.fault
        town.says("B-1", batt=80)
        await town.passes(1)
        [mended] = await town.told("device.mended")
        assert mended.fault == first.fault
        row = await book.row("SELECT batt, rssi, fw, online FROM devices.health WHERE device_id = 'B-1'")
        assert tuple(row) == (80, -70, "1.0", True)


async def test_mains_and_case_are_told_too(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """A hub on its battery, an opened case; both end by themselves."""
    await kinds(database, H_1="hub")
    async with still(settings, clock, book) as town:
        town.says("H-1", mains=False, tamper=True)
        await town.passes(1)
        assert sorted(fault.kind for fault in await town.told("device.fault")) == ["mains_lost", "tamper"]
        town.says("H-1", mains=True, tamper=False)
        await town.passes(1)
        assert sorted(fault.kind for fault in await town.told("device.mended")) == ["mains_lost", "tamper"]


async def test_what_a_hub_says_of_its_children_counts_for_them(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """A sensor lives as long as its hub hears it; a stranger among the children is nobody."""
    await kinds(database, H_1="hub", S_1="sensor")
    async with still(settings, clock, book) as town:
        for _ in range(26):
            town.says("H-1", children=[{"device": "S-1", "batt": 12, "seen_s": 30}, {"device": "X"}])
            await town.passes(HOUR, step=HOUR)
            town.says("H-1")
        assert [(f.device, f.kind) for f in await town.told("device.fault") if f.device == "S-1"] == [
            ("S-1", "low_batt")
        ]
        row = await book.row("SELECT online, batt FROM devices.health WHERE device_id = 'S-1'")
        assert tuple(row) == (True, 12)


async def test_what_is_revoked_is_missed_by_nobody(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """Taken out of service, its fault is over and no new one comes."""
    await kinds(database, B_1="wearable")
    async with still(settings, clock, book) as town:
        town.says("B-1")
        await town.passes(1815, step=5)
        [fault] = await town.told("device.fault")
        await as_owner(database, "UPDATE devices.device SET revoked_at = $1", clock.now())
        await town.passes(5)
        assert [mended.fault for mended in await town.told("device.mended")] == [fault.fault]
        await town.passes(2 * HOUR, step=60)
        assert len(await town.told("device.fault")) == 1


async def test_while_the_database_is_away_nothing_is_forgotten(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """The line is cut while a hub falls silent: the fault is told when the line is there again."""
    await kinds(database, H_1="hub", H_2="hub")
    wire = Wire(settings.devices_database)
    await wire.join()
    async with still(settings.model_copy(update={"devices_database": wire.url}), clock, book) as town:
        town.says("H-1", batt=50)
        town.says("H-2")
        await town.passes(1)
        await wire.cut()
        await town.passes(160, step=40)
        town.says("H-2", batt=60)
        assert await town.told("device.fault") == []
        await wire.join()
        await town.passes(12)
        assert [fault.device for fault in await town.told("device.fault")] == ["H-1"]
        row = await book.row("SELECT batt, online FROM devices.health WHERE device_id = 'H-2'")
        assert tuple(row) == (60, True)
    await wire.cut()


async def test_a_foreign_thing_is_heard_through_its_hub(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """What zigbee2mqtt passes on is a sign of life of the button and of the hub."""
    await register(database, "HUB", cls="hub", prefix="zigbee2mqtt/#")
    await register(database, "Z-1", cls="relayed")
    await bind(database, "HUB", "zigbee2mqtt/bedroom", "Z-1", "zigbee2mqtt", single="sos")
    async with still(settings, clock, book) as town:
        town.hears("zigbee2mqtt/bedroom", b'{"action":"single","battery":12}')
        await town.passes(1)
        assert await town.online("Z-1") is True
        assert await town.online("HUB") is True
        assert [(fault.device, fault.kind) for fault in await town.told("device.fault")] == [("Z-1", "low_batt")]
        town.hears("zigbee2mqtt/bedroom/availability", b'{"state":"offline"}')
        await town.passes(1)
        assert await town.online("Z-1") is False
        town.hears("zigbee2mqtt/bedroom", b'{"action":"single"}', kept=True)
        await town.passes(1)
        assert await town.online("Z-1") is False


async def test_a_foreign_button_that_speaks_only_when_pressed_is_not_called_silent(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """Weeks without a press are no fault, unless it was said how often it reports."""
    await register(database, "HUB", cls="hub", prefix="shellies/#")
    await register(database, "S-1", "S-2", cls="relayed")
    await bind(database, "HUB", "shellies/one", "S-1", "shelly", S="sos")
    await bind(database, "HUB", "shellies/two", "S-2", "shelly", S="sos")
    await as_owner(database, "UPDATE devices.device SET beat_s = 3600 WHERE id = 'S-2'")
    async with still(settings, clock, book) as town:
        for name in ("one", "two"):
            town.hears(f"shellies/{name}/input_event/0", b'{"event":"S","event_cnt":1}')
        await town.passes(13 * HOUR, step=HOUR)
        assert await town.online("S-1") is True
        assert await town.online("S-2") is False


async def test_what_its_hub_has_lost_is_silent_and_a_shared_prefix_proves_nothing(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """A hub's own word that a thing is gone is believed; which of two hubs of one prefix said so is not known."""
    await register(database, "HUB-1", "HUB-2", cls="hub", prefix="zigbee2mqtt/#")
    await register(database, "Z-1", cls="relayed")
    await bind(database, "HUB-1", "zigbee2mqtt/bedroom", "Z-1", "zigbee2mqtt", single="sos")
    async with still(settings, clock, book) as town:
        town.hears("zigbee2mqtt/bedroom", b'{"action":"single"}')
        await town.passes(1)
        town.hears("zigbee2mqtt/bedroom/availability", b'{"state":"offline"}')
        await town.passes(12)
        assert [(fault.device, fault.kind) for fault in await town.told("device.fault")] == [("Z-1", "offline")]
        assert await town.book.count("devices.health", "device_id LIKE 'HUB-%'") == 0


async def test_a_process_that_stood_still_has_missed_something(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """A machine that slept for an hour calls nobody silent for it."""
    await kinds(database, H_1="hub")
    async with still(settings, clock, book) as town:
        town.says("H-1")
        await town.passes(60)
        clock.advance(HOUR)
        town.road._stood_still(HOUR)
        await town.passes(89)
        assert await town.online("H-1") is True
        await town.passes(1)
        assert await town.online("H-1") is False


async def test_the_process_serves_by_itself(
    database: TestDatabase, settings: Settings, broker: RunningBroker, clock: FakeClock, book: Book
) -> None:
    """As it runs in production, but for the clock: heard, missed, found again."""
    from services.devices.main import serve_presence

    await kinds(database, H_1="hub")
    ready = asyncio.Event()
    serving = asyncio.create_task(serve_presence(broker.settings(settings), clock, ready.set))
    try:
        async with asyncio.timeout(15):
            await ready.wait()
        line = await hub(broker, "H-1")
        beats(line, "H-1", batt=9)

        async def faults() -> int:
            clock.advance(1)
            return await book.count("devices.fault", "kind = 'low_batt'")

        await until(faults, lambda found: found == 1)
        line.close()

        async def offline() -> int:
            clock.advance(1)
            return await book.count("devices.fault", "kind = 'offline'")

        await until(offline, lambda found: found == 1)
    finally:
        serving.cancel()
        await asyncio.wait({serving}, timeout=10)
