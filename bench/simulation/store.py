"""The database, as far as its promises matter here: transactions, locks, commits, transaction numbers, the horizon.

Rows are kept by table and key; what a statement does is written in `meanings`. A transaction's writes become visible
together when it commits, some imagined milliseconds after it asked for that; it may be told so, or never hear of it.
Events are numbered when they are written and seen when they are committed, so the two orders differ, as in PostgreSQL.
"""

import asyncio
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from random import Random
from typing import Any

import asyncpg

from bench.simulation.loop import IN_THE_OPEN, DrawnLoop, Process, pause

Row = dict[str, Any]
Meaning = Callable[..., Awaitable[list[Row]]]
Place = tuple[int, int]
"""Of an event: its transaction's number and its own position."""

LONGEST_TRANSACTION_S = 2.0


class Server:
    """What is committed, who holds which lock, and which transactions are under way."""

    def __init__(self, loop: DrawnLoop, draw: Random, meanings: Mapping[str, Meaning]) -> None:
        """Empty; statements are looked up in `meanings`."""
        self.loop = loop
        self.draw = draw
        self.meanings = meanings
        self.tables: dict[str, dict[Any, Row]] = defaultdict(dict)
        self.order: list[Place] = []
        self.running: dict[int, Transaction] = {}
        self.open: dict[Transaction, None] = {}
        self.away = False
        self.cuts = 0.0
        self.slow = 0.0
        self.listeners: list[tuple[Process, Callable[[str], None]]] = []
        self._next = self._safe = 1
        self._unsafe: list[tuple[str, Any, Row | None]] = []
        self._position = 0
        self._owner: dict[str, Transaction] = {}
        self._waiting: dict[str, list[tuple[Transaction, asyncio.Future[None]]]] = defaultdict(list)

    @property
    def horizon(self) -> int:
        """Below this transaction number nothing more will appear."""
        return min(self.running, default=self._next)

    def number(self, transaction: "Transaction") -> int:
        """The next transaction number."""
        number, self._next = self._next, self._next + 1
        self.running[number] = transaction
        return number

    def position(self) -> int:
        """The next event's position."""
        self._position += 1
        return self._position

    def after(self, cursor: Place) -> Iterable[Row]:
        """Committed events above a cursor, in their order."""
        events = self.tables["event"]
        return (events[place] for place in self.order[bisect_right(self.order, cursor) :])

    async def lock(self, transaction: "Transaction", name: str) -> None:
        """Wait for a lock that is kept until the transaction ends; whoever gives it up hands it on."""
        owner = self._owner.get(name)
        if owner is transaction:
            return
        if owner is not None:
            future = self.loop.create_future()
            self._waiting[name].append((transaction, future))
            transaction.waits = future
            await future
            return
        self._owner[name] = transaction
        transaction.locks.append(name)

    def try_lock(self, transaction: "Transaction", name: str) -> bool:
        """Take a lock if nobody has it."""
        if self._owner.get(name, transaction) is not transaction:
            return False
        self._owner[name] = transaction
        transaction.locks.append(name)
        return True

    def ended(self, transaction: "Transaction") -> None:
        """Give the locks to those who wait longest."""
        self.open.pop(transaction, None)
        if transaction.txid is not None:
            self.running.pop(transaction.txid, None)
        if transaction.waits is not None and not transaction.waits.done():
            transaction.waits.set_result(None)
        for name in transaction.locks:
            if self._owner.get(name) is transaction:
                del self._owner[name]
                self._hand_on(name)

    def _hand_on(self, name: str) -> None:
        waiting = self._waiting[name]
        while waiting:
            transaction, future = waiting.pop(0)
            if transaction.ended or future.done():
                continue
            self._owner[name] = transaction
            transaction.locks.append(name)
            future.set_result(None)
            return

    def keep(self, writes: Iterable[tuple[str, Any, Row | None]], *, lasting: bool) -> None:
        """Make writes visible, all at once; a lasting commit makes safe whatever was committed before it."""
        for table, key, row in writes:
            self._unsafe.append((table, key, self.tables[table].get(key)))
            self._put(table, key, row)
        if lasting:
            self._unsafe.clear()
            self._safe = self._next

    def _put(self, table: str, key: Any, row: Row | None) -> None:
        if table == "event" and row is None:
            self.order.remove(key)
        elif table == "event":
            insort(self.order, key)
        if row is None:
            self.tables[table].pop(key, None)
        else:
            self.tables[table][key] = row

    def hang_up(self, process: Process) -> None:
        """A client is gone; what it has asked to be committed is committed all the same."""
        for transaction in list(self.open):
            if transaction.process is process and not transaction.asked:
                transaction.abort()

    def fall(self) -> None:
        """The power goes: what was not committed never was, nor what no disk knows of, whose numbers come again."""
        self.away = True
        for transaction in list(self.open):
            transaction.abort()
        for table, key, before in reversed(self._unsafe):
            self._put(table, key, before)
        self._unsafe.clear()
        self._next = self._safe

    def delay_s(self) -> float:
        """How long the next statement takes: mostly little."""
        draw = self.draw.random()
        return draw * 0.002 if draw > self.slow else self.draw.uniform(0.05, 0.6)


