"""Peace and war are switched by whoever sits at a desk over the division; war ends by itself."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from services.dispatch.domain import modes
from services.dispatch.domain.facts import Fact
from services.dispatch.domain.refusals import NOT_FOUND, Refusal
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.flow.rolls import CLOCK, moment_of
from services.dispatch.store import modes as store
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7

BY_ITSELF = "到期自动恢复平时模式"


async def set_mode(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Switch a division to war until some time, or back to peace."""
    args, actor = command.args, command.actor
    if not covers(Division(actor.division), Division(command.target)):
        return refused(NOT_FOUND)
    await log.lock(connection, [f"mode/{command.target}"])
    if not await store.known(connection, command.target):
        return refused(NOT_FOUND)
    until = datetime.fromisoformat(args["until"]) if args["until"] else None
    moment = moment_of(house, f"account:{actor.account}")
    fact = modes.switch(moment, command.target, war=args["war"], reason=args["reason"], until=until)
    if isinstance(fact, Refusal):
        return refused(fact)
    await _keep(connection, fact, (actor.account, actor.name), args["reason"])
    return done(division=command.target, war=args["war"])


async def run_out(house: House, division: str) -> None:
    """War ends when its time is over."""
    async with house.database.transaction() as connection:
        await log.lock(connection, [f"mode/{division}"])
        mode = await store.load(connection, division)
        fact = modes.run_out(moment_of(house, CLOCK.account), mode) if mode else None
        if fact is not None:
            await _keep(connection, fact, (CLOCK.account, CLOCK.name), BY_ITSELF)


async def _keep(connection: Connection, fact: Fact, by: tuple[str, str], reason: str) -> None:
    """Rows and log; the reason is words of a person and stays out of the log."""
    mode, change = modes.after(fact), uuid7(fact.at)
    await store.keep(connection, change, mode, by, reason)
    body = {**fact.body, "change": change}
    event = NewEvent(uuid7(fact.at), "mode", mode.division, fact.tag, body, mode.division, fact.actor)
    await log.append(connection, [event], fact.at)


HANDLERS: Mapping[str, Handler] = MappingProxyType({"set_mode": Handler(set_mode)})
