"""Somebody is always on duty: say so every half hour, hand over, never leave a desk empty."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.api.decisions import Decide, Decision
from services.gateway.api.door import Json, Seat, TheDoor
from services.gateway.domain.people import Identity
from services.gateway.flow import mass as flow
from shared.contracts import mass

router = APIRouter(tags=["seats"])


@router.get("/seats", response_model=mass.DutyBoard)
async def board(who: Seat, door: TheDoor) -> Response:
    """Who is on duty in scope and above it, whom nobody answers for, what was handed over."""
    return Json(await flow.board(door.database, who))


@router.post("/seats/confirm", response_model=mass.DutyBoard)
async def confirm(who: Seat, it: Decide) -> Response:
    """I am here (值守确认), for the next half hour."""
    return await _board(who, it, await it.send("confirm_duty", who.account))


@router.post("/seats/leave", response_model=mass.DutyBoard)
async def leave(who: Seat, it: Decide) -> Response:
    """Off duty. 409 `last_seat`: nobody would be left; hand over, or let somebody say first that she is here."""
    return await _board(who, it, await it.send("leave_duty", who.account))


@router.post("/seats/hand-over", response_model=mass.DutyBoard)
async def hand_over(given: mass.HandOver, who: Seat, it: Decide) -> Response:
    """交接班: the watch, the incidents one holds, and what the next must know."""
    return await _board(who, it, await it.send("hand_over", who.account, given))


async def _board(who: Identity, it: Decision, _: dict[str, Any]) -> Response:
    return Json(await flow.board(it.door.database, who))
