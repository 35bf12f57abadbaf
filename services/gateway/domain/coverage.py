"""How soon somebody could be with every elder of a division: the nearest of those ready, by the figures of matching.

Straight lines with a detour and no roads, so it says where help is thin, not when it comes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, inf, isfinite, radians

import numpy as np
from scipy.spatial import cKDTree

from shared.vocabulary.divisions import Level

METRES_PER_DEGREE = 111_195.0
DETOUR = 1.3
LEAVING_S = 90.0
SLOWEST_MPS = 0.5
FEWEST = 5
"""Fewer elders than this are not told as a number."""
HOLE_DEGREES = 0.01
MOST_HOLES = 200


@dataclass(frozen=True, slots=True)
class Block:
    """Elders who live close together."""

    division: str
    lat: float
    lon: float
    elders: int


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody on duty; `ready`: can be reached now and is on no job. `serves` is the division she is sent in."""

    division: str
    serves: str
    lat: float
    lon: float
    speed_mps: float
    slow: float
    ready: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Of some elders: how many, how soon, how many not in time."""

    elders: int
    on_duty: int
    ready: int
    p50_s: int | None
    p90_s: int | None
    beyond: int

    def told(self) -> dict[str, float | int | None]:
        """As a screen may show it: a handful of elders is not counted."""
        few = 0 < self.elders < FEWEST
        return {
            "elders": None if few else self.elders, "on_duty": self.on_duty, "ready": self.ready, "p50_s": self.p50_s,
            "p90_s": self.p90_s, "beyond": None if few else self.beyond,
            "within": None if few or not self.elders else round(1 - self.beyond / self.elders, 3),
        }  # fmt: skip


def arrivals(blocks: Sequence[Block], goers: Iterable[Goer]) -> list[float]:
    """Seconds until the first of those ready is at each block; infinite where nobody serves."""
    soonest = np.full(len(blocks), inf)
    if not blocks:
        return []
    places = _metres([(block.lat, block.lon) for block in blocks], blocks[0].lat)
    groups = _alike(goers)
    areas = {serves for serves, _ in groups}
    served = {area: np.array([block.division.startswith(area) for block in blocks]) for area in areas}
    for (serves, speed), group in groups.items():
        mine = served[serves]
        tree = cKDTree(_metres([(one.lat, one.lon) for one in group], blocks[0].lat))
        off, _ = tree.query(places[mine])
        soonest[mine] = np.minimum(soonest[mine], LEAVING_S + off * DETOUR / speed)
    return [float(seconds) for seconds in soonest]


def _alike(goers: Iterable[Goer]) -> dict[tuple[str, float], list[Goer]]:
    """Those ready, by where they serve and how fast they are, to the tenth of a metre a second."""
    groups: dict[tuple[str, float], list[Goer]] = defaultdict(list)
    for one in goers:
        if one.ready:
            groups[one.serves, max(SLOWEST_MPS, round(one.speed_mps / one.slow, 1))].append(one)
    return groups


def _metres(places: Sequence[tuple[float, float]], lat: float) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """East and north on a plane that touches the earth at `lat`."""
    scale = np.array([METRES_PER_DEGREE, METRES_PER_DEGREE * cos(radians(lat))])
    metres: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.array(places, dtype=np.float64) * scale
    return metres


def figures(blocks: Sequence[Block], seconds: Sequence[float], goers: Sequence[Goer], target_s: int) -> Figures:
    """These blocks' elders, and these people."""
    order = sorted(zip(seconds, (block.elders for block in blocks), strict=True))
    elders = sum(many for _, many in order)
    return Figures(
        elders, len(goers), sum(one.ready for one in goers), _quantile(order, elders, 0.5),
        _quantile(order, elders, 0.9), sum(many for s, many in order if s > target_s),
    )  # fmt: skip


def by_street(blocks: Sequence[Block], seconds: Sequence[float], target_s: int) -> dict[str, tuple[int, int]]:
    """Elders, and those somebody could reach in time, by the division they live in down to its street."""
    found: dict[str, tuple[int, int]] = {}
    for block, eta in zip(blocks, seconds, strict=True):
        elders, within = found.get(street := block.division[: Level.STREET], (0, 0))
        found[street] = elders + block.elders, within + (block.elders if eta <= target_s else 0)
    return found


def _quantile(order: Sequence[tuple[float, int]], elders: int, share: float) -> int | None:
    """Seconds within which somebody is with that share of the elders; None where nobody ever is."""
    reached = 0
    for seconds, many in order:
        reached += many
        if reached >= share * elders:
            return round(seconds) if isfinite(seconds) else None
    return None


@dataclass(frozen=True, slots=True)
class Hole:
    """About a square kilometre of elders out of reach; `eta_s` is the soonest there, None where nobody comes."""

    division: str
    lat: float
    lon: float
    elders: int
    eta_s: int | None


def holes(blocks: Sequence[Block], seconds: Sequence[float], target_s: int) -> list[Hole]:
    """Where nobody would be in time, most elders first."""
    squares: dict[tuple[int, int], list[tuple[Block, float]]] = defaultdict(list)
    for block, eta in zip(blocks, seconds, strict=True):
        if eta > target_s:
            squares[round(block.lat / HOLE_DEGREES), round(block.lon / HOLE_DEGREES)].append((block, eta))
    found = (_hole(inside) for inside in squares.values())
    return sorted(found, key=lambda hole: (-hole.elders, hole.lat, hole.lon))[:MOST_HOLES]


def _hole(inside: Sequence[tuple[Block, float]]) -> Hole:
    elders = sum(block.elders for block, _ in inside)
    lat = sum(block.lat * block.elders for block, _ in inside) / elders
    lon = sum(block.lon * block.elders for block, _ in inside) / elders
    fullest = max(inside, key=lambda one: one[0].elders)[0]
    soonest = min(eta for _, eta in inside)
    return Hole(fullest.division, round(lat, 4), round(lon, 4), elders, round(soonest) if isfinite(soonest) else None)


def parts(division: str, children: Iterable[str], codes: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """For each child the codes that belong to it; last, those of the division that belong to no child."""
    left = set(codes)
    for child in children:
        mine = frozenset(code for code in left if code.startswith(child))
        left -= mine
        yield child, mine
    if left:
        yield division, frozenset(left)
