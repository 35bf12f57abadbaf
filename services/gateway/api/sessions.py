"""Login, who am I, logout, and tickets for the socket."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.accounts import SESSION, Opened
from services.gateway.api.door import COOKIE, Anyone, Json, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.people import Identity
from services.gateway.flow import load
from shared.contracts import http

router = APIRouter(tags=["sessions"])


@router.post("/sessions", response_model=http.Session, status_code=201)
async def log_in(login: http.Login, request: Request, door: TheDoor) -> Response:
    """Open a session: a cookie for browsers, the same token for everybody else."""
    address = request.client.host if request.client else ""
    opened = await door.accounts.login(login.username, login.password, address)
    response = Json(session_of(opened), 201)
    response.set_cookie(
        COOKIE, opened.token, max_age=int(SESSION.total_seconds()), httponly=True, samesite="strict",
        secure=door.settings.secure_cookies,
    )  # fmt: skip
    return response


@router.get("/sessions/current", response_model=http.Account)
async def who_am_i(who: Anyone) -> Response:
    """The account behind this session."""
    return Json(_account(who))


@router.delete("/sessions/current", status_code=204)
async def log_out(who: Anyone, door: TheDoor) -> Response:
    """End this session and its sockets. 409 `holding`: a seat hands over first what it has taken."""
    if who.at_desk and (held := await load.held(door.database, who)):
        raise ProblemError(409, "holding", params={"n": len(held), "incidents": held})
    await door.accounts.logout(who)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=door.settings.secure_cookies)
    return response


@router.post("/ws-tickets", response_model=http.Ticket, status_code=201)
async def ticket(who: Anyone, door: TheDoor) -> Response:
    """A ticket for one WebSocket, good for 30 s."""
    given = await door.accounts.ticket(who)
    return Json(http.Ticket(ticket=given.token, expires_at=given.until), 201)


def session_of(opened: Opened) -> http.Session:
    """What a login is answered with."""
    return http.Session(token=opened.token, account=_account(opened.who), expires_at=opened.until)


def _account(who: Identity) -> http.Account:
    return http.Account.model_validate(
        {
            "id": who.account, "username": who.username, "name": who.name, "role": who.role, "kind": who.kind,
            "division": who.division, "responder": who.responder, "elder": who.elder, "inboxes": who.inboxes,
        }
    )  # fmt: skip
