"""What a map draws: shapes, roads, people, an incident, coverage, and the tiles beneath."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import FileResponse, Response

from services.gateway.api.door import NO_NUL, Door, Json, Me, Seat, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.tiles import Tiles, tiles
from services.gateway.flow import maps as flow
from shared.contracts import maps
from shared.runtime.settings import Settings
from shared.vocabulary.divisions import BadDivisionError, Division, division

router = APIRouter(prefix="/map", tags=["map"])


def area(who: Seat, division_: Annotated[str | None, Query(alias="division", max_length=12)] = None) -> Division:
    """The division asked about; the caller's own where none is named."""
    if not division_:
        return who.division
    try:
        return division(division_)
    except BadDivisionError:
        raise ProblemError(422, "invalid_field", field="division") from None


def bounds(
    west: Annotated[float, Query(ge=-180, le=180)], south: Annotated[float, Query(ge=-90, le=90)],
    east: Annotated[float, Query(ge=-180, le=180)], north: Annotated[float, Query(ge=-90, le=90)],
) -> tuple[float, float, float, float]:  # fmt: skip
    """A piece of the earth that does not cross the date line."""
    if east < west or north < south:
        raise ProblemError(422, "invalid_field", field="east" if east < west else "north")
    return west, south, east, north


Area = Annotated[Division, Depends(area)]
Piece = Annotated[tuple[float, float, float, float], Depends(bounds)]
Target = Annotated[int, Query(ge=60, le=7200)]


def source(settings: Settings) -> Tiles:
    """What the operator has put under the map."""
    has_file = settings.map_file is not None and settings.map_file.is_file()
    return tiles(settings.map_tiles, settings.map_key.get_secret_value(), has_file=has_file)


@router.get("/source", response_model=maps.MapSource)
async def read_source(_: Seat, door: TheDoor) -> Response:
    """Where the picture under the map comes from."""
    found = source(door.settings)
    return Json(maps.MapSource(**{name: getattr(found, name) for name in maps.MapSource.model_fields}))


@router.get("/tiles.pmtiles", response_class=FileResponse)
async def tile_file(_: Me, door: TheDoor) -> Response:
    """The operator's PMTiles file; browsers ask for pieces of it by `Range`."""
    file = door.settings.map_file
    if source(door.settings).kind != "pmtiles" or file is None:
        raise ProblemError(404, "not_found")
    return FileResponse(file, media_type="application/octet-stream", headers={"Cache-Control": "private, no-cache"})


@router.get("/shapes", response_model=maps.MapShapes)
async def shapes(code: Area, who: Seat, door: TheDoor) -> Response:
    """A division's border with those directly below it, and places that help to find the way."""
    return Json(await flow.shapes(door.database, who, code))


@router.get("/roads", response_model=maps.MapRoads)
async def roads(piece: Piece, who: Seat, door: TheDoor) -> Response:
    """Roads of the caller's division within bounds."""
    return Json(await flow.roads(door.database, who, piece))


@router.get("/people", response_model=maps.MapPeople)
async def people(code: Area, who: Seat, door: TheDoor) -> Response:
    """Everybody on duty or on a job, and where. Nobody else's position is told."""
    return Json(await flow.people(door.database, who, code, door.clock.now()))


@router.get("/incidents/{incident}", response_model=maps.IncidentMap)
async def incident(
    incident: Annotated[str, Path(max_length=64, pattern=NO_NUL)], who: Seat, door: TheDoor
) -> Response:  # fmt: skip
    """Where it is, who is coming with the way come so far, who is asked."""
    return Json(await flow.incident(door.database, who, incident, door.clock.now()))


@router.get("/coverage", response_model=maps.Coverage)
async def coverage(code: Area, who: Seat, door: TheDoor, target_s: Target = 900) -> Response:
    """How soon somebody could be with the elders of a division and of its parts, and where nobody would be in time."""
    return Json(await flow.coverage(door.database, who, code, door.clock.now(), target_s))


def tile_hosts(door: Door) -> tuple[str, ...]:
    """Whose servers a browser may ask for tiles."""
    return source(door.settings).hosts
