"""Hexagonal cells (H3, resolution 8, half a kilometre from corner to corner's middle) by which people are found.

Cells only decide who is looked at; how far somebody is, is measured.
"""

from h3.api import basic_int as h3

from shared.vocabulary.geo import Position

RESOLUTION = 8
EDGE_M: float = 0.8 * h3.average_hexagon_edge_length(RESOLUTION, unit="m")
"""Shorter than any edge of this resolution on land."""
RINGS = (2, 4, 6)
"""Widths that are tried, each until there are enough people in it."""


def cell_of(place: Position) -> int | None:
    """The cell of a place; None for what can't be a place."""
    return int(h3.latlng_to_cell(place.lat, place.lon, RESOLUTION)) if place.plausible else None


def neighbourhood(place: Position) -> int:
    """The wider cell (resolution 6, some six kilometres across) that a place lies in."""
    return int(h3.latlng_to_cell(place.lat, place.lon, 6))


def around(place: Position, rings: int) -> list[int]:
    """The cell of a place and so many rings about it."""
    middle = cell_of(place)
    return [] if middle is None else [int(cell) for cell in h3.grid_disk(middle, rings)]


def covered_m(rings: int) -> float:
    """Metres in every direction that so many rings are sure to cover, wherever in its cell the place is."""
    return (1.5 * rings - 0.5) * EDGE_M
