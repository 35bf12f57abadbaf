"""One device that shouts a thousand times a second: heard, counted, and not allowed to drown the others.

The first alarms ring each for itself. What comes beyond that within the window is folded, a batch at a time: the
newest of each kind is stored and stands for the rest, and it rings once a second. Repetitions of one alarm are none
of this: they fold by their number. Nobody is refused, everybody gets a receipt.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.devices.domain.alarm import Alarm
from shared.vocabulary.alarms import AlarmKind, Flag

WINDOW = timedelta(seconds=10)
FREE = 20
"""Different alarms of one device in a window that ring each for itself."""

RINGS = timedelta(seconds=1)
MOST = 5000
"""Devices remembered; the quiet ones are forgotten first."""


@dataclass(slots=True)
class _Gauge:
    since: datetime
    seen: set[tuple[int, int]] = field(default_factory=set)
    rang: dict[AlarmKind, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sifted:
    """`kept` are to be stored; each of `folded` is counted in one of them."""

    kept: list[Alarm]
    folded: list[Alarm]


class Flood:
    """What a worker remembers of the last seconds."""

    def __init__(self) -> None:
        """Remember nothing."""
        self._gauges: dict[str, _Gauge] = {}

    def sift(self, alarms: Sequence[Alarm], now: datetime) -> Sifted:
        """Let through what is not too much; fold the rest of each device and kind into its newest."""
        self._forget(now)
        kept: list[Alarm] = []
        surplus: dict[tuple[str, AlarmKind], list[Alarm]] = {}
        for alarm in alarms:
            if self._gauge(alarm.place.device, now, alarm.key) <= FREE:
                kept.append(alarm)
            else:
                surplus.setdefault((alarm.place.device, alarm.kind), []).append(alarm)
        kept += [self._standing_for(many, now) for many in surplus.values()]
        return Sifted(kept, [alarm for many in surplus.values() for alarm in many[:-1]])

    def _gauge(self, device: str, now: datetime, key: tuple[int, int]) -> int:
        """How many different alarms of this device have come in the window; one that is known counts as the first."""
        gauge = self._gauges.get(device)
        if gauge is None or now - gauge.since >= WINDOW:
            gauge = self._gauges[device] = _Gauge(now)
        if key in gauge.seen:
            return 0
        if len(gauge.seen) <= FREE:
            gauge.seen.add(key)
        return len(gauge.seen)

    def _standing_for(self, many: Sequence[Alarm], now: datetime) -> Alarm:
        newest = many[-1]
        rang = self._gauges[newest.place.device].rang
        quiet = newest.kind in rang and now - rang[newest.kind] < RINGS
        if not quiet:
            rang[newest.kind] = now
        return replace(newest, flags=(*newest.flags, Flag.FLOOD), folds=len(many) - 1, quiet=quiet)

    def _forget(self, now: datetime) -> None:
        if len(self._gauges) > MOST:
            self._gauges = {d: g for d, g in self._gauges.items() if now - g.since < WINDOW}
