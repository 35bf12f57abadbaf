"""What speaks against a finished visit: that nobody was there, or not for long, or that somebody else signed.

Every sign has a weight and says why; together they make a score. A person decides about those above `DOUBTFUL`, and
nothing ever follows by itself. Positions and times are those our server took, so nothing can be filled in afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain.looks import ALIKE, apart, bands
from shared.vocabulary.geo import Position, distance_m

DOUBTFUL = 50
FASTEST_MPS = 35.0
"""126 km/h, door to door and in a straight line."""
NEAR_M = 500
FAR_M = 300
FAR_FROM_CODE_M = 1000
"""Beside a label that was read or a button that was pressed, a position has to be this far off to count."""
TOO_VAGUE_M = 300
SHORT, SHORTISH = 0.4, 0.6
"""Of the minutes agreed."""
OLD = timedelta(minutes=15)
HANDED_ON = timedelta(minutes=30)
SAME_DAY = timedelta(hours=6)
WEIGHTS: Mapping[str, int] = {
    "same_photo": 80, "too_fast": 70, "far": 60, "short_stay": 60, "shared_phone": 60, "alike_photo": 55,
    "no_proof": 30, "shortish": 25, "told_late": 25, "old_photo": 25, "phone_handed_on": 15,
}  # fmt: skip
NOT_THERE = frozenset({"too_fast", "far", "shared_phone", "no_proof"})
"""Signs that she was somewhere else, or that somebody else signed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A proof as it was stored: `phase` arrive or leave, `kind` position, home_code or button."""

    phase: str
    kind: str
    holds: bool
    dist_m: int | None = None
    accuracy_m: int | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo handed in. `taken_at` is the phone's word."""

    digest: str
    look: int | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A finished visit. `phones`: for each person the browsers she was logged in with, and since when with each.

    `proves`, `leaves`: whether coming and leaving are to be shown. `told_late`: a step was told later than it was made.
    Times are the server's.
    """

    order: str
    home: str
    lat: float
    lon: float
    minutes: int
    arrived_at: datetime
    left_at: datetime
    phones: Mapping[str, Mapping[str, datetime]]
    proves: bool = True
    leaves: bool = True
    told_late: bool = False
    proofs: Sequence[Shown] = ()
    photos: Sequence[Photo] = ()

    @property
    def people(self) -> frozenset[str]:
        """Who was there."""
        return frozenset(self.phones)


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign: its code, how much it weighs, and the figures that it was seen by."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Points of a hundred."""
        return WEIGHTS[self.code]


def score(reasons: Iterable[Reason]) -> int:
    """How much speaks against a visit, 0 to 100."""
    return min(100, sum(one.weight for one in reasons))


def judged(visits: Iterable[Visit], before: Iterable[Visit], album: "Album") -> dict[str, tuple[Reason, ...]]:
    """Reasons for each visit, by order. `before` are visits that say where somebody was, of about the same time.

    Visits are taken as they ended. Of two that exclude each other the one is doubted that rests on a label alone, else
    the later; each of `before` has its own turn.
    """
    visits, before = list(visits), list(before)
    known, phones = _Known(before), _Phones((*visits, *before))
    found: dict[str, tuple[Reason, ...]] = {}
    for visit in sorted(visits, key=lambda it: (it.left_at, it.order)):
        reasons = [*_by_itself(visit), *album.doubts(visit), *phones.doubts(visit)]
        for other, reason in known.too_fast(visit):
            if _weaker(visit, other):
                reasons.append(reason)
                break
            if other.order in found:
                found[other.order] += (replace(reason, params={**reason.params, "order": visit.order}),)
                known.drop(other)
        found[visit.order] = tuple(reasons)
        if says_where(visit, reasons):
            known.add(visit)
    return found


def says_where(visit: Visit, reasons: Sequence[Reason]) -> bool:
    """Whether a visit says where somebody was: nothing speaks against it, or only what she did while she was there."""
    there = _stood_there(visit) and not any(one.code in NOT_THERE for one in reasons)
    return there or score(reasons) < DOUBTFUL


def _weaker(one: Visit, other: Visit) -> bool:
    """Whether of two visits that exclude each other the first is the one to doubt."""
    mine, hers = _stood_there(one), _stood_there(other)
    return hers if mine != hers else _earlier(other, one)


def _stood_there(visit: Visit) -> bool:
    return any(one.holds and one.kind != "home_code" for one in visit.proofs)


def _by_itself(visit: Visit) -> Iterator[Reason]:
    stayed = (visit.left_at - visit.arrived_at).total_seconds() / 60
    if visit.leaves and stayed < SHORTISH * visit.minutes:
        code = "short_stay" if stayed < SHORT * visit.minutes else "shortish"
        yield Reason(code, {"minutes": max(0, int(stayed)), "agreed": visit.minutes})
    if far := max((_off(visit, one) for one in visit.proofs), default=0):
        yield Reason("far", {"metres": far})
    if visit.proves and not any(one.holds and one.phase == "arrive" for one in visit.proofs):
        yield Reason("no_proof")
    if visit.told_late:
        yield Reason("told_late")
    taken = [one.taken_at for one in visit.photos if one.taken_at]
    if any(not visit.arrived_at - OLD <= at <= visit.left_at + OLD for at in taken):
        yield Reason("old_photo")


