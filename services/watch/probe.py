"""One press of a canary and what the last ones say of the house. Pure: instants are handed in."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

AGAIN = timedelta(minutes=1)
FIRST_WAIT_S, GROWTH, LONGEST_WAIT_S = 2.0, 1.7, 8.0
ANSWERED = frozenset({"accepted", "arrived", "closed"})
"""Receipt stages that say somebody goes; the later ones are reached through it."""


def wait_s(attempt: int) -> float:
    """Seconds from an attempt (from 1) to the next, as docs/wire/devices.md asks; alone, it needs no jitter."""
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * GROWTH ** (attempt - 1))


class Reached(IntEnum):
    """How far a probe has come, as we saw it ourselves; a later stage includes the earlier."""

    NOTHING = 0
    SENT = 1
    """The broker has taken the press."""
    RECORDED = 2
    """The device has heard that its press is stored."""
    OFFERED = 3
    """The canary's console has been asked to go."""
    ACCEPTED = 4
    """The console's yes was taken; the device has not heard of it yet."""
    RETURNED = 5
    """The device has heard that somebody goes."""

    @property
    def word(self) -> str:
        """As told in a breach."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Probe:
    """A press on its way round the house."""

    device: str
    boot: int
    seq: int
    pressed_at: datetime
    reached: Reached = Reached.NOTHING
    heard: bool = False
    """Whether any receipt came; until then a device repeats its press."""

    @property
    def eid(self) -> str:
        """The event's id, as in every alarm."""
        return f"{self.device}:{self.boot}:{self.seq}"

    def next(self, now: datetime) -> "Probe":
        """The following press of the same start of the device."""
        return Probe(self.device, self.boot, self.seq + 1, now)

    def at(self, stage: Reached) -> "Probe":
        """The same probe seen at a stage; it never falls back."""
        return replace(self, reached=max(self.reached, stage))

    def told(self, eid: str, stage: str) -> "Probe":
        """The same probe after its device heard a receipt; one of another press says nothing."""
        if eid != self.eid:
            return self
        return replace(self.at(Reached.RETURNED if stage in ANSWERED else Reached.RECORDED), heard=True)

    def alarm(self, attempt: int) -> dict[str, object]:
        """The message of one attempt, from 1 (shared.contracts.device.DeviceAlarm)."""
        return {
            "v": 1, "eid": self.eid, "kind": "sos", "boot": self.boot, "seq": self.seq,
            "ts": int(self.pressed_at.timestamp() * 1000), "attempt": attempt,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What a county's probes have come to so far."""

    sent: int = 0
    returned: int = 0
    last_ms: int | None = None
    missing_since: datetime | None = None
    told_at: datetime | None = None

    @property
    def missed(self) -> int:
        """How many did not come back in time."""
        return self.sent - self.returned

    def back(self, probe: Probe, now: datetime) -> "Standing":
        """One came back; whatever was missing is well again."""
        took = round((now - probe.pressed_at) / timedelta(milliseconds=1))
        return Standing(self.sent + 1, self.returned + 1, took)

    def lost(self, probe: Probe) -> "Standing":
        """One did not come back in time."""
        return replace(self, sent=self.sent + 1, missing_since=self.missing_since or probe.pressed_at)

    def must_tell(self, now: datetime) -> bool:
        """Whether people must be told: at once, and again each minute while it lasts."""
        return self.missing_since is not None and (self.told_at is None or now - self.told_at >= AGAIN)

    def told(self, now: datetime) -> "Standing":
        """People have been told."""
        return replace(self, told_at=now)
