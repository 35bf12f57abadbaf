"""Devices, what came from them and what they stand for, within the caller's scope."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import devices, outages
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Division, covers


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a device is put: a home, an elder who wears it, or only a division."""

    home: str | None
    elder: str | None
    division: str


async def page(
    database: Database, who: Identity, only: str, q: str, after: tuple[str, str], limit: int, now: datetime
) -> dict[str, Any]:
    """Devices in scope; the cursor is the last one's division and id."""
    async with database.reading(who.scope) as connection:
        found = await devices.page(connection, who.scope, only, q, database.fields.wanted(q), after, limit + 1, now)
    last = found[limit - 1] if len(found) > limit else None
    return {"items": found[:limit], "next": f"{last['division']}/{last['id']}" if last else None}


async def view(database: Database, who: Identity, device: str, now: datetime) -> dict[str, Any]:
    """Everything about one device."""
    async with database.reading(who.scope) as connection:
        found = await devices.one(connection, device, now)
    if found is None:
        raise MissingError("device")
    return found


async def raw_page(database: Database, who: Identity, device: str, after: UUID | None, limit: int) -> dict[str, Any]:
    """What came from a device, newest first."""
    async with database.reading(who.scope) as connection:
        await _division(connection, device)
        found = await devices.raw(connection, device, after, limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1]["event"]) if len(found) > limit else None}


async def question(database: Database, who: Identity, device: str, event: UUID) -> dict[str, str]:
    """A message that came once, as a question to devices what would be made of it today."""
    async with database.reading(who.scope) as connection:
        found = await devices.raw_one(connection, device, event)
    if found is None:
        raise MissingError("event")
    return _asked(device, *found)


async def question_of_stray(database: Database, who: Identity, quarantine: UUID) -> dict[str, str]:
    """The same for what was set aside in scope and waits for a decision; MissingError for anything else."""
    async with database.reading(who.scope) as connection:
        found = await devices.stray(connection, quarantine)
    if found is None:
        raise MissingError("quarantine", field="quarantine")
    return _asked("", *found)


def _asked(device: str, topic: str, payload: bytes) -> dict[str, str]:
    return {"device": device, "topic": topic, "payload_b64": b64encode(payload).decode()}


async def division_of(database: Database, who: Identity, device: str) -> str:
    """Division of a device that the caller may touch; MissingError otherwise."""
    async with database.reading(who.scope) as connection:
        return await _division(connection, device)


async def visited(database: Database, who: Identity, device: str) -> None:
    """MissingError unless the caller is on her way to, or with, the one whose device it is."""
    async with database.reading(who.scope) as connection:
        if who.responder is None or not await devices.visited(connection, device, who.responder):
            raise MissingError("device")


async def bound_to(database: Database, who: Identity, address: str) -> str:
    """The device in scope behind a foreign address; MissingError otherwise."""
    async with database.reading(who.scope) as connection:
        found = await devices.bound_to(connection, address)
    if found is None:
        raise MissingError("binding", field="address")
    return found


async def spot(
    database: Database, who: Identity, home: str | None, elder: str | None, division: str | None
) -> Spot | None:
    """Where these words point to; MissingError beyond the scope, None if they say nothing.

    An elder stands for the elder's home; a home decides the division.
    """
    async with database.reading(who.scope) as connection:
        lives = await devices.elder_home(connection, elder) if elder else None
        if elder and lives is None:
            raise MissingError("elder", field="elder")
        home = home or (lives[0] if lives else None)
        found = await devices.home_division(connection, home) if home else None
    if home and found is None:
        raise MissingError("home", field="home")
    division = found or division
    return Spot(home, elder, in_scope(who, division)) if division else None


def in_scope(who: Identity, division: str) -> str:
    """Return this division if the caller's covers it; MissingError otherwise."""
    if not covers(who.scope, Division(division)):
        raise MissingError("division", field="division")
    return division


async def outage_page(database: Database, who: Identity, after: UUID | None, limit: int) -> dict[str, Any]:
    """Outages with a device in scope, newest first."""
    async with database.reading(who.scope) as connection:
        found = await outages.page(connection, after, limit + 1)
    return {"items": found[:limit], "next": str(found[limit - 1]["outage"]) if len(found) > limit else None}


async def roll_call(
    database: Database, who: Identity, outage: UUID, after: str, limit: int, now: datetime, *, everybody: bool
) -> dict[str, Any]:
    """Whom to telephone, those at most risk first; the cursor is the last elder."""
    async with database.reading(who.scope) as connection:
        if not await outages.known(connection, outage):
            raise MissingError("outage")
        found = await outages.roll_call(connection, outage, after, limit + 1, now, everybody=everybody)
    return {"items": found[:limit], "next": found[limit - 1]["elder"] if len(found) > limit else None}


async def _division(connection: Connection, device: str) -> str:
    found = await devices.division_of(connection, device)
    if found is None:
        raise MissingError("device")
    return found
