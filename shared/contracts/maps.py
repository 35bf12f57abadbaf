"""What a map draws: shapes, people, places, and how well a division is covered. WGS-84 throughout."""

from datetime import datetime
from typing import Any, Literal

from shared.contracts.base import Message
from shared.contracts.lists import DivisionLine

Bounds = tuple[float, float, float, float]
"""West, south, east, north."""


class MapSource(Message):
    """Where the picture under the map comes from, as the operator has set it; `none` is our own plain drawing.

    `layers` are addresses with {z}, {x} and {y}, the lowest first; `crs` is what they are drawn in. The attribution is
    shown whenever they are.
    """

    kind: Literal["none", "tianditu", "amap", "pmtiles"]
    layers: tuple[str, ...] = ()
    crs: Literal["wgs84", "gcj02"] = "wgs84"
    max_zoom: int = 18
    attribution: str = ""


class MapShape(Message):
    """A division's border as GeoJSON (Polygon or MultiPolygon); `drawn`: about its places, not surveyed."""

    code: str
    name: str
    parent: str | None
    drawn: bool
    geometry: dict[str, Any]


class Landmark(Message):
    """A place that helps to find the way: a station, a clinic, a town hall."""

    kind: str
    name: str
    lat: float
    lon: float


class MapShapes(Message):
    """A division with the ones directly below it; `above` leads from the caller's own down to it."""

    division: str
    name: str
    bounds: Bounds | None
    above: tuple[DivisionLine, ...]
    shapes: tuple[MapShape, ...]
    landmarks: tuple[Landmark, ...]


class MapRoads(Message):
    """Stretches of road within some bounds: from lat, lon to lat, lon."""

    stretches: tuple[tuple[float, float, float, float], ...]
    more: bool
    """There are more than were sent: come nearer."""


class MapPerson(Message):
    """Somebody on duty or on a job, and where; `seen_at` null: her station, for nobody has told where she is."""

    responder: str
    name_masked: str
    kind: str
    division: str
    lat: float
    lon: float
    seen_at: datetime | None
    on_duty: bool
    reachable: bool
    phone_only: bool
    incident: str | None
    state: str | None
    """Of what she does there: accepted, en_route, arrived or in_service."""


class MapPeople(Message):
    """Everybody on duty or on a job in a division; `more`: only the first thousand are told."""

    division: str
    items: tuple[MapPerson, ...]
    more: bool


class TrackPoint(Message):
    """Where somebody was at an instant."""

    lat: float
    lon: float
    at: datetime


class Concerned(MapPerson):
    """Somebody asked or coming: the state of the offer, the role and the way come so far, oldest first."""

    offer: str | None
    role: Literal["first", "second", "backup"] | None
    eta_s: int | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    track: tuple[TrackPoint, ...]


class IncidentMap(Message):
    """An incident's place and everybody it concerns; without a place `lat` and `lon` are null."""

    incident: str
    ver: int
    division: str
    priority: int
    kind: str
    place: str
    lat: float | None
    lon: float | None
    away_m: int | None
    """How far from her address the call came from, where that is far."""
    home_lat: float | None
    home_lon: float | None
    people: tuple[Concerned, ...]


class CoverageLine(Message):
    """How soon somebody could be with the elders of a division.

    Fewer than five elders are not told (`elders` and `beyond` null). Minutes are predicted from where people on duty
    were last seen, null when nobody is; `beyond` is how many elders nobody reaches in time.
    """

    division: str
    name: str
    elders: int | None
    on_duty: int
    ready: int
    """Of them: can be reached now and not on a job."""
    p50_s: int | None
    p90_s: int | None
    beyond: int | None
    within: float | None
    """Share of elders reached in time."""


class CoverageHole(Message):
    """About a square kilometre where nobody would be in time."""

    division: str
    lat: float
    lon: float
    elders: int | None
    eta_s: int | None


class Coverage(Message):
    """A division's coverage at this moment, its parts, and the holes in it, the largest first."""

    division: str
    name: str
    at: datetime
    target_s: int
    above: tuple[DivisionLine, ...]
    total: CoverageLine
    lines: tuple[CoverageLine, ...]
    holes: tuple[CoverageHole, ...]
