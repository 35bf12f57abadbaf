"""Who serves which order, and when: the orders of a batch laid into what is booked already, with the ways between.

The tightest first: what few people can do, what must begin soonest, what needs most hands. Each takes the start at
which the ways grow least; people she knows are worth a detour. What is booked is never moved here.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import nsmallest
from types import MappingProxyType

from shared.vocabulary.geo import Position, distance_m

DETOUR = 1.3
LEAVING_S = 300.0
"""To end at one door and set out for the next."""
STEP = timedelta(minutes=15)
REACH = (30, 120, 480)
"""So many people are looked at for one order before more are."""
KNOWN_S = 600.0
"""So many seconds of travel a familiar face is worth."""
WAIT_WEIGHT = 0.02
LOAD_S = 60.0
"""So much an order weighs that somebody has already, so that work is spread."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Booked work: from, until (not included), where."""

    start: datetime
    end: datetime
    place: Position | None = None


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who can be booked: where the day begins, what is booked, when she works (empty: no shifts kept).

    `bookings` are in their order and do not overlap.
    """

    id: str
    base: Position
    speed_mps: float
    skills: frozenset[str] = frozenset()
    provider: str | None = None
    sex: str | None = None
    shifts: tuple[tuple[datetime, datetime], ...] = ()
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """An order to be planned. `barred` may not be sent to her; `known` have been with her before."""

    order: str
    place: Position | None
    first: datetime
    last: datetime
    minutes: int
    hands: int = 1
    skills: frozenset[str] = frozenset()
    provider: str | None = None
    sex: str | None = None
    barred: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    @property
    def length(self) -> timedelta:
        """How long it takes."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Plan:
    """When an order begins and who comes."""

    start: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of a batch: a plan, or why there is none."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    unplanned: Mapping[str, str] = field(default_factory=dict)


def plan(visits: Iterable[Visit], helpers: Iterable[Helper], now: datetime) -> Planned:
    """Lay each order into the day; the same input gives the same plan."""
    team, waiting = {h.id: h for h in helpers}, list(visits)
    able = {v.order: [h for h in sorted(team) if fit(v, team[h])] for v in waiting}
    plans: dict[str, Plan] = {}
    unplanned: dict[str, str] = {}
    for visit in sorted(waiting, key=lambda v: (len(able[v.order]) - v.hands, v.last, -v.hands, v.order)):
        found = _nearby(visit, [team[h] for h in able[visit.order]], now)
        if found is None:
            unplanned[visit.order] = "no_skill" if len(able[visit.order]) < visit.hands else "nobody_free"
            continue
        plans[visit.order] = found
        for one in found.people:
            team[one] = booked(team[one], visit, found.start)
    return Planned(MappingProxyType(plans), MappingProxyType(unplanned))


def fit(visit: Visit, helper: Helper) -> bool:
    """Whether this person may be sent to her for this at all."""
    return (
        visit.skills <= helper.skills
        and helper.id not in visit.barred
        and visit.provider in (None, helper.provider)
        and visit.sex in (None, helper.sex)
    )


def booked(helper: Helper, visit: Visit, start: datetime) -> Helper:
    """The same person with one more piece of work."""
    one = Booking(start, start + visit.length, visit.place)
    at = bisect([b.start for b in helper.bookings], one.start)
    return replace(helper, bookings=(*helper.bookings[:at], one, *helper.bookings[at:]))


def _nearby(visit: Visit, helpers: Sequence[Helper], now: datetime) -> Plan | None:
    """People who live or work near first; further away only when none of them can."""
    for reach in REACH:
        near = nsmallest(reach, helpers, key=lambda h: (h.id not in visit.known, _off_m(visit, h), h.id))
        found = _laid(visit, near, now)
        if found is not None or len(near) == len(helpers):
            return found
    return None


def _off_m(visit: Visit, helper: Helper) -> float:
    return distance_m(helper.base, visit.place) if visit.place else 0.0


def _laid(visit: Visit, helpers: Sequence[Helper], now: datetime) -> Plan | None:
    best: tuple[float, datetime, tuple[str, ...]] | None = None
    for start in _starts(visit, helpers, now):
        costs = sorted((cost, h.id) for h in helpers if (cost := cost_s(visit, h, start, now)) is not None)
        if len(costs) < visit.hands:
            continue
        chosen = costs[: visit.hands]
        waited = (start - visit.first).total_seconds() * WAIT_WEIGHT
        total = (sum(c for c, _ in chosen) + waited, start, tuple(h for _, h in chosen))
        best = total if best is None else min(best, total)
    return Plan(best[1], best[2]) if best else None


def _starts(visit: Visit, helpers: Sequence[Helper], now: datetime) -> list[datetime]:
    """Starts worth trying: the window in quarters of an hour, and as soon as somebody comes free."""
    first = max(visit.first, now)
    found = set[datetime]()
    at = first
    while at <= visit.last:
        found.add(at)
        at += STEP
    free = (b.end + travel(h, b.place, visit.place) for h in helpers for b in h.bookings)
    return sorted({*found, *(t for t in free if first <= t <= visit.last)})


def cost_s(visit: Visit, helper: Helper, start: datetime, now: datetime) -> float | None:
    """What this start costs this person in seconds; None where it cannot be."""
    end = start + visit.length
    if helper.shifts and not any(a <= start and end <= b for a, b in helper.shifts):
        return None
    at = bisect([b.start for b in helper.bookings], start)
    before = helper.bookings[at - 1] if at else None
    after = helper.bookings[at] if at < len(helper.bookings) else None
    way = travel(helper, before.place if before else helper.base, visit.place)
    if start < (before.end if before else now) + way:
        return None
    onward = travel(helper, visit.place, after.place) if after else timedelta()
    if after is not None and end + onward > after.start:
        return None
    spared = travel(helper, before.place if before else helper.base, after.place) if after else timedelta()
    grown = (way + onward - spared).total_seconds()
    return grown + LOAD_S * len(helper.bookings) - (KNOWN_S if helper.id in visit.known else 0.0)


def travel(helper: Helper, a: Position | None, b: Position | None) -> timedelta:
    """The way between two places, whole seconds; nothing where a place is not known."""
    if a is None or b is None or a == b:
        return timedelta()
    return timedelta(seconds=round(LEAVING_S + distance_m(a, b) * DETOUR / helper.speed_mps))
