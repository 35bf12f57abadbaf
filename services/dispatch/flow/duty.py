"""People go on duty and off."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.commands import DESKS
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_FOUND
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.registry import responders
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.ids import uuid7


async def set_duty(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """A responder begins or ends being asked, and says where she is."""
    responder = command.actor.responder
    if responder is None:
        return refused(NOT_FOUND)
    args, now = command.args, house.clock.now()
    await log.lock(connection, [f"responder/{responder}"])
    division = await responders.duty(
        connection, responder, on=args["on"], lat=args.get("lat"), lon=args.get("lon"), now=now
    )
    if division is None:
        return refused(NOT_FOUND)
    body = {"responder": responder, "on": args["on"], "by_phone": command.name == "set_duty_for"}
    actor = f"account:{command.actor.account}"
    event = NewEvent(uuid7(now), "responder", responder, "duty.changed", body, division, actor)
    await log.append(connection, [event], now)
    return done(on=args["on"])


async def set_duty_for(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """The same by telephone: a desk in whose division she is does it for her (电话代录)."""
    if command.actor.role not in DESKS:
        return refused(NOT_AT_A_DESK)
    if not await responders.serves_in(connection, command.target, command.actor.division):
        return refused(NOT_FOUND)
    args = {"on": bool(command.args["on"])}
    by_phone = command.model_copy(
        update={"actor": command.actor.model_copy(update={"responder": command.target}), "args": args}
    )
    return await set_duty(house, connection, by_phone, _)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"set_duty": Handler(set_duty), "set_duty_for": Handler(set_duty_for)}
)
