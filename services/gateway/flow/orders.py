"""Orders, catalogue and series, within the caller's scope; a responder sees what is hers."""

from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import orders
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.people import Role

CHINA = timezone(timedelta(hours=8))
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)


def _midnight(day: date | None, after: int = 0) -> datetime | None:
    """The beginning of a day there, or of one `after`; days that nobody means are the first or last one may."""
    if day is None:
        return None
    near = min(max(day, FIRST), LAST)
    return datetime(near.year, near.month, near.day, tzinfo=CHINA) + timedelta(days=after)


async def page(
    database: Database, who: Identity, days: tuple[date | None, date | None], wanted: tuple[str, str, str, str],
    cursor: str, limit: int, whose: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Orders between two days (the last included); `wanted` is state, elder, service and which ones only.

    `whose`: those for which this responder is booked.
    """
    first, last = days
    async with database.reading(who.scope) as connection:
        found = await orders.page(connection, _midnight(first), _midnight(last, 1), *wanted, cursor, limit + 1, whose)
    return {"items": found[:limit], "next": found[limit - 1]["order"] if len(found) > limit else None}


async def view(database: Database, who: Identity, order: str) -> dict[str, Any]:
    """Everything about one order; MissingError for whom it does not concern."""
    async with database.reading(who.scope) as connection:
        theirs = who.at_desk or (
            who.responder is not None and await orders.is_theirs(connection, order, who.responder)
        )  # fmt: skip
        found = await orders.one(connection, order, full=who.at_desk) if theirs else None
    if found is None:
        raise MissingError("order")
    return found


async def services(database: Database, who: Identity, division: str, now: datetime) -> dict[str, Any]:
    """The catalogue as it holds in a division, the caller's own if none is named."""
    async with database.reading(who.scope) as connection:
        found = await orders.services(connection, division or who.division, now.astimezone(CHINA).date())
    return {"items": found, "next": None}


async def series(database: Database, who: Identity, elder: str, after: UUID | None, limit: int) -> dict[str, Any]:
    """Services that come again."""
    async with database.reading(who.scope) as connection:
        found = await orders.series(connection, elder, after, limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1]["series"]) if len(found) > limit else None}


async def known_series(database: Database, who: Identity, name: UUID) -> None:
    """MissingError for a series beyond the scope."""
    async with database.reading(who.scope) as connection:
        if not await orders.has_series(connection, name):
            raise MissingError("series")


def may_price(who: Identity, division: str) -> bool:
    """Whether this account lays down what is ordered there and what it costs."""
    return who.role in (Role.SUPERVISOR, Role.ADMIN) and covers(who.scope, Division(division))
