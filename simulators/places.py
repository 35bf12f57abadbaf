"""Where things are in Huichang: its real divisions, and plausible places for towns and villages."""

import csv
from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians, sin, sqrt
from pathlib import Path
from random import Random

from shared.vocabulary.geo import Position

COUNTY = "360733"
METRES_PER_DEGREE = 111_195.0
GOLDEN_ANGLE = pi * (3 - sqrt(5))

# Rounded by hand, good enough to give each town its direction and distance from the county seat.
TOWN_CENTRES = {
    "360733100": Position(25.600, 115.790),
    "360733101": Position(25.300, 115.752),
    "360733102": Position(25.838, 115.720),
    "360733103": Position(25.428, 115.812),
    "360733104": Position(25.512, 115.788),
    "360733105": Position(25.722, 115.742),
    "360733200": Position(25.372, 115.590),
    "360733201": Position(25.455, 115.640),
    "360733202": Position(25.420, 115.705),
    "360733203": Position(25.505, 115.690),
    "360733204": Position(25.660, 115.700),
    "360733205": Position(25.470, 115.930),
    "360733206": Position(25.400, 115.950),
    "360733207": Position(25.372, 115.830),
    "360733208": Position(25.330, 115.690),
    "360733209": Position(25.600, 115.910),
    "360733210": Position(25.720, 115.860),
    "360733211": Position(25.640, 115.610),
    "360733212": Position(25.720, 115.580),
    "360733400": Position(25.580, 115.760),
}
SEAT, MARKET_TOWNS = "360733100", ("360733101", "360733102", "360733103", "360733104", "360733105")


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division as the county office lists it; `parent` is None for the province."""

    code: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Village:
    """A village or neighbourhood of a town, with its middle and its share of the town's homes."""

    code: str
    name: str
    town: str
    town_name: str
    centre: Position
    weight: float


@cache
def divisions() -> tuple[DivisionRow, ...]:
    """Every division from the province down to Huichang's villages, parents first."""
    with (Path(__file__).parent / "data" / "huichang_divisions.csv").open(encoding="utf-8") as rows:
        return tuple(DivisionRow(row["code"], row["name"], row["parent"] or None) for row in csv.DictReader(rows))


@cache
def names() -> dict[str, str]:
    """Name of each division."""
    return {row.code: row.name for row in divisions()}


@cache
def villages() -> tuple[Village, ...]:
    """All villages; the first ones of a town are its streets and hold more homes."""
    return tuple(village for town in TOWN_CENTRES for village in _villages_of(town))


def shifted(start: Position, distance_m: float, bearing: float) -> Position:
    """The place `distance_m` metres from `start` towards `bearing` radians."""
    north, east = distance_m * cos(bearing), distance_m * sin(bearing)
    lon = start.lon + east / (METRES_PER_DEGREE * cos(radians(start.lat)))
    return Position(round(start.lat + north / METRES_PER_DEGREE, 6), round(lon, 6))


def near(start: Position, spread_m: float, draw: Random) -> Position:
    """A random place around `start`, mostly within `spread_m` metres."""
    return shifted(start, abs(draw.gauss(0, spread_m)), draw.uniform(0, 2 * pi))


def _villages_of(town: str) -> tuple[Village, ...]:
    rows = [row for row in divisions() if row.parent == town]
    return tuple(_village(town, rank, len(rows), row) for rank, row in enumerate(rows))


def _village(town: str, rank: int, of: int, row: DivisionRow) -> Village:
    reach_m = 250 + 4_500 * rank / of
    centre = shifted(TOWN_CENTRES[town], reach_m, rank * GOLDEN_ANGLE)
    return Village(row.code, row.name, town, names()[town], centre, _town_weight(town) / (rank + 1) ** 1.2)


def _town_weight(town: str) -> float:
    if town == SEAT:
        return 12
    return 3 if town in MARKET_TOWNS else 1
