"""How far it is by road: a graph in memory, searched backwards from where help must go.

Metres along the road are found once for everybody; each responder's own speed makes seconds of them. Where no graph
is loaded, or somebody stands too far from any road, the straight line times a detour is used instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from shared.vocabulary.geo import Position, distance_m

METRES_PER_DEGREE = 111_195.0
KNOWN_PLACES = 20_000
NEAR_ROAD_M = 500.0
"""Further from any road than this, a place is not on the graph."""


@dataclass(frozen=True, slots=True)
class Way:
    """A stretch of road between two points; `metres` along it, and whether it may only be taken forwards."""

    begin: Position
    end: Position
    metres: float
    one_way: bool = False


class Roads:
    """A road graph. Built once; searching only remembers where places met it, so threads may share it."""

    def __init__(self, ways: Iterable[Way]) -> None:
        """Join ways that meet at the same point."""
        self._flat = 1.0
        self._met: dict[Position, tuple[int, float]] = {}
        nodes: dict[tuple[float, float], int] = {}
        edges: list[tuple[int, int, float]] = []
        for way in ways:
            begin, end = (nodes.setdefault(_key(p), len(nodes)) for p in (way.begin, way.end))
            edges.append((end, begin, way.metres))
            if not way.one_way:
                edges.append((begin, end, way.metres))
        self._places = np.array(list(nodes) or [(0.0, 0.0)], dtype=np.float64)
        self._flat = cos(radians(float(self._places[:, 0].mean())))
        self._tree = KDTree(self._plane(self._places))
        self._backwards = _matrix(edges, len(self._places))

    @property
    def size(self) -> int:
        """How many points the graph has."""
        return len(self._places)

    def metres_to(self, place: Position, people: Sequence[Position], limit_m: float) -> list[float | None]:
        """Metres by road from each of `people` to `place`; None where the graph does not say within the limit."""
        if not people:
            return []
        (begin, off), *others = self._nearest([place, *people])
        if off > NEAR_ROAD_M:
            return [None] * len(people)
        found = dijkstra(self._backwards, indices=begin, limit=limit_m)
        return [_whole(found[node], off, away) for node, away in others]

    def _nearest(self, places: Sequence[Position]) -> list[tuple[int, float]]:
        """Point of the graph and metres to it; homes, stations and people who wait are asked about again and again."""
        if len(self._met) > KNOWN_PLACES:
            self._met = {}
        known = self._met
        new = [place for place in places if place not in known]
        if new:
            (off, nearest) = self._tree.query(self._plane(_array(new)))
            known.update(zip(new, zip(nearest.tolist(), off.tolist(), strict=True), strict=True))
        return [known[place] for place in places]

    def _plane(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        metres: NDArray[np.float64] = degrees * np.array([METRES_PER_DEGREE, METRES_PER_DEGREE * self._flat])
        return metres


def straight_m(a: Position, b: Position, detour: float) -> float:
    """Metres by road as guessed from the straight line."""
    return distance_m(a, b) * detour


def _key(position: Position) -> tuple[float, float]:
    """A tenth of a metre apart is the same crossing."""
    return round(position.lat, 6), round(position.lon, 6)


def _matrix(edges: Sequence[tuple[int, int, float]], size: int) -> csr_array:
    """Of two ways between the same points the shorter counts; scipy would add them up."""
    shortest: dict[tuple[int, int], float] = {}
    for begin, end, metres in edges:
        known = shortest.get((begin, end))
        shortest[begin, end] = metres if known is None else min(known, metres)
    if not shortest:
        return csr_array((size, size), dtype=np.float64)
    rows, columns = np.array(list(shortest), dtype=np.int64).T
    values = np.maximum(np.array(list(shortest.values()), dtype=np.float64), 0.1)
    return csr_array((values, (rows, columns)), shape=(size, size))


def _array(places: Sequence[Position]) -> NDArray[np.float64]:
    return np.array([(p.lat, p.lon) for p in places], dtype=np.float64)


def _whole(by_road: float, from_place: float, from_person: float) -> float | None:
    if from_person > NEAR_ROAD_M or not np.isfinite(by_road):
        return None
    return float(by_road + from_place + from_person)
