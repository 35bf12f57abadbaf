"""An elder's record for the desk in scope, and what a card opens for whoever reads it."""

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from services.gateway.domain.cards import meant
from services.gateway.domain.people import Identity
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.store import pages
from services.gateway.store import registry as store
from shared.contracts.commands import Table
from shared.runtime.calling import CommandClient
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.people import Role

ZONE = timezone(timedelta(hours=8))
ASKED_AGAIN = timedelta(days=180)
"""A contact's number is asked for again after half a year."""
READING_S = 80.0
"""A list of 4 MiB; proxies give up after 90."""


async def record(database: Database, who: Identity, elder: str, now: datetime) -> dict[str, Any]:
    """Everything that is kept of her."""
    async with database.reading(who.scope) as connection:
        found = await store.record(connection, elder, now - ASKED_AGAIN, now.astimezone(ZONE).date())
    if found is None:
        raise MissingError("elder")
    return found


async def opened(database: Database, who: Identity | None, code: str, hotline: str) -> dict[str, Any]:
    """What a card's code opens: for most, whom to telephone. A code that stands no more is unknown."""
    async with database.reading(WHOLE_CELL) as connection:
        found = await store.coded(connection, meant(code))
        if found is None:
            raise MissingError("code")
        elder, division = found
        shown = await _for(connection, who, elder, Division(division))
        phone = await pages.duty_phone(connection, Division(division))
    return {"phone": phone or hotline, **shown}


async def _for(connection: Connection, who: Identity | None, elder: str, division: Division) -> dict[str, Any]:
    """Desk and installer in scope: who she is. Somebody under way to her: the job. Her family: she herself."""
    if who is None:
        return {}
    if who.tends_devices and division.startswith(who.division):
        return {"elder": elder, "name_masked": await store.name(connection, elder)}
    if who.role == Role.RESPONDER and who.responder is not None:
        job = await store.going(connection, who.responder, elder)
        return {"elder": elder, "job": job} if job else {}
    if who.role == Role.FAMILY and await store.is_kin(connection, who.account, elder):
        return {"elder": elder}
    return {}


async def stale(database: Database, who: Identity, what: str, cursor: str, limit: int, now: datetime) -> dict[str, Any]:
    """What has to be asked again: contacts, or assessments."""
    elder, _, n = cursor.partition("/")
    after = int(n) if n.isascii() and n.isdigit() and len(n) < 5 else 0
    async with database.reading(who.scope) as connection:
        if what == "contacts":
            items = await store.stale_contacts(connection, now - ASKED_AGAIN, (elder, after), limit + 1)
        else:
            items = await store.stale_assessments(connection, now.astimezone(ZONE).date(), elder, limit + 1)
    more, items = len(items) > limit, items[:limit]
    last = items[-1] if more else None
    return {"items": items, "next": f"{last['elder']}/{last['contact'] or 0}" if last else None}


async def imports(database: Database, who: Identity, after: UUID | None, limit: int) -> dict[str, Any]:
    """Tables that were taken in."""
    async with database.reading(who.scope) as connection:
        items = await store.imports(connection, after, limit + 1)
    more, items = len(items) > limit, items[:limit]
    return {"items": items, "next": str(items[-1]["id"]) if more else None}


async def take_in(database: Database, owner: CommandClient, who: Identity, table: Table) -> dict[str, Any] | None:
    """A list that the house looks at or takes in; None when it is away. MissingError for an area beyond the scope."""
    await areas.of(database, who, Division(table.area))
    return await owner.ask("/tables", table.model_dump(mode="json"), READING_S)
