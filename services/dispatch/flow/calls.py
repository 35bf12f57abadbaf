"""Somebody telephoned: the desk opens an incident for an elder."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.refusals import NOT_FOUND
from services.dispatch.flow.house import Handler, House, refused
from services.dispatch.registry import elders
from shared.contracts.commands import Answer, Command
from shared.runtime.database import Connection
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.ids import uuid7


async def look(house: House, command: Command) -> Pressed | None:
    """The elder as somebody who pressed; None where she is not known in the caller's division."""
    elder = await elders.find(house.database, command.args["elder"], command.actor.division)
    if elder is None:
        return None
    now = house.clock.now()
    pressed = Pressed(
        alarm=uuid7(now), device=None, eid=None, kind=AlarmKind(command.args["kind"]), cls="own",
        subject=f"elder:{elder['id']}", division=elder["division"], home=elder["home_id"], elder=elder["id"],
        flags=(), drill=False, place=None, at=now,
    )  # fmt: skip
    await house.cases.look_round([pressed])
    return pressed


async def open_incident(house: House, connection: Connection, _: Command, pressed: Any) -> Answer:
    """An incident as if she had pressed."""
    if pressed is None:
        return refused(NOT_FOUND)
    story = (await house.cases.place(connection, [pressed]))[0]
    return house.cases.shown(story.case)


HANDLERS: Mapping[str, Handler] = MappingProxyType({"open_incident": Handler(open_incident, look)})
