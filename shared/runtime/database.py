"""PostgreSQL through asyncpg: one pool per process, JSON as Python values, short transactions.

The type of a column says whether it is sealed: `varchar` holds sealed words that may be sought, `bpchar` sealed words
that may not, `text` everything else. Words are sealed and opened here, on their way in and out; nobody else need know.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import asyncpg

from shared.runtime.sealed import Fields
from shared.vocabulary.divisions import Division

if TYPE_CHECKING:
    Record = asyncpg.Record
    Connection = asyncpg.Connection[Record] | asyncpg.pool.PoolConnectionProxy[Record]
else:  # the driver's classes take no parameters at run time
    Record = asyncpg.Record
    Connection = asyncpg.Connection

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
)
"""What is raised while the database is away, full or shutting down: nothing was done, try again."""

CONNECTS_WITHIN_S = 5
"""A server that takes the connection and says nothing is away, too; the driver would wait a minute for it."""


def is_away(fault: BaseException) -> bool:
    """Whether the same work may succeed later; else the work itself is bad."""
    # an argument that the driver cannot encode is an InterfaceError too, and stays bad however often it is tried
    return isinstance(fault, AWAY) and not isinstance(fault, ValueError)


class Database:
    """A pool of connections under one login role."""

    def __init__(self, url: str, *, name: str, size: int = 5, fields: Fields | None = None) -> None:
        """Remember where to connect; `name` is shown in pg_stat_activity, `fields` opens and seals."""
        self.url = url
        self.fields = fields or Fields()
        self._name = name
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Connect; raises one of AWAY when the database does not answer."""
        self._pool = await asyncpg.create_pool(
            self.url,
            min_size=1,
            max_size=self._size,
            init=self._begin,
            timeout=CONNECTS_WITHIN_S,
            command_timeout=5,
            reset=_as_it_was,
            # our statements are few and wide: planning one anew costs more than running it
            server_settings={"application_name": self._name, "jit": "off", "plan_cache_mode": "force_generic_plan"},
        )

    async def _begin(self, connection: Connection) -> None:
        await speak(connection, self.fields)

    async def close(self) -> None:
        """Give every connection back, in at most two seconds."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), 2)
            except TimeoutError:
                self._pool.terminate()

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The open pool."""
        if self._pool is None:
            message = "Database.open() was not awaited"
            raise RuntimeError(message)
        return self._pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One read-committed transaction on one connection."""
        async with self.pool.acquire(timeout=2) as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def reading(self, scope: Division) -> AsyncIterator[Connection]:
        """Read within a division: row-level security shows nothing beyond it but what a neighbour has lent to it."""
        async with self.pool.acquire(timeout=2) as connection, connection.transaction(readonly=True):
            await connection.execute("SELECT log.enter($1)", scope)
            yield connection

    async def time(self) -> datetime:
        """Return the database's clock."""
        now: datetime = await self.pool.fetchval("SELECT clock_timestamp()")
        return now


async def set_scope(connection: Connection, scope: Division) -> None:
    """Show this division's rows, and no others, until the transaction ends."""
    await connection.execute("SELECT set_config('yl.scope', $1, true)", f"/{scope}")


async def _as_it_was(connection: Connection) -> None:
    """Settings last one transaction here, so a connection needs no clean-up unless it was left in one."""
    if connection.is_in_transaction():
        await connection.reset()


async def speak(connection: Connection, fields: Fields) -> None:
    """JSON as Python values, and sealed words as they were written."""
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=fields.dumps, decoder=fields.loads, format="text"
        )
    for kind, seal in (("varchar", fields.seal_sought), ("bpchar", fields.seal)):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=partial(_sealed, seal),
            decoder=lambda raw: fields.open(raw.decode()), format="binary",
        )  # fmt: skip


def _sealed(seal: Callable[[str], str], word: str) -> bytes:
    return seal(word).encode()


async def connect(url: str) -> "asyncpg.Connection[Record]":
    """One connection outside the pool, for LISTEN and NOTIFY.

    A hint is handed on only after its commit, and while that waits for the disk nobody may read past it.
    """
    settings = {"application_name": "yinling-wake", "synchronous_commit": "off"}
    return await asyncpg.connect(url, timeout=5, server_settings=settings)
