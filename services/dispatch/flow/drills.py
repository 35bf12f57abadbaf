"""演练: a case like any other with nobody in need, marked everywhere."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.refusals import NOT_FOUND
from services.dispatch.flow import calls
from services.dispatch.flow.house import Handler, House, refused
from services.dispatch.store import drills as store
from shared.contracts.commands import Answer, Command
from shared.runtime.database import Connection


async def look(house: House, command: Command) -> Pressed | None:
    """The elder as somebody who pressed in a drill; None where she is not known in the caller's division."""
    found = await calls.look(house, command)
    return replace(found, drill=True) if found else None


async def open_drill(house: House, connection: Connection, command: Command, pressed: Any) -> Answer:
    """An incident as if she had pressed, with the list of those who take part."""
    if pressed is None:
        return refused(NOT_FOUND)
    story = (await house.cases.place(connection, [pressed]))[0]
    it, actor = story.case.incident, command.actor
    people = sorted(set(command.args["people"]))
    await store.keep(connection, it.id, it.division, people, (actor.account, actor.name), house.clock.now())
    return house.cases.shown(story.case)


HANDLERS: Mapping[str, Handler] = MappingProxyType({"open_drill": Handler(open_drill, look)})
