"""What happened at a foreign device, and which alarm its binding makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.devices.domain.alarm import KEPT_BYTES, Alarm
from services.devices.domain.identity import spare
from services.devices.domain.topics import Place
from shared.vocabulary.alarms import AlarmKind, Flag

ONE_PRESS = timedelta(seconds=10)
"""Makers say one press in several messages; without a serial the same word within this time is one press."""

REDELIVERED = timedelta(seconds=60)
"""How late a broker may give out again what a dead bridge held; some counters start anew, so trust them no longer."""

IGNORE = "ignore"
PLAIN: Mapping[str, str] = {
    "emergency": AlarmKind.SOS,
    "sos": AlarmKind.SOS,
    "sos_alarm": AlarmKind.SOS,
    "panic": AlarmKind.SOS,
    "fall": AlarmKind.FALL,
    "fall_alarm": AlarmKind.FALL,
    "smoke": AlarmKind.SMOKE,
    "gas": AlarmKind.GAS,
    "carbon_monoxide": AlarmKind.GAS,
    "water_leak": AlarmKind.WATER,
    "flood": AlarmKind.WATER,
    "tamper": AlarmKind.TAMPER,
    "release": IGNORE,
    "maybe_fall": IGNORE,
    "fall_warning": IGNORE,
}
"""Words that mean the same at every maker; a binding overrules them."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something alarm-like at an address. `addresses` are what a binding may name, the most exact first.

    `serial` is the maker's own count or time, if it sends one. `on` is None for a moment (a press), else whether a
    lasting state (smoke) holds: it rings when it begins.
    """

    addresses: tuple[str, ...]
    word: str
    serial: str | None = None
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A foreign address is this device, and its words mean this."""

    address: str
    device: str
    county: str
    meaning: Mapping[str, str]


class States:
    """Which lasting states hold, as far as this bridge has heard. Forgetting rings once more, never once less."""

    def __init__(self) -> None:
        """Know nothing."""
        self._on: set[tuple[str, str]] = set()

    def begins(self, happening: Happening) -> bool:
        """Whether this is a moment, or a state that did not hold before."""
        if happening.on is None:
            return True
        key = (happening.addresses[0], happening.word)
        known = key in self._on
        (self._on.add if happening.on else self._on.discard)(key)
        return happening.on and not known


def meant(happening: Happening, binding: Binding) -> AlarmKind | None:
    """Kind of alarm; None if the binding says that this word is none. An unlisted word of a bound device rings."""
    word = binding.meaning.get(happening.word) or PLAIN.get(happening.word) or AlarmKind.SOS_UNKNOWN
    if word == IGNORE:
        return None
    return AlarmKind(word) if word in set(AlarmKind) else AlarmKind.SOS_UNKNOWN


def relayed(topic: str, payload: bytes, happening: Happening, binding: Binding, now: datetime) -> Alarm | None:
    """The alarm that the binding makes of it. The bridge gives the identity, since the button has none."""
    kind = meant(happening, binding)
    if kind is None:
        return None
    content = f"{binding.address}|{happening.word}|{happening.serial or ''}".encode()
    key = spare(content, now, REDELIVERED if happening.serial else ONE_PRESS)
    return Alarm(
        place=Place(binding.county, binding.device),
        topic=topic,
        payload=payload[:KEPT_BYTES],
        number=None,
        spare=key,
        eid=f"{binding.device}:x:{key.seq:x}",
        kind=kind,
        flags=(Flag.UNKNOWN_KIND,) if kind == AlarmKind.SOS_UNKNOWN else (),
        relayed=True,
    )


def refusal(address: str) -> str | None:
    """Why a foreign name can't be bound, in words; None if it can.

    The embedded broker disconnects whoever publishes on a topic with a space in it.
    """
    if any(letter.isspace() for letter in address):
        return "the name has a space in it, and the broker would hang up on its hub: rename the device, e.g. with _"
    if any(letter in "+#*>" for letter in address) or not address.isprintable() or not address.strip("/"):
        return "the name has a sign in it that brokers keep for themselves (+ # * >): rename the device"
    return None
