"""Looks at people's data, written down with who, what and why.

A look at what a case shows is noted in the log before the answer goes out. Looking behind a mask wants a reason;
beyond the own division it is for danger only, and a supervisor there judges within a day whether it was right. Words
that people write lie in rows, the log has ids and codes.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.access import Look
from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import access as store
from shared.contracts.access import BreakGlass, Reveal, Review
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.runtime.sealed import digits
from shared.vocabulary.divisions import WHOLE_CELL, Division, covers
from shared.vocabulary.ids import uuid7

logger = logging.getLogger(__name__)

STREAM = "access"
SAME_FOR = timedelta(minutes=1)
"""Who has a page open asks for it again and again; within this time it is one look."""
AT_ONCE = 200
REMEMBERED = 20_000
PATIENCE_S = 1.0
AGAIN_S = 0.5
REVIEWED_WITHIN = timedelta(hours=24)
WHOLE_NUMBER = 7
"""Digits that may be a whole telephone number."""
UNREVIEWED = 20
"""So many of somebody's openings may wait for judgement; then somebody has to judge first."""


class RefusedError(Exception):
    """Not to be done; the text is a stable code."""


class Reads:
    """Writes looks in batches, each as large as what came during the last commit.

    Whoever asks waits for the commit. While nothing can be written the answer goes out after a second all the same,
    since somebody may lie on the floor, and the look is written as soon as it can be.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        """`database` reads the whole cell."""
        self._database = database
        self._clock = clock
        self._waiting: list[tuple[NewEvent, Look]] = []
        self._written: dict[tuple[str, str], datetime] = {}
        self._filled = asyncio.Event()
        self._round = asyncio.get_running_loop().create_future()

    async def note(self, look: Look) -> None:
        """Write a look down."""
        key, now = (look.account, look.stream_id), self._clock.now()
        if (before := self._written.get(key)) is not None and now - before < SAME_FOR:
            return
        self._written[key] = now
        self._waiting.append((_read(look, now), look))
        self._filled.set()
        written = self._round
        await asyncio.wait({written}, timeout=PATIENCE_S)

    async def run(self) -> None:
        """Write for ever."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                await self._write(self._waiting[:AT_ONCE])
            while len(self._written) > REMEMBERED:
                del self._written[next(iter(self._written))]

    async def _write(self, batch: Sequence[tuple[NewEvent, Look]]) -> None:
        done, self._round = self._round, asyncio.get_running_loop().create_future()
        try:
            async with self._database.transaction() as connection:
                await lock(connection, {f"{event.stream}/{event.stream_id}" for event, _ in batch})
                places = await store.about(connection, [look for _, look in batch])
                events = [_placed(event, *place) for (event, _), place in zip(batch, places, strict=True)]
                await append(connection, events, self._clock.now())
        except AWAY:
            logger.warning("access.database_away")
            await woken(asyncio.Event(), AGAIN_S)
        except Exception:
            # one look that cannot be written must hold up neither the others nor the door
            logger.exception("access.lost", extra={"looks": [event.stream_id for event, _ in batch]})
            del self._waiting[: len(batch)]
        else:
            del self._waiting[: len(batch)]
        done.set_result(None)


def _read(look: Look, now: datetime) -> NewEvent:
    why = "duty" if look.what.startswith("list/") else "case"
    body = {"what": look.what, "target": look.target, "shown": list(look.shown), "why": why}
    return _event("person.read", look.stream_id, look.division, look.account, body, now)


def _placed(event: NewEvent, division: str, elder: str | None) -> NewEvent:
    body = event.body | ({"elder": elder} if elder else {})
    return NewEvent(event.id, event.stream, event.stream_id, event.tag, body, division, event.actor)


def _event(tag: str, stream_id: str, division: str, account: str, body: dict[str, Any], now: datetime) -> NewEvent:
    return NewEvent(uuid7(now), STREAM, stream_id, tag, body, division, f"account:{account}")


async def reveal(database: Database, who: Identity, elder: str, why: Reveal, now: datetime) -> dict[str, Any]:
    """Look behind the mask of an elder of the own division. MissingError beyond it."""
    async with database.transaction() as connection:
        await lock(connection, [f"{STREAM}/elder/{elder}"])
        await set_scope(connection, who.division)
        return await _opened(connection, who, elder, "reveal", why, now)


