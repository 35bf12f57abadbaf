"""Positions and distances on the ground (WGS-84 degrees, metres)."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Position:
    """WGS-84 latitude and longitude in degrees."""

    lat: float
    lon: float

    @property
    def plausible(self) -> bool:
        """Whether this can be a place on Earth (0, 0 is what a receiver without a fix reports)."""
        return abs(self.lat) <= 90 and abs(self.lon) <= 180 and (self.lat, self.lon) != (0, 0)


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance in metres (haversine)."""
    half_lat = radians(b.lat - a.lat) / 2
    half_lon = radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
