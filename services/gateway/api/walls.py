"""Screens without a login: wallboards by ticket, and what everybody may know."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import HTMLResponse, Response

from services.gateway.api.door import Door, Json, TheDoor
from services.gateway.api.family import Supervisor
from services.gateway.api.problems import ProblemError
from services.gateway.domain import status_page
from services.gateway.flow import overview, status, walls
from services.gateway.store.walls import Ticket
from shared.contracts import supervision as contract

router = APIRouter(tags=["supervision"])
page = APIRouter(include_in_schema=False)
"""Beside the screens, not under the API's root."""

STALE_S = 30
LONGEST_TOKEN = 128


@router.post("/wallboard/tickets", response_model=contract.TicketMade, status_code=201)
async def make(given: contract.NewTicket, who: Supervisor, door: TheDoor) -> Response:
    """A wallboard for one division. The token is told this once; behind `#`, no server is sent it."""
    return Json(await walls.make(door.database, who, given, door.clock.now()), 201)


@router.get("/wallboard/tickets", response_model=contract.WallTickets)
async def tickets(who: Supervisor, door: TheDoor) -> Response:
    """Tickets in scope that still open something."""
    return Json(await walls.listed(door.database, who, door.clock.now()))


@router.delete("/wallboard/tickets/{ticket}", status_code=204)
async def revoke(ticket: UUID, who: Supervisor, door: TheDoor) -> Response:
    """Take a ticket back: its screens go dark at their next look."""
    await walls.revoke(door.database, who, ticket, door.clock.now())
    return Response(status_code=204)


@router.get("/wall", response_model=contract.Wall)
async def wall(door: TheDoor, authorization: Annotated[str, Header(max_length=256)] = "") -> Response:
    """What a wallboard shows. `Authorization: Bearer <ticket>`; 401 once it is over or taken back."""
    ticket = await _ticket(door, authorization)
    found = await overview.seen(door.database, door.shared, ticket.division, door.clock.now())
    told = {"label": ticket.label, "expires_at": ticket.expires_at, "stale_after_s": STALE_S, "overview": found}
    return Json(contract.Wall.model_validate(told))


async def _ticket(door: Door, authorization: str) -> Ticket:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN:
        found = await walls.opened(door.database, token.strip(), door.clock.now())
        if found is not None:
            return found
    raise ProblemError(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})


@router.get("/status/public", response_model=contract.PublicStatus)
async def public(door: TheDoor) -> Response:
    """Whether calls for help go through, for everybody."""
    return Json(contract.PublicStatus.model_validate(await status.public(door.database, door.shared, door.clock.now())))


@page.get("/public-status", response_class=HTMLResponse)
async def public_page(door: TheDoor) -> Response:
    """The same as a page without a script."""
    found = await status.public(door.database, door.shared, door.clock.now())
    return HTMLResponse(status_page.page(found), headers={"Cache-Control": "no-store"})