async def break_glass(database: Database, who: Identity, given: BreakGlass, now: datetime) -> dict[str, Any]:
    """Look at an elder beyond the own division, who is in danger; judged within a day by those she belongs to.

    RefusedError `own_division` for one of the own, `unreviewed` while too many wait for judgement.
    """
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        number = digits(given.phone or "")
        known = database.fields.whole([number] if len(number) >= WHOLE_NUMBER else [])
        elder = given.elder or await store.by_phone(connection, known)
        if elder is None:
            raise MissingError("elder", field="phone")
        await lock(connection, [f"{STREAM}/elder/{elder}"])
        if await store.unreviewed(connection, who.account) >= UNREVIEWED:
            raise RefusedError("unreviewed")
        return await _opened(connection, who, elder, "break_glass", Reveal(reason="danger", note=given.note), now)


async def _opened(
    connection: Connection, who: Identity, elder: str, kind: str, why: Reveal, now: datetime
) -> dict[str, Any]:
    card = await store.card(connection, elder, now)
    if card is None:
        raise MissingError("elder", field="elder")
    division = Division(card.pop("division"))
    beyond = kind == "break_glass"
    if beyond and covers(who.division, division):
        raise RefusedError("own_division")
    opening, review_by = uuid7(now), now + REVIEWED_WITHIN if beyond else None
    await store.opened(
        connection, opening, kind, elder, division, who.account, who.division, why.reason, why.note, now, review_by
    )  # fmt: skip
    tag = "person.glass_broken" if beyond else "person.revealed"
    body = {
        "what": "elder", "target": elder, "elder": elder, "shown": ["phone", "address", "health"], "why": why.reason,
        "opening": str(opening),
    }  # fmt: skip
    await append(connection, [_event(tag, f"elder/{elder}", division, who.account, body, now)], now)
    return {"opening": opening, **card, "review_by": review_by}


async def openings(
    database: Database, who: Identity, after: UUID | None, limit: int, now: datetime, *, waiting: bool
) -> dict[str, Any]:
    """Looks behind masks of people of the own division, newest first."""
    async with database.reading(who.division) as connection:
        found = await store.openings(connection, after, limit + 1, now, who.account, waiting=waiting)
    return {"items": found[:limit], "next": str(found[limit - 1]["id"]) if len(found) > limit else None}


async def review(database: Database, who: Identity, opening: UUID, given: Review, now: datetime) -> None:
    """Judge whether it was right to break the glass. RefusedError `judged` when somebody has, or it was one's own."""
    async with database.transaction() as connection:
        await lock(connection, [f"{STREAM}/opening/{opening}"])
        await set_scope(connection, who.division)
        found = await store.review(connection, opening, now, who.account, given.right, given.remark)
        if found is None:
            if not await store.exists(connection, opening):
                raise MissingError("opening")
            raise RefusedError("judged")
        elder, division = found
        body = {"what": "elder", "target": elder, "elder": elder, "opening": str(opening), "right": given.right}
        event = _event("access.reviewed", f"opening/{opening}", division, who.account, body, now)
        await append(connection, [event], now)


async def reads(
    database: Database, who: Identity, account: str | None, elder: str, after: tuple[datetime, UUID] | None, limit: int
) -> dict[str, Any]:
    """Who has read what, newest first, as far as it is about the own division."""
    async with database.reading(who.division) as connection:
        found = await store.reads(connection, account, elder, after, limit + 1)
    items = [_line(one) for one in found[:limit]]
    return {"items": items, "next": _place(items[-1]) if len(found) > limit else None}


def _place(row: dict[str, Any]) -> str:
    return f"{row['at'].isoformat()}~{row['id']}"


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "shown": row["shown"] or (), "why": row["why"] or "", "what": row["what"] or ""}


async def tell_overdue(database: Database, now: datetime) -> None:
    """Say once of each opening that nobody has judged in time; `database` reads the whole cell."""
    async with database.transaction() as connection:
        await lock(connection, [f"{STREAM}/overdue"])
        events = [
            NewEvent(
                uuid7(now), STREAM, "overdue", "access.overdue",
                {"what": "elder", "target": elder, "elder": elder, "opening": str(opening)}, division,
                "service:gateway",
            )
            for opening, elder, division in await store.overdue(connection, now)
        ]  # fmt: skip
        await append(connection, events, now)
