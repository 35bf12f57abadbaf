"""Somebody telephoned: an exchange announces it, the desk opens it, and an incident for an elder.

The number is kept with the call, never in the log; whose it is, is told by ids.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.commands import DESKS
from services.dispatch.domain import numbers
from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.numbers import Callers
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_FOUND, argument
from services.dispatch.flow.house import Handler, House, Within, done, refused
from services.dispatch.registry import callers, elders
from services.dispatch.store import calls as store
from services.dispatch.store.calls import Announced
from shared.contracts.commands import Answer, Command
from shared.contracts.desk import IncomingCall
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.ids import uuid7


async def as_pressed(house: House, command: Command) -> Pressed | None:
    """The elder as somebody who pressed; None where she is not known in the caller's division."""
    elder = await elders.find(house.database, command.args["elder"], command.actor.division)
    if elder is None:
        return None
    now = house.clock.now()
    return Pressed(
        alarm=uuid7(now), device=None, eid=None, kind=AlarmKind(command.args["kind"]), cls="own",
        subject=f"elder:{elder['id']}", division=elder["division"], home=elder["home_id"], elder=elder["id"],
        flags=(), drill=False, place=None, at=now,
    )  # fmt: skip


async def look(house: House, command: Command) -> Pressed | None:
    """The elder, and what placing her incident will need."""
    pressed = await as_pressed(house, command)
    if pressed is not None:
        await house.cases.look_round([pressed])
    return pressed


async def open_incident(house: House, connection: Connection, command: Command, pressed: Any) -> Answer:
    """An incident as if she had pressed; the call that it came by is kept with it."""
    if pressed is None:
        return refused(NOT_FOUND)
    call = _uuid(command.args.get("call"))
    if call is not None:
        await log.lock(connection, [f"call/{call}"])
        if await store.in_scope(connection, call, command.actor.division) is None:
            return refused(argument("call", "unknown_call"))
    story = (await house.cases.place(connection, [pressed]))[0]
    if call is not None:
        incident = story.case.incident.id
        await store.linked(connection, call, incident)
        await _tell(house, connection, command, "call.linked", call, {"call": str(call), "about": incident})
    return house.cases.shown(story.case)


async def look_up(house: House, command: Command) -> Callers:
    """Whose number it is, within the exchange's division."""
    found = numbers.spellings(IncomingCall.model_validate(command.args).number)
    return await callers.find(house.database, found, command.actor.division)


async def record(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """An exchange announces a call: it pops up at the desk. Announced again it is the same call."""
    given, account, now = IncomingCall.model_validate(command.args), command.actor.account, house.clock.now()
    call = uuid7(now)
    await log.lock(connection, [f"exchange/{account}", f"call/{call}"])
    before = await store.same(connection, account, given.call_id) if given.call_id else None
    if before is not None:
        return done(call=str(before["id"]))
    await store.write(connection, Announced(call, given, command.actor.division, account, now, found))
    body = {"call": str(call), "direction": given.direction, "seat": given.seat}
    await _tell(house, connection, command, "call.incoming", call, body)
    return done(call=str(call))


async def opened(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Somebody looks behind the masks; that is told, since it is people's data."""
    call = _uuid(command.target)
    if call is None:
        return refused(NOT_FOUND)
    await log.lock(connection, [f"call/{call}"])
    if await store.in_scope(connection, call, command.actor.division) is None:
        return refused(NOT_FOUND)
    await store.opened(connection, call, command.actor.account, house.clock.now())
    await _tell(house, connection, command, "call.opened", call, {"call": str(call)})
    return done(call=str(call))


async def link(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """The call was about an incident that is there already."""
    call, incident = _uuid(command.target), str(command.args["incident"])
    if call is None:
        return refused(NOT_FOUND)
    await log.lock(connection, [f"call/{call}"])
    if await store.in_scope(connection, call, command.actor.division) is None:
        return refused(NOT_FOUND)
    if not await store.is_known(connection, incident, command.actor.division):
        return refused(argument("incident", "unknown_incident"))
    await store.linked(connection, call, incident)
    await _tell(house, connection, command, "call.linked", call, {"call": str(call), "about": incident})
    return done(call=str(call), incident=incident)


async def _tell(
    house: House, connection: Connection, command: Command, tag: str, call: UUID, body: dict[str, Any]
) -> None:
    now, actor = house.clock.now(), f"account:{command.actor.account}"
    event = NewEvent(uuid7(now), "call", str(call), tag, body, command.actor.division, actor)
    await log.append(connection, [event], now)


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def _of_desks(within: Within) -> Within:
    """Other people's telephone numbers are a desk's business alone."""

    async def checked(house: House, connection: Connection, command: Command, found: Any) -> Answer:
        if command.actor.role not in DESKS:
            return refused(NOT_AT_A_DESK)
        return await within(house, connection, command, found)

    return checked


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "open_incident": Handler(open_incident, look),
        "record_call": Handler(_of_desks(record), look_up),
        "open_call": Handler(_of_desks(opened)),
        "link_call": Handler(_of_desks(link)),
    }
)