def _off(visit: Visit, it: Shown) -> int:
    """Metres by which a position is surely away from her home; 0 where a better one followed or it says nothing."""
    if it.dist_m is None or it.accuracy_m is None or it.accuracy_m > TOO_VAGUE_M:
        return 0
    same = [one for one in visit.proofs if one.phase == it.phase and one.holds]
    if any(one.kind == "position" for one in same):
        return 0
    off = it.dist_m - it.accuracy_m
    return off if off > (FAR_FROM_CODE_M if same else FAR_M) else 0


class Album:
    """Photos of visits, found again by their bytes and by their look."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        """Lay in the photos of all visits that are looked at and of those that may resemble them."""
        self._same: dict[str, list[Visit]] = defaultdict(list)
        self._alike: dict[int, list[tuple[Visit, int]]] = defaultdict(list)
        for visit in visits:
            for photo in visit.photos:
                self._same[photo.digest].append(visit)
                for band in bands([photo.look]) if photo.look is not None else ():
                    self._alike[band].append((visit, photo.look or 0))

    def doubts(self, visit: Visit) -> Iterator[Reason]:
        """At most one reason: the very same bytes as at an earlier visit, or the same picture in another home."""
        if (earlier := self._bytes(visit)) is not None:
            yield Reason("same_photo", {"order": earlier.order})
        elif (earlier := self._picture(visit)) is not None:
            yield Reason("alike_photo", {"order": earlier.order})

    def _bytes(self, visit: Visit) -> Visit | None:
        others = (one for photo in visit.photos for one in self._same[photo.digest])
        return next((one for one in others if _earlier(one, visit)), None)

    def _picture(self, visit: Visit) -> Visit | None:
        for look in (photo.look for photo in visit.photos):
            for band in bands([look]) if look is not None else ():
                for one, other in self._alike[band]:
                    if one.home != visit.home and _earlier(one, visit) and apart(look or 0, other) <= ALIKE:
                        return one
        return None


def _earlier(one: Visit, visit: Visit) -> bool:
    return (one.left_at, one.order) < (visit.left_at, visit.order)


class _Known:
    """Visits that say where somebody was, by who made them."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._of: dict[str, list[Visit]] = defaultdict(list)
        for one in visits:
            self.add(one)

    def add(self, visit: Visit) -> None:
        for person in visit.people:
            self._of[person].append(visit)

    def drop(self, visit: Visit) -> None:
        for person in visit.people:
            self._of[person].remove(visit)

    def too_fast(self, visit: Visit) -> list[tuple[Visit, Reason]]:
        """Visits of the same people that exclude this one, each with the reason."""
        others = (one for person in visit.people for one in self._of[person] if one.order != visit.order)
        return [(one, reason) for one in others if (reason := _too_fast(one, visit))]


class _Phones:
    """Which telephone was used for which visits. It belongs to who was logged in with it first."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._with: dict[str, list[tuple[Visit, str, datetime]]] = defaultdict(list)
        for visit in visits:
            for person, phones in visit.phones.items():
                for phone, since in phones.items():
                    self._with[phone].append((visit, person, since))

    def doubts(self, visit: Visit) -> Iterator[Reason]:
        """At most one reason, the gravest: somebody else's telephone, at her own visit or just before or after it."""
        found = (
            reason for person, phones in visit.phones.items() for phone, since in phones.items()
            for one, owner, first in self._with[phone]
            if owner != person and first < since and (reason := _borrowed(visit, one))
        )  # fmt: skip
        yield from sorted(found, key=lambda reason: -reason.weight)[:1]


def _borrowed(visit: Visit, hers: Visit) -> Reason | None:
    gap = max(visit.arrived_at - hers.left_at, hers.arrived_at - visit.left_at)
    if gap >= HANDED_ON:
        return None
    return Reason("shared_phone" if gap < timedelta(0) else "phone_handed_on", {"order": hers.order})


def _too_fast(one: Visit, visit: Visit) -> Reason | None:
    """Whether somebody cannot have been at both homes when she says so."""
    first, then = sorted((one, visit), key=lambda it: it.arrived_at)
    gap = (then.arrived_at - first.left_at).total_seconds()
    metres = distance_m(Position(one.lat, one.lon), Position(visit.lat, visit.lon))
    if gap > SAME_DAY.total_seconds() or metres <= NEAR_M or metres - NEAR_M <= FASTEST_MPS * gap:
        return None
    told = {"order": one.order, "metres": round(metres), "seconds": max(0, int(gap))}
    return Reason("too_fast", told)
