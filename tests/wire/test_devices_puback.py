"""On the wire itself: no PUBACK leaves before COMMIT, and each only on the connection that delivered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from services.devices.flow.alarms import AlarmFlow
from services.devices.intake import alarms
from services.devices.outbox import Receipts
from services.devices.store.keys import Keys, Sealer
from shared.runtime.database import Database
from shared.runtime.log import Wakeup
from shared.runtime.mqtt import Broker, Consumer
from tests.brokers import CLOCK, Book, alarm, book, register, until, up
from tests.conftest import TestDatabase
from tests.fake_broker import FakeBroker, fake_broker

__all__ = ["book"]


@asynccontextmanager
async def ingesting(database: TestDatabase, broker: FakeBroker) -> AsyncIterator[Consumer]:
    """The ingest of one worker, alone."""
    pool = Database(database.url("devices"), name="devices-1")
    await pool.open()
    consumer = Consumer(Broker("127.0.0.1", broker.port, "devices", ""), "devices-1", ["yl/v1/+/+/up/alarm"])
    keys = Keys(pool, Sealer(""))
    receipts = Receipts(consumer, keys, CLOCK)
    flow = AlarmFlow(pool, CLOCK, Wakeup(database.url("devices")), receipts, keys, "devices:1")
    tasks = [asyncio.create_task(consumer.run()), asyncio.create_task(alarms.follow(consumer, flow, CLOCK))]
    try:
        await broker.subscribed.wait()
        yield consumer
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        await pool.close()


@asynccontextmanager
async def held(database: TestDatabase, name: str) -> AsyncIterator[None]:
    """Another transaction that holds the device's stream, so that ours can't commit."""
    connection = await asyncpg.connect(database.url("owner"))
    try:
        async with connection.transaction():
            await connection.execute("SELECT log.lock($1)", [f"device/{name}"])
            yield
    finally:
        await connection.close()


async def waiting(book: Book) -> int:
    """How many statements wait for a lock."""
    return await book.count("pg_stat_activity", "wait_event = 'advisory'")


async def test_no_puback_and_no_receipt_before_commit(database: TestDatabase, book: Book) -> None:
    """The commit is held up; nothing leaves. It goes on; receipt first, then the PUBACK."""
    await register(database, "B-1")
    async with fake_broker() as broker, ingesting(database, broker):
        async with held(database, "B-1"):
            broker.deliver(up("B-1"), alarm("B-1"), 11)
            await until(lambda: waiting(book))
            assert not broker.seen
        await broker.heard(1)
        assert broker.acknowledged() == [11]
        assert [item.kind.name for item in broker.seen] == ["PUBLISH", "PUBACK"]
        assert broker.published() == ["yl/v1/360733/B-1/down/receipt"]
    assert await book.count("devices.raw_event") == 1


async def test_pubacks_leave_in_the_order_of_arrival(database: TestDatabase) -> None:
    """Whatever the batch, whatever the device, good or bad."""
    await register(database, "B-1", "B-2")
    numbers = [7, 3, 9, 1, 200, 5]
    async with fake_broker() as broker, ingesting(database, broker):
        for seq, number in enumerate(numbers):
            payload = b"broken" if seq % 3 == 2 else alarm(f"B-{1 + seq % 2}", seq)
            broker.deliver(up(f"B-{1 + seq % 2}"), payload, number)
        await broker.heard(len(numbers))
        assert broker.acknowledged() == numbers


async def test_a_puback_is_sent_only_on_the_connection_that_delivered(database: TestDatabase, book: Book) -> None:
    """After a reconnect the same number may be another message: it is acknowledged when that one is stored."""
    await register(database, "B-1")
    async with fake_broker() as broker, ingesting(database, broker):
        async with held(database, "B-1"):
            broker.deliver(up("B-1"), alarm("B-1", 1), 11)
            await until(lambda: waiting(book))
            broker.hang_up()
            await broker.subscribed.wait()
        await until(lambda: book.count("devices.raw_event"))
        assert broker.acknowledged() == []
        broker.deliver(up("B-1"), alarm("B-1", 1), 11, again=True)
        await broker.heard(1)
        assert broker.acknowledged() == [11]
    assert await book.count("devices.raw_event", "copies = 2") == 1


async def test_a_message_given_out_twice_on_one_connection_is_taken_once(database: TestDatabase, book: Book) -> None:
    """The embedded broker repeats what is not acknowledged in time; the queue must not grow by that."""
    await register(database, "B-1")
    payload = alarm("B-1")
    async with fake_broker() as broker, ingesting(database, broker):
        async with held(database, "B-1"):
            broker.deliver(up("B-1"), payload, 11)
            await until(lambda: waiting(book))
            broker.deliver(up("B-1"), payload, 11, again=True)
            broker.deliver(up("B-1"), alarm("B-1", 2), 12)
        await broker.heard(2)
        assert broker.acknowledged() == [11, 12]
    assert await book.count("devices.raw_event", "copies = 1") == 2


@pytest.mark.parametrize("topic", ["yl/v1/360733/B-1/up/alarm", "yl/v1/360733/B-1/up/alarm/more", "something/else"])
async def test_any_topic_is_acknowledged_once_it_is_safe(topic: str, database: TestDatabase, book: Book) -> None:
    """As an alarm or in quarantine."""
    async with fake_broker() as broker, ingesting(database, broker):
        broker.deliver(topic, b"\x00\xff", 11)
        await broker.heard(1)
    kept = await book.count("devices.raw_event") + await book.count("devices.quarantine")
    assert kept == 1
