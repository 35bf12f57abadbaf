"""Connections to the imagined database, with as much of asyncpg's manners as our code asks for."""

from collections.abc import Generator
from types import TracebackType
from typing import Any

import asyncpg

from bench.simulation.loop import PROCESS, pause
from bench.simulation.store import Row, Server, Transaction
from shared.runtime.database import Database


class Link:
    """A connection: statements within its transaction, or each in one of its own."""

    def __init__(self, server: Server) -> None:
        """Belong to the process that connects."""
        self.server = server
        self.process = PROCESS.get()
        self._transaction: Transaction | None = None

    async def fetch(self, query: str, *args: Any, timeout: float | None = None) -> list[Row]:  # noqa: ARG002, ASYNC109
        """Run a statement."""
        if self._transaction is not None:
            return await self._run(self._transaction, query, args)
        transaction = Transaction(self.server, self.process)
        try:
            found = await self._run(transaction, query, args)
            await transaction.commit()
        finally:
            transaction.abort()
        return found

    async def _run(self, transaction: Transaction, query: str, args: tuple[Any, ...]) -> list[Row]:
        transaction.check()
        await pause(self.server.delay_s())
        if self.server.draw.random() < self.server.cuts:
            transaction.abort()
        transaction.check()
        found = await self.server.meanings[query](transaction, *args)
        transaction.check()
        return found

    async def fetchrow(self, query: str, *args: Any) -> Row | None:
        """The first row."""
        return next(iter(await self.fetch(query, *args)), None)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """The first value of the first row."""
        row = await self.fetchrow(query, *args)
        return None if row is None else next(iter(row.values()))

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        """Run for what it does."""
        return f"DONE {len(await self.fetch(query, *args, timeout=timeout))}"

    async def prepare(self, query: str) -> "Prepared":
        """A statement to be run again and again."""
        return Prepared(self, query)

    def transaction(self, *, isolation: str = "", readonly: bool = False) -> "Within":  # noqa: ARG002
        """A transaction as a block."""
        return Within(self, still=isolation == "repeatable_read")

    def begin(self, transaction: Transaction | None) -> None:
        """Run in this transaction from now on."""
        self._transaction = transaction


class Prepared:
    """A prepared statement."""

    def __init__(self, link: Link, query: str) -> None:
        """Remember both."""
        self._link = link
        self._query = query

    async def fetch(self, *args: Any) -> list[Row]:
        """Run it."""
        return await self._link.fetch(self._query, *args)


class Within:
    """`async with connection.transaction()`."""

    def __init__(self, link: Link, *, still: bool) -> None:
        """Begin when entered."""
        self._link = link
        self._still = still
        self._transaction: Transaction | None = None

    async def __aenter__(self) -> None:
        """Begin."""
        if self._link.process.dead or self._link.server.away:
            raise asyncpg.ConnectionDoesNotExistError("away")
        self._transaction = Transaction(self._link.server, self._link.process, still=self._still)
        self._link.begin(self._transaction)

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit, or forget it all."""
        self._link.begin(None)
        assert self._transaction is not None
        try:
            if fault is None:
                await self._transaction.commit()
        finally:
            self._transaction.abort()


class Acquired:
    """`await pool.acquire()` and `async with pool.acquire()`."""

    def __init__(self, server: Server) -> None:
        """Connect when awaited."""
        self._server = server

    def __await__(self) -> Generator[Any, None, Link]:
        """A connection."""
        return self.__aenter__().__await__()

    async def __aenter__(self) -> Link:
        """A connection."""
        if PROCESS.get().dead or self._server.away:
            await pause(0.01)
            raise asyncpg.ConnectionDoesNotExistError("away")
        return Link(self._server)

    async def __aexit__(self, *_: object) -> None:
        """Give it back."""


class Pool:
    """A pool that never runs dry."""

    def __init__(self, server: Server) -> None:
        """Connect to this server."""
        self._server = server

    def acquire(self, *, timeout: float | None = None) -> Acquired:  # noqa: ARG002
        """A connection."""
        return Acquired(self._server)

    async def release(self, link: Link, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Take it back."""

    async def fetch(self, query: str, *args: Any) -> list[Row]:
        """Run on any connection."""
        async with self.acquire() as link:
            return await link.fetch(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        """Run on any connection."""
        async with self.acquire() as link:
            return await link.fetchval(query, *args)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109
        """Run on any connection."""
        async with self.acquire() as link:
            return await link.execute(query, *args, timeout=timeout)


class ImaginedDatabase(Database):
    """The services' own database class over the imagined server."""

    def __init__(self, server: Server) -> None:
        """Nothing to open."""
        super().__init__("", name="")
        self._imagined = Pool(server)

    @property
    def pool(self) -> Any:
        """The pool."""
        return self._imagined
