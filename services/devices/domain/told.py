"""What a device is told of its alarm, and how several pieces of news become one receipt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.devices.domain.mac import tag
from shared.vocabulary.alarms import Stage

SIGNED = ("v", "eid", "rev", "stage", "rx")
"""What our signature on a receipt is over."""


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt as the device will read it; `rx` is when we received the alarm."""

    device: str
    county: str
    eid: str
    rev: int
    stage: Stage
    rx: datetime
    incident: str | None = None
    who: str | None = None
    eta_s: int | None = None
    say: str | None = None
    signed: bool = False

    def wire(self, key: bytes | None = None) -> dict[str, str | int]:
        """Fields of the message; what is unknown is left out. Signed with `key`, where there is one."""
        every: dict[str, str | int | None] = {
            "v": 1,
            "eid": self.eid,
            "rev": self.rev,
            "stage": self.stage.wire,
            "incident": self.incident,
            "rx": round(self.rx.timestamp() * 1000),
            "who": self.who,
            "eta_s": self.eta_s,
            "say": self.say,
        }
        if key is not None:
            every["mac"] = tag(key, (every[name] for name in SIGNED))
        return {name: value for name, value in every.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Placed:
    """An alarm and the incident it belongs to."""

    alarm: UUID
    incident: str


@dataclass(frozen=True, slots=True)
class News:
    """How far help for an incident has come."""

    incident: str
    stage: Stage
    who: str | None = None
    eta_s: int | None = None
    say: str | None = None


def latest(news: Iterable[News]) -> list[News]:
    """One piece of news an incident, in order of incident: a stage never goes back, its details are the newest."""
    kept: dict[str, News] = {}
    for item in news:
        known = kept.get(item.incident)
        if known is None or item.stage >= known.stage:
            kept[item.incident] = item
    return [kept[incident] for incident in sorted(kept)]
