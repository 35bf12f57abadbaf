"""Ratings and complaints of families. Words stay in rows; the log has only that there are some."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.domain.wording import name_hint
from services.gateway.flow.commands import MissingError
from services.gateway.flow.family import consent
from services.gateway.flow.staff import RefusedError
from services.gateway.store import family, kin
from services.gateway.store import opinions as store
from services.gateway.store.complaints import is_about
from services.gateway.store.opinions import About
from shared.contracts.family import NewComplaint, Rating
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import WHOLE_CELL
from shared.vocabulary.ids import uuid7

ANSWERED_WITHIN = timedelta(days=3)


class AnsweredError(Exception):
    """Somebody has answered it already."""


async def about_call(database: Database, who: Identity, incident: str, now: datetime) -> About:
    """A call for help that the caller may see."""
    async with database.reading(WHOLE_CELL) as connection:
        row = await family.call(connection, incident, who.account, now)
    return await _about(database, who, row["elder"] if row else "", incident, "calls")


async def about_order(database: Database, who: Identity, order: str) -> About:
    """An order that the caller may see."""
    async with database.reading(WHOLE_CELL) as connection:
        found = await family.order_beside(connection, order, who.account)
    return await _about(database, who, found["elder"] if found else "", order, "orders")


async def _about(database: Database, who: Identity, elder: str, name: str, may: str) -> About:
    it = await consent(database, who, elder, may)
    return About(it.division, elder, who.account, name)


async def rate(database: Database, it: About, given: Rating, now: datetime) -> None:
    """Five faces; the last of somebody's opinions of the same thing counts."""
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        await store.rate(connection, it, given.rating, given.text.strip(), now)


async def complain(database: Database, who: Identity, elder: str, given: NewComplaint, now: datetime) -> dict[str, Any]:
    """A complaint goes to the supervisors over the elder's division, with the day by which it is answered."""
    it = await consent(database, who, elder, "calls")
    name, about = uuid7(now), About(it.division, elder, who.account, given.about)
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        await lock(connection, [f"complaint/{name}"])
        await store.complain(connection, name, about, given.text.strip(), now, now + ANSWERED_WITHIN)
        body = {"complaint": str(name), "elder": elder, "account": who.account, "about": given.about}
        await _tell(connection, "complaint.made", body, it.division, who, now)
        found = await store.one(connection, name, now)
    return found or {}


async def mine(database: Database, who: Identity, now: datetime) -> dict[str, Any]:
    """The caller's complaints and what was said to them."""
    async with database.reading(WHOLE_CELL) as connection:
        elders = [one.elder for one in await kin.of_account(connection, who.account)]
        return {"items": await store.mine(connection, who.account, elders, now), "next": None}


async def waiting(database: Database, who: Identity, after: UUID | None, limit: int, now: datetime) -> dict[str, Any]:
    """What waits for an answer in the caller's scope, the soonest due first; who complained is masked."""
    async with database.reading(who.scope) as connection:
        found = await store.waiting(connection, after, limit + 1, now)
    items = [_masked(one) for one in found[:limit]]
    return {"items": items, "next": str(items[-1]["complaint"]) if len(found) > limit else None}


async def answer(database: Database, who: Identity, name: UUID, text: str, now: datetime) -> dict[str, Any]:
    """A supervisor answers whom it is not about.

    MissingError beyond the scope, AnsweredError if somebody was quicker, RefusedError `own_complaint`.
    """
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"complaint/{name}"])
        if await store.one(connection, name, now) is None:
            raise MissingError("complaint")
        if await is_about(connection, name, who.account):
            raise RefusedError("own_complaint")
        done = await store.answer(connection, name, text.strip(), who.account, now)
        if done is None:
            raise AnsweredError
        body = {"complaint": str(name), "elder": done["elder_id"], "account": done["account_id"]}
        await _tell(connection, "complaint.answered", body, done["division"], who, now)
        found = await store.one(connection, name, now)
    return _masked(found or {})


def _masked(line: dict[str, Any]) -> dict[str, Any]:
    return {**line, "by": name_hint(line["by"])}


async def _tell(
    connection: Connection, tag: str, body: dict[str, Any], division: str, who: Identity, now: datetime
) -> None:
    event = NewEvent(
        uuid7(now), "complaint", body["complaint"], tag, body, division, f"account:{who.account}", now
    )  # fmt: skip
    await append(connection, [event], now)
