"""Calls within the caller's scope: masked in lists and letters, in full for the one who opens them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import calls, incidents, views
from shared.runtime.database import Database


async def page(database: Database, who: Identity, incident: str, after: UUID | None, limit: int) -> dict[str, Any]:
    """Calls, newest first; the cursor is the last one's id."""
    async with database.reading(who.scope) as connection:
        found = await calls.page(connection, incident, after, limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1]["call"]) if len(found) > limit else None}


async def line(database: Database, who: Identity, call: UUID) -> dict[str, Any]:
    """One call, masked."""
    async with database.reading(who.scope) as connection:
        found = await calls.line(connection, call)
    if found is None:
        raise MissingError("call")
    return found


async def view(database: Database, who: Identity, call: UUID, now: datetime) -> dict[str, Any]:
    """One call with everybody it may be about, in full."""
    async with database.reading(who.scope) as connection:
        found = await calls.view(connection, call, now)
    if found is None:
        raise MissingError("call")
    return found


async def attempts(database: Database, who: Identity, incident: str) -> dict[str, Any]:
    """Every try to reach somebody for an incident."""
    async with database.reading(who.scope) as connection:
        if not await incidents.load(connection, [incident]):
            raise MissingError("incident")
        return {"items": await views.calls(connection, incident), "next": None}


async def seat(database: Database, who: Identity, name: str) -> str | None:
    """The account of a seat within the caller's division, by id or user name."""
    async with database.reading(who.scope) as connection:
        return await calls.seat(connection, name, who.division)
