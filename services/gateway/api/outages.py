"""Many devices silent at once, and whom to telephone."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.api.door import Cursor, CursorId, Json, Limit, Seat, TheDoor
from services.gateway.flow import things
from shared.contracts import device_desk, http

router = APIRouter(tags=["outages"])


@router.get("/outages", response_model=http.Page[device_desk.OutageLine])
async def outages(who: Seat, door: TheDoor, cursor: CursorId, limit: Limit = 50) -> Response:
    """Outages that touch the scope, newest first."""
    return Json(await things.outage_page(door.database, who, cursor, limit))


@router.get("/outages/{outage}/roll-call", response_model=http.Page[device_desk.RollCallLine])
async def roll_call(
    outage: UUID,
    who: Seat,
    door: TheDoor,
    cursor: Cursor = "",
    limit: Limit = 50,
    state: Literal["silent", "all"] = "silent",
) -> Response:
    """Elders whose devices are silent, those at most risk first: telephones, address, contacts, who has a key."""
    now, everybody = door.clock.now(), state == "all"
    return Json(await things.roll_call(door.database, who, outage, cursor, limit, now, everybody=everybody))
