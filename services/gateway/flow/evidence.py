"""What is handed in: kept once under its id, its hash told to the log, read by the desk in scope.

Photos, signatures and spoken notes are the desk's to see, and a picture of somebody who is missing is for those who
search for her, while they do.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.evidence import MOST, NotEvidenceError, checked
from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.flow.looks import seen
from services.gateway.store import evidence as store
from services.gateway.store.evidence import Kept
from shared.contracts.evidence import EvidenceKind
from shared.runtime.database import Connection, Database, set_scope

LATEST = timedelta(days=3)
"""A phone without network may hand in so long after the visit."""
OWN_WORDS = ("told_at", "by_account")


@dataclass(frozen=True, slots=True)
class Given:
    """What came, as it came; `taken_at` is the phone's time."""

    id: UUID
    kind: EvidenceKind
    content: bytes
    taken_at: datetime | None


async def of_job(database: Database, who: Identity, job: UUID, given: Given, now: datetime) -> dict[str, Any]:
    """Keep what one who went hands in. NotEvidenceError or MissingError otherwise."""
    media, content = checked(given.kind, given.content)
    look = await asyncio.to_thread(seen, content) if given.kind == "photo" else None
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        visit = await store.visit(connection, job, who.responder or "")
        if visit is None or not visit["mine"]:
            raise MissingError("job")
        if not visit["going"] and visit["ended_at"] is not None and visit["ended_at"] < now - LATEST:
            raise NotEvidenceError(409, "too_late")
        row = _row(who, visit["incident"], job, visit["division"], given, media, content, look)
        return await _kept(connection, row, now)


async def of_incident(database: Database, who: Identity, incident: str, given: Given, now: datetime) -> dict[str, Any]:
    """Keep a picture of who is missing, from the desk."""
    media, content = checked(given.kind, given.content)
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        division = await store.division(connection, incident)
        if division is None:
            raise MissingError("incident")
        return await _kept(connection, _row(who, incident, None, division, given, media, content, None), now)


def _row(
    who: Identity, incident: str, job: UUID | None, division: str, given: Given, media: str, content: bytes,
    look: int | None,
) -> Kept:  # fmt: skip
    digest = hashlib.sha256(content).digest()
    return Kept(
        given.id, incident, job, division, given.kind, media, content, digest, who.account, given.taken_at, look
    )  # fmt: skip


async def _kept(connection: Connection, it: Kept, now: datetime) -> dict[str, Any]:
    if await store.one(connection, it.id) is None:
        if await store.count(connection, it.incident, it.account, it.kind) >= MOST[it.kind]:
            raise NotEvidenceError(409, "enough_evidence", MOST[it.kind])
        await store.keep(connection, it, now)
    line = await store.one(connection, it.id)
    if line is None or (line["sha256"], line["by_account"]) != (it.sha256.hex(), it.account):
        raise NotEvidenceError(409, "other_content")
    return {**line, "incident": it.incident}


async def told(database: Database, who: Identity, name: UUID, now: datetime) -> None:
    """Note that the log has the hash of this."""
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await store.told(connection, name, now)


async def for_desk(database: Database, who: Identity, incident: str) -> dict[str, Any]:
    """Everything handed in for an incident. MissingError beyond the scope."""
    async with database.reading(who.scope) as connection:
        if await store.division(connection, incident) is None:
            raise MissingError("incident")
        items = await store.of_incident(connection, incident)
        return {"wanted": await store.wanted(connection, incident), "items": [line(one) for one in items]}


async def for_visitor(database: Database, who: Identity, job: UUID) -> dict[str, Any]:
    """What the caller has handed in, and while under way pictures of who is missing."""
    async with database.reading(who.scope) as connection:
        visit = await store.visit(connection, job, who.responder or "")
        if visit is None or not visit["mine"]:
            raise MissingError("job")
        items = await store.of_incident(connection, visit["incident"])
        wanted = await store.wanted(connection, visit["incident"])
    seen = [i for i in items if i["by_account"] == who.account or (visit["going"] and i["kind"] == "person")]
    return {"wanted": wanted, "items": [line(one) for one in seen]}


async def content(database: Database, who: Identity, name: UUID) -> dict[str, Any]:
    """The content of one thing. MissingError for whom it does not concern."""
    async with database.reading(who.scope) as connection:
        found = await store.content(connection, name)
        if found is None or not (who.at_desk or await _for_search(connection, who, found)):
            raise MissingError("evidence")
    return found


async def _for_search(connection: Connection, who: Identity, found: dict[str, Any]) -> bool:
    if found["kind"] != "person" or who.responder is None:
        return False
    return await store.searches(connection, found["incident_id"], who.responder)


def line(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is shown."""
    return {name: value for name, value in row.items() if name not in OWN_WORDS}
