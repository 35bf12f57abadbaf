"""What a follower asks before it opens a transaction, and how it waits at the horizon."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from shared.runtime.clock import SystemClock
from shared.runtime.database import Connection, Database
from shared.runtime.log import PENDING, Event, Follower, Pending, Wakeup

CLOCK = SystemClock()


class Book:
    """A database that answers what is pending as it is told, and counts what it is asked."""

    def __init__(self, answers: Iterator[Pending]) -> None:
        """In this order."""
        self.pool = self
        self.asked = self.begun = 0
        self.quiet = asyncio.Event()
        self._answers = answers

    async def fetchval(self, query: str, *_: object) -> int:
        """`log.pending`."""
        assert query == PENDING
        self.asked += 1
        answer = next(self._answers, Pending.NOTHING)
        if answer is Pending.NOTHING:
            self.quiet.set()
        return answer

    async def execute(self, *_: object) -> None:
        """Nothing is kept."""

    async def fetch(self, *_: object) -> list[Any]:
        """Nothing is found after all."""
        return []

    @asynccontextmanager
    async def transaction(self) -> Any:
        """Count it."""
        self.begun += 1
        yield self


async def handle(_: Connection, __: Sequence[Event]) -> None:
    """Never called: the book is empty."""


def follower(book: Book, *, hasty: bool) -> Follower:
    """One that reads this book."""
    return Follower("test", ["test.counted"], handle, cast("Database", book), CLOCK, hasty=hasty)


async def until_quiet(book: Book) -> None:
    """Until it has been told that there is nothing."""
    async with asyncio.timeout(5):
        await book.quiet.wait()
    book.quiet.clear()


async def test_a_hint_in_vain_costs_one_question_and_no_transaction() -> None:
    """A follower that is not hasty is mostly woken for others' events."""
    book, wakeup = Book(iter(())), Wakeup("")
    running = asyncio.create_task(follower(book, hasty=False).run(wakeup, hears=["test"], tells=[]))
    await until_quiet(book)
    asked = book.asked
    wakeup.ring("test")
    await until_quiet(book)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (asked, book.asked, book.begun) == (1, 2, 0)


async def test_what_an_open_transaction_holds_back_is_waited_for() -> None:
    """It is not left to the poll after some tries: an alarm would lose a quarter of a second at each follower."""
    book = Book(iter([Pending.SOON] * 12 + [Pending.NOW]))
    async with asyncio.timeout(5):
        assert await follower(book, hasty=True)._more()
    assert book.asked == 13
