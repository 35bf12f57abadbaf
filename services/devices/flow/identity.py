"""How a device comes to be known, is taken over, moves, and is let in no more.

A fresh secret leaves the house once, in the answer; only its hash and the sealed signing key stay. The broker hears of
a new credential before the commit, so that a kill in between leaves a command that failed and may be repeated; it hears
of a withdrawal after the commit, and `withdrawals.sweep` repeats what a kill left undone.

A claimed device is told its new secret over the connection it has, before anything changes: it keeps both until the
new one has let it in.
"""

import asyncio
import hashlib
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from uuid import UUID

import asyncpg

from services.devices.authority import AuthorityAwayError
from services.devices.domain import claims
from services.devices.domain.claims import Claim, Standing
from services.devices.domain.newcomer import BadFieldError, Newcomer, newcomer
from services.devices.flow import withdrawals
from services.devices.flow.house import House, Outcome, done, happened, invalid, refused, spot
from services.devices.store import identity as store
from services.devices.store import windows
from services.devices.store.identity import Device, Keeping
from shared.contracts.commands import Answer, Command
from shared.contracts.device import DeviceCommand
from shared.runtime.database import AWAY, Connection
from shared.runtime.logging import why
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7

logger = logging.getLogger(__name__)

TELL_WITHIN_S = 0.7
LONGEST_REASON = 200
CONFIRMED = frozenset({"voice", "tick"})
NOT_KEPT = Answer(status=HTTPStatus.ACCEPTED, body={})
"""In place of an answer that the next call with the same key shall not hear again."""

Decision = Callable[[House, Connection, Command, Device], Awaitable[Outcome]]


async def register_device(house: House, connection: Connection, command: Command) -> Outcome:
    """A new device, as it left the factory; one that comes to the broker itself gets a secret and a code."""
    try:
        new = newcomer(command.target, command.args)
    except BadFieldError as fault:
        return invalid(str(fault))
    if not covers(Division(command.actor.division), Division(new.division)):
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    if await store.exists(connection, new.id):
        return refused(HTTPStatus.CONFLICT, "exists")
    now = house.clock.now()
    told = await _admitted(house, new)
    await store.add(connection, new, _keeping(house, new.id, **told), now)
    event = happened(command, "device.registered", new.division, now, kind=new.kind, cls=new.cls)
    return Outcome(_ok(device=new.id, **told), [event], kept=_ok(device=new.id))


