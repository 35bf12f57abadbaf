"""One press over a real broker: a row, an event, a guard and a receipt."""

from shared.runtime.settings import Settings
from shared.vocabulary.alarms import Flag
from tests.brokers import (
    Book,
    RunningBroker,
    alarm,
    as_owner,
    book,
    broker,
    device,
    receipts,
    register,
    until,
    up,
    worker,
)
from tests.conftest import TestDatabase

__all__ = ["book", "broker"]


async def test_a_press_is_stored_logged_guarded_and_receipted(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """The registry says whose it is; the receipt carries the event id."""
    await register(database, "B-1")
    broker.admit("B-1")
    async with worker(broker.settings(settings)), device(broker, "B-1") as button:
        await button.publish(up("B-1"), alarm("B-1", loc={"lat": 28.6, "lon": 115.8}, batt=88, path="wifi"))
        [receipt] = await receipts(button)
    assert receipt["eid"] == "B-1:1:1"
    assert (receipt["stage"], receipt["rev"]) == ("recorded", 1)
    [raised] = await book.raised()
    assert (raised.subject, raised.home, raised.elder) == ("elder:E-B-1", "H-B-1", "E-B-1")
    assert (raised.cls, raised.flags, raised.county, raised.batt) == ("own", (), "360733", 88)
    event = await book.row("SELECT * FROM log.event WHERE tag = 'alarm.raised'")
    assert (event["stream"], event["stream_id"], event["division"]) == ("device", "B-1", "360733100")
    assert event["actor"] == "devices:1"
    assert await book.count("devices.guard", f"alarm_id = '{raised.alarm}'") == 1


async def test_the_subject_is_the_elder_else_the_home_else_the_device(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """A device that has vanished from the registry rings too, flagged, in the county of its topic."""
    await register(database, "B-1", elder="")
    await register(database, "B-2", elder="", home="")
    await register(database, "B-3")
    broker.admit("B-1", "B-2", "B-3")
    async with worker(broker.settings(settings)), device(broker, "B-3") as stranger:
        await as_owner(database, "DELETE FROM devices.device WHERE id = 'B-3'")
        await stranger.publish(up("B-3"), alarm("B-3"))
        await receipts(stranger)
        for name in ("B-1", "B-2"):
            async with device(broker, name) as button:
                await button.publish(up(name), alarm(name))
                await receipts(button)
    raised = {item.device: item for item in await book.raised()}
    assert [raised[name].subject for name in ("B-1", "B-2", "B-3")] == ["home:H-B-1", "device:B-2", "device:B-3"]
    assert raised["B-3"].flags == (Flag.UNKNOWN_DEVICE,)
    assert await book.count("log.event", "stream_id = 'B-3' AND division = '360733'") == 1


async def test_both_workers_store_one_alarm_and_repeats_fold(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Two workers, three attempts: six copies, one row, one event; every attempt is answered."""
    await register(database, "B-1")
    broker.admit("B-1")
    mine = broker.settings(settings)
    async with worker(mine, 1), worker(mine, 2), device(broker, "B-1") as button:
        for attempt in (1, 2, 3):
            await button.publish(up("B-1"), alarm("B-1", attempt=attempt))
        heard = await receipts(button, 6)
        await until(lambda: book.count("devices.raw_event", "copies = 6"))
    assert {(receipt["eid"], receipt["rev"]) for receipt in heard} == {("B-1:1:1", 1)}
    assert await book.count("devices.raw_event") == 1
    assert await book.count("log.event") == 1


async def test_an_alarm_without_numbers_folds_now_and_rings_again_later(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Both workers see each press; yesterday's identical press is another one."""
    await register(database, "B-1")
    broker.admit("B-1")
    mine = broker.settings(settings)
    async with worker(mine, 1), worker(mine, 2), device(broker, "B-1") as button:
        await button.publish(up("B-1"), b"SOS")
        await receipts(button, 2)
        yesterday = "UPDATE devices.{} SET boot = boot + 86400000"
        await as_owner(database, ";".join(yesterday.format(table) for table in ("raw_event", "receipt")))
        await button.publish(up("B-1"), b"SOS")
        await receipts(button, 2)
        await until(lambda: book.count("devices.raw_event", "copies = 2"), lambda found: found == 2)
    raised = await book.raised()
    assert [item.kind for item in raised] == ["sos_unknown", "sos_unknown"]
    assert set(raised[0].flags) == {Flag.UNPARSED, Flag.NO_SEQUENCE}


async def test_a_number_used_again_for_another_time_is_another_alarm(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """A button that lost its boot count with its battery must not be folded into last week's alarm."""
    await register(database, "B-1")
    broker.admit("B-1")
    async with worker(broker.settings(settings)), device(broker, "B-1") as button:
        await button.publish(up("B-1"), alarm("B-1"))
        await receipts(button)
        await as_owner(database, "UPDATE devices.raw_event SET claimed_at = claimed_at - interval '7 days'")
        again = alarm("B-1")
        await button.publish(up("B-1"), again)
        await button.publish(up("B-1"), again)
        await receipts(button, 2)
    assert [item.flags for item in await book.raised()] == [(), (Flag.REUSED_SEQUENCE,)]


async def test_heavy_and_hostile_payloads_ring_and_the_worker_lives(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Every one is on the device's own topic, so every one is an alarm."""
    await register(database, "B-1")
    broker.admit("B-1")
    hostile = [
        b"", b"\xff\xfe\x00", b"null", b"[1,2]", b'{"v":1', b'{"v":1,"kind":"sos","eid":"a\\u0000b","boot":1,"seq":2}',
        alarm("B-1", 3, kind="earthquake"), alarm("B-1", 4, v=9), alarm("B-1", 5, loc={"lat": 999, "lon": 0}),
        alarm("B-1", 6, ts=4_000_000_000_000), alarm("B-1", 7, note="x" * 100_000), b"[" * 50_000,
    ]  # fmt: skip
    async with worker(broker.settings(settings)), device(broker, "B-1") as button:
        for payload in hostile:
            await button.publish(up("B-1"), payload)
        await receipts(button, len(hostile))
    assert await book.count("log.event", "tag = 'alarm.raised'") == len(hostile)
    assert await book.count("devices.quarantine") == 0
    assert await book.count("devices.raw_event", "length(payload) > 16384") == 0
