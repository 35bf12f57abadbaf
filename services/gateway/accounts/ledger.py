"""What happens to accounts and sessions goes into the log: ids and codes, no name and no address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from shared.runtime.database import Connection, Database
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.ids import uuid7

STREAM = "account"
DOOR = "service:gateway"


@asynccontextmanager
async def writing(database: Database, account: str) -> AsyncIterator[Connection]:
    """A transaction about one account, which may `note` what it does."""
    async with database.transaction() as connection:
        await lock(connection, [f"{STREAM}/{account}"])
        yield connection


async def note(
    connection: Connection, tag: str, account: str, division: str, now: datetime, *, by: str = DOOR, **body: Any
) -> None:
    """Append an event about an account; `by` is who did it."""
    event = NewEvent(uuid7(now), STREAM, account, tag, {"account": account, **body}, division, by)
    await append(connection, [event], now)
