"""Wallboards: a supervisor makes a ticket for one division; whoever has it sees figures and nobody's name."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.store import walls as store
from services.gateway.store.walls import Ticket
from shared.contracts.supervision import NewTicket
from shared.runtime.database import Connection, Database
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import Division
from shared.vocabulary.ids import uuid7

PAGE = "/wall.html#"


async def make(database: Database, who: Identity, given: NewTicket, now: datetime) -> dict[str, Any]:
    """A ticket and its token, which is told this once. MissingError for a division beyond the caller's scope."""
    area = await areas.of(database, who, Division(given.division) or who.division)
    token, name, until = token_urlsafe(32), uuid7(now), now + timedelta(days=given.days)
    async with database.transaction() as connection:
        await lock(connection, [f"wall/{name}"])
        values = (name, _digest(token), area.code, given.label.strip(), who.account, now, until)
        await store.make(connection, *values)
        await _tell(connection, "wall.opened", name, area.code, who, now)
    return {
        "ticket": name, "label": given.label.strip(), "division": area.code, "name": area.name, "made_by": who.name,
        "made_at": now, "expires_at": until, "used_at": None, "token": token, "link": PAGE + token,
    }  # fmt: skip


async def listed(database: Database, who: Identity, now: datetime) -> dict[str, Any]:
    """Tickets in the caller's scope that still open something."""
    async with database.reading(who.scope) as connection:
        return {"items": await store.listed(connection, who.scope, now)}


async def revoke(database: Database, who: Identity, name: UUID, now: datetime) -> None:
    """Take a ticket back; MissingError where there is none in scope."""
    async with database.transaction() as connection:
        await lock(connection, [f"wall/{name}"])
        if not await store.revoke(connection, name, who.scope, now, who.account):
            raise MissingError("ticket")
        await _tell(connection, "wall.closed", name, who.division, who, now)


async def opened(database: Database, token: str, now: datetime) -> Ticket | None:
    """What a token opens at this moment."""
    async with database.transaction() as connection:
        return await store.opened(connection, _digest(token), now)


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


async def _tell(connection: Connection, tag: str, name: UUID, division: str, who: Identity, now: datetime) -> None:
    by = f"account:{who.account}"
    await append(connection, [NewEvent(uuid7(now), "wall", str(name), tag, {"of": division}, division, by, now)], now)
