"""Messages as rows: wanted, due, changed."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.messages import Message
from shared.runtime.database import Connection, Record

NAMES = tuple(f.name for f in fields(Message))
COLUMNS = ", ".join(NAMES)
CHANGES = ", ".join(f"{name} = excluded.{name}" for name in NAMES if name != "id")
GIVEN = "jsonb_populate_recordset(NULL::dispatch.message, "
ROWS = f"INSERT INTO dispatch.message ({COLUMNS}) SELECT {COLUMNS} FROM {GIVEN}"  # noqa: S608  from our own class
SAVE = f"{ROWS}$1) ON CONFLICT (id) DO UPDATE SET {CHANGES}"
WAITING = """
SELECT id, due_at FROM dispatch.message WHERE due_at IS NOT NULL AND channel = ANY($2) ORDER BY due_at LIMIT $1
"""


def wanting(parameter: str) -> str:
    """The statement that queues messages, given as rows in this parameter."""
    return f"{ROWS}{parameter}) ON CONFLICT DO NOTHING"


WANT = wanting("$1")
LOAD = f"SELECT {COLUMNS} FROM dispatch.message WHERE id = ANY($1)"  # noqa: S608


async def want(connection: Connection, messages: Sequence[Message]) -> int:
    """Queue them; answers how many: what was said about the same before (`about`) is left out."""
    if not messages:
        return 0
    done: str = await connection.execute(WANT, rows(messages))
    return int(done.rsplit(" ", 1)[1])


async def waiting(connection: Connection, many: int, channels: Sequence[str]) -> list[tuple[UUID, datetime]]:
    """The next messages of these channels to be seen to, as id and instant, the longest due first."""
    rows = await connection.fetch(WAITING, many, channels)
    return [(row["id"], row["due_at"]) for row in rows]


async def load(connection: Connection, ids: Iterable[UUID]) -> list[Message]:
    """Messages by id. Call under the locks of their streams to change them."""
    rows = await connection.fetch(LOAD, list(ids))
    return [_built(row) for row in rows]


async def save(connection: Connection, messages: Sequence[Message]) -> None:
    """Write what has changed."""
    if messages:
        await connection.execute(SAVE, rows(messages))


def rows(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """As the statements take them."""
    return [{name: getattr(message, name) for name in NAMES} for message in messages]


def _built(row: Record) -> Message:
    return Message(**{name: _value(row[name]) for name in NAMES})


def _value(value: Any) -> Any:
    """The driver's UUIDs are of a class that JSON does not know."""
    return UUID(int=value.int) if isinstance(value, UUID) else value
