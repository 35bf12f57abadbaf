"""How much a seat has to bear, by the numbers of ISA-18.2: rates, floods, noisy sources, what nobody has taken."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
FLOOD_BEGINS = 10
FLOOD_ENDS = 5
"""A flood begins with this many alarms within ten minutes, and ends under that many."""
CHATTER = 3
STALE = timedelta(hours=24)
TOP = 10


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of time."""

    since: datetime
    until: datetime

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.until - self.since).total_seconds()


@dataclass(frozen=True, slots=True)
class Source:
    """One of the noisiest: its alarms, its share of all, and the share of all that are at least as noisy."""

    name: str
    alarms: int
    share: float
    cumulative: float


def flooded(alarms: int, *, before: bool) -> bool:
    """Whether so many alarms in the last ten minutes are a flood; between the two limits it stays as it was."""
    return alarms >= FLOOD_BEGINS or (before and alarms >= FLOOD_ENDS)


def floods(times: Sequence[datetime], until: datetime) -> list[Span]:
    """Every flood up to `until`, the last one perhaps not over; `times` ascend."""
    changes = sorted([(at, 1) for at in times] + [(at + WINDOW, -1) for at in times])
    found: list[Span] = []
    count, began = 0, None
    for at, change in changes:
        if at > until:
            break
        count += change
        if began is None and flooded(count, before=False):
            began = at
        elif began is not None and not flooded(count, before=True):
            found.append(Span(began, at))
            began = None
    return found if began is None else [*found, Span(began, until)]


def flood_share(times: Sequence[datetime], over: Span) -> float:
    """Share of the time `over`, 0 to 1, that was spent in floods."""
    if over.seconds <= 0:
        return 0.0
    within = (_cut(flood, over) for flood in floods(times, over.until))
    return sum(max(0.0, piece.seconds) for piece in within) / over.seconds


def _cut(flood: Span, over: Span) -> Span:
    return Span(max(flood.since, over.since), min(flood.until, over.until))


def lately(times: Sequence[datetime], now: datetime) -> int:
    """Alarms of the last ten minutes; `times` ascend."""
    return bisect_right(times, now) - bisect_right(times, now - WINDOW)


def worst(times: Sequence[datetime]) -> int:
    """The most alarms within any ten minutes; `times` ascend."""
    return max((lately(times, at) for at in times), default=0)


def mean(times: Sequence[datetime], over: Span) -> float:
    """Alarms per ten minutes, over the whole time; a shorter time is not stretched to ten minutes."""
    many = sum(over.since <= at <= over.until for at in times)
    return many / max(1.0, over.seconds / WINDOW.total_seconds())


def unclaimed(waits: Iterable[tuple[datetime, datetime | None]], until: datetime) -> tuple[int, float]:
    """How many waited for a seat at once at most, and how many seconds the longest did; None: it still waits."""
    spans = [Span(since, end or until) for since, end in waits]
    changes = sorted([(span.since, 1) for span in spans] + [(span.until, -1) for span in spans])
    count = most = 0
    for _, change in changes:
        count += change
        most = max(most, count)
    return most, max((span.seconds for span in spans), default=0.0)


def noisiest(alarms: Mapping[str, int]) -> list[Source]:
    """The ten sources with most alarms, the noisiest first, as a Pareto list."""
    whole, running, found = sum(alarms.values()), 0, list[Source]()
    for name, many in sorted(alarms.items(), key=lambda one: (-one[1], one[0]))[:TOP]:
        running += many
        found.append(Source(name, many, many / whole, running / whole))
    return found


def chatters(times: Sequence[datetime]) -> bool:
    """Whether one source has said the same three times within ten minutes; `times` ascend."""
    return worst(times) >= CHATTER


def dealt(waiting: Sequence[str], holding: Mapping[str, int]) -> dict[str, str]:
    """Which seat each waiting incident is offered to: always the one with least to do, in a fixed order."""
    load = dict(holding)
    found: dict[str, str] = {}
    for incident in waiting:
        if load:
            seat = min(load, key=lambda one: (load[one], one))
            found[incident] = seat
            load[seat] += 1
    return found
