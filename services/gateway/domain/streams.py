"""When an inbox is replayed and when it is sent whole; what a socket may do."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

REPLAY_AT_MOST = 1000
WINDOW = timedelta(hours=24)
KEPT = timedelta(hours=25)

Reason = Literal["window", "epoch", "client"]

BYE_RESTART = 4001
SLOW = 4008
POSITION_LOST = 4009
NO_PONG = 4012
TOO_MANY = 4029
BAD_FRAME = 4400
UNAUTHENTICATED = 4401
FORBIDDEN = 4403
REPLACED = 4409
REVOKED = 4410
TOO_OLD = 4426


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection may do, in real seconds, frames and characters."""

    hello_s: float = 5
    ping_s: float = 15
    pong_s: float = 5
    send_s: float = 5
    tick_s: float = 1
    session_s: float = 2
    queue_frames: int = 256
    queue_chars: int = 1024 * 1024
    inbound_per_s: float = 20
    inbound_burst: float = 200
    sockets_per_user: int = 8


FRAME_COST = {"ack": 0.05, "pong": 0.2, "seen": 0.5}
"""Share of an inbound frame; a busy desk acknowledges often and must not be taken for a flood."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an inbox stands: `held` tells whether the event after the client's position is still kept."""

    inbox: str
    epoch: str
    head: int
    held: bool


def replayable(position: Position, epoch: str, seq: int) -> Reason | None:
    """Why the inbox must be sent whole, or None when the client's position can be continued."""
    if not epoch:
        return "client"
    if epoch != position.epoch or seq > position.head:
        return "epoch"
    gap = position.head - seq
    return None if gap == 0 or (gap <= REPLAY_AT_MOST and position.held) else "window"


def older_build(mine: str, wanted: str) -> bool:
    """Whether a console's build came before `wanted`; builds are numbers divided by anything, missing ones are 0."""
    have, need = ([int(number) for number in re.findall(r"\d+", build)] for build in (mine, wanted))
    length = max(len(have), len(need))
    return bool(have) and have + [0] * (length - len(have)) < need + [0] * (length - len(need))


@dataclass(frozen=True, slots=True)
class SeenRef:
    """What an inbox event id stands for when a screen says it was seen."""

    incident: str
    offer: UUID | None
    division: str


def seen_ref(type_: str, d: dict[str, object], division: str) -> SeenRef | None:
    """What may be reported as seen; None for events that nobody waits for."""
    if type_ != "job.offered" and not type_.startswith("incident."):
        return None
    offer = d.get("offer")
    return SeenRef(str(d["incident"]), UUID(str(offer)) if offer else None, division)


class Allowance:
    """A leaky allowance of inbound frames."""

    def __init__(self, limits: Limits, at: float) -> None:
        """Start with the whole burst at the instant `at` (seconds of any rising clock)."""
        self._limits = limits
        self._left = limits.inbound_burst
        self._at = at

    def spend(self, cost: float, at: float) -> bool:
        """Whether this frame is still allowed."""
        self._left += (at - self._at) * self._limits.inbound_per_s
        self._left = min(self._left, self._limits.inbound_burst) - cost
        self._at = at
        return self._left >= 0
