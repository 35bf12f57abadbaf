"""One press and what its device has heard about it: the retry rules of the wire contract, without any I/O."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulators import seal

FIRST_WAIT_S, GROWTH, LONGEST_WAIT_S, JITTER = 2.0, 1.7, 8.0, 0.2
PATIENCE = timedelta(minutes=30)
MISSES, ALONE = 3, timedelta(seconds=20)
"""After so many attempts without an answer, or so long after the press, the second path is tried too.

Not to find the broker at all is such an attempt.
"""


def wait_s(attempt: int, draw: Random) -> float:
    """Seconds from attempt number `attempt` (from 1) to the next: 2 s, 1.7 times more each time, at most 8, ± 20 %."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * GROWTH ** (attempt - 1)) * draw.uniform(1 - JITTER, 1 + JITTER)


@dataclass
class Press:
    """An alarm as its device sees it; `due` is when to send it (again), None while there is an answer."""

    device: str
    kind: str
    boot: int
    seq: int
    pressed_at: datetime
    due: datetime | None
    attempts: int = 0
    waits: int = 0
    misses: int = 0
    tries: int = 0
    tried_at: datetime | None = None
    receipts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def eid(self) -> str:
        """The same in every attempt."""
        return f"{self.device}:{self.boot}:{self.seq}"

    @property
    def recorded(self) -> bool:
        """Whether the platform has it for good."""
        return bool(self.receipts)

    @property
    def closed(self) -> bool:
        """Whether nothing more will come."""
        return self.recorded and self.receipts[-1]["stage"] == "closed"

    def over(self, now: datetime) -> bool:
        """Whether the device may forget it; never before it was recorded."""
        return self.closed or (self.recorded and now >= self.pressed_at + PATIENCE)

    def sent(self, now: datetime, draw: Random) -> None:
        """Count an attempt and set the next."""
        self.attempts += 1
        self.misses += 1
        self.waits += 1
        self.due = now + timedelta(seconds=wait_s(self.waits, draw))

    def ask_again(self, now: datetime) -> None:
        """Send it now: what was answered is answered again, with the latest stage."""
        self.waits = 0 if self.recorded else self.waits
        self.due = now

    def heard(self, receipt: dict[str, Any]) -> bool:
        """Stop repeating; keep the receipt unless a later one is known. Tell whether it was news."""
        self.due = None
        if self.receipts and receipt["rev"] <= self.receipts[-1]["rev"]:
            return False
        self.receipts.append(receipt)
        return True

    def other_way_at(self) -> datetime | None:
        """When to try the second path (again); None once there is an answer."""
        if self.recorded:
            return None
        if self.tried_at is not None:
            return self.tried_at + timedelta(seconds=LONGEST_WAIT_S)
        alone = self.pressed_at + ALONE
        return min(alone, self.due) if self.misses >= MISSES and self.due else alone

    def missed(self) -> None:
        """The broker was not to be found."""
        self.misses += 1

    def tried(self, now: datetime) -> None:
        """Count an attempt on the second path."""
        self.attempts += 1
        self.tries += 1
        self.tried_at = now

    def alarm(self, key: bytes | None = None, off_s: float = 0) -> dict[str, Any]:
        """The message of the next attempt, signed with `key`, by a clock that is wrong by `off_s`."""
        fields = {
            "v": 1, "eid": self.eid, "kind": self.kind, "boot": self.boot, "seq": self.seq,
            "ts": int((self.pressed_at.timestamp() + off_s) * 1000),
        }  # fmt: skip
        more = {} if key is None else {"mac": seal.tag(key, fields.values())}
        return {**fields, "attempt": self.attempts + 1, "path": "wifi", "batt": 88, **more}
