"""What a foreign device says: what happened there, how it is, what it is; and which alarm its binding makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.devices.domain.alarm import KEPT_BYTES, Alarm, Fields
from services.devices.domain.identity import spare
from services.devices.domain.topics import Place
from shared.vocabulary.alarms import OURS, AlarmKind, Flag
from shared.vocabulary.crs import to_wgs84
from shared.vocabulary.devices import Datum

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
    "fallDown": AlarmKind.FALL,
    "smoke": AlarmKind.SMOKE,
    "gas": AlarmKind.GAS,
    "carbon_monoxide": AlarmKind.GAS,
    "water_leak": AlarmKind.WATER,
    "flood": AlarmKind.WATER,
    "moisture": AlarmKind.WATER,
    "geofenceExit": AlarmKind.FENCE_EXIT,
    "tamper": AlarmKind.TAMPER,
    "tampering": AlarmKind.TAMPER,
    "removing": AlarmKind.TAMPER,
    "powerOff": AlarmKind.TAMPER,
    "lowBattery": AlarmKind.LOW_BATT,
    "lowPower": AlarmKind.LOW_BATT,
    "powerCut": AlarmKind.MAINS_LOST,
    "release": IGNORE,
    "maybe_fall": IGNORE,
    "fall_warning": IGNORE,
    "geofenceEnter": IGNORE,
    "powerOn": IGNORE,
    "powerRestored": IGNORE,
}
"""Words that mean the same at every maker; a binding overrules them."""

CRIES = frozenset({"emergency", "sos", "sos_alarm", "panic", "fall", "fall_alarm", "fallDown"})
"""Words that are an alarm wherever they stand."""

LONGEST_WORD = 32


@dataclass(frozen=True, slots=True)
class Happening:
    """Something alarm-like at an address. `addresses` are what a binding may name, the most exact first.

    `serial` is the maker's own count or time, if it sends one. `on` is None for a moment (a press), else whether a
    lasting state (smoke) holds: it rings when it begins. `flags` tell what was odd about the message. `quiet` is a
    word that may be anything until a binding names its address: unbound, it is not shown to the desk.
    """

    addresses: tuple[str, ...]
    word: str
    serial: str | None = None
    on: bool | None = None
    flags: tuple[Flag, ...] = ()
    quiet: bool = False
    batt: float | None = None
    position: Fields | None = None

    @property
    def rings(self) -> bool:
        """Whether it may be an alarm: a moment, or a state that holds."""
        return self.on is not False


@dataclass(frozen=True, slots=True)
class Sign:
    """How a foreign thing is, besides alarms; None is what it did not say. Any sign means that it was heard.

    `batt` is percent, `rssi` dBm, `lqi` zigbee's 0-255; `position` has the fields of an alarm's `loc`, its `crs` only
    where the message names one, since the device's own datum stands in the registry.
    """

    addresses: tuple[str, ...]
    online: bool | None = None
    batt: float | None = None
    low_batt: bool | None = None
    rssi: float | None = None
    lqi: float | None = None
    mains: bool | None = None
    tamper: bool | None = None
    fw: str | None = None
    position: Fields | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """A foreign thing that tells of itself, so that somebody may bind it; `words` are what it can say."""

    address: str
    adapter: str
    name: str | None = None
    maker: str | None = None
    model: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message says. `speaker` is whose report it is, empty where it is no device's report.

    `unreadable` is True for a report that no mending makes sense of: shown to the desk if its speaker is bound.
    """

    happenings: tuple[Happening, ...] = ()
    signs: tuple[Sign, ...] = ()
    discovered: tuple[Discovered, ...] = ()
    speaker: tuple[str, ...] = ()
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """A foreign address is this device, its words mean this, and its coordinates are of this system."""

    address: str
    device: str
    county: str
    meaning: Mapping[str, str]
    datum: str = Datum.WGS84


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


MEANINGS = frozenset(AlarmKind) - OURS
"""What a binding may make of a word, besides `ignore`."""


def meant(happening: Happening, binding: Binding) -> AlarmKind | None:
    """Kind of alarm; None if the binding says that this word is none. An unlisted word of a bound device rings."""
    word = binding.meaning.get(happening.word) or PLAIN.get(happening.word) or AlarmKind.SOS_UNKNOWN
    if word == IGNORE:
        return None
    return AlarmKind(word) if word in MEANINGS else AlarmKind.SOS_UNKNOWN


def relayed(
    topic: str, payload: bytes, happening: Happening, binding: Binding, now: datetime, *, late: bool = False
) -> Alarm | None:
    """The alarm that the binding makes of it. The bridge gives the identity, since the button has none.

    `late` is a press from before the binding, which somebody lets ring now.
    """
    kind = meant(happening, binding)
    if kind is None:
        return None
    content = f"{binding.address}|{happening.word}|{happening.serial or ''}".encode("utf-8", "replace")
    key = spare(content, now, REDELIVERED if happening.serial else ONE_PRESS)
    return Alarm(
        place=Place(binding.county, binding.device),
        topic=topic,
        payload=payload[:KEPT_BYTES],
        number=None,
        spare=key,
        eid=f"{binding.device}:x:{key.seq:x}",
        kind=kind,
        flags=_flags(kind, happening, late=late),
        loc=located(happening.position, binding.datum),
        batt=happening.batt,
        relayed=True,
    )


def _flags(kind: AlarmKind, happening: Happening, *, late: bool) -> tuple[Flag, ...]:
    unknown = (Flag.UNKNOWN_KIND,) if kind == AlarmKind.SOS_UNKNOWN else ()
    return (*unknown, *happening.flags, *((Flag.UNBOUND,) if late else ()))


def located(position: Fields | None, datum: str) -> Fields | None:
    """A position in WGS-84, from the system that the message names, else the device's own."""
    if position is None:
        return None
    return to_wgs84(position, str(position.get("crs") or datum))


LONGEST_ADDRESS = 200

REFUSALS: Mapping[str, str] = {
    "address_space": "the name has a space in it, and the broker would hang up on its hub: "
    "rename the device, e.g. with _",
    "address_sign": "the name has a sign in it that brokers keep for themselves (+ # * >): rename the device",
    "address_long": "the name is longer than 200 letters: rename the device",
}
"""Why a foreign name can't be bound, by code."""


def unfit(address: str) -> str | None:
    """Code of the reason why a foreign name can't be bound, None if it can.

    The embedded broker disconnects whoever publishes on a topic with a space in it. A telephone number is no topic.
    """
    address = address.removeprefix("sms/+")
    if any(letter.isspace() for letter in address):
        return "address_space"
    if any(letter in "+#*>" for letter in address) or not address.isprintable() or not address.strip("/"):
        return "address_sign"
    return "address_long" if len(address) > LONGEST_ADDRESS else None


def refusal(address: str) -> str | None:
    """Why a foreign name can't be bound, in words; None if it can."""
    code = unfit(address)
    return REFUSALS[code] if code else None
