"""搁置: a condition of a thing is put aside for a while, and taken back."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain import shelf
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_FOUND, Refusal
from services.dispatch.domain.story import Story
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.store import shelf as store
from shared.contracts.commands import Answer, Command
from shared.runtime.database import Connection
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

AT_A_DESK = frozenset({Role.DESK, Role.SUPERVISOR, Role.ADMIN})


async def _look(house: House, command: Command) -> str | None:
    return await house.cases.incident_of(command)


async def put_aside(house: House, connection: Connection, command: Command, incident: Any) -> Answer:
    """Off the list for so many minutes, with a reason that stays in the row."""
    now, minutes = house.clock.now(), command.args["minutes"]
    name = uuid7(now)
    story = await _decided(
        house, connection, command, incident, lambda moment, case: shelf.shelve(moment, case, name, minutes)
    )
    if isinstance(story, Refusal):
        return refused(story)
    it, until = story.case.incident, story.case.incident.shelved_until
    if until is not None:
        about = (it.division, it.id)
        await store.keep(connection, name, about, sorted(it.faults), command.args["reason"], command.actor, now, until)
    return done(incident=it.id, ver=it.ver)


async def take_down(house: House, connection: Connection, command: Command, incident: Any) -> Answer:
    """Back on the list."""
    story = await _decided(house, connection, command, incident, shelf.unshelve)
    if isinstance(story, Refusal):
        return refused(story)
    await store.take_down(connection, story.case.incident.id, house.clock.now())
    return done(incident=story.case.incident.id, ver=story.case.incident.ver)


async def _decided(
    house: House, connection: Connection, command: Command, incident: str | None, decision: Any
) -> Story | Refusal:
    """What came of a decision about one case."""
    if command.actor.role not in AT_A_DESK:
        return NOT_AT_A_DESK
    if incident is None:
        return NOT_FOUND
    told: list[Story | Refusal] = []

    def kept(moment: Moment, case: Case) -> Story | Refusal:
        told.append(decision(moment, case))
        return told[0]

    await house.cases.change(connection, [incident], f"account:{command.actor.account}", kept)
    return told[0] if told else NOT_FOUND


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"shelve": Handler(put_aside, _look), "unshelve": Handler(take_down, _look)}
)
