"""Roads of the synthetic county: lanes about every village, ways between the villages of a town, roads between towns.

The same for ever; no road of it exists. Shape of a row: from_lat, from_lon, to_lat, to_lon, metres, one_way.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import ceil, pi

from shared.vocabulary.geo import Position, distance_m
from simulators.places import TOWN_CENTRES, Village, shifted, villages

STEP_M = 250.0
SPOKES, LANES = 6, 3
WINDING = 1.15
"""A road is longer than the straight line between its ends."""

Row = tuple[float, float, float, float, float, bool]


@cache
def roads() -> tuple[Row, ...]:
    """Every stretch of the county's roads."""
    found = [row for village in villages() for row in _lanes(village)]
    for town, centre in TOWN_CENTRES.items():
        found += _joined([centre, *(v.centre for v in villages() if v.town == town)])
    return (*found, *_joined(list(TOWN_CENTRES.values())))


def _lanes(village: Village) -> Iterator[Row]:
    """Spokes from the middle, and a lane that goes round at the end of each step."""
    for lane in range(1, LANES + 1):
        for spoke in range(SPOKES):
            here, inner = _corner(village, spoke, lane), _corner(village, spoke, lane - 1)
            yield _row(inner, here)
            yield _row(here, _corner(village, (spoke + 1) % SPOKES, lane))


def _corner(village: Village, spoke: int, lane: int) -> Position:
    return shifted(village.centre, lane * STEP_M, 2 * pi * spoke / SPOKES) if lane else village.centre


def _joined(places: Sequence[Position]) -> Iterator[Row]:
    """The shortest ways that reach every place, each place joined to its nearest that is reached already."""
    reached, left = [places[0]], list(places[1:])
    while left:
        begin, end = min(((a, b) for a in reached for b in left), key=lambda pair: distance_m(*pair))
        reached.append(end)
        left.remove(end)
        yield from _stretches(begin, end)


def _stretches(begin: Position, end: Position) -> Iterable[Row]:
    steps = max(1, ceil(distance_m(begin, end) / STEP_M))
    points = [_between(begin, end, n / steps) for n in range(steps + 1)]
    return [_row(a, b) for a, b in pairwise(points)]


def _between(begin: Position, end: Position, share: float) -> Position:
    lat = begin.lat + (end.lat - begin.lat) * share
    return Position(round(lat, 6), round(begin.lon + (end.lon - begin.lon) * share, 6))


def _row(begin: Position, end: Position) -> Row:
    metres = max(1.0, round(distance_m(begin, end) * WINDING, 1))
    return begin.lat, begin.lon, end.lat, end.lon, metres, False
