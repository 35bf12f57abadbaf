"""Two incidents become one, one becomes two, one is open again: looked up first, then decided under all their locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.dispatch.commands import DESKS
from services.dispatch.domain import merging
from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, already_open, argument
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.story import Story
from services.dispatch.flow import calls
from services.dispatch.flow.house import Handler, House, refused
from services.dispatch.store import merging as store
from services.dispatch.store.merging import Matter
from shared.contracts.commands import Answer, Command
from shared.runtime.database import Connection
from shared.vocabulary.divisions import Division, covers


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found before anything was locked. `pressed` and `number` are for an elder's own incident."""

    situation: Situation = NOTHING_KNOWN
    pressed: Pressed | None = None
    number: str = ""


async def _matters(house: House, command: Command, *names: object) -> dict[str, Matter]:
    """The incidents a command speaks of, as far as the caller may act on them."""
    async with house.database.pool.acquire() as connection:
        found = await store.matters(connection, [str(name) for name in names if name])
    if command.actor.role not in DESKS:
        return {}
    scope = Division(command.actor.division)
    return {name: it for name, it in found.items() if covers(scope, Division(it.division))}


async def look_for_merging(house: House, command: Command) -> tuple[dict[str, Matter], Looked]:
    """The two, and who is around the one that stays."""
    into = str(command.args["into"])
    return await _matters(house, command, command.target, into), Looked(await house.cases.around(into))


async def merge(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """The target goes on as the incident named `into`."""
    matters, looked = found
    into = str(command.args["into"])
    if command.target not in matters:
        return refused(NOT_FOUND)
    if into not in matters:
        return refused(argument("into", "unknown_incident"))

    async def decide(cases: Mapping[str, Case], moment: Moment) -> Sequence[Story] | Refusal:
        alarms = await store.alarms_below(connection, command.target)
        return merging.merge(moment, cases[command.target], cases[into], alarms, looked.situation)

    return await house.cases.several(connection, command, list(matters.values()), decide)


async def look_for_splitting(house: House, command: Command) -> tuple[dict[str, Matter], Looked]:
    """What was merged and who is around it; or the other elder, her number and who is around her."""
    other, elder = command.args.get("incident"), command.args.get("elder")
    matters = await _matters(house, command, command.target, other)
    if other:
        return matters, Looked(await house.cases.around(str(other)))
    pressed = await calls.as_pressed(house, command) if elder else None
    if pressed is None:
        return matters, Looked()
    return matters, Looked(await house.cases.around_her(pressed), pressed, await house.cases.numbered())


async def split(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """What was merged into the target is by itself again, or another elder gets an incident of her own."""
    matters, looked = found
    if command.target not in matters:
        return refused(NOT_FOUND)
    if command.args.get("incident"):
        return await _split_merged(house, connection, command, matters, looked)
    if looked.pressed is None:
        return refused(argument("elder", "unknown_elder"))
    return await _split_elder(house, connection, command, matters[command.target], looked)


async def _split_merged(
    house: House, connection: Connection, command: Command, matters: dict[str, Matter], looked: Looked
) -> Answer:
    other = str(command.args["incident"])
    if other not in matters:
        return refused(argument("incident", "unknown_incident"))

    async def decide(cases: Mapping[str, Case], moment: Moment) -> Sequence[Story] | Refusal:
        alarms = await store.alarms_below(connection, other)
        live = await store.answered_by(connection, matters[other], but=command.target)
        return merging.split(moment, cases[command.target], cases[other], alarms, live, looked.situation)

    return await house.cases.several(connection, command, list(matters.values()), decide)


async def _split_elder(
    house: House, connection: Connection, command: Command, source: Matter, looked: Looked
) -> Answer:
    pressed = looked.pressed
    if pressed is None:
        return refused(argument("elder", "unknown_elder"))
    hers = Matter(looked.number, pressed.division, pressed.subject, pressed.family, source.drill, (), None)

    async def decide(cases: Mapping[str, Case], moment: Moment) -> Sequence[Story] | Refusal:
        live = await store.answered_by(connection, hers)
        if live is not None:
            return already_open(live)
        return merging.split_elder(moment, cases[command.target], pressed, looked.number, looked.situation)

    return await house.cases.several(connection, command, [source], decide, pressed.subject)


async def look_for_reopening(house: House, command: Command) -> tuple[dict[str, Matter], Looked]:
    """The incident, and who is around it now."""
    return await _matters(house, command, command.target), Looked(await house.cases.around(command.target))


async def reopen(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """It was not over."""
    matters, looked = found
    it = matters.get(command.target)
    if it is None:
        return refused(NOT_FOUND)

    async def decide(cases: Mapping[str, Case], moment: Moment) -> Sequence[Story] | Refusal:
        live = await store.answered_by(connection, it)
        reason = str(command.args.get("reason", ""))
        outcome = merging.reopen(moment, cases[it.id], reason, live, looked.situation)
        return outcome if isinstance(outcome, Refusal) else [outcome]

    return await house.cases.several(connection, command, [it], decide)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "merge": Handler(merge, look_for_merging),
        "split": Handler(split, look_for_splitting),
        "reopen": Handler(reopen, look_for_reopening),
    }
)
