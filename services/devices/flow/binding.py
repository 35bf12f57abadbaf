"""A foreign thing becomes a device, and what was pressed before rings late rather than never.

Somebody has seen a thing that told of itself, or a press that lies in quarantine because nobody had bound it. Binding
makes it a device (if it is none yet), says what its words mean, places it with an elder, not confirmed yet, and settles
the quarantined press. If that press is younger than half an hour and the person says so, today's adapter reads it
again, and it rings after the commit, flagged `unbound`: it came before the binding.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.devices import adapters
from services.devices.adapters.reading import opened
from services.devices.domain.alarm import Alarm
from services.devices.domain.foreign import IGNORE, MEANINGS, REFUSALS, Binding, Happening, relayed, unfit
from services.devices.domain.newcomer import BadFieldError, Newcomer, newcomer
from services.devices.domain.topics import COUNTY_DIGITS
from services.devices.flow.house import House, Outcome, done, happened, invalid, refused, spot
from services.devices.store import bindings as store
from services.devices.store import identity
from services.devices.store.bindings import SetAside
from services.devices.store.identity import Keeping, Spot
from shared.contracts.commands import Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.alarms import Flag
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.ids import uuid7

YOUNG = timedelta(minutes=30)
MOST_WORDS, LONGEST_WORD = 50, 64
UNREAD = "unread"
"""Word of a press that a person lets ring though no adapter can read it."""


class RefusedError(Exception):
    """Carries the refusal; nothing has been written yet."""

    def __init__(self, outcome: Outcome) -> None:
        """Answer with this."""
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be bound, where it is, and whether the press that was set aside shall ring."""

    address: str
    adapter: str
    meaning: dict[str, str]
    spot: Spot | None
    hub: str | None
    quarantine: UUID | None
    ring: bool

    @property
    def moved(self) -> Spot | None:
        """Where a known device is to be from now on; a division alone moves nothing."""
        return self.spot if self.spot and (self.spot.home or self.spot.elder) else None


async def bind_address(house: House, connection: Connection, command: Command) -> Outcome:
    """Everything in one transaction; the late ring after it."""
    try:
        wish = _wish(command.args)
        spot, new = await _device(connection, command, wish)
        stray = await _stray(connection, command, wish)
        hub = await _hub(connection, command, wish, stray, spot)
    except RefusedError as refusal:
        return refusal.outcome
    now = house.clock.now()
    if stray is not None:
        await log.lock(connection, [f"quarantine/{stray.county}"])
    if new is not None:
        await identity.add(connection, new, Keeping(), now)
    await store.bind(connection, hub, wish.address, command.target, wish.adapter, wish.meaning)
    events = await _placed(connection, command, spot, now) if new or wish.moved else []
    if stray is not None:
        await store.settle(connection, stray.id, now)
        events.append(_settled(command, stray, now, command.target))
    alarms = await _late(connection, command, wish, stray, spot, now)
    events.append(happened(command, "device.bound", spot.division, now, hub=hub, adapter=wish.adapter))
    answer = done(device=command.target, hub=hub, rings=len(alarms)).answer
    return Outcome(answer, events, after=[_ringing(house, alarms)] if alarms else [])


async def unbind_address(house: House, connection: Connection, command: Command) -> Outcome:
    """Its presses are nobody's from now on, and will be set aside."""
    device = await identity.device_of(connection, command.target, command.actor.division)
    address = command.args.get("address")
    if not isinstance(address, str):
        return invalid("address")
    gone = await store.unbind(connection, command.target, address) if device is not None else []
    if device is None or not gone:
        return refused(HTTPStatus.NOT_FOUND, "not_found")
    now = house.clock.now()
    events = [
        happened(command, "device.unbound", device.division, now, hub=one["hub_id"], adapter=one["adapter"])
        for one in gone
    ]
    return Outcome(done().answer, events)


async def settle_stray(house: House, connection: Connection, command: Command) -> Outcome:
    """Somebody has looked and it needs nothing more; it comes back if it is said again."""
    try:
        stray = await _open_stray(connection, command, command.target)
    except RefusedError as refusal:
        return refusal.outcome
    now = house.clock.now()
    await log.lock(connection, [f"quarantine/{stray.county}"])
    await store.settle(connection, stray.id, now)
    return Outcome(done().answer, [_settled(command, stray, now, None)])


async def _device(connection: Connection, command: Command, wish: Wish) -> tuple[Spot, Newcomer | None]:
    """Where the device is or will be, and how it is announced if nobody knows it yet."""
    known = await identity.device_of(connection, command.target, command.actor.division)
    announced = command.args.get("new")
    if announced is None:
        if known is None:
            raise _no(HTTPStatus.NOT_FOUND, "not_found")
        if known.cls == "hub":
            raise _no(HTTPStatus.CONFLICT, "not_bindable")
        return wish.moved or await identity.spot_of(connection, known.id) or Spot(known.division, None, None), None
    new = _newcomer(command, wish)
    if known is not None or await identity.exists(connection, command.target):
        raise _no(HTTPStatus.CONFLICT, "exists")
    return wish.spot or Spot(new.division, None, None), new


def _newcomer(command: Command, wish: Wish) -> Newcomer:
    said = command.args["new"] if isinstance(command.args["new"], dict) else {}
    place = wish.spot.division if wish.spot else None
    try:
        return newcomer(command.target, {**said, "class": "relayed", "prefix": None, "division": place})
    except BadFieldError as fault:
        raise RefusedError(invalid(str(fault))) from None


