"""An elder's own telephone: a code pairs it once, and from then on it needs no login.

Whoever shows the code stands beside her and may see her. Her telephone becomes a device, which calls for help under
its own key as every button does, and gets a session, which only reads. Revoking the device ends both.
"""

import base64
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from services.gateway.accounts import Accounts, Opened
from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.flow.family import OPEN
from services.gateway.flow.orders import CHINA
from services.gateway.store import accounts as accounts_store
from services.gateway.store import orders, pages
from services.gateway.store.accounts import Household
from services.gateway.store.opinions import About
from services.gateway.store.pages import Lives, Offered, Page
from shared.contracts.commands import Actor, Command
from shared.runtime.database import Database
from shared.vocabulary.divisions import WHOLE_CELL
from shared.vocabulary.people import Role

DIGITS = 8
GOOD_FOR = timedelta(minutes=10)
LASTING = timedelta(days=400)
"""As long as a browser keeps a cookie; a telephone in use is paired again long before."""
AHEAD = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A code that stands, for whom, and the command that makes the telephone hers."""

    digest: bytes
    her: Lives
    command: Command


async def offer(database: Database, who: Identity, elder: str, now: datetime) -> tuple[str, datetime]:
    """A fresh code for an elder the caller may see; MissingError otherwise. Her older codes are void."""
    code, until = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", now + GOOD_FOR
    async with database.reading(who.scope) as connection:
        her = await pages.lives(connection, elder)
    if her is None:
        raise MissingError("elder")
    async with database.transaction() as connection:
        await pages.offer(connection, _digest(code), her, who.account, now, until)
    return code, until


async def claim(database: Database, code: str, now: datetime) -> Claimed | None:
    """What a code asks for; None when it does not stand. Until `settle` it may be tried again."""
    digest = _digest(code)
    async with database.reading(WHOLE_CELL) as connection:
        found = await pages.offered(connection, digest, now)
        her = await pages.lives(connection, found.elder) if found else None
    return Claimed(digest, her, _pairing(digest, found, her)) if found and her else None


def _pairing(digest: bytes, by: Offered, her: Lives) -> Command:
    device = f"EP-{base64.b32encode(digest[:10]).decode()}"
    actor = Actor(account=by.account, name=by.name, role=by.role, division=her.division)
    args = {"home": her.home, "elder": her.elder, "division": her.division}
    return Command(name="pair_page", target=device, actor=actor, key=f"pair/{device}", args=args)


async def settle(database: Database, accounts: Accounts, it: Claimed, now: datetime) -> Opened:
    """The telephone is a device: give it the elder's account and a session, and spend the code."""
    her = it.her
    account = Household(f"elder-{her.elder}", her.name, Role.ELDER, her.division, her.elder)
    async with database.transaction() as connection:
        await accounts_store.make(connection, account, secrets.token_hex(4))
    opened = await accounts.enter(account.id, LASTING)
    async with database.transaction() as connection:
        await pages.used(connection, it.digest, now, it.command.target, opened.who.session)
    return opened


async def page(database: Database, who: Identity) -> Page | None:
    """The telephone behind an elder's session; None once it is revoked or somebody else's."""
    async with database.reading(WHOLE_CELL) as connection:
        found = await pages.page(connection, who.session)
    return found if found and found.stands else None


async def home(database: Database, it: Page, hotline: str) -> dict[str, Any]:
    """What her page shows; `hotline` where her division has no duty telephone."""
    async with database.reading(WHOLE_CELL) as connection:
        phone = await pages.duty_phone(connection, it.division)
        family = await pages.family(connection, it.elder)
    return {
        "name": it.name, "device": it.device, "address": it.address, "hotline": phone or hotline, "family": family,
    }  # fmt: skip


async def day(database: Database, who: Identity, it: Page, now: datetime) -> dict[str, Any]:
    """What is arranged for her from this morning on."""
    since = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    async with database.reading(WHOLE_CELL) as connection:
        items = await pages.coming(connection, it.elder, since, since + AHEAD, who.account)
    lines = [{**one, "cancellable": one["state"] in OPEN and one.pop("arrived_at") is None} for one in items]
    return {"since": since, "items": lines}


async def comers(database: Database, it: Page) -> dict[str, Any]:
    """Whom to let in: read in the whole cell, for helpers come from next door too."""
    async with database.reading(WHOLE_CELL) as connection:
        return {"items": await pages.comers(connection, it.elder)}


async def services(database: Database, it: Page, now: datetime) -> dict[str, Any]:
    """What she can order where she lives: what is offered and has a price."""
    async with database.reading(it.division) as connection:
        found = await orders.services(connection, it.division, now.astimezone(CHINA).date())
    return {"items": [line for line in found if line["offered"] and line["prices"]]}


def ordering(who: Identity, it: Page) -> Identity:
    """The elder as one who may order where she lives, and nowhere else."""
    return replace(who, division=it.division)


async def cancelling(database: Database, it: Page, order: str) -> bool:
    """Whether this order of hers can still be called off; MissingError when it is not hers."""
    async with database.reading(it.division) as connection:
        found = await pages.order(connection, order, it.elder)
    if found is None:
        raise MissingError("order")
    return found["state"] in OPEN and found["arrived_at"] is None


async def rated(database: Database, who: Identity, it: Page, order: str) -> About:
    """An order of hers as she speaks of it; MissingError when it is not hers."""
    async with database.reading(it.division) as connection:
        if await pages.order(connection, order, it.elder) is None:
            raise MissingError("order")
    return About(it.division, it.elder, who.account, order)


def _digest(code: str) -> bytes:
    return sha256(code.encode()).digest()
