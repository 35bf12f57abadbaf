"""Which division a cell means, and where on earth a row lies."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.dispatch.domain.imports.cells import BadCellError
from shared.vocabulary.divisions import Division, Level, ladder
from shared.vocabulary.geo import Position

Degrees = tuple[float, float]
"""Latitude, longitude."""
Bounds = tuple[float, float, float, float]
"""West, south, east, north."""

ABOUT_CHINA = (3.0, 54.0), (73.0, 136.0)
MARGIN = 0.3
"""So many degrees may somebody live beyond the drawn border of the county."""


@dataclass(frozen=True, slots=True)
class Place:
    """A division as it stands on the list; `until` and `into` where it has ended."""

    code: str
    name: str
    until: date | None = None
    into: str | None = None


class Gazetteer:
    """The divisions of an area, by code and by name, and their borders."""

    def __init__(
        self,
        places: Iterable[Place],
        area: str,
        today: date,
        bounds: Mapping[str, Bounds],
        to_wgs84: Callable[[Degrees], Degrees] = lambda place: place,
    ) -> None:
        """`bounds` by code; `to_wgs84` puts the file's coordinates onto ours."""
        self._places = {place.code: place for place in places}
        self._area, self._today, self._bounds, self._to_wgs84 = area, today, bounds, to_wgs84
        self._named: dict[str, set[str]] = defaultdict(set)
        for place in self._places.values():
            if self._stands(place) and place.code.startswith(area):
                for name in self._names(place.code):
                    self._named[name].add(place.code)

    def code(self, said: str) -> str:
        """The code that a cell's code or name means. BadCellError when there is none within the area."""
        code = said if said.isdigit() else self._called(said)
        place = self._places.get(code)
        if place is None:
            raise BadCellError("unknown_division", {"area": self._area})
        if not self._stands(place):
            raise BadCellError("ended_division", {"until": place.until, "into": self._went(place)})
        if not code.startswith(self._area):
            raise BadCellError("outside", {"area": self._area})
        if len(code) < Level.COUNTY:
            raise BadCellError("too_wide")
        return code

    def spot(self, code: str, lat: float | None, lon: float | None) -> tuple[float, float, str]:
        """Latitude and longitude, and whether they were `given` or are the middle of the `division`."""
        if lat is None or lon is None:
            return (*self._middle(code), "division")
        (south, north), (west, east) = ABOUT_CHINA
        if south <= lon <= north and west <= lat <= east:
            raise BadCellError("swapped")
        lat, lon = self._to_wgs84((lat, lon))
        if not Position(lat, lon).plausible or self._far(code, lat, lon):
            raise BadCellError("far_away", {"area": self._places[code[: Level.COUNTY]].name})
        return lat, lon, "given"

    def _stands(self, place: Place) -> bool:
        return place.until is None or self._today < place.until

    def _went(self, place: Place) -> str:
        into = self._places.get(place.into or "")
        return f"{into.code} {into.name}" if into else ""

    def _called(self, said: str) -> str:
        found = self._named.get(said.replace("/", "").replace("-", ""), set())
        if len(found) > 1:
            raise BadCellError("many_divisions", {"codes": "、".join(sorted(found)[:4])})
        if not found:
            raise BadCellError("unknown_division", {"area": self._area})
        return next(iter(found))

    def _names(self, code: str) -> list[str]:
        """`社区`, `街道社区`, `县街道社区` and so on."""
        above = [self._places[c].name for c in ladder(Division(code)) if c in self._places]
        return ["".join(reversed(above[: n + 1])) for n in range(len(above))]

    def _middle(self, code: str) -> Degrees:
        for above in ladder(Division(code)):
            if above in self._bounds and len(above) >= Level.COUNTY:
                west, south, east, north = self._bounds[above]
                return (south + north) / 2, (west + east) / 2
        raise BadCellError("nowhere")

    def _far(self, code: str, lat: float, lon: float) -> bool:
        bounds = self._bounds.get(code[: Level.COUNTY])
        if bounds is None:
            return False
        west, south, east, north = bounds
        return not (west - MARGIN <= lon <= east + MARGIN and south - MARGIN <= lat <= north + MARGIN)