class Transaction:
    """One transaction of one process."""

    def __init__(self, server: Server, process: Process, *, still: bool = False) -> None:
        """Begin; `still` sees for ever what was committed now."""
        self.server = server
        self.process = process
        self.txid: int | None = None
        self.ended = False
        self.asked = False
        self.lasting = True
        self.locks: list[str] = []
        self.waits: asyncio.Future[None] | None = None
        self._writes: list[tuple[str, Any, Row | None]] = []
        self._own: dict[str, dict[Any, Row | None]] = {}
        self._still = {name: dict(rows) for name, rows in server.tables.items()} if still else None
        server.open[self] = None
        self._over_at = server.loop.time() + LONGEST_TRANSACTION_S
        self._limit: asyncio.TimerHandle | None = None

    def rows(self, table: str) -> Mapping[Any, Row]:
        """What this transaction sees of a table."""
        seen = (self._still or self.server.tables).get(table, {})
        own = self._own.get(table)
        if not own:
            return seen
        return {key: row for key, row in {**seen, **own}.items() if row is not None}

    def write(self, table: str, key: Any, row: Row | None) -> None:
        """Put a row, or take it away (None)."""
        self.numbered()
        self.note(table, key, row)

    def note(self, table: str, key: Any, row: Row | None) -> None:
        """The same, of what the judge asks for and no database would have: it takes no number."""
        self._writes.append((table, key, row))
        self._own.setdefault(table, {})[key] = row

    def numbered(self) -> int:
        """The number, given at the first write."""
        if self.txid is None:
            self._hold()
            self.txid = self.server.number(self)
        return self.txid

    def _hold(self) -> None:
        """From now on others may wait for this one: it ends in time whatever its process does."""
        if self._limit is None:
            self._limit = self.server.loop.call_at(self._over_at, self.abort, context=IN_THE_OPEN)

    async def lock(self, *names: str) -> None:
        """Locks in sorted order."""
        self._hold()
        for name in sorted(set(names)):
            await self.server.lock(self, name)
            self.check()

    def check(self) -> None:
        """Raise when this transaction is over, its process dead or the database away."""
        late = self.server.loop.time() > self._over_at
        if self.ended or late or self.process.dead or self.server.away:
            self.abort()
            raise asyncpg.ConnectionDoesNotExistError("gone")

    def abort(self) -> None:
        """It never was."""
        if not self.ended:
            self.ended = True
            if self._limit is not None:
                self._limit.cancel()
            self.server.ended(self)

    async def commit(self) -> None:
        """Ask for the commit: it happens outside, whatever becomes of whoever asked, who may never hear of it."""
        self.check()
        if not self._writes:
            self.abort()
            return
        loop = self.server.loop
        self.asked, done = True, loop.create_future()
        loop.call_later(self.server.delay_s() * 2, self._committed, done, context=IN_THE_OPEN)
        await done
        await pause(self.server.delay_s())
        if self.process.dead or self.server.draw.random() < self.server.cuts:
            raise asyncpg.ConnectionDoesNotExistError("no answer")

    def _committed(self, done: "asyncio.Future[None]") -> None:
        fallen = self.ended
        if not fallen:
            self.server.keep(self._writes, lasting=self.lasting)
            self.abort()
        if not done.done():
            done.set_exception(asyncpg.ConnectionDoesNotExistError("gone")) if fallen else done.set_result(None)
