"""Borders of the synthetic county: each village has the ground nearer to it than to any other.

A town is its villages together, the county its towns; the same for ever, and no surveyor has seen any of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import cos, radians

import numpy as np
from scipy.spatial import Voronoi, cKDTree

from shared.vocabulary.divisions import Level
from shared.vocabulary.geo import Position
from simulators.places import METRES_PER_DEGREE, TOWN_CENTRES, names, shifted, villages

Ring = list[tuple[float, float]]
Geometry = dict[str, object]
Edge = tuple[int, int]

GRID_M = 2_500.0
WILD_M = 5_000.0
"""Ground farther than this from every village is nobody's."""
MARGIN_M = 15_000.0
MIDDLE = TOWN_CENTRES["360733104"]
EAST_M = METRES_PER_DEGREE * cos(radians(MIDDLE.lat))
HALL_M, CLINIC_M = 120.0, 380.0


@cache
def shapes() -> dict[str, Geometry]:
    """GeoJSON border by division: the county, its towns and their villages."""
    there = villages()
    points = np.array([_metres(village.centre) for village in there])
    ground = Voronoi(np.vstack([points, _wild(points)]))
    codes = [village.code for village in there]
    found = {}
    for digits in (Level.COUNTY, Level.STREET, Level.COMMUNITY):
        for code, edges in _borders(ground, [one[:digits] for one in codes]).items():
            found[code] = _geometry(_rings(edges), ground.vertices)
    return found


def landmarks() -> tuple[tuple[str, str, str, Position], ...]:
    """Division, kind, name and place of each town's hall and clinic."""
    named = names()
    return tuple(
        (town, kind, f"{named[town]}{called}", shifted(centre, metres, bearing))
        for town, centre in TOWN_CENTRES.items()
        if town in named
        for kind, called, metres, bearing in (("hall", "人民政府", HALL_M, 0.6), ("clinic", "卫生院", CLINIC_M, 3.4))
    )


def _metres(place: Position) -> tuple[float, float]:
    return (place.lon - MIDDLE.lon) * EAST_M, (place.lat - MIDDLE.lat) * METRES_PER_DEGREE


def _wild(points: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> list[tuple[float, float]]:
    """A grid over the ground that is nobody's, all around the villages."""
    low, high = points.min(axis=0) - MARGIN_M, points.max(axis=0) + MARGIN_M
    near = cKDTree(points)
    grid = ((x, y) for x in np.arange(low[0], high[0], GRID_M) for y in np.arange(low[1], high[1], GRID_M))
    return [(float(x), float(y)) for x, y in grid if near.query((x, y))[0] > WILD_M]


def _borders(ground: Voronoi, owners: Sequence[str]) -> dict[str, list[Edge]]:
    """The edges between each owner's ground and everybody else's."""
    found: dict[str, list[Edge]] = defaultdict(list)
    for (a, b), edge in zip(ground.ridge_points, ground.ridge_vertices, strict=True):
        one, other = (owners[i] if i < len(owners) else "" for i in (a, b))
        if one != other:
            for owner in filter(None, (one, other)):
                found[owner].append((edge[0], edge[1]))
    return found


def _rings(edges: Iterable[Edge]) -> list[list[int]]:
    """Edges joined end to end until each line is closed."""
    onward: dict[int, set[int]] = defaultdict(set)
    for a, b in edges:
        onward[a].add(b)
        onward[b].add(a)
    rings = []
    while onward:
        ring = [next(iter(onward))]
        while ahead := onward[ring[-1]]:
            after = ahead.pop()
            onward[after].discard(ring[-1])
            ring.append(after)
        rings.append(ring)
        onward = defaultdict(set, {corner: left for corner, left in onward.items() if left})
    return rings


def _geometry(rings: Sequence[Sequence[int]], corners: Iterable[Iterable[float]]) -> Geometry:
    """Each outline with the holes in it, as GeoJSON wants them turned."""
    places = [(float(x), float(y)) for x, y in corners]
    lines = sorted(([places[corner] for corner in ring] for ring in rings), key=lambda line: -abs(_area(line)))
    polygons: list[list[Ring]] = []
    for line in lines:
        around = next((polygon for polygon in polygons if _inside(line[0], polygon[0])), None)
        if around is None:
            polygons.append([line if _area(line) > 0 else line[::-1]])
        else:
            around.append(line if _area(line) < 0 else line[::-1])
    return {"type": "MultiPolygon", "coordinates": [[_degrees(ring) for ring in polygon] for polygon in polygons]}


def _area(ring: Ring) -> float:
    return sum(x * v - u * y for (x, y), (u, v) in pairwise(ring)) / 2


def _inside(place: tuple[float, float], ring: Ring) -> bool:
    x, y = place
    crossed = ((u - s) * (y - t) / (v - t) + s > x for (s, t), (u, v) in pairwise(ring) if (t > y) != (v > y))
    return sum(crossed) % 2 == 1


def _degrees(ring: Ring) -> list[list[float]]:
    return [[round(MIDDLE.lon + x / EAST_M, 6), round(MIDDLE.lat + y / METRES_PER_DEGREE, 6)] for x, y in ring]
