"""How an elder is, for the desk in scope."""

from datetime import datetime
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import elders
from shared.runtime.database import Database


async def state(database: Database, who: Identity, elder: str) -> dict[str, Any]:
    """Her status, temporary address and plan."""
    async with database.reading(who.scope) as connection:
        found = await elders.state(connection, elder)
    if found is None:
        raise MissingError("elder")
    return found


async def call_backs(database: Database, who: Identity, after: str, limit: int, now: datetime) -> dict[str, Any]:
    """A page of calls still to be made."""
    async with database.reading(who.scope) as connection:
        found = await elders.owed(connection, after, limit + 1, now)
    items = found[:limit]
    return {"items": items, "next": items[-1]["incident"] if len(found) > limit else None}
