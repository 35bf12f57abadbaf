"""Borders and places into the database: an operator's GeoJSON file, or the synthetic county's own."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import asyncpg

from shared.runtime.database import Connection
from shared.vocabulary.crs import TO_WGS84
from shared.vocabulary.divisions import BadDivisionError, division
from shared.vocabulary.geo import Position
from simulators import shapes as synthetic

Datum = Literal["wgs84", "gcj02", "bd09"]
MOST_CORNERS = 20_000
LONGEST_NAME = 60
KINDS = frozenset({"hall", "clinic", "hospital", "station", "fire_post", "police", "school", "market", "place"})
ADD_SHAPE = """
INSERT INTO dispatch.shape (division, geometry, west, south, east, north, drawn, edition)
VALUES ($1, $2::text::jsonb, $3, $4, $5, $6, $7, $8)
ON CONFLICT (division) DO UPDATE SET geometry = excluded.geometry, west = excluded.west, south = excluded.south,
    east = excluded.east, north = excluded.north, drawn = excluded.drawn, edition = excluded.edition
"""
ADD_LANDMARK = "INSERT INTO dispatch.landmark VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
OLD_SHAPES = "DELETE FROM dispatch.shape WHERE starts_with(division, $1) AND edition < $2"
OLD_LANDMARKS = "DELETE FROM dispatch.landmark WHERE area = $1 AND edition < $2"
THERE = "SELECT EXISTS (SELECT FROM dispatch.shape WHERE starts_with(division, $1))"
UNKNOWN = """
SELECT u.code FROM unnest($1::text[]) AS u(code) WHERE u.code NOT IN (SELECT d.code FROM dispatch.division d) LIMIT 1
"""
KNOWN = "SELECT code FROM dispatch.division WHERE code = ANY($1)"


class BadShapesError(Exception):
    """A file of shapes that can't be taken; the text names the feature and what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A division's border, WGS-84."""

    code: str
    geometry: dict[str, Any]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        lons, lats = zip(*_corners(self.geometry), strict=True)
        return min(lons), min(lats), max(lons), max(lats)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that helps to find the way; `code` is the division it lies in."""

    code: str
    kind: str
    name: str
    place: Position


@dataclass(frozen=True, slots=True)
class Drawing:
    """What one file holds."""

    shapes: tuple[Shape, ...]
    landmarks: tuple[Landmark, ...]


