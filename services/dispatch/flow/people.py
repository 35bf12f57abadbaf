"""People who go and their organisations, kept by the desk.

Whoever is blocked, leaves, or is excluded by a family is taken off her cases in the same transaction, and somebody
else is asked. Names and telephone numbers stand in their rows; the log is told ids.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.commands import DESKS
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.leaving import leave
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_FOUND, Refusal, argument
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.story import Story
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.registry import crew, elders, named
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7

SPEEDS = MappingProxyType({"walk": 1.2, "bike": 3.0, "ebike": 5.0, "car": 7.0})
"""Metres a second from door to door."""
LONGEST_SHIFT = timedelta(hours=24)

Situations = Mapping[str, Situation]
Change = Callable[[House, Connection, Command], Awaitable[dict[str, Any] | Refusal]]
"""What a command writes; answers what the log is told of it: a stream's id, its division and ids besides."""


async def _save(_: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    args, scope = dict(command.args), Division(command.actor.division)
    there = await crew.division(connection, command.target)
    if there is not None and not covers(scope, Division(there)):
        return NOT_FOUND
    wrong = await _wrong(connection, args, scope)
    if wrong is not None:
        return wrong
    args["speed_mps"] = args.get("speed_mps") or SPEEDS[args["mode"]]
    await crew.save(connection, command.target, args)
    return {"division": args["division"], "kind": args["kind"], "new": there is None}


async def _wrong(connection: Connection, args: Mapping[str, Any], scope: Division) -> Refusal | None:
    """Which field can't be so."""
    if not covers(scope, args["division"]):
        return argument("division", "outside_scope")
    if not Position(args["lat"], args["lon"]).plausible:
        return argument("lat", "invalid_field")
    if not all(covers(scope, code) for code in args["catchment"]):
        return argument("catchment", "outside_scope")
    provider = args.get("provider_id")
    if provider is not None and await crew.provider_division(connection, provider) is None:
        return argument("provider_id", "not_found")
    if args["kind"] == "provider" and provider is None:
        return argument("provider_id", "missing_field")
    return None


async def _retire(house: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    await crew.retire(connection, command.target, house.clock.now())
    return {}


async def _block(house: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    await crew.block(connection, command.target, house.clock.now(), command.actor.account, str(command.args["reason"]))
    return {}


async def _unblock(_: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    await crew.block(connection, command.target, None, None, None)
    return {}


async def _shift(house: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    begins, until = (datetime.fromisoformat(command.args[name]) for name in ("begins", "until"))
    if until <= max(begins, house.clock.now()):
        return argument("until", "in_the_past")
    if until - begins > LONGEST_SHIFT:
        return argument("until", "shift_too_long")
    there, shift = await crew.division(connection, command.target), uuid7(house.clock.now())
    await crew.add_shift(connection, shift, command.target, there or "", begins, until)
    return {"shift": str(shift), "begins": begins, "until": until}


async def _no_shift(_: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    shift = UUID(command.args["shift"])
    return {"shift": str(shift)} if await crew.drop_shift(connection, shift, command.target) else NOT_FOUND


async def _relate(house: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    args, now = command.args, house.clock.now()
    there = await elders.found(connection, args["elder"], command.actor.division)
    if there is None:
        return argument("elder", "not_found")
    await crew.relate(
        connection, args["elder"], command.target, there, args["kind"], args.get("why"), command.actor.account, now
    )
    return {"elder": args["elder"], "relation": args["kind"]}


async def _unrelate(_: House, connection: Connection, command: Command) -> dict[str, Any] | Refusal:
    elder = command.args["elder"]
    return {"elder": elder} if await crew.unrelate(connection, elder, command.target) else NOT_FOUND


async def _before(house: House, command: Command) -> Situations:
    """The cases this person is taken off, and who else is near them."""
    if command.name == "relate" and command.args["kind"] != "excluded":
        return {}
    of = command.args["elder"] if command.name == "relate" else None
    names = await crew.cases_of(house.database, command.target, of)
    return {name: await house.cases.around(name) for name in names}


async def _written(
    house: House, connection: Connection, command: Command, situations: Situations | None, *, tag: str, change: Change
) -> Answer:
    """Change the person, tell the log, and take her off the cases found before."""
    if command.actor.role not in DESKS:
        return refused(NOT_AT_A_DESK)
    await log.lock(connection, [f"responder/{command.target}", *(f"incident/{i}" for i in situations or ())])
    there = await crew.division(connection, command.target, command.actor.division)
    if there is None and command.name != "save_responder":
        return refused(NOT_FOUND)
    told = await change(house, connection, command)
    if isinstance(told, Refusal):
        return refused(told)
    await _tell(house, connection, command, tag, {"division": there, **told})
    if situations:
        actor = f"account:{command.actor.account}"
        await house.cases.change(connection, situations, actor, partial(_leaves, command, situations))
    return done(responder=command.target, **{k: v for k, v in told.items() if k == "shift"})


def _leaves(command: Command, situations: Situations, moment: Moment, case: Case) -> Story:
    why = {"relate": "excluded", "block_responder": "blocked"}.get(command.name, "retired")
    situation = situations[case.incident.id]
    others = tuple(c for c in situation.roster.people if c.id != command.target)
    roster = replace(situation.roster, people=others, found=None)
    return leave(moment, case, command.target, why, replace(situation, roster=roster))


async def _tell(house: House, connection: Connection, command: Command, tag: str, told: Mapping[str, Any]) -> None:
    now, division = house.clock.now(), str(told["division"])
    stream = "provider" if tag.startswith("provider.") else "responder"
    body = {stream: command.target, **{k: v for k, v in told.items() if k != "division"}}
    actor = f"account:{command.actor.account}"
    event = NewEvent(uuid7(now), stream, command.target, tag, body, division, actor)
    await log.append(connection, [event], now)


async def _provider(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Write an organisation's card, or let it go when nobody belongs to it any more."""
    if command.actor.role not in DESKS:
        return refused(NOT_AT_A_DESK)
    scope = Division(command.actor.division)
    await log.lock(connection, [f"provider/{command.target}"])
    there = await crew.provider_division(connection, command.target)
    if there is not None and not covers(scope, Division(there)):
        return refused(NOT_FOUND)
    if command.name == "retire_provider":
        return await _no_provider(house, connection, command, there)
    if not covers(scope, command.args["division"]):
        return refused(argument("division", "outside_scope"))
    await crew.save_provider(connection, command.target, command.args)
    await _tell(house, connection, command, "provider.saved", {"division": command.args["division"]})
    return done(provider=command.target)


async def _no_provider(house: House, connection: Connection, command: Command, there: str | None) -> Answer:
    if there is None:
        return refused(NOT_FOUND)
    if await crew.has_members(connection, command.target):
        return refused(Refusal("has_members"))
    await crew.retire_provider(connection, command.target, house.clock.now())
    await _tell(house, connection, command, "provider.retired", {"division": there})
    return done(provider=command.target)


async def _naming(house: House, command: Command) -> Situation:
    """The person an organisation names; nobody when it is none of its own."""
    by, person = command.actor.responder or "", str(command.args["responder"])
    if not await crew.colleagues(house.database, by, person):
        return NOTHING_KNOWN
    incident = await house.cases.incident_of(command)
    found = await named.find(house.database, incident, person, house.clock.now()) if incident else None
    return Situation(named=found)


async def _named(house: House, connection: Connection, command: Command, situation: Any) -> Answer:
    return await house.cases.decide(connection, command, situation)


def _handler(tag: str, change: Change, before: Any = None) -> Handler:
    return Handler(partial(_written, tag=tag, change=change), before)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "save_responder": _handler("responder.saved", _save),
        "retire_responder": _handler("responder.retired", _retire, _before),
        "block_responder": _handler("responder.blocked", _block, _before),
        "unblock_responder": _handler("responder.unblocked", _unblock),
        "plan_shift": _handler("shift.planned", _shift),
        "cancel_shift": _handler("shift.cancelled", _no_shift),
        "relate": _handler("relation.set", _relate, _before),
        "unrelate": _handler("relation.removed", _unrelate),
        "save_provider": Handler(_provider),
        "retire_provider": Handler(_provider),
        "name_person": Handler(_named, _naming),
    }
)