async def start_claim(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """Somebody holds the box: with the right code a minute begins in which the button must be pressed."""
    code, now = command.args.get("code"), house.clock.now()
    if not isinstance(code, str):
        return invalid("code")
    if device.revoked:
        return refused(HTTPStatus.CONFLICT, "revoked")
    if device.claim_sha256 is None:
        return refused(HTTPStatus.CONFLICT, "already_claimed")
    wait = claims.wait_s(await store.tries(connection, device.id, now - claims.TRIES_WITHIN), now)
    if wait is not None:
        return refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_tries", retry_after_s=wait)
    right = claims.is_code(device.id, code, device.claim_sha256)
    claim, until = uuid7(now), now + claims.PRESS_WITHIN
    opened = Claim(until, command.actor.account, right, None, None)
    await store.open_claim(connection, claim, device.id, opened, now)
    if not right:
        return refused(HTTPStatus.CONFLICT, "wrong_code")
    await windows.open_window(connection, device.id, now, until, command.actor.account)
    return done(claim=str(claim), until=until.isoformat())


async def finish_claim(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """Asked again and again; once the button was pressed, the factory secret is void and a fresh one is told."""
    try:
        number = UUID(str(command.args.get("claim")))
    except ValueError:
        return invalid("claim")
    claim = await store.claim_of(connection, device.id, number)
    if claim is None:
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    stands = claims.standing(claim, command.actor.account, house.clock.now())
    if stands is Standing.WAITING:
        return Outcome(_ok(state="waiting"), kept=NOT_KEPT)
    if stands is not Standing.PRESSED:
        return refused(HTTPStatus.CONFLICT, stands.value)
    secret = _secret()
    await _speak(house, device, secret)
    outcome = await _recredential(house, connection, command, device, "device.claimed", {"secret": secret})
    return Outcome(_ok(state="claimed", secret=secret), outcome.events, outcome.after, kept=_ok(state="claimed"))


async def unclaim(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """Returned, sold or found again: nobody's, with a fresh factory secret and a fresh code."""
    now = house.clock.now()
    told = {"claim_code": _code(), "secret": _secret()}
    outcome = await _recredential(house, connection, command, device, "device.unclaimed", told)
    await store.to_factory(connection, device.id, now)
    return outcome


async def rekey(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """A fresh secret for a device that stays where it is; the device is not told, since somebody may be listening."""
    if device.revoked:
        return refused(HTTPStatus.CONFLICT, "revoked")
    return await _recredential(house, connection, command, device, "device.rekeyed", {"secret": _secret()})


async def revoke(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """Lost or stolen: out at once, and for good until it is unclaimed. Why stays beside the device, not in the log."""
    reason = command.args.get("reason")
    if not isinstance(reason, str) or not 0 < len(reason.strip()) <= LONGEST_REASON or "\0" in reason:
        return invalid("reason")
    if device.revoked:
        return done()
    now = house.clock.now()
    await store.revoke(connection, device.id, now, reason.strip())

    return Outcome(_ok(), [happened(command, "device.revoked", device.division, now)], [_telling(house, device)])


async def place(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """It hangs in this home or on this elder from now on; what it said before stays with whom it was."""
    try:
        there = spot(command.args)
    except BadFieldError as fault:
        return invalid(str(fault))
    if not covers(Division(command.actor.division), Division(there.division)):
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    if await store.spot_of(connection, device.id) == there:
        return done()
    now = house.clock.now()
    await store.place(connection, device.id, there, now, command.actor.account)
    return Outcome(_ok(), [happened(command, "device.placed", there.division, now, home=there.home, elder=there.elder)])


async def confirm_place(house: House, connection: Connection, command: Command, device: Device) -> Outcome:
    """Elder and address are right: the first press was answered by voice, or the installer has ticked it off."""
    how, now = command.args.get("how"), house.clock.now()
    if not isinstance(how, str) or how not in CONFIRMED:
        return invalid("how")
    if not await store.confirm(connection, device.id, now, command.actor.account, how):
        return refused(HTTPStatus.CONFLICT, "nothing_to_confirm")
    return Outcome(_ok(), [happened(command, "device.placement_confirmed", device.division, now, how=how)])


def _of_known(decide: Decision, *, with_credential: bool) -> Callable[[House, Connection, Command], Awaitable[Outcome]]:
    """The device must lie within the caller's scope; behind a hub it has no credential of its own."""

    async def handle(house: House, connection: Connection, command: Command) -> Outcome:
        device = await store.device_of(connection, command.target, command.actor.division)
        if device is None:
            return refused(HTTPStatus.NOT_FOUND, "not_found")
        if with_credential and device.cls == "relayed":
            return refused(HTTPStatus.CONFLICT, "relayed")
        return await decide(house, connection, command, device)

    return handle


async def _admitted(house: House, new: Newcomer) -> dict[str, str]:
    """What is told once about a newcomer; the broker knows it already."""
    told: dict[str, str] = {}
    if new.has_credential:
        told["secret"] = _secret()
        await house.authority.issue(new.id, new.county, told["secret"], new.prefix)
    if new.claimable:
        told["claim_code"] = _code()
    return told


async def _recredential(
    house: House, connection: Connection, command: Command, device: Device, tag: str, told: Mapping[str, str]
) -> Outcome:
    now = house.clock.now()
    await house.authority.issue(device.id, device.county, told["secret"], device.prefix)
    await store.recredential(connection, device.id, _keeping(house, device.id, **told), now)

    return Outcome(_ok(**told), [happened(command, tag, device.division, now)], [_telling(house, device)], kept=_ok())


async def _speak(house: House, device: Device, secret: str) -> None:
    command = DeviceCommand(id=str(uuid7(house.clock.now())), cmd="credential", secret=secret)
    async with asyncio.timeout(TELL_WITHIN_S):
        if not await house.spoken.say(device.county, device.id, command):
            raise AuthorityAwayError("the device could not be told")


def _telling(house: House, device: Device) -> Callable[[], Awaitable[None]]:
    """What is committed stands: the answer must not be lost for an effect that the sweep repeats."""

    async def tell() -> None:
        try:
            await withdrawals.tell(house.database, house.clock, house.authority, device.id)
        except (AuthorityAwayError, *AWAY, asyncpg.PostgresError) as fault:
            logger.warning("identity.unsettled", extra={"device": device.id, "reason": why(fault)})

    return tell


def _keeping(house: House, device: str, secret: str | None = None, claim_code: str | None = None) -> Keeping:
    return Keeping(
        hashlib.sha256(secret.encode()).digest() if secret else None,
        house.sealer.sealed(device, secret) if secret else None,
        claims.code_hash(device, claim_code) if claim_code else None,
    )


def _secret() -> str:
    return secrets.token_urlsafe(32)


def _code() -> str:
    return claims.claim_code(os.urandom(claims.ENTROPY_BYTES))


def _ok(**body: Any) -> Answer:
    return Answer(status=HTTPStatus.OK, body=body)


HANDLERS: Mapping[str, Callable[[House, Connection, Command], Awaitable[Outcome]]] = MappingProxyType(
    {
        "register_device": register_device,
        "start_claim": _of_known(start_claim, with_credential=True),
        "finish_claim": _of_known(finish_claim, with_credential=True),
        "unclaim": _of_known(unclaim, with_credential=True),
        "rekey": _of_known(rekey, with_credential=True),
        "revoke": _of_known(revoke, with_credential=False),
        "place": _of_known(place, with_credential=False),
        "confirm_place": _of_known(confirm_place, with_credential=False),
    }
)
