"""How times, names and places are written for the screens."""

import re
from datetime import UTC, datetime

from shared.vocabulary.people import masked

ROOM = re.compile(r"[\s-]*[A-Za-z]?\d+(?:室|号房|房)$")


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamp_or_none(at: datetime | None) -> str | None:
    """The same, where there may be no time."""
    return None if at is None else stamp(at)


def place_hint(address: str | None) -> str:
    """An address without its room, as much as an offer may show before it is accepted."""
    return ROOM.sub("", address or "")


def name_hint(name: str | None) -> str:
    """A masked name; empty when nobody is known."""
    return masked(name) if name else ""


def ring_of(priority: int, *, drill: bool) -> str:
    """Which sound a console makes."""
    if drill:
        return "drill"
    return {1: "sos", 2: "urgent"}.get(priority, "notice")
