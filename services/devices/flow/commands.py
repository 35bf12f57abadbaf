"""What people decide about things: installers, desks, administrators.

A command arrives signed by the gateway. The device's stream is locked, a handler decides and writes, its events and
the idempotency key are committed with it; only then does anything leave the house (a broker told, a device spoken to).
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from services.devices.flow import binding, identity, pages, windows
from services.devices.flow.house import House, Outcome, refused
from services.devices.store import idempotency
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection

Handler = Callable[[House, Connection, Command], Awaitable[Outcome]]

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {**identity.HANDLERS, **binding.HANDLERS, **windows.HANDLERS, **pages.HANDLERS}
)


async def execute(house: House, command: Command) -> Answer:
    """Decide once; the same key with the same content gets the first answer again."""
    handler = HANDLERS.get(command.name)
    if handler is None:
        return refused(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_command", field="name").answer
    digest = hashlib.sha256(command.model_dump_json(exclude={"key"}).encode()).digest()
    async with house.database.transaction() as connection:
        await log.lock(connection, [f"device/{command.target}"])
        known = await idempotency.answered(connection, command.actor.account, command.key, digest)
        if known is not None:
            return known
        outcome = await handler(house, connection, command)
        if outcome.events:
            await log.append(connection, outcome.events, house.clock.now())
        kept = outcome.kept or outcome.answer
        await idempotency.remember(connection, command.actor.account, command.key, digest, kept, house.clock.now())
    for effect in outcome.after:
        await effect()
    return outcome.answer
