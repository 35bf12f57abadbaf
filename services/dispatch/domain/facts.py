"""A fact is what happened, past tense, with everything needed to tell the story again."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of one incident: dotted tag, JSON-able body, who did it."""

    tag: str
    body: dict[str, Any]
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When and by whom something is decided, and where new identifiers come from."""

    now: datetime
    actor: str
    mint: Callable[[], UUID] = field(repr=False)

    def fact(self, tag: str, **body: object) -> Fact:
        """Record a fact at this moment."""
        return Fact(tag, body, self.now, self.actor)


def instant(value: datetime | str) -> datetime:
    """Read an instant from a body, as decided or as replayed from the log."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def identifier(value: UUID | str) -> UUID:
    """Read an identifier from a body, as decided or as replayed from the log."""
    return value if isinstance(value, UUID) else UUID(value)
