"""One press over a real broker: a row, an event, a guard and a receipt, whatever the device says."""

import asyncio
from collections.abc import Sequence

import pytest

from services.devices.intake.alarms import AT_MOST
from shared.runtime.mqtt import Consumer, Delivery
from shared.runtime.settings import Settings
from shared.vocabulary.alarms import Flag
from tests.brokers import (
    Book, RunningBroker, alarm, book, broker, device, receipts, register, until, up, worker,
)  # fmt: skip
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


async def test_the_subject_is_the_home_or_the_device_where_no_elder_is_known(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """Elder, else home, else device; also a device that the registry does not know rings."""
    await register(database, "B-1", elder="")
    await register(database, "B-2", elder="", home="")
    await register(database, "B-3")
    broker.admit("B-1", "B-2", "B-3")
    async with worker(broker.settings(settings)), device(broker, "B-3") as stranger:
        await (await book_owner(database)).execute("DELETE FROM devices.device WHERE id = 'B-3'")
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


async def book_owner(database: TestDatabase):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A connection that may change the registry."""
    import asyncpg  # noqa: PLC0415

    return await asyncpg.connect(database.url("owner"))