def read(path: Path, area: str, datum: Datum = "wgs84") -> Drawing:
    """A GeoJSON FeatureCollection: (Multi)Polygons with the division's `code` (or `adcode`), Points with a `name`.

    A point's `kind` is one of KINDS and its `code` the division it lies in; both may be left out. Coordinates are
    taken to be in `datum`.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as fault:
        raise BadShapesError(f"{path}: {fault}") from fault
    return drawing(str(path), content, area, datum)


def drawing(name: str, content: Any, area: str, datum: Datum = "wgs84") -> Drawing:
    """A FeatureCollection as `read` takes it from a file of that name."""
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise BadShapesError(f"{name}: features: not a GeoJSON FeatureCollection")
    shapes: list[Shape] = []
    landmarks: list[Landmark] = []
    for n, feature in enumerate(features, start=1):
        try:
            one = _feature(feature, area, datum)
        except BadShapesError as fault:
            raise BadShapesError(f"{name}: feature {n}: {fault}") from None
        (shapes if isinstance(one, Shape) else landmarks).append(one)  # type: ignore[arg-type]
    twice = next((one.code for k, one in enumerate(shapes) if one.code in {s.code for s in shapes[:k]}), None)
    if twice:
        raise BadShapesError(f"{name}: code: {twice} is there twice")
    return Drawing(tuple(shapes), tuple(landmarks))


def _feature(feature: Any, area: str, datum: Datum) -> Shape | Landmark:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise BadShapesError("geometry: missing")
    about, geometry = feature.get("properties") or {}, feature["geometry"]
    kind = geometry.get("type")
    if kind == "Point":
        return _landmark(about, geometry.get("coordinates"), area, datum)
    if kind not in {"Polygon", "MultiPolygon"}:
        raise BadShapesError(f"geometry.type: {kind!r} is not Polygon, MultiPolygon or Point")
    code = _code(about.get("code", about.get("adcode")), area)
    polygons = [geometry.get("coordinates")] if kind == "Polygon" else geometry.get("coordinates")
    drawn = {"type": "MultiPolygon", "coordinates": [_polygon(one, datum) for one in _listed(polygons)]}
    if sum(1 for _ in _corners(drawn)) > MOST_CORNERS:
        raise BadShapesError(f"coordinates: more than {MOST_CORNERS} corners; simplify it first")
    return Shape(code, drawn)


def _landmark(about: dict[str, Any], at: Any, area: str, datum: Datum) -> Landmark:
    name, kind = about.get("name"), about.get("kind", "place")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or "\0" in name:
        raise BadShapesError(f"name: {name!r} is not a name of at most {LONGEST_NAME} characters")
    if kind not in KINDS:
        raise BadShapesError(f"kind: {kind!r} is none of {', '.join(sorted(KINDS))}")
    lon, lat = _corner(at, datum)
    return Landmark(_code(about.get("code", area), area), kind, name, Position(lat, lon))


def _code(given: Any, area: str) -> str:
    """A significant code; the zeros of 360733000000 or 360700 say nothing."""
    code = str(given)
    for digits, zeros in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
        if len(code) == digits:
            code = code.removesuffix(zeros)
    try:
        found = division(code)
    except BadDivisionError:
        raise BadShapesError(f"code: {given!r} is no code of a division") from None
    if not found.startswith(area):
        raise BadShapesError(f"code: {given!r} does not lie in {area}")
    return found


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise BadShapesError("coordinates: nothing is drawn")
    return given


def _polygon(rings: Any, datum: Datum) -> list[list[list[float]]]:
    return [_ring(ring, datum) for ring in _listed(rings)]


def _ring(ring: Any, datum: Datum) -> list[list[float]]:
    corners = [list(_corner(corner, datum)) for corner in _listed(ring)]
    if len(corners) < 4 or corners[0] != corners[-1]:
        raise BadShapesError("coordinates: a line that is not closed")
    return corners


def _corner(given: Any, datum: Datum) -> tuple[float, float]:
    numbers = given[:2] if isinstance(given, list) else ()
    if len(numbers) != 2 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        raise BadShapesError(f"coordinates: {given!r} is not longitude and latitude")
    place = Position(float(numbers[1]), float(numbers[0]))
    if not place.plausible:
        raise BadShapesError(f"coordinates: {given!r} is no place on earth")
    lat, lon = TO_WGS84[datum]((place.lat, place.lon))
    return round(lon, 6), round(lat, 6)


def _corners(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    return chain.from_iterable(chain.from_iterable(geometry["coordinates"]))


async def load(owner_url: str, area: str, drawing: Drawing, at: datetime, *, drawn: bool = False) -> None:
    """Put a drawing in the place of the area's older one: borders where it has any, places where it has any.

    Each row is its own small transaction, so that nothing holds the log's horizon back. BadShapesError when a border
    is of a division that there is not.
    """
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        unknown = await connection.fetchval(UNKNOWN, [shape.code for shape in drawing.shapes])
        if unknown:
            raise BadShapesError(f"code: there is no division {unknown}")
        await _borders(connection, drawing.shapes, at, drawn=drawn)
        await _landmarks(connection, area, drawing.landmarks, at)
        if drawing.shapes:
            await connection.execute(OLD_SHAPES, area, at)
    finally:
        await connection.close()


async def lay_below(owner_url: str, drawing: Drawing, at: datetime) -> Drawing:
    """Borders of divisions that there are, each in the place of its older one; finer ones stay. Answers those."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        known = {row["code"] for row in await connection.fetch(KNOWN, [shape.code for shape in drawing.shapes])}
        there = tuple(shape for shape in drawing.shapes if shape.code in known)
        await _borders(connection, there, at, drawn=False)
    finally:
        await connection.close()
    return Drawing(there, ())


async def _borders(connection: Connection, shapes: Iterable[Shape], at: datetime, *, drawn: bool) -> None:
    for shape in shapes:
        await connection.execute(ADD_SHAPE, shape.code, json.dumps(shape.geometry), *shape.bounds, drawn, at)


async def _landmarks(connection: Connection, area: str, found: Sequence[Landmark], at: datetime) -> None:
    rows = [(area, at, n, one.code, one.kind, one.name, one.place.lat, one.place.lon) for n, one in enumerate(found)]
    await connection.executemany(ADD_LANDMARK, rows)
    if rows:
        await connection.execute(OLD_LANDMARKS, area, at)


async def load_synthetic(owner_url: str, area: str, at: datetime) -> int:
    """The synthetic county's own, unless there is a border already; answers how many were drawn."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        if await connection.fetchval(THERE, area):
            return 0
    finally:
        await connection.close()
    drawing = county()
    await load(owner_url, area, drawing, at, drawn=True)
    return len(drawing.shapes)


def county() -> Drawing:
    """The synthetic county as a drawing."""
    shapes: Iterable[tuple[str, dict[str, Any]]] = synthetic.shapes().items()
    return Drawing(
        tuple(Shape(code, geometry) for code, geometry in shapes),
        tuple(Landmark(*one) for one in synthetic.landmarks()),
    )
