"""Mutual aid: a division lends a neighbour the sight of its calls for help, for a time that ends by itself."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow import access
from services.gateway.flow.access import RefusedError
from services.gateway.flow.commands import MissingError
from services.gateway.store import access as store
from shared.contracts.access import NewAid
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import covers
from shared.vocabulary.ids import uuid7

logger = logging.getLogger(__name__)

EVERY_S = 2.0
LONGEST = timedelta(days=7)


async def lend(database: Database, who: Identity, given: NewAid, now: datetime) -> UUID:
    """Let a neighbour's seats read a division of one's own. RefusedError `own_division`, `too_long`."""
    if not covers(who.division, given.division):  # type: ignore[arg-type]
        raise MissingError("division", field="division")
    if covers(given.division, given.to_division) or covers(given.to_division, given.division):  # type: ignore[arg-type]
        raise RefusedError("own_division")
    if not now < given.until <= now + LONGEST:
        raise RefusedError("too_long")
    grant = uuid7(now)
    async with database.transaction() as connection:
        await lock(connection, [f"aid/{grant}"])
        await set_scope(connection, who.division)
        for field in ("division", "to_division"):
            if not await store.is_division(connection, getattr(given, field)):
                raise MissingError("division", field=field)
        await store.lend(
            connection, grant, given.division, given.to_division, given.reason, now, given.until, who.account
        )  # fmt: skip
        body = {"to": given.to_division, "until": given.until.isoformat()}
        await _append(connection, "aid.lent", grant, given.division, who, body, now)
    return grant


async def lent(database: Database, who: Identity) -> list[dict[str, Any]]:
    """What the own division has lent and borrowed."""
    async with database.reading(who.division) as connection:
        return await store.lent(connection, who.division)


async def take_back(database: Database, who: Identity, grant: UUID, now: datetime) -> None:
    """End a grant before its time. MissingError unless it is one's own and live."""
    async with database.transaction() as connection:
        await lock(connection, [f"aid/{grant}"])
        found = await store.take_back(connection, grant, who.division, now)
        if found is None:
            raise MissingError("aid")
        division, to = found
        await _append(connection, "aid.taken_back", grant, division, who, {"to": to}, now)


async def _append(
    connection: Connection, tag: str, grant: UUID, division: str, who: Identity, body: dict[str, Any], now: datetime
) -> None:
    event = NewEvent(uuid7(now), "aid", str(grant), tag, body, division, f"account:{who.account}")
    await append(connection, [event], now)


async def keep_ending(database: Database, clock: Clock) -> None:
    """End grants on time and tell of reviews that are overdue, for ever; `database` reads the whole cell."""
    while True:
        try:
            async with database.transaction() as connection:
                await store.end_grants(connection, clock.now())
            await access.tell_overdue(database, clock.now())
        except AWAY:
            logger.warning("aid.database_away")
        await woken(asyncio.Event(), EVERY_S)
