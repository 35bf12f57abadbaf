"""An elder agrees that one of her family may see something; it is written down, shown, and ended at any time.

She agrees at her own page, or tells somebody who works here. Either way eight digits are handed to the one it was given
for, who sees what it says before she agrees in turn. The log keeps who agreed to what, when and how, under ids alone.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import kin as store
from services.gateway.store.kin import Agreed, Kin
from shared.contracts.family import NewConsent
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import WHOLE_CELL
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

DIGITS = 8
GOOD_FOR = timedelta(days=1)
WORDING = "care-1"
"""Which text was shown to both: docs/family.md keeps each of them."""


class OwnPageError(Exception):
    """Somebody who works here cannot say that the elder agreed at her own page."""


async def offer(
    database: Database, who: Identity, elder: str, given: NewConsent, now: datetime
) -> tuple[str, datetime]:
    """Digits for the one it was given for. MissingError beyond what the caller may see."""
    hers = who.role == Role.ELDER
    if not hers and given.how == "own_page":
        raise OwnPageError
    division = await _division(database, who, elder)
    agreed = Agreed(
        division, elder, given.relation, tuple(sorted({*given.may, "calls"})), "elder" if hers else "worker",
        "own_page" if hers else given.how, WORDING, who.account,
    )  # fmt: skip
    code, until = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", now + GOOD_FOR
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await store.offer(connection, _digest(code), agreed, now, until)
    return code, until


async def _division(database: Database, who: Identity, elder: str) -> str:
    if who.elder not in (None, elder):
        raise MissingError("elder")
    async with database.reading(who.scope) as connection:
        found = await store.division_of(connection, elder)
    if found is None:
        raise MissingError("elder")
    return found


async def shown(database: Database, code: str, now: datetime) -> Mapping[str, Any]:
    """What these digits stand for; MissingError when they don't."""
    async with database.reading(WHOLE_CELL) as connection:
        found = await store.shown(connection, _digest(code), now)
    if found is None:
        raise MissingError("code", field="code")
    return found


async def bind(database: Database, who: Identity, code: str, name: str, now: datetime) -> None:
    """The digits are used: from now on she may see what was agreed to. MissingError when they no longer stand."""
    fresh = uuid7(now)
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        await lock(connection, [f"kin/{fresh}"])
        made = await store.bind(connection, _digest(code), fresh, who.account, name, now)
        if made is None:
            raise MissingError("code", field="code")
        body = {
            "kin": str(fresh), "elder": made["elder_id"], "account": who.account, "relation": made["relation"],
            "may": list(made["may"]), "given_by": made["given_by"], "how": made["how"], "wording": made["wording"],
            "made_by": made["made_by"],
        }  # fmt: skip
        await _tell(connection, "kin.bound", body, made["division"], who, now)


async def of_elder(database: Database, who: Identity, elder: str) -> dict[str, Any]:
    """Everybody who may see something of an elder, for herself and for those who work in her division."""
    await _division(database, who, elder)
    async with database.reading(who.scope) as connection:
        found = await store.of_elder(connection, elder)
    return {"items": [one.line() for one in found], "next": None}


async def end(database: Database, who: Identity, kin: UUID, now: datetime) -> None:
    """No more, from this instant: by the elder, by the one it was given to, by those who work in her division."""
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"kin/{kin}"])
        it = await store.one(connection, kin)
        if it is None or not _may_end(who, it):
            raise MissingError("kin")
        await store.end(connection, kin, now, who.account)
        body = {"kin": str(kin), "elder": it.elder, "account": it.account}
        await _tell(connection, "kin.ended", body, it.division, who, now)


def _may_end(who: Identity, it: Kin) -> bool:
    if who.role == Role.ELDER:
        return who.elder == it.elder
    return it.account == who.account if who.role == Role.FAMILY else who.tends_devices


async def _tell(
    connection: Connection, tag: str, body: dict[str, Any], division: str, who: Identity, now: datetime
) -> None:
    event = NewEvent(uuid7(now), "kin", body["kin"], tag, body, division, f"account:{who.account}", now)
    await append(connection, [event], now)


def _digest(code: str) -> bytes:
    return sha256(code.encode()).digest()
