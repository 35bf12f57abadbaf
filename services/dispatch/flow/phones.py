"""The telephone that rings at a division's duty desk."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.refusals import NOT_FOUND
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.registry import recipients
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7


async def set_duty_phone(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Set it within the caller's division; the log is told that it changed, not what it is."""
    division, now = command.target, house.clock.now()
    await log.lock(connection, [f"division/{division}"])
    within = covers(Division(command.actor.division), Division(division))
    if not (within and await recipients.set_duty_phone(connection, division, command.args["phone"])):
        return refused(NOT_FOUND)
    body = {"division": division, "known": command.args["phone"] is not None}
    actor = f"account:{command.actor.account}"
    event = NewEvent(uuid7(now), "division", division, "division.phone_set", body, division, actor)
    await log.append(connection, [event], now)
    return done(division=division)


HANDLERS: Mapping[str, Handler] = MappingProxyType({"set_duty_phone": Handler(set_duty_phone)})
