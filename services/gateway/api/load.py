"""Alarm load of seats; things put aside."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import Json, Seat, TheDoor
from services.gateway.flow import load as flow
from shared.contracts import cases, load

router = APIRouter(tags=["load"])
Hours = Annotated[int, Query(ge=1, le=24)]


@router.get("/seats/load", response_model=load.LoadReport)
async def report(who: Seat, door: TheDoor, hours: Hours = 8) -> Response:
    """What each seat and desk in scope had to bear in the last hours, and what made the most noise."""
    return Json(await flow.report(door.database, who, hours, door.clock.now()))


@router.get("/seats/shelf", response_model=load.Shelf)
async def shelf(who: Seat, door: TheDoor) -> Response:
    """Everything that is put aside (搁置) in scope."""
    return Json(await flow.shelf(door.database, who, door.clock.now()))


@router.post("/incidents/{incident}/shelve", response_model=cases.IncidentView)
async def shelve(incident: str, given: load.Shelving, _: Seat, it: Decide) -> Response:
    """Put a condition of a thing aside for a while. 409 `never_shelved`: what a person pressed, and what is grave."""
    return await it.for_incident(await it.send("shelve", incident, given))


@router.post("/incidents/{incident}/unshelve", response_model=cases.IncidentView)
async def unshelve(incident: str, _: Seat, it: Decide) -> Response:
    """Back on the list before its time."""
    return await it.for_incident(await it.send("unshelve", incident))
