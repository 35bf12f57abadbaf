"""Reads within the caller's scope."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.gateway.api.door import Cursor, Door, Employed, Json, Limit, Me, Search, Seat, Tender, TheDoor
from services.gateway.domain.people import Identity
from services.gateway.flow import commands, reading
from services.gateway.flow import records as flow
from shared.contracts import cases, desk, http, lists

router = APIRouter(tags=["reads"])


@router.get("/incidents", response_model=http.Page[cases.IncidentRow])
async def incidents(
    who: Seat,
    door: TheDoor,
    state: Literal["live", "closed"] | None = None,
    division: Annotated[str, Query(pattern=r"^[0-9]{0,12}$")] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Incidents in scope, newest first."""
    closed = None if state is None else state == "closed"
    return Json(await reading.incident_page(door.database, who, division, cursor, limit, closed=closed))


@router.get("/incidents/{incident}", response_model=cases.IncidentView)
async def incident(incident: str, who: Me, door: TheDoor) -> Response:
    """Everything about one incident, for the desk."""
    return Json(await commands.incident_view(door.database, who, incident, door.clock.now()))


@router.get("/incidents/{incident}/record", response_model=desk.IncidentRecord)
async def record(incident: str, who: Seat, door: TheDoor) -> Response:
    """Earlier calls, devices, who could be reached before, and answers to the guided questions."""
    return Json(await flow.of_incident(door.database, who, incident))


@router.get("/jobs/{job}", response_model=cases.JobView)
async def job(job: UUID, who: Me, door: TheDoor) -> Response:
    """A job, for the one who goes and for the desk."""
    return Json(await commands.job_view(door.database, who, job, door.clock.now(), door.settings.hotline))


async def _page(listing: str, who: Identity, door: Door, q: str, cursor: str, limit: int) -> dict[str, Any]:
    return await reading.page(door.database, who, listing, q, cursor, limit)


@router.get("/divisions", response_model=http.Page[lists.DivisionLine])
async def divisions(who: Employed, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Divisions within and above the scope."""
    return Json(await _page("divisions", who, door, q, cursor, limit))


@router.get("/elders", response_model=http.Page[lists.ElderLine])
async def elders(who: Tender, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Elders by name, telephone, address or id; names are masked."""
    return Json(await _page("elders", who, door, q, cursor, limit))


@router.get("/homes", response_model=http.Page[lists.HomeLine])
async def homes(who: Tender, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Homes by address or id."""
    return Json(await _page("homes", who, door, q, cursor, limit))


@router.get("/responders", response_model=http.Page[lists.ResponderLine])
async def responders(who: Seat, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """People who may go; names are masked."""
    return Json(await _page("responders", who, door, q, cursor, limit))


@router.get("/providers", response_model=http.Page[lists.ProviderLine])
async def providers(who: Seat, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Organisations that responders belong to."""
    return Json(await _page("providers", who, door, q, cursor, limit))
