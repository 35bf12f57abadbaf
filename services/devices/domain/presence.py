"""When a thing that is not heard any more counts as silent, and what its reports say is wrong with it.

Time in which we ourselves heard nothing counts for nobody: a limit is reached when that much has been *listened*.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.vocabulary.devices import DeviceKind, FaultKind

GRACE = timedelta(seconds=15)
"""How long after its last will a hub may still come back."""

TAKEN_OVER = timedelta(seconds=1)
"""A will this soon after a message is most likely of the older of two connections; silence would still show."""

LOW, ENOUGH, LAST = 15, 25, 5
"""Percent of battery: a fault from LOW down until ENOUGH; at LAST a press may fail."""

MOST_SLACK = timedelta(seconds=60)
MOST_CHILDREN = 500
LONGEST_WORD = 64

FINE: frozenset[FaultKind] = frozenset()
CALLING = frozenset({DeviceKind.BUTTON, DeviceKind.WEARABLE})
"""Kinds that a person calls for help with."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a thing speaks, and after how much silence it counts as gone."""

    beat: timedelta
    limit: timedelta


USUAL: Mapping[DeviceKind, int] = {
    DeviceKind.HUB: 60,
    DeviceKind.WEARABLE: 600,
    DeviceKind.BUTTON: 4 * 3600,
    DeviceKind.SENSOR: 4 * 3600,
}
"""Seconds between two beats, by kind; the other kinds are not watched."""


def rhythm(kind: DeviceKind, beat_s: int | None) -> Rhythm | None:
    """Rhythm of a device of this kind, with its own beat if it has one; None for a kind that is not watched."""
    if kind not in USUAL:
        return None
    beat = timedelta(seconds=beat_s or USUAL[kind])
    if kind is DeviceKind.HUB:
        return Rhythm(beat, 2 * beat + min(beat / 2, MOST_SLACK))
    return Rhythm(beat, 3 * beat)


class Gap(NamedTuple):
    """From when until when we heard nothing."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Ears:
    """Since when we hear without a gap (None: not now), and the gaps before, oldest first."""

    since: datetime | None
    gaps: Sequence[Gap] = ()

    def listened(self, start: datetime, length: timedelta) -> datetime:
        """The instant by which that much has been listened to from `start` on."""
        due = start + length
        for gap in self.gaps:
            if gap.begin >= due:
                break
            due += max(timedelta(0), gap.end - max(gap.begin, start))
        return due


def silent_at(seen: datetime, will: datetime | None, it: Rhythm, ears: Ears) -> datetime | None:
    """When a device last heard at `seen` counts as silent; None while we are deaf ourselves.

    `will` is when a hub's last will came after that. A whole beat is listened to first after every gap.
    """
    if ears.since is None:
        return None
    due = ears.listened(seen, it.limit)
    if will is not None:
        due = min(due, ears.listened(will, GRACE))
    return max(due, ears.since + it.beat)


class Child(NamedTuple):
    """What a hub says of a sensor behind it; `seen_s` is how many seconds ago the hub heard it."""

    device: str
    batt: float | None
    seen_s: float | None


class Report(NamedTuple):
    """What a device says of itself; None is not said. `low` is what some makers say instead of a percentage."""

    batt: float | None = None
    rssi: float | None = None
    mains: bool | None = None
    fw: str | None = None
    tamper: bool | None = None
    low: bool | None = None
    children: Sequence[Child] = ()


NOTHING = Report()


def read(content: object) -> Report:
    """Read a heartbeat's JSON forgivingly: a field that makes no sense was not said."""
    if not isinstance(content, dict):
        return NOTHING
    said = content.get
    children = said("children")
    return Report(
        _between(said("batt"), 0, 100), _between(said("rssi"), -200, 50), _truth(said("mains")), _word(said("fw")),
        _truth(said("tamper")), None, _children(children) if children else (),
    )  # fmt: skip


def wrong_by(had: frozenset[FaultKind], report: Report, *, on_mains: bool) -> frozenset[FaultKind]:
    """What is wrong with a device after this report. `on_mains`: it is known to live on mains power."""
    batt, mains, tamper = report.batt, report.mains, report.tamper
    if not had and (batt is None or batt > LOW) and mains is not False and not tamper and not report.low:
        return had
    now = set(had)
    if batt is not None:
        _mark(now, FaultKind.LOW_BATT, begins=batt <= LOW, ends=batt >= ENOUGH)
    elif report.low is not None:
        _mark(now, FaultKind.LOW_BATT, begins=report.low, ends=not report.low)
    if mains is not None:
        _mark(now, FaultKind.MAINS_LOST, begins=not mains and on_mains, ends=mains)
    if tamper is not None:
        _mark(now, FaultKind.TAMPER, begins=tamper, ends=not tamper)
    return frozenset(now)


def protects(fault: FaultKind, device: DeviceKind, batt: float | None, others: int) -> bool:
    """Whether this fault takes her protection away; `others` are her further things that can still call."""
    mute = fault is FaultKind.OFFLINE or (fault is FaultKind.LOW_BATT and batt is not None and batt <= LAST)
    return mute and (device is DeviceKind.HUB or (device in CALLING and others == 0))


def _mark(wrong: set[FaultKind], fault: FaultKind, *, begins: bool, ends: bool) -> None:
    if begins:
        wrong.add(fault)
    elif ends:
        wrong.discard(fault)


def _between(value: object, low: float, high: float) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    return None


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_WORD and value.isprintable() else None


def _children(value: object) -> list[Child]:
    if not isinstance(value, list):
        return []
    return [
        Child(device, _between(child.get("batt"), 0, 100), _between(child.get("seen_s"), 0, float("inf")))
        for child in value[:MOST_CHILDREN]
        if isinstance(child, dict) and isinstance(device := child.get("device"), str)
    ]
