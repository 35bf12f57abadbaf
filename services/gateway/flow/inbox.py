"""A console continues, reads all, or says what was seen."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import UNDER_WAY, Incident, job_notice, offer_notice
from services.gateway.domain.people import Identity, inbox_division, is_desk
from services.gateway.domain.streams import Position, Reason, SeenRef, replayable, seen_ref
from services.gateway.store import heard, inboxes, incidents, lists, screens
from services.gateway.store.inboxes import Post
from services.gateway.store.screens import Screen
from shared.contracts.events import ScreenReachable, ScreenSeen
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.ids import uuid7

OFFERED_SINCE = timedelta(days=1)
BREACH_STANDS = timedelta(minutes=10)
LIVE_AT_MOST = 5000
UNPLACED_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Resume:
    """How one inbox will be brought up to date: from the client's position, or whole for a reason."""

    position: Position
    seq: int
    whole: Reason | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state of an inbox at `seq`; `seen` are the names under which its items may be reported."""

    inbox: str
    epoch: str
    seq: int
    d: dict[str, list[dict[str, Any]] | dict[str, Any]]
    seen: Mapping[UUID, SeenRef]


async def resume(
    database: Database, who: Identity, given: Mapping[str, tuple[str, int]], now: datetime
) -> list[Resume]:
    """Decide for each inbox (id → epoch, seq of the client); inboxes that do not exist yet are made."""
    after = {inbox: seq for inbox, (_, seq) in given.items()}
    async with database.pool.acquire(timeout=5) as connection:
        found = await inboxes.positions(connection, after, now)
        if missing := [inbox for inbox in given if inbox not in found]:
            wanted = {inbox: inbox_division(inbox, who.division) for inbox in missing}
            await inboxes.make(connection, wanted, token_hex(4))
            found = await inboxes.positions(connection, after, now)
    return [Resume(found[inbox], seq, replayable(found[inbox], epoch, seq)) for inbox, (epoch, seq) in given.items()]


async def snapshot(database: Database, who: Identity, inbox: str, now: datetime) -> Snapshot:
    """Read the position first, then the state, in one repeatable-read transaction."""
    desk = is_desk(inbox)
    scope = inbox_division(inbox, who.division) if desk else WHOLE_CELL
    async with _still(database, scope) as connection:
        position = (await inboxes.positions(connection, {inbox: 0}, now))[inbox]
        state = await (_desk(connection, inbox, now) if desk else _person(connection, who, now))
    return Snapshot(inbox, position.epoch, position.head, *state)


@asynccontextmanager
async def _still(database: Database, scope: Division) -> AsyncIterator[Connection]:
    async with (
        database.pool.acquire(timeout=5) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await set_scope(connection, scope)
        yield connection


async def _desk(connection: Connection, inbox: str, now: datetime) -> tuple[dict[str, Any], dict[UUID, SeenRef]]:
    live = await incidents.live(connection, LIVE_AT_MOST)
    names = await incidents.first_events(connection, [one.id for one in live])
    unplaced = await lists.page(connection, "unplaced", "", "", UNPLACED_AT_MOST)
    rows = [{**one.desk_row(), "ev": str(names[one.id]) if one.id in names else None} for one in live]
    seen = {names[one.id]: SeenRef(one.id, None, one.division) for one in live if one.id in names}
    breaches = await _standing(
        connection, await inboxes.lately(connection, inbox, "platform.breach", now - BREACH_STANDS)
    )
    return {"incidents": rows, "unplaced": unplaced, "breaches": breaches}, seen


async def _standing(connection: Connection, breaches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without those about an alarm that has its incident by now."""
    alarms = [UUID(one["alarm"]) for one in breaches if one["alarm"]]
    over = {str(alarm) for alarm in await heard.taken_in(connection, alarms)} if alarms else set()
    return [one for one in breaches if one["alarm"] not in over]


async def _person(connection: Connection, who: Identity, now: datetime) -> tuple[dict[str, Any], dict[UUID, SeenRef]]:
    if who.responder is None:
        return {"offers": [], "jobs": []}, {}
    mine = await incidents.of_responder(connection, who.responder, now - OFFERED_SINCE, now)
    offers = [{**offer_notice(offer, one), "ev": str(offer.id)} for one in mine for offer in one.offers]
    seen = {offer.id: SeenRef(one.id, offer.id, one.division) for one in mine for offer in one.offers}
    duty = await lists.duty(connection, who.responder)
    return {"offers": offers, "jobs": _jobs(mine, who.responder), "duty": duty or {"on": False}}, seen


def _jobs(mine: Sequence[Incident], responder: str) -> list[dict[str, Any]]:
    return [
        job_notice(going, one)
        for one in mine
        for going in one.going
        if going.responder == responder and going.state in UNDER_WAY
    ]


async def seen_refs(database: Database, inbox: str, ids: Iterable[UUID]) -> dict[UUID, SeenRef]:
    """What these events of an inbox stand for; those that nobody waits for are left out."""
    found: dict[UUID, SeenRef] = {}
    for post in await inboxes.by_ids(database, inbox, ids):
        ref = ref_of(post)
        if ref is not None:
            found[post.id] = ref
    return found


def ref_of(post: Post) -> SeenRef | None:
    """What an event stands for when it is reported as seen."""
    return seen_ref(post.type, post.d, post.division)


def seen_event(who: Identity, ref: SeenRef, ring: str, letter: UUID, now: datetime) -> NewEvent:
    """`screen.seen`: this letter was drawn for this person, and rings if `ring` is ok."""
    body = ScreenSeen(
        account=who.account, role=who.role, kind=who.kind, responder=who.responder, incident=ref.incident,
        offer=ref.offer, ring=ring, at=now,
    )  # fmt: skip
    return _screen(who.account, "screen.seen", body.model_dump(mode="json"), ref.division, now, letter)


def reachable_event(who: Screen, now: datetime, *, reachable: bool) -> NewEvent:
    """`screen.reachable`: whether a console of this responder is visible and can ring."""
    body = ScreenReachable(responder=who.responder, reachable=reachable).model_dump(mode="json")
    return _screen(who.account, "screen.reachable", body, who.division, now)


async def believed_reachable(database: Database) -> list[Screen]:
    """Responders whom dispatch takes for reachable because of a console."""
    async with database.reading(WHOLE_CELL) as connection:
        return await screens.believed_reachable(connection)


async def believed_unreachable(database: Database, responders: Iterable[str]) -> set[str]:
    """Which of these responders dispatch does not take for reachable."""
    async with database.reading(WHOLE_CELL) as connection:
        return await screens.unreachable(connection, responders)


def _screen(
    account: str, tag: str, body: dict[str, Any], division: str, now: datetime, cause: UUID | None = None
) -> NewEvent:
    return NewEvent(uuid7(now), "screen", account, tag, body, division, f"account:{account}", now, cause)


async def record(database: Database, events: Sequence[NewEvent], now: datetime) -> None:
    """Write what screens reported into the log; ring the others after it."""
    async with database.transaction() as connection:
        await lock(connection, {f"{event.stream}/{event.stream_id}" for event in events})
        await append(connection, events, now)
