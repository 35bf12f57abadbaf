"""PostgreSQL through asyncpg: one pool per process, JSON as Python values, short transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson

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


def is_away(fault: BaseException) -> bool:
    """Whether the same work may succeed later; else the work itself is bad."""
    # an argument that the driver cannot encode is an InterfaceError too, and stays bad however often it is tried
    return isinstance(fault, AWAY) and not isinstance(fault, ValueError)


class Database:
    """A pool of connections under one login role."""

    def __init__(self, url: str, *, name: str, size: int = 5) -> None:
        """Remember where to connect; `name` is shown in pg_stat_activity."""
        self.url = url
        self._name = name
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self) -> None:
        """Connect; raises one of AWAY when the database does not answer."""
        self._pool = await asyncpg.create_pool(
            self.url,
            min_size=1,
            max_size=self._size,
            init=_speak_json,
            command_timeout=5,
            reset=_as_it_was,
            # our statements are few and wide: planning one anew costs more than running it
            server_settings={"application_name": self._name, "jit": "off", "plan_cache_mode": "force_generic_plan"},
        )

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


async def _speak_json(connection: Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(kind, schema="pg_catalog", encoder=_dump, decoder=orjson.loads, format="text")


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


async def connect(url: str) -> "asyncpg.Connection[Record]":
    """One connection outside the pool, for LISTEN and NOTIFY."""
    return await asyncpg.connect(url, timeout=5, server_settings={"application_name": "yinling-wake"})
