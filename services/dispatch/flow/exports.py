"""A list of elders leaves the house only with a reason, when somebody else has allowed it, once, and within a day."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.commands import DESKS
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_FOUND, Refusal, argument
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.store import exports as store
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

GOOD_FOR = timedelta(days=1)
MAY_ALLOW = frozenset({Role.SUPERVISOR, Role.ADMIN})


async def ask(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Which list, of which division, and what for."""
    args, actor, now = command.args, command.actor, house.clock.now()
    if actor.role not in DESKS:
        return refused(NOT_AT_A_DESK)
    if not covers(Division(actor.division), args["within"]):
        return refused(argument("within", "outside_scope"))
    name = uuid7(now)
    await log.lock(connection, [f"export/{name}"])
    await store.ask(connection, name, args["within"], args["sheet"], args["reason"], actor.account, actor.name, now)
    await _tell(house, connection, command, name, args["within"], "export.asked", sheet=args["sheet"])
    return done(export=str(name))


async def decide(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Never by whoever asked."""
    name, actor = UUID(command.target), command.actor
    await log.lock(connection, [f"export/{name}"])
    found = await store.one(connection, name, actor.division)
    if found is None:
        return refused(NOT_FOUND)
    if actor.role not in MAY_ALLOW:
        return refused(Refusal("forbidden", status=403))
    if found["asked_by"] == actor.account:
        return refused(Refusal("own_export"))
    if found["decided_at"] is not None:
        return refused(Refusal("decided_already"))
    allowed = bool(command.args["allowed"])
    await store.decide(connection, name, actor.account, actor.name, house.clock.now(), allowed=allowed)
    await _tell(house, connection, command, name, found["within"], "export.decided", allowed=allowed)
    return done(export=str(name))


async def take(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """By whoever asked; answers what it says on every line of it."""
    name, now = UUID(command.target), house.clock.now()
    await log.lock(connection, [f"export/{name}"])
    found = await store.one(connection, name, command.actor.division)
    if found is None or found["asked_by"] != command.actor.account:
        return refused(NOT_FOUND)
    if not found["allowed"]:
        return refused(Refusal("not_allowed"))
    if found["taken_at"] is not None or now > found["decided_at"] + GOOD_FOR:
        return refused(Refusal("export_over"))
    await store.take(connection, name, now)
    await _tell(house, connection, command, name, found["within"], "export.taken", sheet=found["sheet"])
    said = ("sheet", "within", "reason", "asked_name", "decided_name")
    return done(export=str(name), at=now.isoformat(), **{part: found[part] for part in said})


async def _tell(
    house: House, connection: Connection, command: Command, name: UUID, within: str, tag: str, **more: Any
) -> None:
    now = house.clock.now()
    body = {"export": str(name), **more}
    event = NewEvent(uuid7(now), "export", str(name), tag, body, within, f"account:{command.actor.account}")
    await log.append(connection, [event], now)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"ask_export": Handler(ask), "decide_export": Handler(decide), "take_export": Handler(take)}
)
