"""Chinese map coordinates: GCJ-02 (most maps) and BD-09 (Baidu), and back to WGS-84. Degrees throughout.

GCJ-02 shifts a place in China by some hundred metres, as a published polynomial of the place; BD-09 shifts GCJ-02
once more. Neither has a closed inverse, so it is found by iteration, to less than a millimetre. Outside China, taken
as the rectangle that every published implementation takes, nothing is shifted.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt

Degrees = tuple[float, float]
"""Latitude, longitude."""

AXIS_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
"""Krasovsky's ellipsoid, which the shift is defined on."""

SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347
BAIDU_PI = pi * 3000 / 180
BAIDU_LAT, BAIDU_LON = 0.006, 0.0065
CLOSE = 1e-10
AT_MOST = 40


def in_china(place: Degrees) -> bool:
    """Whether this place is shifted at all."""
    lat, lon = place
    return SOUTH <= lat <= NORTH and WEST <= lon <= EAST


def wgs84_to_gcj02(place: Degrees) -> Degrees:
    """As a Chinese map shows it."""
    if not in_china(place):
        return place
    lat, lon = place
    north, east = _shift_m(lon - 105.0, lat - 35.0)
    bend = 1 - ECCENTRICITY_SQUARED * sin(lat / 180 * pi) ** 2
    per_lat = AXIS_M * (1 - ECCENTRICITY_SQUARED) / (bend * sqrt(bend)) * pi / 180
    per_lon = AXIS_M / sqrt(bend) * cos(lat / 180 * pi) * pi / 180
    return lat + north / per_lat, lon + east / per_lon


def gcj02_to_wgs84(place: Degrees) -> Degrees:
    """Where it really is."""
    return _undone(wgs84_to_gcj02, place) if in_china(place) else place


def gcj02_to_bd09(place: Degrees) -> Degrees:
    """As Baidu shows what other Chinese maps show there."""
    if not in_china(place):
        return place
    lat, lon = place
    far = hypot(lon, lat) + 0.00002 * sin(lat * BAIDU_PI)
    turn = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU_PI)
    return far * sin(turn) + BAIDU_LAT, far * cos(turn) + BAIDU_LON


def bd09_to_gcj02(place: Degrees) -> Degrees:
    """Back from Baidu's own shift."""
    return _undone(gcj02_to_bd09, place) if in_china(place) else place


def bd09_to_wgs84(place: Degrees) -> Degrees:
    """Back from both."""
    return gcj02_to_wgs84(bd09_to_gcj02(place))


TO_WGS84: dict[str, Callable[[Degrees], Degrees]] = {
    "wgs84": lambda place: place,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}


def to_wgs84(position: dict[str, object], datum: str) -> dict[str, object]:
    """The same position fields with `lat` and `lon` in WGS-84, and `crs_from`, the system they came in.

    `lat` and `lon` must be numbers and `datum` one of wgs84, gcj02, bd09: TypeError or KeyError otherwise.
    """
    lat, lon = position["lat"], position["lon"]
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        raise TypeError(position)
    found = TO_WGS84[datum]((lat, lon))
    return {**position, "lat": found[0], "lon": found[1], "crs": "wgs84", "crs_from": datum}


def _undone(shift: Callable[[Degrees], Degrees], place: Degrees) -> Degrees:
    """The place that `shift` moves here: guess, see how far off that lands, and correct by as much."""
    lat, lon = place
    for _ in range(AT_MOST):
        landed = shift((lat, lon))
        off_lat, off_lon = landed[0] - place[0], landed[1] - place[1]
        lat, lon = lat - off_lat, lon - off_lon
        if abs(off_lat) < CLOSE and abs(off_lon) < CLOSE:
            break
    return lat, lon


def _shift_m(x: float, y: float) -> Degrees:
    """Metres north and east that GCJ-02 moves a place; `x`, `y` are degrees east and north of 105 E, 35 N."""
    wave = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (wave + _swell(y, 160, 320)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (wave + _swell(x, 150, 300)) * 2 / 3
    return north, east


def _swell(at: float, near: float, far: float) -> float:
    short = 20 * sin(at * pi) + 40 * sin(at / 3 * pi)
    return short + near * sin(at / 12 * pi) + far * sin(at / 30 * pi)
