"""An elder's own telephone becomes a device of hers, in one step.

Whoever showed the code stood beside her, so that place and wearer need no confirming. A page comes over HTTP alone:
it gets a signing key, and nothing that would let it in at the broker. It sends no heartbeats, so its silence is no
fault.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from services.devices.domain.newcomer import BadFieldError, newcomer
from services.devices.flow.house import House, Outcome, happened, invalid, refused, spot
from services.devices.store import identity as store
from services.devices.store.identity import Keeping
from shared.contracts.commands import Answer, Command
from shared.runtime.database import Connection
from shared.vocabulary.devices import DeviceKind
from shared.vocabulary.divisions import Division, covers

MODEL = "elder-page"


async def pair_page(house: House, connection: Connection, command: Command) -> Outcome:
    """Register, place and confirm; the secret is told once."""
    try:
        there = spot(command.args)
        new = newcomer(command.target, {"kind": DeviceKind.PAGE, "model": MODEL, "division": there.division})
    except BadFieldError as fault:
        return invalid(str(fault))
    if not covers(Division(command.actor.division), Division(there.division)):
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    if await store.exists(connection, new.id):
        return refused(HTTPStatus.CONFLICT, "exists")
    secret = secrets.token_urlsafe(32)
    key = house.sealer.sealed(new.id, secret)
    if key is None:
        return refused(HTTPStatus.CONFLICT, "no_device_key")
    now = house.clock.now()
    await store.add(connection, new, Keeping(mac_key=key), now)
    await store.place(connection, new.id, there, now, command.actor.account)
    await store.confirm(connection, new.id, now, command.actor.account, "tick")
    events = [
        happened(command, "device.registered", new.division, now, kind=new.kind, cls=new.cls),
        happened(command, "device.placed", there.division, now, home=there.home, elder=there.elder),
        happened(command, "device.placement_confirmed", there.division, now, how="tick"),
    ]
    told = {"device": new.id}
    return Outcome(Answer(status=200, body={**told, "secret": secret}), events, kept=Answer(status=200, body=told))


HANDLERS: Mapping[str, Callable[[House, Connection, Command], Awaitable[Outcome]]] = MappingProxyType(
    {"pair_page": pair_page}
)
