"""Commands are carried out exactly once for their key; the answer to a repeat is the stored one."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import asyncpg

from services.dispatch.commands import DECISIONS
from services.dispatch.domain.refusals import ALREADY_BOOKED, ALREADY_UNDER_WAY
from services.dispatch.flow import (
    callbacks,
    calls,
    candidates,
    catalogue,
    drills,
    duty,
    elders,
    exports,
    holds,
    login_codes,
    mass,
    merging,
    modes,
    orders,
    people,
    phones,
    policies,
    registry,
    seats,
    shelf,
)
from services.dispatch.flow.house import Handler, House, refused
from services.dispatch.store import idempotency
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.failpoint import reach

TRIES = 4


async def _situation(house: House, command: Command) -> Any:
    return await house.cases.before(command)


async def _decide(house: House, connection: Connection, command: Command, situation: Any) -> Answer:
    return await house.cases.decide(connection, command, situation)


async def _refused(house: House, command: Command) -> Answer | None:
    return await house.cases.refused(command)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        **dict.fromkeys(DECISIONS, Handler(_decide, _situation)),
        "accept_offer": Handler(_decide, early=_refused),
        **calls.HANDLERS,
        **merging.HANDLERS,
        **duty.HANDLERS,
        **callbacks.HANDLERS,
        **elders.HANDLERS,
        **registry.HANDLERS,
        **exports.HANDLERS,
        **policies.HANDLERS,
        **drills.HANDLERS,
        **mass.HANDLERS,
        **modes.HANDLERS,
        **seats.HANDLERS,
        **shelf.HANDLERS,
        **phones.HANDLERS,
        **people.HANDLERS,
        **orders.HANDLERS,
        **catalogue.HANDLERS,
        **login_codes.HANDLERS,
    }
)


UNKEYED: Mapping[str, Callable[[House, Command], Awaitable[Answer]]] = MappingProxyType(
    {"list_candidates": candidates.listed, "hold": holds.renew}
)
"""What may be asked or said again and again: it is answered anew each time."""


async def execute(house: House, command: Command) -> Answer:
    """Carry a command out once for its key."""
    if command.name in UNKEYED:
        return await UNKEYED[command.name](house, command)
    for _ in range(TRIES):
        with suppress(asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
            return await _execute(house, command)
    return Answer(status=409, body={"code": "busy", "params": {}})


async def _execute(house: House, command: Command) -> Answer:
    handler = HANDLERS[command.name]
    digest = hashlib.sha256(command.model_dump_json(exclude={"if_match"}).encode()).digest()
    if handler.early is not None and (no := await handler.early(house, command)) is not None:
        async with house.database.pool.acquire() as connection:
            return await idempotency.answered(connection, command.actor.account, command.key, digest) or no
    found = await handler.before(house, command) if handler.before else None
    try:
        async with house.database.transaction() as connection:
            await log.lock(connection, [f"key/{command.actor.account}/{command.key}"])
            done = await idempotency.answered(connection, command.actor.account, command.key, digest)
            if done is not None:
                return done
            answer = await handler.within(house, connection, command, found)
            await idempotency.remember(
                connection, command.actor.account, command.key, digest, answer, house.clock.now()
            )
            reach("commands.decided")
    except asyncpg.UniqueViolationError as clash:
        if clash.constraint_name == "assignment_one_place":
            return refused(ALREADY_UNDER_WAY)
        raise
    except asyncpg.ExclusionViolationError as clash:
        if clash.constraint_name == "booking_one_place":
            return refused(ALREADY_BOOKED)
        raise
    reach("commands.committed")
    if answer.status == HTTPStatus.OK:
        house.planned.set()
    return answer
