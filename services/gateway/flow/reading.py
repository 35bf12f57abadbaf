"""Pages of lists within the caller's scope."""

from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.store import incidents, lists
from shared.runtime.database import Connection, Database
from shared.runtime.sealed import Fields


async def incident_page(
    database: Database, who: Identity, division: str, cursor: str, limit: int, *, closed: bool | None
) -> dict[str, Any]:
    """Incidents, newest first."""
    async with database.reading(who.scope) as connection:
        found = await incidents.listed(connection, limit + 1, closed=closed, division=division, after=cursor)
    rows = [one.desk_row() for one in found[:limit]]
    return {"items": rows, "next": rows[-1]["incident"] if len(found) > limit else None}


async def page(database: Database, who: Identity, listing: str, q: str, cursor: str, limit: int) -> dict[str, Any]:
    """A page of one of the listings, within the division even of those whose own cases may lie anywhere."""
    async with database.reading(who.division) as connection:
        found = await _found(connection, database.fields, listing, q.strip(), cursor, limit + 1)
    key = lists.LISTINGS[listing].key
    return {"items": found[:limit], "next": str(found[limit - 1][key]) if len(found) > limit else None}


async def _found(
    connection: Connection, fields: Fields, listing: str, q: str, cursor: str, limit: int
) -> list[dict[str, Any]]:
    if q and lists.LISTINGS[listing].found:
        return await lists.found(connection, listing, q, fields.wanted(q), cursor, limit)
    return await lists.page(connection, listing, q, cursor, limit)
