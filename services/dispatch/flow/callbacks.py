"""She is called within a day; the desk lists what is owed, and is told of what is overdue."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import NOT_FOUND
from services.dispatch.domain.story import Story
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.store import callbacks as store
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.vocabulary.divisions import Division, covers

NOT_OVER = "no_answer"


async def overdue(house: House, incident: str) -> None:
    """A day has passed and nobody has called her: said once, and it stays on the list."""

    def told(moment: Moment, case: Case) -> Story:
        story = Story(case, moment)
        story.tell("call_back.overdue")
        return story

    async with house.database.transaction() as connection:
        await log.lock(connection, [f"incident/{incident}"])
        owed = await store.still_open(connection, incident)
        if owed is not None and owed["rung_at"] is None:
            await house.cases.change(connection, [incident], "dispatch:clock", told)
            await store.rung(connection, incident, house.clock.now())


async def make(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """The desk has called her, or tried."""
    await log.lock(connection, [f"incident/{command.target}"])
    owed = await store.still_open(connection, command.target)
    if owed is None or not covers(Division(command.actor.division), owed["division"]):
        return refused(NOT_FOUND)
    args, actor = command.args, command.actor

    def told(moment: Moment, case: Case) -> Story:
        story = Story(case, moment)
        story.tell("call_back.made", result=args["result"])
        return story

    await house.cases.change(connection, [command.target], f"account:{actor.account}", told)
    await store.made(
        connection, command.target, house.clock.now(), args["result"], (actor.account, actor.name), args["note"],
        over=args["result"] != NOT_OVER,
    )  # fmt: skip
    return done(incident=command.target)


HANDLERS: Mapping[str, Handler] = MappingProxyType({"make_call_back": Handler(make)})
