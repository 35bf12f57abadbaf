"""Reading an alarm, forgivingly: whatever a device says on its own topic rings.

Nothing here raises and nothing is refused. What cannot be understood is flagged (未核验) and rings as `sos_unknown`.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

from services.devices.domain.identity import FOR_EVER, REPEATS, Spare, lasting, spare
from services.devices.domain.mac import fits
from services.devices.domain.topics import Place
from shared.vocabulary.alarms import OURS, AlarmKind, Flag
from shared.vocabulary.crs import to_wgs84
from shared.vocabulary.geo import Position

VERSION = 1
KEPT_BYTES = 16 * 1024
READ_BYTES = 4 * KEPT_BYTES
AHEAD = timedelta(minutes=5)
BEHIND = timedelta(hours=24)
COUNTER_END = 2**53
DATUMS = frozenset({"wgs84", "gcj02", "bd09"})
LAST_MS = 4_102_444_800_000
"""Start of the year 2100; a later claim is no time at all."""

SIGNED = ("v", "eid", "kind", "boot", "seq", "ts")
"""What a device's signature is over."""

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Number:
    """The device's own count: (device, boot, seq) is one alarm for ever."""

    boot: int
    seq: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it will be stored. `place.county` is the topic's; the registry decides the division."""

    place: Place
    topic: str
    payload: bytes
    number: Number | None
    spare: Spare
    eid: str
    kind: AlarmKind
    flags: tuple[Flag, ...] = ()
    claimed_at: datetime | None = None
    happened_at: datetime | None = None
    loc: Fields | None = None
    batt: float | None = None
    path: str | None = None
    relayed: bool = False
    seal: "Seal | None" = None
    signed: bool = False
    folds: int = 0
    quiet: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """What tells one alarm of a device from another."""
        return (self.number.boot, self.number.seq) if self.number else (-1, self.spare.seq)


@dataclass(frozen=True, slots=True)
class Seal:
    """The signature an alarm came with, and what it is over."""

    parts: tuple[object, ...]
    mac: str


def checked(alarm: Alarm, key: bytes | None) -> Alarm:
    """With its signature looked at: good, or flagged (未核验). It rings all the same."""
    if alarm.seal is None:
        return alarm
    if key is not None and fits(key, alarm.seal.parts, alarm.seal.mac):
        return replace(alarm, signed=True)
    return replace(alarm, flags=(*alarm.flags, Flag.BAD_MAC))


def read(place: Place, topic: str, payload: bytes, content: object, now: datetime, *, retained: bool) -> Alarm:
    """Make an alarm of a message; `content` is its JSON, None where that is broken."""
    flags: list[Flag] = []
    if len(payload) > KEPT_BYTES:
        flags.append(Flag.OVERSIZE)
    fields = content if isinstance(content, dict) else None
    if fields is None:
        flags.append(Flag.UNPARSED)
    return _read(place, topic, payload, fields or {}, flags, now, retained=retained)


def _read(
    place: Place, topic: str, payload: bytes, fields: Fields, flags: list[Flag], now: datetime, *, retained: bool
) -> Alarm:
    if fields and (fields.get("v") != VERSION or isinstance(fields.get("v"), bool)):
        flags.append(Flag.WRONG_VERSION)
    number = _number(fields)
    if number is None:
        flags.append(Flag.NO_SEQUENCE)
    claimed = _instant(fields.get("ts"))
    reach = FOR_EVER if retained else REPEATS
    content = _repeated(fields, payload) if number is None else f"{fields.get('eid')}|{fields.get('ts')}".encode()
    key = spare(content, now, reach)
    return Alarm(
        place=place,
        topic=topic,
        payload=payload[:KEPT_BYTES],
        number=number,
        spare=key,
        eid=_text(fields.get("eid"), 128) or _eid(place, number, key),
        kind=_kind(fields, flags),
        claimed_at=claimed,
        happened_at=_happened(fields, claimed, flags, now),
        loc=_location(fields.get("loc"), flags),
        batt=_amount(fields.get("batt")),
        path=_text(fields.get("path"), 16),
        flags=tuple(flags),
        seal=_seal(fields),
    )


def _seal(fields: Fields) -> Seal | None:
    mac = fields.get("mac")
    if not isinstance(mac, str) or not mac:
        return None
    return Seal(tuple(fields.get(name) for name in SIGNED), mac)


def _repeated(fields: Fields, payload: bytes) -> bytes:
    return lasting(fields) if fields else payload


def _number(fields: Fields) -> Number | None:
    boot, seq = fields.get("boot"), fields.get("seq")
    return Number(boot, seq) if _counter(boot) and _counter(seq) else None


def _counter(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < COUNTER_END


def _eid(place: Place, number: Number | None, key: Spare) -> str:
    if number is None:
        return f"{place.device}:x:{key.seq:x}"
    return f"{place.device}:{number.boot}:{number.seq}"


def _kind(fields: Fields, flags: list[Flag]) -> AlarmKind:
    said = str(fields.get("kind"))
    if said in set(AlarmKind) - OURS:
        return AlarmKind(said)
    if fields:
        flags.append(Flag.UNKNOWN_KIND)
    return AlarmKind.SOS_UNKNOWN


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LAST_MS:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _happened(fields: Fields, claimed: datetime | None, flags: list[Flag], now: datetime) -> datetime | None:
    """Believe the device's clock within reason; a report of response times must not learn from a wrong one."""
    if claimed is None:
        if fields.get("ts") is not None:
            flags.append(Flag.CLOCK_AHEAD if _beyond(fields["ts"]) else Flag.CLOCK_BEHIND)
        return None
    if claimed > now + AHEAD:
        flags.append(Flag.CLOCK_AHEAD)
        return None
    if claimed < now - BEHIND:
        flags.append(Flag.CLOCK_BEHIND)
        return None
    return claimed


def _beyond(value: object) -> bool:
    return isinstance(value, int | float) and value >= LAST_MS


def _location(value: object, flags: list[Flag]) -> Fields | None:
    if value is None:
        return None
    found = _position(value) if isinstance(value, dict) else None
    if found is None:
        flags.append(Flag.BAD_POSITION)
    return found


def _position(fields: Fields) -> Fields | None:
    lat, lon = _amount(fields.get("lat")), _amount(fields.get("lon"))
    datum = fields.get("crs", "wgs84")
    if lat is None or lon is None or datum not in DATUMS or not Position(lat, lon).plausible:
        return None
    return to_wgs84(
        {
            "lat": lat,
            "lon": lon,
            "acc_m": _amount(fields.get("acc_m")),
            "src": _text(fields.get("src"), 16),
            "at": at if _counter(at := fields.get("at")) else None,
        },
        str(datum),
    )


def _amount(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > COUNTER_END:
        return None
    return value


def _text(value: object, longest: int) -> str | None:
    """A short printable text; the database takes no NUL and no half of a surrogate pair."""
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        return None
    return value
