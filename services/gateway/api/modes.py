"""Peace and war (平战结合), and drills."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import Cursor, Json, Limit, Seat, TheDoor
from services.gateway.flow import mass as flow
from shared.contracts import cases, http, mass

router = APIRouter(tags=["modes"])
Code = Annotated[str, Path(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]


@router.get("/modes", response_model=http.Page[mass.ModeLine])
async def modes(who: Seat, door: TheDoor) -> Response:
    """How divisions in scope and above it work, those at war first."""
    return Json(await flow.modes(door.database, who))


@router.get("/modes/{division}", response_model=mass.ModeView)
async def mode(division: Code, who: Seat, door: TheDoor) -> Response:
    """How a division works at present, and every change with who and why."""
    return Json(await flow.mode(door.database, who, division))


@router.post("/modes/{division}", response_model=mass.ModeView)
async def switch(division: Code, given: mass.ModeChange, who: Seat, it: Decide) -> Response:
    """To war until some time, or back to peace; always with a reason."""
    await it.send("set_mode", division, given)
    return Json(await flow.mode(it.door.database, who, division))


@router.post("/drills", response_model=cases.IncidentView)
async def open_drill(given: mass.NewDrill, _: Seat, it: Decide) -> Response:
    """这是演练: an incident with nobody in need. It never prompts 120 and is in no figure."""
    return await it.for_incident(await it.send("open_drill", given.elder, given))


@router.get("/drills", response_model=http.Page[mass.DrillLine])
async def drills(who: Seat, door: TheDoor, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Drills in scope with who takes part, newest first."""
    return Json(await flow.drill_page(door.database, who, cursor, limit))
