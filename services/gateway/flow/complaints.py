"""Complaints from a hotline, a letter, a visit: taken up, replied to and settled, each by its own day.

The days are the division's (or those above it), counted in working days when a complaint is written down, so that a
later change moves no promise. Whoever it is about handles it nowhere: accounts involved are found when it comes in, the
database holds to it. Words stay in rows; the log has ids, steps and findings.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.domain.working_days import WorkingDays
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.flow.orders import CHINA
from services.gateway.flow.staff import RefusedError
from services.gateway.store import complaints as store
from shared.contracts.regulation import ClockDays, ComplaintSettled, NewCase
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import Division
from shared.vocabulary.ids import uuid7

DAYS = WorkingDays(CHINA)
Row = dict[str, Any]


async def clocks(database: Database, who: Identity, code: Division) -> Row:
    """What holds in a division. MissingError beyond the caller's scope."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        (accept, reply, settle), line = await store.clocks(connection, code)
    return {
        "division": code, "accept_days": accept, "reply_days": reply, "settle_days": settle, "laid_down_in": line,
    }  # fmt: skip


async def set_clocks(database: Database, who: Identity, code: Division, given: ClockDays, now: datetime) -> None:
    """Lay a division's clocks down, for complaints that come from now on."""
    await areas.of(database, who, code)
    days = (given.accept_days, given.reply_days, given.settle_days)
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"clocks/{code}"])
        await store.set_clocks(connection, code, days, who.account, now)
        await _tell(connection, ("clocks", code), "clocks.set", given.model_dump(), code, who, now)


async def colleagues(database: Database, who: Identity) -> list[Row]:
    """Who may handle a complaint or answer for a hazard."""
    async with database.reading(who.scope) as connection:
        return await store.colleagues(connection, who.scope)


async def register(database: Database, who: Identity, given: NewCase, now: datetime) -> Row:
    """Write a complaint down. MissingError for what is not in scope, RefusedError `number_taken`."""
    code, name = Division(given.division), uuid7(now)
    await areas.of(database, who, code)
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"complaint/{name}"])
        await _known(connection, who, given)
        days, _ = await store.clocks(connection, code)
        accept_by, reply_by, settle_by = (DAYS.end_of(now, many) for many in days)
        subject = given.subject
        new = store.New(
            name, given.source, given.number and given.number.strip(), code, given.elder, given.about,
            subject.kind if subject else None, subject.id if subject else None, given.caller.strip(),
            given.text.strip(), who.account, now, accept_by, reply_by, settle_by,
        )  # fmt: skip
        try:
            await store.register(connection, new)
        except store.TakenError:
            raise RefusedError("number_taken", "number") from None
        body = {"complaint": str(name), "source": given.source, "elder": given.elder, "about": given.about}
        await _tell(connection, ("complaint", name), "complaint.registered", body, code, who, now)
        return await _one(connection, name, who, now)


async def _known(connection: Connection, who: Identity, given: NewCase) -> None:
    named = [("elder", given.elder, "elder"), ("about", given.about, "about")]
    if given.subject is not None:
        named.append((given.subject.kind, given.subject.id, "subject.id"))
    for what, name, field in named:
        if name is not None and not await store.known(connection, what, name, who.scope):
            raise MissingError(what, field=field)


async def page(
    database: Database, who: Identity, code: Division, after: UUID | None, limit: int, now: datetime, *, settled: bool
) -> Row:
    """Complaints of a division, families' among them. MissingError beyond the caller's scope."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        found = await store.page(connection, who.account, after, limit + 1, now, settled=settled)
    return {"items": found[:limit], "next": str(found[limit - 1]["complaint"]) if len(found) > limit else None}


async def listed(
    database: Database, who: Identity, code: Division, over: tuple[datetime, datetime], most: int, now: datetime
) -> Row:
    """What came in a period, for a file."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        return {"items": await store.in_period(connection, who.account, over, most, now)}


async def accept(database: Database, who: Identity, name: UUID, handler: str | None, now: datetime) -> Row:
    """受理: who handles it, or who does from now on. RefusedError `own_complaint`, `settled`."""
    handler = handler or who.account

    async def step(connection: Connection) -> bool:
        if handler not in {one["account"] for one in await store.colleagues(connection, who.scope)}:
            raise MissingError("account", field="handler")
        return await store.accept(connection, name, handler, now)

    return await _stepped(database, who, name, (step, "settled"), ("complaint.accepted", {"handler": handler}), now)


async def reply(database: Database, who: Identity, name: UUID, text: str, now: datetime) -> Row:
    """Something was told to whoever complained. RefusedError `own_complaint`, `not_accepted`."""

    async def step(connection: Connection) -> bool:
        return await store.reply(connection, name, text.strip(), now)

    return await _stepped(database, who, name, (step, "not_accepted"), ("complaint.replied", {}), now)


async def settle(database: Database, who: Identity, name: UUID, given: ComplaintSettled, now: datetime) -> Row:
    """办结: what was found and told. RefusedError `own_complaint`, `not_accepted`."""

    async def step(connection: Connection) -> bool:
        return await store.settle(connection, name, given.finding, given.text.strip(), now, who.account)

    told = ("complaint.settled", {"finding": given.finding})
    return await _stepped(database, who, name, (step, "not_accepted"), told, now)


async def _stepped(
    database: Database, who: Identity, name: UUID, step: tuple[Callable[[Connection], Awaitable[bool]], str],
    told: tuple[str, Row], now: datetime,
) -> Row:  # fmt: skip
    """One step of a complaint; whoever it is about makes none, and hands it to nobody who it is about."""
    make, otherwise = step
    tag, body = told
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"complaint/{name}"])
        before = await _one(connection, name, who, now)
        if before["barred"] or await store.is_about(connection, name, body.get("handler", who.account)):
            raise RefusedError("own_complaint")
        if not await make(connection):
            raise RefusedError(otherwise)
        body = {"complaint": str(name), **body}
        await _tell(connection, ("complaint", name), tag, body, Division(before["division"]), who, now)
        return await _one(connection, name, who, now)


async def _one(connection: Connection, name: UUID, who: Identity, now: datetime) -> Row:
    found = await store.one(connection, name, who.account, now)
    if found is None:
        raise MissingError("complaint")
    return found


async def _tell(
    connection: Connection, stream: tuple[str, object], tag: str, body: Row, code: Division, who: Identity,
    now: datetime,
) -> None:  # fmt: skip
    kind, name = stream
    event = NewEvent(uuid7(now), kind, str(name), tag, body, code, f"account:{who.account}", now)
    await append(connection, [event], now)
