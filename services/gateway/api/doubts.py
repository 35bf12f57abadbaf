"""Visits that are looked at twice: the queue of doubtful ones, and what a supervisor makes of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.gateway.api.door import NO_NUL, Cursor, Json, Limit, Overseer, TheDoor
from services.gateway.api.family import Supervisor
from services.gateway.api.problems import ProblemError
from services.gateway.api.supervision import Area
from services.gateway.flow import doubts as flow
from shared.contracts import doubts as contract

router = APIRouter(tags=["supervision"])

Order = Annotated[str, Path(max_length=64, pattern=NO_NUL)]


@router.get("/supervision/visits/doubtful", response_model=contract.DoubtfulVisits)
async def doubtful(
    code: Area, who: Overseer, door: TheDoor, state: Literal["waiting", "decided"] = "waiting", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:  # fmt: skip
    """Visits that do not look right, with the reasons, the latest first: those that wait, or those decided about."""
    now = door.clock.now()
    found = await flow.listed(door.database, who, code, cursor, limit, now, decided=state == "decided")
    return Json(contract.DoubtfulVisits.model_validate(found))


@router.post("/supervision/visits/{order}/decision", response_model=contract.DoubtfulVisit)
async def decide(order: Order, given: contract.VisitDecision, who: Supervisor, door: TheDoor) -> Response:
    """Say whether a doubtful visit was sound, and why. 409 `already_decided`, `own_visit`.

    The same decision again is answered as the first. Nothing follows by itself.
    """
    try:
        found = await flow.decide(door.database, who, order, given.why, door.clock.now(), sound=given.sound)
    except flow.DecisionError as fault:
        raise ProblemError(409, fault.code) from None
    return Json(contract.DoubtfulVisit.model_validate(found))
