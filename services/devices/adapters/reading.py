"""Reading what makers write, forgivingly: a value that is not what it should be is None, never an error."""

import math
from collections.abc import Iterator, Mapping
from datetime import datetime

import orjson

from services.devices.domain.foreign import LONGEST_WORD
from shared.vocabulary.geo import Position

MOST_BYTES = 1024 * 1024
"""A hub's list of all its devices is long; nothing longer is read."""

TRUE = frozenset({"true", "on", "yes", "1"})
FALSE = frozenset({"false", "off", "no", "0"})
LONGEST_TEXT = 200


def opened(payload: bytes) -> object:
    """The payload's JSON; None where it is none, or far too long."""
    if len(payload) > MOST_BYTES:
        return None
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


def text_of(payload: bytes) -> str:
    """The payload as plain text, without what is around it."""
    return payload[:MOST_BYTES].decode("utf-8", "replace").strip()


def fields_of(value: object) -> Mapping[str, object]:
    """An object's fields; none for anything else."""
    return value if isinstance(value, dict) else {}


def items_of(value: object) -> list[object]:
    """A list's items; none for anything else."""
    return value if isinstance(value, list) else []


def text(value: object) -> str | None:
    """A short printable text; the database takes no NUL and no half of a surrogate pair."""
    if not isinstance(value, str):
        return None
    kept = value.strip()
    return kept if 0 < len(kept) <= LONGEST_TEXT and kept.isprintable() else None


def word(value: object) -> str | None:
    """What somebody may have said with a press: a text, or a number as text; None for empty and null."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return "".join(filter(str.isprintable, str(value))).strip()[:LONGEST_WORD] or None


def amount(value: object) -> float | None:
    """A finite number, also where it is written as a text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def percent(value: object) -> float | None:
    """0 to 100."""
    found = amount(value)
    return found if found is not None and 0 <= found <= 100 else None


def truth(value: object) -> bool | None:
    """Yes or no in any of the usual spellings; None for null, empty and everything else."""
    if isinstance(value, bool):
        return value
    said = str(value).strip().lower() if isinstance(value, str | int | float) else ""
    return True if said in TRUE else False if said in FALSE else None


def serial(value: object) -> str | None:
    """A maker's count or time as text."""
    return None if value is None else str(value)[:LONGEST_TEXT]


def place(lat: object, lon: object, acc_m: object = None, at: object = None) -> dict[str, object] | None:
    """Fields of a position, as in an alarm's `loc`; None where this is no place on Earth."""
    north, east = amount(lat), amount(lon)
    if north is None or east is None or not Position(north, east).plausible:
        return None
    within = amount(acc_m)
    return {"lat": north, "lon": east, "acc_m": within or None, "src": None, "at": _millis(at)}


def _millis(at: object) -> int | None:
    """Milliseconds since 1970 from a number of them or an ISO 8601 text."""
    if isinstance(at, int) and not isinstance(at, bool):
        return at if 0 <= at < 2**53 else None
    try:
        return round(datetime.fromisoformat(at).timestamp() * 1000) if isinstance(at, str) else None
    except (ValueError, OverflowError):
        return None


def leaves(value: object, deep: int = 6) -> Iterator[object]:
    """Everything in a value that is itself no list and no object."""
    if isinstance(value, dict | list) and deep:
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item, deep - 1)
    elif not isinstance(value, dict | list):
        yield value
