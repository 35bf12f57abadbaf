"""Many fall silent at once: one report, told once, whatever is killed meanwhile."""

from shared.runtime.clock import FakeClock
from shared.runtime.settings import Settings
from tests.brokers import COUNTY, Book, RunningBroker, as_owner, book, nats_broker
from tests.conftest import TestDatabase
from tests.integration.presence_world import HOUR, beats, clock, hub, kinds, living, many, still

__all__ = ["book", "clock", "nats_broker"]


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
