"""What one of the family may see and do for an elder: each time the elder's consent is looked up anew.

Whoever has none, or no more, gets the same answer as for somebody who does not exist.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.domain.wording import number_hint
from services.gateway.flow import orders as orders_flow
from services.gateway.flow.commands import MissingError
from services.gateway.flow.portraits import SHOWN_AFTER
from services.gateway.store import family as store
from services.gateway.store import kin, orders, portraits
from services.gateway.store.kin import Kin
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import WHOLE_CELL, Division

ORDERS_SINCE = timedelta(days=90)
OPEN = frozenset({"placed", "scheduled", "rescheduled", "returned", "dispatched"})


async def consent(database: Database, who: Identity, elder: str, may: str) -> Kin:
    """The consent by which the caller may do this for an elder; MissingError without one."""
    async with database.reading(WHOLE_CELL) as connection:
        found = await kin.of_account(connection, who.account)
    it = next((one for one in found if one.elder == elder and may in one.may), None)
    if it is None:
        raise MissingError("elder")
    return it


def at_her_place(who: Identity, it: Kin) -> Identity:
    """The caller as one who may act where the elder lives, and nowhere else."""
    return replace(who, division=Division(it.division))


async def home(database: Database, who: Identity) -> dict[str, Any]:
    """Everybody the caller may see, and what is going on."""
    async with database.reading(WHOLE_CELL) as connection:
        name, phone = await kin.me(connection, who.account)
        found = await kin.of_account(connection, who.account)
        live = await store.live(connection, [one.elder for one in found])
    elders = [{**one.line(), "name": one.elder_name, "live": live.get(one.elder, [])} for one in found]
    return {"name": name, "phone_masked": number_hint(phone), "elders": elders}


async def calls(database: Database, who: Identity, elder: str, now: datetime) -> dict[str, Any]:
    """Her calls for help of three months."""
    it = await consent(database, who, elder, "calls")
    async with database.reading(Division(it.division)) as connection:
        return {"items": await store.calls(connection, elder, who.account, now), "next": None}


async def call(database: Database, who: Identity, incident: str, now: datetime) -> dict[str, Any]:
    """One call for help as it stands; medical notes only where she has agreed to them."""
    async with database.reading(WHOLE_CELL) as connection:
        row = await store.call(connection, incident, who.account, now)
    if row is None:
        raise MissingError("incident")
    it = await consent(database, who, row["elder"], "calls")
    async with database.reading(Division(it.division)) as connection:
        found = {
            "line": dict(row.items()), "name": row["name"], "address": row["address"] or "",
            "presses": row["presses"], "drill": row["drill"],
            "helpers": await store.helpers(connection, incident), "steps": await store.steps(connection, incident),
            **await _medical(connection, incident, row["health"], allowed="health" in it.may),
        }  # fmt: skip
    [badged] = await _badged(database, [found], now)
    return badged


async def _badged(database: Database, those: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Whom the helpers of each work for, and the faces of those who come or have just left."""
    people = [one["number"] for it in those for one in it["helpers"]]
    async with database.reading(WHOLE_CELL) as connection:
        names = await store.organisations(connection, people) if people else {}
        faces = await portraits.faces(connection, people) if people else {}

    def badge(one: dict[str, Any]) -> dict[str, Any]:
        seen = one["ended_at"] is None or one["ended_at"] > now - SHOWN_AFTER
        portrait = faces.get(one["number"]) if seen else None
        return {**one, "organisation": names.get(one["number"]), "portrait": portrait}

    return [{**it, "helpers": [badge(one) for one in it["helpers"]]} for it in those]


async def _medical(connection: Connection, incident: str, health: str | None, *, allowed: bool) -> dict[str, Any]:
    if not allowed:
        return {"health": None, "notes": None}
    return {"health": health, "notes": await store.notes(connection, incident)}


async def devices(database: Database, who: Identity, elder: str, now: datetime) -> dict[str, Any]:
    """Her devices, and how they are."""
    it = await consent(database, who, elder, "devices")
    async with database.reading(Division(it.division)) as connection:
        return {"items": await store.devices(connection, elder, now), "next": None}


async def device(
    database: Database, who: Identity, elder: str, name: str, now: datetime
) -> tuple[Identity, dict[str, Any]]:
    """One of her devices, with the caller as one who may test it."""
    it = await consent(database, who, elder, "devices")
    async with database.reading(Division(it.division)) as connection:
        found = await store.devices(connection, elder, now)
    line = next((one for one in found if one["id"] == name), None)
    if line is None:
        raise MissingError("device")
    return at_her_place(who, it), line


async def services(database: Database, who: Identity, elder: str, now: datetime) -> dict[str, Any]:
    """What can be ordered where she lives: what is offered and has a price."""
    it = await consent(database, who, elder, "orders")
    found = await orders_flow.services(database, at_her_place(who, it), it.division, now)
    return {"items": [line for line in found["items"] if line["offered"] and line["prices"]]}


async def placing(database: Database, who: Identity, elder: str) -> Identity:
    """The caller as one who may order for her."""
    return at_her_place(who, await consent(database, who, elder, "orders"))


async def her_orders(database: Database, who: Identity, elder: str, now: datetime) -> dict[str, Any]:
    """Her orders of three months, and those to come."""
    it = await consent(database, who, elder, "orders")
    async with database.reading(Division(it.division)) as connection:
        names = await store.orders(connection, elder, now - ORDERS_SINCE)
        found = [await _order(connection, who, name) for name in names]
    return {"items": await _badged(database, found, now), "next": None}


async def order(database: Database, who: Identity, name: str, now: datetime) -> tuple[Identity, dict[str, Any]]:
    """One order of hers, with the caller as one who may change it."""
    async with database.reading(WHOLE_CELL) as connection:
        beside = await store.order_beside(connection, name, who.account)
    if beside is None:
        raise MissingError("order")
    it = await consent(database, who, beside["elder"], "orders")
    async with database.reading(Division(it.division)) as connection:
        found = await _order(connection, who, name)
    [badged] = await _badged(database, [found], now)
    return at_her_place(who, it), badged


async def _order(connection: Connection, who: Identity, name: str) -> dict[str, Any]:
    found = await orders.one(connection, name, full=True)
    beside = await store.order_beside(connection, name, who.account)
    if found is None or beside is None:
        raise MissingError("order")
    line = found["line"]
    money = ("price_cents", "subsidy_cents", "own_cents", "charged_cents")
    return {
        "line": line, **{part: found[part] for part in money}, "absent_cents": beside["absent_cents"],
        "cancellable": line["state"] in OPEN and line["arrived_at"] is None, "rating": beside["mine"],
        "helpers": await store.helpers(connection, beside["incident"]) if beside["incident"] else [],
    }  # fmt: skip
