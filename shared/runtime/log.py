"""The log: append in a transaction, follow without holes, wake each other by hints.

Order, locks and cursors are explained in docs/adr/0001-log-in-postgres.md.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

import asyncpg

from shared.runtime import metrics
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.database import AWAY, Connection, Database, Record, connect, is_away
from shared.runtime.failpoint import reach

logger = logging.getLogger(__name__)

POLL_S = 0.25
SOON_S, SOONER_OR_LATER_S = 0.001, 0.02
BATCH = 100
TRIES = 3
SKIP_EVERY = 20
SKIP_S = 2.0
CALM_S = 0.25
CHANNEL = "yl_log"


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended; `id` is a UUIDv7, `actor` is `service:name` or `account:id`."""

    id: UUID
    stream: str
    stream_id: str
    tag: str
    body: dict[str, Any]
    division: str
    actor: str
    happened_at: datetime | None = None
    cause: UUID | None = None

    def row(self) -> dict[str, Any]:
        """Columns by name, as log.append takes them."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Event:
    """An event as followers read it."""

    id: UUID
    stream: str
    stream_id: str
    stream_seq: int
    tag: str
    body: dict[str, Any] = field(repr=False)
    division: str
    happened_at: datetime | None
    recorded_at: datetime
    actor: str
    txid: int
    position: int


async def lock(connection: Connection, keys: Iterable[str]) -> None:
    """Take the streams' locks; call before the transaction's first write.

    A key is `stream/stream_id`. Row locks count as writes: they give the transaction its number.
    """
    await connection.execute("SELECT log.lock($1)", sorted(set(keys)))


async def append(connection: Connection, events: Sequence[NewEvent], at: datetime) -> None:
    """Append in order. The caller holds the streams' locks and commits."""
    if events:
        await connection.execute("SELECT log.append($1, $2)", [event.row() for event in events], at)


class Wakeup:
    """One NOTIFY connection and one LISTEN connection per process. A hint, never the truth.

    A hint names the streams that have grown, so that only those who follow them look.
    """

    def __init__(self, url: str) -> None:
        """Remember the database; nothing connects yet."""
        self._url = url
        self._grown: set[str] = set()
        self._ring = asyncio.Event()
        self._sleepers: list[tuple[frozenset[str], asyncio.Event]] = []

    def sleeper(self, *streams: str) -> asyncio.Event:
        """An event that is set at every hint about one of these streams."""
        event = asyncio.Event()
        self._sleepers.append((frozenset(streams), event))
        return event

    def ring(self, *streams: str) -> None:
        """Tell everybody that these streams have grown. Call after commit."""
        if streams:
            self._grown.update(streams)
            self._ring.set()
            self._wake(streams)

    def _wake(self, streams: Iterable[str]) -> None:
        grown = set(streams)
        for wanted, event in self._sleepers:
            if wanted & grown:
                event.set()

    async def run(self) -> None:
        """Keep both connections; while they are away the followers' poll does the work."""
        while True:
            try:
                await self._serve()
            except (*AWAY, asyncpg.PostgresError):
                logger.warning("wakeup.lost")
            await woken(asyncio.Event(), POLL_S)

    async def _serve(self) -> None:
        listener = await connect(self._url)
        try:
            notifier = await connect(self._url)
            try:
                await listener.add_listener(CHANNEL, self._hear)
                await self._notify(listener, notifier)
            finally:
                await _hang_up(notifier)
        finally:
            await _hang_up(listener)

    def _hear(self, _: object, __: int, ___: str, payload: object) -> None:
        self._wake(str(payload).split())

    async def _notify(self, listener: Connection, notifier: Connection) -> None:
        while True:
            if await woken(self._ring, 5):
                grown, self._grown = " ".join(sorted(self._grown)), set()
                await notifier.execute("SELECT pg_notify($1, $2)", CHANNEL, grown)
            else:
                await listener.execute("SELECT 1")


