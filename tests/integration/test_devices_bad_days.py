"""What happens when the database or the broker is away, a worker dies, or an item can't be placed or stored."""

import asyncio
import signal
from collections.abc import Iterable, Sequence
from datetime import datetime

import asyncpg
import pytest

from services.devices.domain.alarm import Alarm
from services.devices.store.alarms import AlarmStore, Outcome
from shared.runtime.mqtt import Consumer, Delivery, Link
from shared.runtime.settings import Settings
from tests.brokers import (
    Book,
    RunningBroker,
    alarm,
    book,
    broker,
    device,
    press,
    receipts,
    register,
    until,
    up,
    worker,
)
from tests.conftest import TestDatabase
from tests.line import Line

__all__ = ["book", "broker"]


async def test_while_the_database_is_away_nothing_is_answered_and_all_comes_back(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book
) -> None:
    """No receipt before the row; recovery without anybody's help."""
    await register(database, "B-1")
    broker.admit("B-1")
    line = Line(database.url("devices"))
    await line.join()
    mine = broker.settings(settings).model_copy(update={"devices_database": line.url})
    async with worker(mine), device(broker, "B-1") as button:
        await line.cut()
        for seq in (1, 2, 3):
            await button.publish(up("B-1"), alarm("B-1", seq))
        with pytest.raises(TimeoutError):
            await receipts(button, within_s=1)
        await line.join()
        heard = await receipts(button, 3)
    await line.cut()
    assert sorted(receipt["eid"] for receipt in heard) == ["B-1:1:1", "B-1:1:2", "B-1:1:3"]
    assert await book.count("devices.raw_event") == 3


async def test_a_broker_that_dies_is_found_again(
    broker: RunningBroker, settings: Settings, database: TestDatabase
) -> None:
    """SIGKILL and a new start; the worker connects by itself."""
    await register(database, "B-1")
    broker.admit("B-1")
    async with worker(broker.settings(settings)) as serving:
        async with device(broker, "B-1") as button:
            await button.publish(up("B-1"), alarm("B-1", 1))
            await receipts(button)
        broker.stop(signal.SIGKILL)
        broker.start()
        async with device(broker, "B-1") as button:
            receipt = await press(button, "B-1", 2)
        assert receipt["eid"] == "B-1:1:2"
        assert not serving.done()


async def test_killed_between_commit_and_puback_the_alarm_comes_again_and_folds(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The broker gives it out again; there is still one alarm."""
    await register(database, "B-1")
    broker.admit("B-1")

    def die(_: Consumer, __: Iterable[Delivery]) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(Consumer, "acknowledge", die)
        async with worker(broker.settings(settings)), device(broker, "B-1") as button:
            await button.publish(up("B-1"), alarm("B-1"))
            await receipts(button)
    assert await book.count("devices.raw_event", "copies = 1") == 1
    async with worker(broker.settings(settings)):
        await until(lambda: book.count("devices.raw_event", "copies = 2"))
    assert await book.count("log.event") == 1


async def test_an_item_that_cannot_be_stored_is_set_aside_and_its_neighbours_ring(
    broker: RunningBroker, settings: Settings, database: TestDatabase, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bad one is kept raw, shown to the county's desk, and acknowledged."""
    await register(database, "B-1")
    broker.admit("B-1")
    ingest = AlarmStore.ingest

    async def poisoned(self: AlarmStore, alarms: Sequence[Alarm], now: datetime) -> list[Outcome | None]:
        if any(item.eid == "B-1:1:2" for item in alarms):
            raise asyncpg.DataError
        return await ingest(self, alarms, now)

    monkeypatch.setattr(AlarmStore, "ingest", poisoned)
    async with worker(broker.settings(settings)), device(broker, "B-1") as button:
        for seq in (1, 2, 3):
            button.send(up("B-1"), alarm("B-1", seq))
        heard = await receipts(button, 2)
        await until(lambda: book.count("devices.quarantine", "reason = 'not_stored' AND county = '360733'"))
        event = await book.row("SELECT * FROM log.event WHERE tag = 'alarm.quarantined'")
    assert sorted(receipt["eid"] for receipt in heard) == ["B-1:1:1", "B-1:1:3"]
    assert (event["stream"], event["stream_id"], event["division"]) == ("quarantine", "360733", "360733")


async def test_a_topic_without_a_place_is_set_aside_once(broker: RunningBroker, settings: Settings, book: Book) -> None:
    """Nobody knows the device, and the topic names no county."""
    async with worker(broker.settings(settings)), Link(broker.service, "tester") as stranger:
        for _ in range(3):
            await stranger.publish("yl/v1/nowhere/X-1/up/alarm", b'{"v":1}')
            await stranger.publish("yl/v1/三百里/老人/up/alarm", b"help")
        await until(lambda: book.count("devices.quarantine", "copies = 3"), lambda found: found == 2)
    assert await book.count("log.event", "tag = 'alarm.quarantined' AND division = ''") == 2
    assert await book.count("devices.raw_event") == 0


async def test_a_quarantined_message_that_returns_after_being_settled_is_shown_again(
    broker: RunningBroker, settings: Settings, book: Book
) -> None:
    """Settled yesterday doesn't settle today's."""
    topic = "yl/v1/nowhere/X-1/up/alarm"
    async with worker(broker.settings(settings)), Link(broker.service, "tester") as stranger:
        await stranger.publish(topic, b"help")
        await until(lambda: book.count("devices.quarantine", "copies = 1"))
        await book.connection.execute("UPDATE devices.quarantine SET settled_at = last_at")
        await stranger.publish(topic, b"help")
        await until(lambda: book.count("devices.quarantine", "copies = 2 AND settled_at IS NULL"))
    assert await book.count("log.event", "tag = 'alarm.quarantined'") == 2
