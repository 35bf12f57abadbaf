"""Faces. Row-level security shows those of people in scope, and of whoever is on the way to somebody in scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.runtime.database import Connection

Whose = Literal["elder", "responder"]

DIVISION = {
    "elder": "SELECT division FROM dispatch.elder WHERE id = $1",
    "responder": "SELECT division FROM dispatch.responder WHERE id = $1 AND retired_at IS NULL",
}
LINE = """
SELECT p.id AS portrait, coalesce(a.name, p.by_account)::varchar AS by, p.at
FROM gateway.portrait p LEFT JOIN gateway.account a ON a.id = p.by_account WHERE p.{whose}_id = $1
"""
PUT = "INSERT INTO gateway.portrait (id, {whose}_id, content, by_account, at) VALUES ($1, $2, $3, $4, $5)"
REMOVE = "DELETE FROM gateway.portrait WHERE {whose}_id = $1 RETURNING id"
CONTENT = "SELECT responder_id, content FROM gateway.portrait WHERE id = $1"
FACES = "SELECT responder_id, id FROM gateway.portrait WHERE responder_id = ANY($1)"
COMES = """
SELECT EXISTS (
    SELECT FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = a.incident_id
    WHERE a.responder_id = $1 AND (a.ended_at IS NULL OR a.ended_at > $2)
      AND i.elder_id = ANY(CASE WHEN i.order_id IS NULL THEN $3::text[] ELSE $4 END)
      AND NOT i.canary AND NOT i.drill AND i.family <> 'device')
"""


async def division(connection: Connection, whose: Whose, person: str) -> str | None:
    """Where a person in scope belongs; nobody who goes no more."""
    found: str | None = await connection.fetchval(DIVISION[whose], person)
    return found


async def of(connection: Connection, whose: Whose, person: str) -> dict[str, Any] | None:
    """Somebody's portrait: its id, who put it there and when."""
    row = await connection.fetchrow(LINE.format(whose=whose), person)
    return dict(row.items()) if row else None


async def put(
    connection: Connection, whose: Whose, person: str, name: UUID, content: str, account: str, now: datetime
) -> None:
    """Keep it, where there is none."""
    await connection.execute(PUT.format(whose=whose), name, person, content, account, now)


async def remove(connection: Connection, whose: Whose, person: str) -> UUID | None:
    """Take it away; which one that was."""
    gone: UUID | None = await connection.fetchval(REMOVE.format(whose=whose), person)
    return gone


async def content(connection: Connection, name: UUID) -> tuple[str | None, str] | None:
    """Whose it is, if one's who goes, and the picture in base64."""
    row = await connection.fetchrow(CONTENT, name)
    return (row["responder_id"], row["content"]) if row else None


async def faces(connection: Connection, responders: Sequence[str]) -> dict[str, UUID]:
    """Portraits of these people, by their ids."""
    return {row["responder_id"]: row["id"] for row in await connection.fetch(FACES, list(responders))}


async def comes(
    connection: Connection, responder: str, since: datetime, called: Sequence[str], ordered: Sequence[str]
) -> bool:
    """Whether this person goes, or went until then, to one who `called`, or on an order to one of `ordered`."""
    found: bool = await connection.fetchval(COMES, responder, since, list(called), list(ordered))
    return found
