"""Faces: of those who go, so that an elder knows whom to let in, and of elders, for the desk.

The desk puts them there and takes them away. A helper's is shown to the elder and her family while she is on her way or
there, and for half an hour after; to herself always. An elder's is for the desk alone. The log has ids.
"""

import asyncio
import base64
import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from PIL import Image, UnidentifiedImageError

from services.gateway.domain.evidence import NotEvidenceError, checked
from services.gateway.domain.people import Identity
from services.gateway.domain.portraits import fits
from services.gateway.flow.commands import MissingError
from services.gateway.store import kin
from services.gateway.store import portraits as store
from services.gateway.store.portraits import Whose
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.runtime.sealed import UNREADABLE
from shared.vocabulary.divisions import WHOLE_CELL
from shared.vocabulary.ids import uuid7

STREAM = "portrait"
SHOWN_AFTER = timedelta(minutes=30)
"""So long after a helper has left, or was taken off, those at home still see who it was."""


async def put(database: Database, who: Identity, whose: Whose, person: str, given: bytes, now: datetime) -> None:
    """Keep a portrait, in place of the one before. MissingError beyond the scope, NotEvidenceError for no picture."""
    _, content = checked("portrait", given)
    await asyncio.to_thread(_look_at, content)
    name, packed = uuid7(now), base64.b64encode(content).decode()
    async with database.transaction() as connection:
        division = await _theirs(connection, who, whose, person)
        await store.remove(connection, whose, person)
        await store.put(connection, whose, person, name, packed, who.account, now)
        await _tell(connection, "portrait.put", name, whose, person, division, who, now)


def _look_at(content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            if not fits(*picture.size):
                raise NotEvidenceError(422, "picture_size")
            picture.load()
    except (OSError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        raise NotEvidenceError(422, "broken_content") from None


async def remove(database: Database, who: Identity, whose: Whose, person: str, now: datetime) -> None:
    """Take a portrait away, if there is one. MissingError beyond the scope."""
    async with database.transaction() as connection:
        division = await _theirs(connection, who, whose, person)
        gone = await store.remove(connection, whose, person)
        if gone is not None:
            await _tell(connection, "portrait.removed", gone, whose, person, division, who, now)


async def _theirs(connection: Connection, who: Identity, whose: Whose, person: str) -> str:
    await lock(connection, [f"{STREAM}/{whose}/{person}"])
    await set_scope(connection, who.scope)
    division = await store.division(connection, whose, person)
    if division is None:
        raise MissingError(whose)
    return division


async def _tell(
    connection: Connection, tag: str, name: UUID, whose: Whose, person: str, division: str, who: Identity,
    now: datetime,
) -> None:  # fmt: skip
    body = {"portrait": str(name), whose: person}
    event = NewEvent(uuid7(now), STREAM, f"{whose}/{person}", tag, body, division, f"account:{who.account}", now)
    await append(connection, [event], now)


async def mine(database: Database, responder: str) -> dict[str, Any]:
    """One's own: that there is one, who put it there and when. MissingError without one."""
    async with database.reading(WHOLE_CELL) as connection:
        found = await store.of(connection, "responder", responder)
    if found is None:
        raise MissingError("portrait")
    return found


async def for_worker(database: Database, who: Identity, name: UUID) -> bytes:
    """The picture, for the desk in scope and for her whose it is. MissingError for everybody else."""
    async with database.reading(who.scope) as connection:
        found = await store.content(connection, name)
    if found is None or not (who.at_desk or (who.responder is not None and found[0] == who.responder)):
        raise MissingError("portrait")
    return _picture(found[1])


async def for_family(database: Database, who: Identity, name: UUID, now: datetime) -> bytes:
    """The face of whoever goes to somebody who has agreed that the caller may see it."""
    async with database.reading(WHOLE_CELL) as connection:
        may = await kin.of_account(connection, who.account)
        called, ordered = ([one.elder for one in may if what in one.may] for what in ("calls", "orders"))
        return await _of_helper(connection, name, called, ordered, now)


async def for_elder(database: Database, elder: str, name: UUID, now: datetime) -> bytes:
    """The face of whoever goes to her."""
    async with database.reading(WHOLE_CELL) as connection:
        return await _of_helper(connection, name, [elder], [elder], now)


def _picture(content: str) -> bytes:
    if content == UNREADABLE:  # no key opens it: there is none for whoever looks
        raise MissingError("portrait")
    return base64.b64decode(content)


async def _of_helper(connection: Connection, name: UUID, called: list[str], ordered: list[str], now: datetime) -> bytes:
    found = await store.content(connection, name)
    if found is None or found[0] is None:
        raise MissingError("portrait")
    if not await store.comes(connection, found[0], now - SHOWN_AFTER, called, ordered):
        raise MissingError("portrait")
    return _picture(found[1])