async def _hub(connection: Connection, command: Command, wish: Wish, stray: SetAside | None, spot: Spot) -> str:
    if not covers(Division(command.actor.division), Division(spot.division)):
        raise _no(HTTPStatus.NOT_FOUND, "not_found")
    hub = await store.hub_of(
        connection, wish.address, stray.topic if stray else wish.address, command.actor.division, spot.home,
        spot.division, wish.hub,
    )  # fmt: skip
    if hub is None:
        raise _no(HTTPStatus.CONFLICT, "no_hub")
    await log.lock(connection, [f"address/{hub}/{wish.address}"])
    if await store.bound_to(connection, hub, wish.address) not in {None, command.target}:
        raise _no(HTTPStatus.CONFLICT, "bound_elsewhere")
    return hub


async def _stray(connection: Connection, command: Command, wish: Wish) -> SetAside | None:
    return await _open_stray(connection, command, str(wish.quarantine)) if wish.quarantine else None


async def _open_stray(connection: Connection, command: Command, written: str) -> SetAside:
    """What belongs to no county is everybody's who may see the whole cell."""
    found = await store.set_aside(connection, _uuid(written), command.actor.division)
    if found is None:
        raise _no(HTTPStatus.NOT_FOUND, "not_found")
    return found


async def _placed(connection: Connection, command: Command, spot: Spot, now: datetime) -> list[NewEvent]:
    """If it is not there already."""
    if await identity.spot_of(connection, command.target) == spot:
        return []
    await identity.place(connection, command.target, spot, now, command.actor.account)
    return [happened(command, "device.placed", spot.division, now, home=spot.home, elder=spot.elder)]


async def _late(
    connection: Connection, command: Command, wish: Wish, stray: SetAside | None, spot: Spot, now: datetime
) -> list[Alarm]:
    """What the press that was set aside says today; a person's word that it is one weighs more than our reading."""
    if stray is None or not wish.ring or now - stray.last_at > YOUNG:
        return []
    datum = await store.datum_of(connection, command.target)
    county = spot.division[:COUNTY_DIGITS]
    binding = Binding(wish.address, command.target, county, wish.meaning, datum)
    heard = adapters.hear(stray.topic, stray.payload, opened(stray.payload))
    said = [it for it in heard.happenings if it.rings]
    mine = [it for it in said if wish.address in it.addresses] or said
    mine = mine or [Happening((wish.address,), UNREAD, flags=(Flag.UNPARSED,))]
    found = (relayed(stray.topic, stray.payload, it, binding, now, late=True) for it in mine)
    return [alarm for alarm in found if alarm is not None]


def _ringing(house: House, alarms: list[Alarm]) -> Callable[[], Awaitable[None]]:
    async def ring() -> None:
        async with house.turn:
            try:
                await house.alarms.keep(alarms)
            finally:
                await house.alarms.close()

    return ring


def _wish(args: Mapping[str, Any]) -> Wish:
    """Read what was asked for; the first field that cannot be is refused by name, a foreign name in words."""
    address, hub, quarantine, ring = (args.get(field) for field in ("address", "hub", "quarantine", "ring"))
    if not isinstance(address, str):
        raise RefusedError(invalid("address"))
    code = unfit(address)
    if code is not None:
        raise _no(HTTPStatus.UNPROCESSABLE_ENTITY, code, field="address", why=REFUSALS[code])
    if hub is not None and not isinstance(hub, str):
        raise RefusedError(invalid("hub"))
    if not isinstance(ring, bool | None):
        raise RefusedError(invalid("ring"))
    return Wish(
        address, _adapter(args, address), _meaning(args.get("meaning")), _spot(args), hub,
        _uuid(quarantine) if quarantine is not None else None, ring is True,
    )  # fmt: skip


def _adapter(args: Mapping[str, Any], address: str) -> str:
    named = args.get("adapter") or adapters.adapter_of(address)
    if named not in adapters.names():
        raise RefusedError(invalid("adapter"))
    return str(named)


def _meaning(given: object) -> dict[str, str]:
    """Kind of alarm by word, or `ignore`; words that are not listed ring."""
    if given is None:
        return {}
    words = given if isinstance(given, dict) else {"": ""}
    if len(words) > MOST_WORDS or not all(
        isinstance(word, str) and 0 < len(word) <= LONGEST_WORD and word.isprintable() and kind in {*MEANINGS, IGNORE}
        for word, kind in words.items()
    ):
        raise RefusedError(invalid("meaning"))
    return words


def _spot(args: Mapping[str, Any]) -> Spot | None:
    """Where it is or is to be; None where nothing is said of it."""
    if not any(args.get(field) for field in ("home", "elder", "division")):
        return None
    try:
        return spot(args)
    except BadFieldError as fault:
        raise RefusedError(invalid(str(fault))) from None


def _uuid(written: object) -> UUID:
    try:
        return UUID(str(written))
    except ValueError:
        raise _no(HTTPStatus.NOT_FOUND, "not_found") from None


def _no(status: int, code: str, **params: Any) -> RefusedError:
    return RefusedError(refused(status, code, **params))


def _settled(command: Command, stray: SetAside, now: datetime, device: str | None) -> NewEvent:
    body = {"quarantine": str(stray.id), "device": device}
    return NewEvent(
        uuid7(now), "quarantine", stray.county, "quarantine.settled", body, stray.county,
        f"account:{command.actor.account}",
    )  # fmt: skip


HANDLERS: Mapping[str, Callable[[House, Connection, Command], Awaitable[Outcome]]] = MappingProxyType(
    {"bind_address": bind_address, "unbind_address": unbind_address, "settle_stray": settle_stray}
)
