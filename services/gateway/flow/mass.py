"""Events over an area, modes, drills and seats, within the caller's scope."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import duty, mass
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Division, covers


async def event_page(
    database: Database, who: Identity, state: str | None, after: UUID | None, limit: int
) -> dict[str, Any]:
    """Events that touch the scope, newest first."""
    async with database.reading(who.scope) as connection:
        found = await mass.page(connection, state, after, limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1]["event"]) if len(found) > limit else None}


async def event_view(database: Database, who: Identity, event: UUID) -> dict[str, Any]:
    """An event with its villages."""
    async with database.reading(who.scope) as connection:
        return await _event(connection, event)


async def roll_call(
    database: Database, who: Identity, event: UUID, village: str, state: str | None, after: str, limit: int,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """People of the list, those at most risk first; the cursor is the last one."""
    async with database.reading(who.scope) as connection:
        await _event(connection, event)
        found = await mass.people(connection, event, village, state, after, limit + 1, now)
    return {"items": found[:limit], "next": found[limit - 1]["elder"] if len(found) > limit else None}


async def printed(
    database: Database, who: Identity, event: UUID, village: str, now: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The event, and everybody of its list in a division, by village and house."""
    async with database.reading(who.scope) as connection:
        return await _event(connection, event), await mass.printed(connection, event, village, now)


async def entries(database: Database, who: Identity, event: UUID, elder: str) -> dict[str, Any]:
    """Everything that was written down about somebody."""
    async with database.reading(who.scope) as connection:
        await _event(connection, event)
        return {"items": await mass.entries(connection, event, elder), "next": None}


async def totals(database: Database, who: Identity, division: str) -> dict[str, Any]:
    """All open events together, each person once."""
    async with database.reading(who.scope) as connection:
        return await mass.totals(connection, division)


async def modes(database: Database, who: Identity) -> dict[str, Any]:
    """How divisions work, those at war first."""
    async with database.reading(who.scope) as connection:
        return {"items": await duty.modes(connection), "next": None}


async def mode(database: Database, who: Identity, division: str) -> dict[str, Any]:
    """How a division works at present; MissingError beyond the scope."""
    if not covers(who.scope, Division(division)):
        raise MissingError("division")
    async with database.reading(who.scope) as connection:
        found = await duty.mode(connection, division)
    if found is None:
        raise MissingError("division")
    return found


async def drill_page(database: Database, who: Identity, after: str, limit: int) -> dict[str, Any]:
    """Drills in scope, newest first."""
    async with database.reading(who.scope) as connection:
        found = await duty.drills(connection, after, limit + 1)
    return {"items": found[:limit], "next": found[limit - 1]["incident"] if len(found) > limit else None}


async def board(database: Database, who: Identity) -> dict[str, Any]:
    """Who is on duty in scope and above it, and what was handed over lately."""
    async with database.reading(who.scope) as connection:
        posts = await duty.posts(connection)
        handed = await duty.hand_overs(connection)
    return {"mine": _mine(posts, who), "posts": posts, "hand_overs": handed}


def _mine(posts: list[dict[str, Any]], who: Identity) -> Mapping[str, Any] | None:
    return next((seat for post in posts for seat in post["seats"] if seat["account"] == who.account), None)


async def _event(connection: Connection, event: UUID) -> dict[str, Any]:
    found = await mass.one(connection, event)
    if found is None:
        raise MissingError("event")
    return found
