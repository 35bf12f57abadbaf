"""What a division lays down: checked for holes, kept in versions, read as it holds."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from services.dispatch.domain.holes import holes
from services.dispatch.domain.policy import SHIPPED, Policy, from_data, to_data
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, argument, version_passed
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.registry import policies as registry
from services.dispatch.store import policies as store
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

LAYS_DOWN = frozenset({Role.SUPERVISOR, Role.ADMIN})
FORBIDDEN = Refusal("forbidden", status=HTTPStatus.FORBIDDEN)


def _read(given: Any) -> Policy | Refusal:
    try:
        return from_data({**given, "version": 0, "mode": "peace", "call_in": []})
    except (AttributeError, TypeError, KeyError, ValueError):
        return argument("policy", "invalid_field")


def _checked(policy: Policy) -> Refusal | None:
    found = [asdict(hole) for hole in holes(policy)]
    return Refusal("policy_hole", 422, {"field": found[0]["field"], "holes": found}) if found else None


async def check_policy(_: House, __: Connection, command: Command, ___: Any) -> Answer:
    """Say where a path would end in nothing; nothing is written."""
    policy = _read(command.args["policy"])
    if isinstance(policy, Refusal):
        return refused(policy)
    return done(holes=[asdict(hole) for hole in holes(policy)])


async def set_policy(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """Lay a policy down for a division; it holds for incidents that open from now on."""
    actor, division = command.actor, command.target
    if actor.role not in LAYS_DOWN:
        return refused(FORBIDDEN)
    if not covers(Division(actor.division), Division(division)) or not await store.known(connection, division):
        return refused(NOT_FOUND)
    policy = _read(command.args["policy"])
    refusal = policy if isinstance(policy, Refusal) else _checked(policy)
    if refusal is not None or isinstance(policy, Refusal):
        return refused(refusal or NOT_FOUND)
    return await _keep(house, connection, command, policy)


async def _keep(house: House, connection: Connection, command: Command, policy: Policy) -> Answer:
    division, actor, now = command.target, command.actor, house.clock.now()
    await log.lock(connection, [f"policy/{division}"])
    newest = await store.newest(connection, division)
    if command.if_match is not None and command.if_match != newest:
        return refused(version_passed(newest))
    body = to_data(replace(policy, version=newest + 1))
    await store.keep(connection, division, body, (actor.account, actor.name), command.args["reason"], now)
    told = {"division": division, "version": newest + 1}
    event = NewEvent(uuid7(now), "policy", division, "policy.set", told, division, f"account:{actor.account}")
    await log.append(connection, [event], now)
    return done(**told)


async def holding(house: House, division: str) -> dict[str, Any]:
    """What was laid down for a division or above it, what holds now, and its own versions."""
    laid = await store.laid_down(house.database, division)
    now = (await registry.holding(house.database, [division], house.clock.now()))[division].policy
    own = await store.history(house.database, division)
    return {
        "division": division, "laid_down_for": laid["division"] if laid else None,
        "version": laid["version"] if laid else 0, "mode": now.mode,
        "policy": laid["body"] if laid else to_data(SHIPPED), "holds": to_data(now),
        "history": [dict(row.items()) for row in own],
    }  # fmt: skip


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"check_policy": Handler(check_policy), "set_policy": Handler(set_policy)}
)
