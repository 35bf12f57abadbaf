"""Who can still be heard: real database, real brokers, and a clock moved by hand."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
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
from tests.brokers import COUNTY, Book, RunningBroker, as_owner, bind, book, broker, nats_broker, register, until
from tests.conftest import TestDatabase
from tests.line import Line as Wire

__all__ = ["book", "broker", "nats_broker"]

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
    ear = Ear(it, clock)
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
    ear = Ear(Service("127.0.0.1", 9, "devices", ""), clock)
    road = Road(database, clock, ear, Wakeup(settings.devices_database))
    await road.load()
    ear._hears()
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


@pytest.fixture
def clock() -> FakeClock:
    """Ten in the morning."""
    return FakeClock(START)


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


async def test_five_thousand_that_vanish_are_one_report(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """One outage with street and people; when most are back it is over, and the rest are faults of their own."""
    names = await many(database, 5000)
    async with still(settings, clock, book) as town:
        for name in names:
            town.says(name)
        await town.passes(1)
        await town.passes(165, step=5)
        [outage] = await town.told("device.outage")
        assert (outage.area, outage.devices, outage.elders) == (f"{COUNTY}100001", 5000, 2500)
        faults = await town.told("device.fault")
        assert len(faults) == 5000
        assert {fault.outage for fault in faults} == {outage.outage}
        for name in names[:4000]:
            town.says(name)
        await town.passes(3)
        row = await book.row("SELECT devices, ended_at IS NOT NULL AS over FROM devices.outage")
        assert tuple(row) == (5000, True)
        left = [fault for fault in await town.told("device.fault") if fault.outage is None]
        assert {fault.device for fault in left} == set(names[4000:])
        assert len(left) == 1000
        assert len(await town.told("device.mended")) == 4000
        assert await book.count("log.event", "tag = 'device.outage_over'") == 1


async def test_an_outage_grows_and_is_told_at_most_every_ten_seconds(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """Who falls silent a minute later joins; nineteen in another street were not enough before."""
    names = await many(database, 60)
    async with still(settings, clock, book) as town:
        for second in range(60):
            town.says(names[second])
            await town.passes(1)
        await town.passes(200)
        assert len(await town.told("device.outage")) == 1
        row = await book.row("SELECT devices FROM devices.outage")
        assert row["devices"] == 60
        grown = await book.count("log.event", "tag = 'device.outage_grew'")
        assert 3 <= grown <= 6
        faults = await town.told("device.fault")
        last = {fault.device: fault.outage for fault in faults}
        assert len(last) == 60
        assert None not in last.values()


async def test_nineteen_are_nineteen_faults(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """It takes twenty to be an outage."""
    names = await many(database, 19)
    async with still(settings, clock, book) as town:
        for name in names:
            town.says(name)
        await town.passes(170)
        assert await town.told("device.outage") == []
        assert len(await town.told("device.fault")) == 19


async def test_wills_of_a_whole_street_are_one_outage(
    database: TestDatabase, settings: Settings, nats_broker: RunningBroker, clock: FakeClock, book: Book
) -> None:
    """Thirty hubs lose their mains over a real broker: one report, at the end of their grace."""
    names = await many(database, 30)
    async with living(settings, nats_broker.service, clock, book) as town:
        lines = [await hub(nats_broker, name) for name in names]
        for name, line in zip(names, lines, strict=True):
            beats(line, name)
        await town.heard("states", 30)
        await town.passes(60)
        for line in lines:
            line.close()
        await town.heard("wills", 30)
        await town.passes(17)
        [outage] = await town.told("device.outage")
        assert outage.devices == 30
        assert len(await town.told("device.fault")) == 30


async def test_a_killed_presence_finds_the_same_fault_and_tells_it_once(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """Started anew it has the faults, the outage and the time in which nobody listened."""
    names = await many(database, 40)
    await kinds(database, B_1="wearable")
    async with still(settings, clock, book) as town:
        for name in (*names, "B-1"):
            town.says(name)
        await town.passes(162)
        assert len(await town.told("device.outage")) == 1
    clock.advance(4 * HOUR)
    async with still(settings, clock, book) as town:
        await town.passes(599, step=1)
        assert [fault.device for fault in await town.told("device.fault") if fault.device == "B-1"] == []
        assert len(await town.told("device.fault")) == 40
        for name in names:
            town.says(name)
        await town.passes(2)
        assert await book.count("log.event", "tag = 'device.outage_over'") == 1
        assert len(await town.told("device.mended")) == 40
        await town.passes(1300, step=10)
        assert len([fault for fault in await town.told("device.fault") if fault.device == "B-1"]) == 1
        assert len(await town.told("device.outage")) == 2


async def test_killed_between_the_report_and_its_faults_the_rest_joins(
    database: TestDatabase, settings: Settings, clock: FakeClock, book: Book
) -> None:
    """Half of the members were stored: the others join the same outage, and nobody is told twice."""
    names = await many(database, 30)
    async with still(settings, clock, book) as town:
        for name in names:
            town.says(name)
        await town.passes(162)
    await as_owner(database, "DELETE FROM devices.fault WHERE device_id >= 'M-00015'")
    clock.advance(20)
    async with still(settings, clock, book) as town:
        await town.passes(3)
        assert len(await town.told("device.outage")) == 1
        outages = await book.connection.fetch("SELECT DISTINCT outage_id FROM devices.fault")
        assert len(outages) == 1
        assert await book.count("devices.fault") == 30


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