async def _hang_up(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    with contextlib.suppress(*AWAY, asyncpg.PostgresError):
        await connection.close(timeout=1)


Handle = Callable[[Connection, Sequence[Event]], Awaitable[None]]
Ahead = Callable[[Sequence[Event]], Awaitable[None]]


class Pending(IntEnum):
    """What log.pending answers."""

    NOTHING = 0
    NOW = 1
    SOON = 2


PENDING = "SELECT log.pending($1)"
TAKE = """
SELECT id, stream, stream_id, stream_seq, tag, body, division, happened_at, recorded_at, actor,
       era, txid::text::bigint AS txid, position
FROM log.take($1, $2)
"""
PEEK = """
SELECT id, stream, stream_id, stream_seq, tag, body, division, happened_at, recorded_at, actor,
       era, txid::text::bigint AS txid, position
FROM log.peek($1, $2)
"""
BRIEFLY = TAKE.replace("FROM ", "FROM set_config('synchronous_commit', 'off', true), ")
MOVE = "UPDATE log.follower SET era = $2, txid = $3::text::xid8, position = $4, moved_at = $5 WHERE name = $1"
SKIP = "SELECT log.skip($1, $2) FROM set_config('synchronous_commit', 'off', true)"
BEGIN = """
INSERT INTO log.follower (name, era, txid, position, tags, moved_at) VALUES ($1, 0, '0', 0, $2, $3)
ON CONFLICT (name) DO UPDATE SET tags = excluded.tags
"""
GIVE_UP = """
INSERT INTO log.dead_letter (follower, event_id, reason, tag, division, body, at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""


class Follower:
    """Reads the log under a name: effects and cursor commit together, one active at a time.

    `handle(connection, events)` runs inside the transaction; `ahead(events)` before it begins, with what it is about to
    take, for whatever takes too long to be done within. A follower that is not `hasty` looks no more than four times a
    second, however often it is told that something has grown. An event that fails three times alone goes to
    log.dead_letter and is passed over; the watch shows it to the desk.

    `lasting=False` is for one whose effects leave the house only behind another's commit: that one waits for the disk,
    and the disk keeps the order of commits, so this one need not wait too (docs/adr/0029-measured-in-the-open.md).
    """

    def __init__(
        self, name: str, tags: Iterable[str], handle: Handle, database: Database, clock: Clock, *,
        ahead: Ahead | None = None, hasty: bool = True, lasting: bool = True,
    ) -> None:  # fmt: skip
        """Follow events with these tags."""
        self.name = name
        self.ticks = 0
        self._tags = sorted(set(tags))
        self._handle = handle
        self._ahead = ahead
        self._calm_s = 0.0 if hasty else CALM_S
        self._take = TAKE if lasting else BRIEFLY
        self._database = database
        self._clock = clock
        self._failures: dict[UUID, int] = {}
        self._alone = False
        self._idle = 0
        self._passed_at = stopwatch()
        self._stands_by = False
        self._most = BATCH
        self._delays = metrics.FOLLOWED.labels(name)

    async def run(
        self, wakeup: Wakeup, *, hears: Sequence[str], tells: Sequence[str], after: Callable[[], None] | None = None
    ) -> None:
        """Follow for ever: look when a stream it `hears` of has grown, ring for what it `tells`.

        `after` is called after every commit that handled something.
        """
        sleeper = wakeup.sleeper(*hears)
        await self._begin()
        while True:
            self.ticks += 1
            worth_it = await self._worth_it()
            if worth_it and await self._try_step():
                wakeup.ring(*tells)
                if after is not None:
                    after()
            else:
                await self._skip_when_busy()
            if self._stands_by or not worth_it or not await self._more():
                await self._rest(sleeper)

    async def _worth_it(self) -> bool:
        """A hint to one that is not hasty is mostly about others' events: asking costs less than a transaction."""
        return not self._calm_s or self._stands_by or await self._more()

    async def _more(self) -> bool:
        """Whether another step is worth it at once; what a transaction of somebody else's holds back is waited for.

        To leave it to the poll would cost an alarm a quarter of a second each time a disk is slow.
        """
        pause = SOON_S
        while (pending := await self._pending()) is Pending.SOON:
            await woken(asyncio.Event(), pause)
            pause = min(SOONER_OR_LATER_S, pause * 1.5)
        return pending is Pending.NOW

    async def _rest(self, sleeper: asyncio.Event) -> None:
        """Sleep until a hint, which is believed, or until the poll finds something.

        Beside an active worker of the same name only the poll counts: its hints would be tried in vain.
        """
        if self._stands_by:
            await woken(asyncio.Event(), POLL_S)
            return
        while not await woken(sleeper, POLL_S):
            await self._skip()
            if await self._pending() is not Pending.NOTHING:
                return
        if self._calm_s:
            await woken(asyncio.Event(), self._calm_s)
            sleeper.clear()

    async def _pending(self) -> Pending:
        try:
            return Pending(await self._database.pool.fetchval(PENDING, self.name))
        except AWAY:
            logger.warning("follower.database_away", extra={"follower": self.name})
            return Pending.NOTHING

    async def _skip(self) -> None:
        """Now and then pass over what others follow."""
        self._idle = (self._idle + 1) % SKIP_EVERY
        if self._idle == 0:
            await self._pass_over()

    async def _skip_when_busy(self) -> None:
        """A hint that was in vain: what others follow is piling up, and whoever takes over would read it all."""
        if not self._stands_by and stopwatch() - self._passed_at >= SKIP_S:
            await self._pass_over()

    async def _pass_over(self) -> None:
        self._passed_at = stopwatch()
        with contextlib.suppress(*AWAY):
            await self._database.pool.execute(SKIP, self.name, self._clock.now())

    async def _begin(self) -> None:
        while True:
            try:
                await self._database.pool.execute(BEGIN, self.name, self._tags, self._clock.now())
            except AWAY:
                await woken(asyncio.Event(), POLL_S)
            else:
                return

    async def _try_step(self) -> int:
        try:
            handled = await self.step()
        except AWAY:
            logger.warning("follower.database_away", extra={"follower": self.name})
            await woken(asyncio.Event(), POLL_S)
            return 0
        return handled

    async def step(self) -> int:
        """Handle one batch and return how many events it had."""
        seen: list[Event] = []
        try:
            most = await self._look_ahead() or (1 if self._alone else self._most)
            async with self._database.transaction() as connection:
                rows = await connection.fetch(self._take, self.name, most)
                self._stands_by = bool(rows) and rows[0]["id"] is None
                if self._stands_by or not rows:
                    return 0
                seen = [_event(row) for row in rows]
                await self._handle(connection, seen)
                await self._move(connection, rows[-1])
                reach(f"{self.name}.handled")
        except Exception as fault:
            if is_away(fault) or not seen:
                self._most = max(1, len(seen) // 2)  # it may have been too much for one transaction's time
                raise
            await self._failed(seen, fault)
            return 0
        reach(f"{self.name}.committed")
        self._most = min(BATCH, self._most * 2)
        now = self._clock.now()
        self._alone = self._alone and bool(self._failures)
        for event in seen:
            self._failures.pop(event.id, None)
            self._delays.observe(max(0.0, (now - event.recorded_at).total_seconds()))
        return len(seen)

    async def _look_ahead(self) -> int:
        """How many were looked at; no more are taken, since what has come since was not looked up."""
        if self._ahead is None or self._stands_by:
            return 0
        rows = await self._database.pool.fetch(PEEK, self.name, 1 if self._alone else self._most)
        try:
            if rows:
                await self._ahead([_event(row) for row in rows])
        except Exception as fault:
            if is_away(fault):
                raise
            # the event is counted as bad where it is handled
            logger.exception("follower.blind", extra={"follower": self.name, "event": str(rows[0]["id"])})
        return len(rows)

    async def _move(self, connection: Connection, last: Record) -> None:
        await connection.execute(MOVE, self.name, last["era"], str(last["txid"]), last["position"], self._clock.now())

    async def _failed(self, events: Sequence[Event], fault: Exception) -> None:
        """Go one by one from here on; give an event up when it has failed alone often enough."""
        first = events[0]
        metrics.FOLLOWER_FAILED.labels(self.name).inc()
        was_alone, self._alone = self._alone, True
        logger.error(
            "follower.failed", exc_info=fault, extra={"follower": self.name, "tag": first.tag, "event": str(first.id)}
        )
        if not was_alone and len(events) > 1:
            return
        self._failures[first.id] = self._failures.get(first.id, 0) + 1
        if self._failures[first.id] >= TRIES:
            await self._give_up(first, fault)

    async def _give_up(self, event: Event, fault: Exception) -> None:
        metrics.GIVEN_UP.labels(self.name).inc()
        async with self._database.transaction() as connection:
            await connection.execute(
                GIVE_UP, self.name, event.id, f"{type(fault).__name__}", event.tag, event.division,
                event.body, self._clock.now(),
            )  # fmt: skip
            row = await connection.fetchrow("SELECT era FROM log.event WHERE id = $1", event.id)
            await connection.execute(
                MOVE, self.name, row["era"] if row else 1, str(event.txid), event.position, self._clock.now()
            )
        del self._failures[event.id]


def _event(row: Record) -> Event:
    return Event(
        id=row["id"], stream=row["stream"], stream_id=row["stream_id"], stream_seq=row["stream_seq"],
        tag=row["tag"], body=row["body"], division=row["division"], happened_at=row["happened_at"],
        recorded_at=row["recorded_at"], actor=row["actor"], txid=row["txid"], position=row["position"],
    )  # fmt: skip
