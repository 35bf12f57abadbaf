"""How an elder is, as people have said it: where she lives, where she stays, what was signed. The log gets ids only."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.refusals import NOT_FOUND, Refusal, argument
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.registry import elders
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import ElderStatus

LONGEST_PLAN = timedelta(days=7)
ENDLESS = frozenset({ElderStatus.HOME, ElderStatus.MOVED, ElderStatus.DEAD})
"""She is at home when another status is over; from the other two nobody comes back by a date."""

Facts = dict[str, Any]
Change = Callable[[House, Connection, Command], Awaitable[Facts | Refusal]]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


async def _status(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """在家 外出 住院 入住机构 迁出 去世, from when until when, and who said so."""
    args, now = command.args, house.clock.now()
    begins, until = _instant(args.get("begins")) or now, _instant(args.get("until"))
    if refusal := _unfit(ElderStatus(args["status"]), begins, until, now):
        return refusal
    await elders.set_status(connection, command.target, args["status"], begins, until, args["source"])
    return {"status": args["status"], "begins": begins, "until": until}


def _unfit(status: ElderStatus, begins: datetime, until: datetime | None, now: datetime) -> Refusal | None:
    # what is said takes the place of what held, so a return on Friday would have her at home today
    if status is ElderStatus.HOME and begins > now:
        return argument("begins", "in_the_future")
    if until is None:
        return None
    if status in ENDLESS:
        return argument("until", "no_end")
    if until <= now:
        return argument("until", "in_the_past")
    return argument("until", "ends_before") if until <= begins else None


async def _temporary(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """Where she stays for a while; without an address she is at home again."""
    args = command.args
    place = Position(args["lat"], args["lon"]) if args.get("address") else None
    until = _instant(args.get("until"))
    if place is not None and not place.plausible:
        return argument("lat", "invalid_field")
    if until is not None and until <= house.clock.now():
        return argument("until", "in_the_past")
    await elders.set_temporary(connection, command.target, args.get("address"), place, until if place else None)
    return {"away": place is not None, "until": until if place else None}


async def _plan(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """A signed plan for somebody who often presses by mistake: the desk speaks first, for seven days at most."""
    until, now = _instant(command.args.get("until")), house.clock.now()
    if until is not None and until <= now:
        return argument("until", "in_the_past")
    if until is not None and until > now + LONGEST_PLAN:
        return argument("until", "plan_too_long")
    await elders.set_plan(connection, command.target, until)
    return {"until": until}


def _handler(tag: str, change: Change) -> Handler:
    async def within(house: House, connection: Connection, command: Command, _: Any) -> Answer:
        await log.lock(connection, [f"elder/{command.target}"])
        division = await elders.found(connection, command.target, command.actor.division)
        if division is None:
            return refused(NOT_FOUND)
        facts = await change(house, connection, command)
        if isinstance(facts, Refusal):
            return refused(facts)
        now, body = house.clock.now(), {"elder": command.target, **facts}
        actor = f"account:{command.actor.account}"
        event = NewEvent(uuid7(now), "elder", command.target, tag, body, division, actor)
        await log.append(connection, [event], now)
        return done(elder=command.target)

    return Handler(within)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "set_elder_status": _handler("elder.status_set", _status),
        "set_temporary_address": _handler("elder.address_set", _temporary),
        "set_plan": _handler("elder.plan_set", _plan),
    }
)
