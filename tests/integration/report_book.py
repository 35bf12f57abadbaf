"""The log, the reader and what it keeps for figures, on a database of a test's own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.domain.recount import Told, recount
from services.gateway.domain.response_times import Period, Question
from services.gateway.reports import answers
from services.gateway.reports.reader import Reader
from services.gateway.reports.settling import settle
from shared.runtime.clock import FakeClock
from shared.runtime.database import Connection, Database
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import Division
from tests.conftest import TestDatabase
from tests.histories import History, said

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=75)
DIVISIONS = ("36", "3607", "360733", "360734", "360735", "360733100", "360733101", "360733100001")
WHOLE = "?options=-c%20yl.scope%3D/"
LOG = "SELECT stream, stream_id, stream_seq, tag, body, recorded_at, happened_at FROM log.event"
KEPT = "SELECT * FROM report.incident ORDER BY id"


def office(division: str) -> Identity:
    """A supervisor of a division."""
    return Identity("city", "city", "city", "supervisor", None, Division(division), None, b"", NOW)


Batch = list[tuple[datetime, NewEvent]]


def overtaken(first: Batch, second: Batch) -> tuple[Batch, Batch]:
    """The second before the first; a press is still there before anything is made of it."""
    presses = [one for one in first if one[1].stream == "device"]
    return presses + second, [one for one in first if one not in presses]


class Book:
    """The log, the reader and what it keeps."""

    def __init__(self, database: Database, writer: Database, owner: Connection, chance: Random) -> None:
        """`database` reads the whole cell, `writer` is the owner's, as is the line `owner`."""
        self.database = database
        self.writer = writer
        self.owner = owner
        self.chance = chance
        self.clock = FakeClock(NOW)
        self.reader = Reader(database, self.clock)

    async def write(self, history: History, *, in_disorder: bool) -> None:
        """Into the log, in batches that may overtake one another; somebody reads and sums up in between."""
        batches = list(history.batches())
        for n in range(0, len(batches) - 1, 3) if in_disorder else ():
            batches[n], batches[n + 1] = overtaken(batches[n], batches[n + 1])
        for batch in batches:
            async with self.owner.transaction():
                await lock(self.owner, [f"{event.stream}/{event.stream_id}" for _, event in batch])
                for at, event in batch:
                    await append(self.owner, [event], at)
            if self.chance.random() < 0.3:
                await self.reader.look()
            if self.chance.random() < 0.2:
                await settle(self.database, NOW)

    async def read(self) -> None:
        """Everything there is."""
        while await self.reader.look():
            pass

    async def told(self) -> dict[str, Told]:
        """The same from the log by the slow way."""
        return recount([said(row) for row in await self.owner.fetch(LOG)])

    async def asked(self, by: str | None, only: Mapping[str, str], period: Period, division: str) -> dict[str, Any]:
        """A report under the scope of its own division."""
        asked = Question(division, period, by, only)
        return await answers.response_times(self.database, office(division), asked)


@asynccontextmanager
async def book(database: TestDatabase, chance: Random) -> AsyncIterator[Book]:
    """An empty one."""
    pool = Database(database.url("gateway") + WHOLE, name="test-reports", size=2)
    await pool.open()
    writer = Database(database.url("owner"), name="test-log", size=3)
    await writer.open()
    try:
        async with writer.pool.acquire() as owner:
            await owner.execute(
                "TRUNCATE log.event, log.stream, report.incident, report.day, report.month, report.cell"
            )
            await owner.execute("UPDATE report.reader SET era = 1, txid = '0', position = 0, as_of = NULL")
            await owner.executemany(
                "INSERT INTO dispatch.division VALUES ($1, $1, NULL) ON CONFLICT DO NOTHING", [(d,) for d in DIVISIONS]
            )
            yield Book(pool, writer, owner, chance)
    finally:
        await writer.close()
        await pool.close()
