"""隐患、整改、责任: what could go wrong, what is done about it by which day, and who answers for that.

The owner, or somebody for her, says that it is done; somebody else looks and closes it, or gives it back with a word.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.flow.orders import CHINA
from services.gateway.flow.staff import RefusedError
from services.gateway.store import complaints
from services.gateway.store import hazards as store
from shared.contracts.regulation import NewHazard
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import Division
from shared.vocabulary.ids import uuid7

Row = dict[str, Any]


def today(now: datetime) -> date:
    """The day it is in China."""
    return now.astimezone(CHINA).date()


async def add(database: Database, who: Identity, given: NewHazard, now: datetime) -> Row:
    """Write one down. MissingError for an owner or complaint beyond the scope, RefusedError `past`: a day gone by."""
    code, name = Division(given.division), uuid7(now)
    await areas.of(database, who, code)
    if given.due_on < today(now):
        raise RefusedError("past", "due_on")
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"hazard/{name}"])
        if given.owner not in {one["account"] for one in await complaints.colleagues(connection, who.scope)}:
            raise MissingError("account", field="owner")
        if given.complaint and await complaints.one(connection, given.complaint, who.account, now) is None:
            raise MissingError("complaint", field="complaint")
        await store.add(
            connection, name, code, given.kind, given.grade, given.text.strip(), given.measure.strip(), given.owner,
            given.due_on, given.complaint, now, who.account,
        )  # fmt: skip
        body = {"kind": given.kind, "grade": given.grade, "owner": given.owner, "due_on": given.due_on.isoformat()}
        await _tell(connection, name, "hazard.found", body, code, who, now)
        return await _one(connection, name, who, now)


async def page(
    database: Database, who: Identity, code: Division, after: UUID | None, limit: int, now: datetime, *, closed: bool
) -> Row:
    """Hazards of a division. MissingError beyond the caller's scope."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        found = await store.page(connection, who.account, after, limit + 1, today(now), closed=closed)
    return {"items": found[:limit], "next": str(found[limit - 1]["hazard"]) if len(found) > limit else None}


async def listed(
    database: Database, who: Identity, code: Division, over: tuple[datetime, datetime], most: int, now: datetime
) -> Row:
    """What was open at some time of a period, for a file."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        return {"items": await store.listed(connection, who.account, over, most, today(now))}


async def owners(database: Database, who: Identity, code: Division, now: datetime) -> list[Row]:
    """责任清单 of a division."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        return await store.owners(connection, today(now))


async def fix(database: Database, who: Identity, name: UUID, note: str, now: datetime) -> Row:
    """It is done, says its owner or somebody for her. RefusedError `fixed` if that was said before."""
    async with database.transaction() as connection:
        before = await _begin(connection, who, name, now)
        if not await store.fix(connection, name, now, who.account, note.strip()):
            raise RefusedError("fixed")
        await _tell(connection, name, "hazard.fixed", {}, before["division"], who, now)
        return await _one(connection, name, who, now)


async def close(database: Database, who: Identity, name: UUID, now: datetime) -> Row:
    """验收销号, by somebody else. RefusedError `not_yours_to_judge`, `not_fixed`."""
    async with database.transaction() as connection:
        before = await _judged(connection, who, name, now)
        await store.close(connection, name, now, who.account)
        await _tell(connection, name, "hazard.closed", {}, before["division"], who, now)
        return await _one(connection, name, who, now)


async def give_back(database: Database, who: Identity, name: UUID, remark: str, now: datetime) -> Row:
    """It is not done, says somebody else. RefusedError as in `close`."""
    async with database.transaction() as connection:
        before = await _judged(connection, who, name, now)
        await store.give_back(connection, name, remark.strip(), who.account)
        await _tell(connection, name, "hazard.returned", {}, before["division"], who, now)
        return await _one(connection, name, who, now)


async def _judged(connection: Connection, who: Identity, name: UUID, now: datetime) -> Row:
    before = await _begin(connection, who, name, now)
    if before["state"] != "fixed":
        raise RefusedError("not_fixed")
    if not before["judge"]:
        raise RefusedError("not_yours_to_judge")
    return before


async def _begin(connection: Connection, who: Identity, name: UUID, now: datetime) -> Row:
    await set_scope(connection, who.scope)
    await lock(connection, [f"hazard/{name}"])
    return await _one(connection, name, who, now)


async def _one(connection: Connection, name: UUID, who: Identity, now: datetime) -> Row:
    found = await store.one(connection, name, who.account, today(now))
    if found is None:
        raise MissingError("hazard")
    return found


async def _tell(
    connection: Connection, name: UUID, tag: str, body: Row, division: str, who: Identity, now: datetime
) -> None:
    by = f"account:{who.account}"
    told = {"hazard": str(name), **body}
    await append(connection, [NewEvent(uuid7(now), "hazard", str(name), tag, told, division, by, now)], now)
