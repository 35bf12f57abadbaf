"""Somebody is always on duty: seats say that they are there, hand over, and are missed when they say nothing."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain import seats
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.messages import wanted
from services.dispatch.domain.refusals import NOT_FOUND, Refusal
from services.dispatch.domain.seats import CONFIRM, Watch, levels_above
from services.dispatch.domain.story import Story
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.flow.rolls import CLOCK, moment_of
from services.dispatch.store import messages
from services.dispatch.store import seats as store
from shared.contracts.commands import Actor, Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import Event, NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

AT_A_DESK = frozenset({Role.DESK, Role.SUPERVISOR, Role.ADMIN})
ASKING = frozenset({Role.SUPERVISOR, Role.ADMIN})


async def confirm_duty(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Somebody sits at this desk, for the next half hour."""
    actor = command.actor
    if actor.role not in AT_A_DESK:
        return refused(NOT_FOUND)
    before = await store.sits_at(connection, actor.account)
    if before is not None and before != actor.division:
        return refused(Refusal("on_duty_elsewhere", params={"division": before}))
    watch = await _watch(house, connection, actor.division, _by(actor))
    seats.confirm(watch, actor.account)
    await _keep(connection, watch, {actor.account: actor.name})
    return done(division=actor.division, until=(watch.moment.now + CONFIRM).isoformat())


async def leave_duty(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Go off duty, unless nobody would be left."""
    watch = await _watch(house, connection, command.actor.division, _by(command.actor))
    held = await store.held_by(connection, command.actor.account)
    refusal = seats.leave(watch, command.actor.account, len(held))
    if refusal is not None:
        return refused(refusal)
    await _keep(connection, watch, {})
    return done(division=command.actor.division)


async def ask_duty(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Ask a seat of the own division whether somebody sits there."""
    actor, account = command.actor, command.target
    there = await store.sits_at(connection, account)
    if actor.role not in ASKING or there is None or not covers(Division(actor.division), Division(there)):
        return refused(NOT_FOUND)
    watch = await _watch(house, connection, there, _by(actor))
    refusal = seats.ask(watch, account)
    if refusal is not None:
        return refused(refusal)
    await _keep(connection, watch, {})
    return done(account=account, until=(watch.post.seats[account].confirmed_at + CONFIRM).isoformat())


async def hand_over(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Give the watch, and every incident one holds, to somebody on duty."""
    actor, to = command.actor, command.args["to"]
    there = await store.sits_at(connection, to)
    await log.lock(connection, {f"duty/{division}" for division in (actor.division, there) if division is not None})
    held = await store.held_by(connection, actor.account)
    watch = Watch(await store.load(connection, actor.division), moment_of(house, _by(actor)))
    post = watch.post if there is None else await store.load(connection, there)
    refusal = seats.hand_over(watch, actor.account, to, post, tuple(held))
    if refusal is not None:
        return refused(refusal)
    name = await store.name_of(connection, to)
    await house.cases.change(connection, held, _by(actor), lambda moment, case: _taken_over(moment, case, to, name))
    note = UUID(str(watch.facts[-1].body["note"]))
    await store.handed(
        connection, note, actor.division, (actor.account, actor.name), to, post.division, command.args["note"], held,
        watch.moment.now,
    )  # fmt: skip
    await _keep(connection, watch, {})
    return done(division=actor.division, to=to, incidents=held)


def _taken_over(moment: Moment, case: Case, account: str, name: str) -> Story:
    story = Story(case, moment)
    story.tell("incident.claimed", account=account, name=name)
    return story


async def desks_made(house: House, connection: Connection, events: Sequence[Event]) -> None:
    """Somebody was given an account for a desk: it is to be sat at."""
    divisions = sorted({event.division for event in events if event.body.get("role") == Role.DESK})
    await log.lock(connection, [f"duty/{division}" for division in divisions])
    for division in divisions:
        watch = Watch(await store.load(connection, division), moment_of(house, CLOCK.account))
        seats.expect(watch)
        if watch.facts:
            await _keep(connection, watch, {})


async def overdue(house: House, division: str) -> None:
    """Ask who is there, miss who said nothing, ring the level above."""
    async with house.database.transaction() as connection:
        watch = await _watch(house, connection, division, CLOCK.account)
        above = await store.manned(connection, levels_above(division), watch.moment.now - CONFIRM)
        seats.due(watch, above)
        if watch.facts:
            await _keep(connection, watch, {})


async def _watch(house: House, connection: Connection, division: str, by: str) -> Watch:
    await log.lock(connection, [f"duty/{division}"])
    return Watch(await store.load(connection, division), moment_of(house, by))


async def _keep(connection: Connection, watch: Watch, names: dict[str, str]) -> None:
    post = watch.post
    await store.keep(connection, post, names)
    calls = [wanted(fact, post.division, drill=False) for fact in watch.facts if fact.tag == "message.wanted"]
    await messages.want(connection, calls)
    told = [
        NewEvent(uuid7(fact.at), "duty", post.division, fact.tag, fact.body, post.division, fact.actor)
        for fact in watch.facts
    ]
    await log.append(connection, told, watch.moment.now)


def _by(actor: Actor) -> str:
    return f"account:{actor.account}"


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "confirm_duty": Handler(confirm_duty),
        "leave_duty": Handler(leave_duty),
        "ask_duty": Handler(ask_duty),
        "hand_over": Handler(hand_over),
    }
)
