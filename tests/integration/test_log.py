"""The log keeps order and loses nothing, whatever commits when."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import asyncpg
import pytest

from shared.runtime.clock import SystemClock, woken
from shared.runtime.database import Connection, Database
from shared.runtime.log import PENDING, Event, Follower, NewEvent, Pending, Wakeup, append, lock
from shared.vocabulary.ids import uuid7
from tests.conftest import TestDatabase

CLOCK = SystemClock()


def event(stream_id: str, n: int) -> NewEvent:
    """A numbered event on a stream."""
    return NewEvent(uuid7(CLOCK.now()), "test", stream_id, "test.counted", {"n": n}, "360733", "test:log")


@pytest.fixture
async def db(database: TestDatabase) -> AsyncIterator[Database]:
    """Dispatch's pool."""
    it = Database(database.url("dispatch"), name="test", size=10)
    await it.open()
    yield it
    await it.close()


async def test_followers_read_every_event_once_and_each_stream_in_order(db: Database) -> None:
    """Twenty writers race over five hot streams and commit late; nothing is skipped or swapped."""
    seen: list[Event] = []

    async def handle(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(events)

    follower = Follower("test", ["test.counted"], handle, db, CLOCK)
    await follower._begin()
    order = random.Random(7)

    async def write(n: int) -> None:
        streams = order.sample(["a", "b", "c", "d", "e"], 2)
        async with db.transaction() as connection:
            await lock(connection, [f"test/{s}" for s in streams])
            await append(connection, [event(s, n) for s in streams], CLOCK.now())

    async def writers() -> None:
        for _ in range(20):
            await asyncio.gather(*(write(n) for n in range(8)))

    writing = asyncio.create_task(writers())
    while not writing.done() or await follower.step():
        await follower.step()
        await asyncio.wait({writing}, timeout=0.001)
    assert len(seen) == 20 * 8 * 2
    assert len({e.id for e in seen}) == len(seen)
    for stream in "abcde":
        numbers = [e.stream_seq for e in seen if e.stream_id == stream]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_an_open_transaction_hides_later_events_until_it_ends(db: Database) -> None:
    """An earlier transaction that commits late must not be passed by the cursor."""
    seen: list[int] = []

    async def handle(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.body["n"] for e in events)

    follower = Follower("test", ["test.counted"], handle, db, CLOCK)
    await follower._begin()
    async with db.pool.acquire() as slow:
        early = slow.transaction()
        await early.start()
        await append(slow, [event("early", 1)], CLOCK.now())
        async with db.transaction() as fast:
            await append(fast, [event("late", 2)], CLOCK.now())
        assert await follower.step() == 0
        await early.commit()
    while await follower.step():
        pass
    assert seen == [1, 2]


async def test_a_look_goes_on_where_the_last_one_ended_and_misses_no_late_commit(
    db: Database, database: TestDatabase
) -> None:
    """Others' events are passed over once; an own one of an older transaction that commits later is still found."""
    followed = "INSERT INTO log.follower VALUES ('test', 1, '0', 0, '{test.counted}', $1)"
    async with db.pool.acquire() as looking, db.pool.acquire() as slow:
        await looking.execute(followed, CLOCK.now())
        early = slow.transaction()
        await early.start()
        await append(slow, [event("early", 1)], CLOCK.now())
        async with db.transaction() as fast:
            await append(fast, [replace(event("late", n), tag="test.other") for n in range(50)], CLOCK.now())
        looks = [await looking.fetchval(PENDING, "test") for _ in range(2)]
        passed = await looking.fetchval("SELECT current_setting('yl.passed.test')")
        await early.commit()
        assert looks == [Pending.NOTHING, Pending.NOTHING]
        assert await looking.fetchval(PENDING, "test") == Pending.NOW
        assert await looking.fetchval("SELECT current_setting('yl.passed.test')") == passed, "the first of its own"
        await looking.execute("UPDATE log.follower SET txid = pg_current_xact_id() WHERE name = 'test'")
        assert await looking.fetchval(PENDING, "test") == Pending.NOTHING
        assert await looking.fetchval("SELECT current_setting('yl.passed.test')") > passed
        owner = await asyncpg.connect(database.url("owner"))
        await owner.execute("UPDATE log.era SET era = 2")
        await owner.close()
        await append(looking, [event("restored", 1)], CLOCK.now())
        assert await looking.fetchval(PENDING, "test") == Pending.NOW


async def test_without_any_hint_the_poll_finds_what_has_grown(db: Database) -> None:
    """Hints may all be lost; then it takes a quarter of a second and not for ever."""

    async def handle(_: Connection, __: Sequence[Event]) -> None:
        raise AssertionError("it only rests")

    follower = Follower("test", ["test.counted"], handle, db, CLOCK)
    await follower._begin()
    resting = asyncio.create_task(follower._rest(asyncio.Event()))
    async with db.transaction() as connection:
        await append(connection, [event("quiet", 1)], CLOCK.now())
    async with asyncio.timeout(10):
        await resting


async def test_a_standby_takes_over_within_two_seconds_of_the_death_of_the_active_one(db: Database) -> None:
    """Nobody tells it: the lock in the database is free, and what was not committed is handled by the other."""
    held, taken, seen = asyncio.Event(), asyncio.Event(), list[int]()
    backends: list[int] = []

    async def hold(connection: Connection, _: Sequence[Event]) -> None:
        backends.append(await connection.fetchval("SELECT pg_backend_pid()"))
        held.set()
        await asyncio.Event().wait()

    async def handle(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.body["n"] for e in events)
        taken.set()

    active, standby = (Follower("test", ["test.counted"], work, db, CLOCK) for work in (hold, handle))
    async with db.transaction() as connection:
        await append(connection, [event("x", 1)], CLOCK.now())
    first = asyncio.create_task(active.run(Wakeup(""), hears=["test"], tells=[]))
    await held.wait()
    second = asyncio.create_task(standby.run(Wakeup(""), hears=["test"], tells=[]))
    try:
        while not (standby._stands_by or taken.is_set()):
            await woken(asyncio.Event(), 0.01)
        await db.pool.execute("SELECT pg_terminate_backend($1)", backends[0])
        first.cancel()
        async with asyncio.timeout(2):
            await taken.wait()
    finally:
        first.cancel()
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
    assert seen == [1]


async def test_a_poison_event_is_set_aside_and_the_rest_goes_on(db: Database) -> None:
    """Three failures alone, then dead_letter; its neighbours are handled once."""
    seen: list[int] = []

    async def handle(_: Connection, events: Sequence[Event]) -> None:
        if any(e.body["n"] == 2 for e in events):
            raise ValueError
        seen.extend(e.body["n"] for e in events)

    follower = Follower("test", ["test.counted"], handle, db, CLOCK)
    await follower._begin()
    async with db.transaction() as connection:
        await append(connection, [event("x", n) for n in (1, 2, 3)], CLOCK.now())
    for _ in range(12):
        await follower.step()
    assert seen == [1, 3]
    assert await db.pool.fetchval("SELECT count(*) FROM log.dead_letter") == 1


async def test_a_batch_that_is_too_much_for_its_time_is_made_smaller(db: Database) -> None:
    """A transaction ends after two seconds; the same batch again and again would never pass."""
    sizes: list[int] = []
    seen: list[int] = []

    async def handle(connection: Connection, events: Sequence[Event]) -> None:
        sizes.append(len(events))
        if len(events) > 20:
            await connection.execute("SELECT pg_sleep(3)")
        seen.extend(e.body["n"] for e in events)

    follower = Follower("test", ["test.counted"], handle, db, CLOCK)
    await follower._begin()
    async with db.transaction() as connection:
        await append(connection, [event("x", n) for n in range(60)], CLOCK.now())
    for _ in range(8):
        await follower._try_step()
    assert seen == list(range(60))
    assert sizes[:3] == [60, 30, 15]
    assert await db.pool.fetchval("SELECT count(*) FROM log.dead_letter") == 0


async def test_what_others_follow_is_passed_over_without_losing_ours(db: Database) -> None:
    """An open transaction below the horizon keeps the cursor where it is safe."""
    seen: list[int] = []

    async def handle(_: Connection, events: Sequence[Event]) -> None:
        seen.extend(e.body["n"] for e in events)

    async def skip() -> int:
        await db.pool.execute("SELECT log.skip('test', $1)", CLOCK.now())
        cursor: int = await db.pool.fetchval("SELECT txid::text::bigint FROM log.follower WHERE name = 'test'")
        return cursor

    follower = Follower("test", ["test.counted"], handle, db, CLOCK)
    await follower._begin()
    async with db.transaction() as connection:
        await append(connection, [replace(event("x", n), tag="test.other") for n in range(3)], CLOCK.now())
    passed = await skip()
    assert passed > 0
    async with db.pool.acquire() as slow:
        early = slow.transaction()
        await early.start()
        await append(slow, [event("early", 1)], CLOCK.now())
        async with db.transaction() as fast:
            await append(fast, [replace(event("late", 0), tag="test.other")], CLOCK.now())
        await skip()
        await early.commit()
    async with db.transaction() as connection:
        await append(connection, [event("x", 2)], CLOCK.now())
    before = await skip()
    assert await skip() == before
    while await follower.step():
        pass
    assert seen == [1, 2]


async def test_the_log_cannot_be_rewritten_by_a_service(db: Database) -> None:
    """Services may insert and read, never change or delete."""
    import asyncpg

    for statement in ("UPDATE log.event SET tag = 'x'", "DELETE FROM log.event"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.pool.execute(statement)
