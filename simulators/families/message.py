"""What all foreign things have in common: they say something when they start, and something when they are used."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import orjson


@dataclass(frozen=True, slots=True)
class Message:
    """As it goes over MQTT; `retain` asks the broker to keep it for whoever comes later."""

    topic: str
    payload: bytes
    retain: bool = False


def said(topic: str, content: Any, *, retain: bool = False) -> Message:
    """Text as it is, anything else as JSON."""
    payload = content.encode() if isinstance(content, str) else orjson.dumps(content)
    return Message(topic, payload, retain)


class Thing(Protocol):
    """A foreign thing; `now` is its own clock."""

    def started(self, now: datetime) -> list[Message]:
        """What it says after a start, some of it kept by the broker."""
        ...

    def used(self, now: datetime) -> list[Message]:
        """What it says when it is pressed, or when what it watches begins and ends."""
        ...
