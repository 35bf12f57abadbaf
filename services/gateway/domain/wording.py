"""How times, names and places are written for the screens."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared.vocabulary.people import masked

ROOM = re.compile(r"[\s-]*[A-Za-z]?\d+(?:室|号房|房)$")
TIMES = frozenset({"at", "since", "until"})


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def stamp_or_none(at: datetime | None) -> str | None:
    """The same, where there may be no time."""
    return None if at is None else stamp(at)


def restamp(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line from the database's JSON, with its times as `stamp` writes them."""
    return {name: _restamped(value) if _is_time(name) else value for name, value in line.items()}


def _is_time(name: str) -> bool:
    return name.endswith("_at") or name in TIMES


def _restamped(value: str | None) -> str | None:
    return None if value is None else stamp(datetime.fromisoformat(value))


def place_hint(address: str | None) -> str:
    """An address without its room, as much as an offer may show before it is accepted."""
    return ROOM.sub("", address or "")


def name_hint(name: str | None) -> str:
    """A masked name; empty when nobody is known."""
    return masked(name) if name else ""


def number_hint(number: str) -> str:
    """A telephone number with its middle hidden; empty when the caller hides it whole."""
    digits = "".join(c for c in number if c.isdigit())
    digits = digits.removeprefix("86") if len(digits) == 13 else digits
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else "*" * max(0, len(digits) - 2) + digits[-2:]


def ring_of(priority: int, *, drill: bool) -> str:
    """Which sound a console makes."""
    if drill:
        return "drill"
    return {1: "sos", 2: "urgent"}.get(priority, "notice")
