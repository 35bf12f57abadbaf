"""Messages as rows: wanted, due, changed."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.messages import Message
from shared.runtime.database import Connection, Database, Record
from shared.runtime.log import NewEvent

NAMES = tuple(f.name for f in fields(Message))
COLUMNS = ", ".join(NAMES)
GIVEN = "jsonb_populate_recordset(NULL::dispatch.message, "
ROWS = f"INSERT INTO dispatch.message ({COLUMNS}) SELECT {COLUMNS} FROM {GIVEN}"  # noqa: S608  from our own class
WAITING = f"""
SELECT {COLUMNS} FROM dispatch.message WHERE due_at IS NOT NULL AND channel = ANY($2) ORDER BY due_at LIMIT $1
"""  # noqa: S608
CHANGE = "SELECT dispatch.change_messages($1, $2, $3)"


def wanting(parameter: str) -> str:
    """The statement that queues messages, given as rows in this parameter."""
    return f"{ROWS}{parameter}) ON CONFLICT DO NOTHING"


WANT = wanting("$1")
LOAD = f"SELECT {COLUMNS} FROM dispatch.message WHERE id = $1"  # noqa: S608


async def want(connection: Connection, messages: Sequence[Message]) -> int:
    """Queue them; answers how many: what was said about the same before (`about`) is left out."""
    if not messages:
        return 0
    done: str = await connection.execute(WANT, rows(messages))
    return int(done.rsplit(" ", 1)[1])


async def waiting(database: Database, many: int, channels: Sequence[str]) -> list[Message]:
    """The next messages of these channels to be seen to, the longest due first."""
    return [_built(row) for row in await database.pool.fetch(WAITING, many, channels)]


async def load(database: Database, name: UUID) -> Message | None:
    """One message, if there is such."""
    row = await database.pool.fetchrow(LOAD, name)
    return _built(row) if row else None


async def change(
    database: Database, pairs: Sequence[tuple[Message, Message]], told: Sequence[NewEvent], now: datetime
) -> set[UUID]:
    """Write what messages have become, and tell it, in one statement that is its own transaction.

    Pairs are what is known of a message and what becomes of it. Answers whose messages were still as they are known;
    the others stay as somebody else has made them, and of those nothing is told.
    """
    given = [{**_row(after), "knew": [known.state, known.attempts]} for known, after in pairs]
    changed = await database.pool.fetchval(CHANGE, given, [event.row() for event in told], now)
    return {UUID(int=name.int) for name in changed}


def rows(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """As the statements take them."""
    return [_row(message) for message in messages]


def _row(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in NAMES}


def _built(row: Record) -> Message:
    return Message(**{name: _value(row[name]) for name in NAMES})


def _value(value: Any) -> Any:
    """The driver's UUIDs are of a class that JSON does not know."""
    return UUID(int=value.int) if isinstance(value, UUID) else value
