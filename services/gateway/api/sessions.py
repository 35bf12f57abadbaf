"""Login with its halves, who am I, logout, one's sessions, and tickets for the socket."""

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from services.gateway.accounts import Caller, Half, Opened
from services.gateway.accounts.passkeys import Site
from services.gateway.api.door import Anyone, Door, Entering, Json, TheDoor, drop_session, keep_session
from services.gateway.api.problems import ProblemError
from services.gateway.domain.doors import SESSION
from services.gateway.domain.people import Identity
from services.gateway.flow import load, security
from services.gateway.store.accounts import STAYS
from shared.contracts import accounts as contract
from shared.contracts.sessions import Account, Login, Session, Ticket
from shared.runtime.settings import Settings

router = APIRouter(tags=["sessions"])

BROWSER = "yl_browser"
BROWSER_KEPT = timedelta(days=180)
AT_LOGIN = "/api/v1/sessions"
AGENT_KEPT = 200

SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{24}$")]
HALF: dict[int | str, dict[str, Any]] = {202: {"model": contract.SecondStep, "description": "A second factor first"}}


def beside(name: str, settings: Settings) -> str:
    """The name of a cookie that goes to the login alone; over TLS one that only we can have set."""
    return f"__Secure-{name}" if settings.secure_cookies else name


def caller(request: Request, door: Door) -> Caller:
    """From where a request comes."""
    return Caller(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:AGENT_KEPT],
        browser=request.cookies.get(beside(BROWSER, door.settings), ""),
    )


def site(request: Request, door: Door) -> Site:
    """Where the page that asks comes from; a passkey answers to no other."""
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return Site(urlsplit(own).hostname or "", (own, *door.settings.public_origins))


@router.get("/sessions/doors", response_model=contract.Doors)
async def doors(door: TheDoor) -> Response:
    """Which ways in there are besides a password. No login."""
    return Json(contract.Doors(sso=door.settings.sso_name if door.settings.sso_issuer else None))


@router.post("/sessions", response_model=Session, status_code=201, responses=HALF)
async def log_in(login: Login, request: Request, door: TheDoor) -> Response:
    """Open a session: a cookie for browsers, the same token for everybody else; 202 where a second factor is needed."""
    came = await door.accounts.login(login.username, login.password, caller(request, door))
    return _waiting(came) if isinstance(came, Half) else entered(came, door)


@router.post("/sessions/second", response_model=Session, status_code=201)
async def second_factor(given: contract.SecondFactor, request: Request, door: TheDoor) -> Response:
    """The other half of a login: digits of an authenticator, or a recovery code. Five tries, five minutes."""
    return entered(await door.accounts.second(given.step, given.code, caller(request, door)), door)


@router.post("/sessions/passkey-options", response_model=contract.PasskeyOptions)
async def ask_for_passkey(request: Request, door: TheDoor) -> Response:
    """What a browser is asked for; whose passkey it will be is not known yet."""
    asked = await door.accounts.factors.ask_for_passkey(site(request, door))
    return Json(contract.PasskeyOptions(step=asked.step, options=asked.options))


@router.post("/sessions/passkey", response_model=Session, status_code=201)
async def passkey(given: contract.PasskeyAnswer, request: Request, door: TheDoor) -> Response:
    """Open a session with a passkey: it is both factors in one."""
    account = await door.accounts.factors.passkey(given.step, given.credential, site(request, door))
    return entered(await door.accounts.with_passkey(account, caller(request, door)), door)


@router.get("/sessions/current", response_model=Account)
async def who_am_i(who: Entering) -> Response:
    """The account behind this session."""
    return Json(account_of(who))


@router.post("/sessions/current/proof", status_code=204)
async def proof(given: contract.PasswordAgain, who: Entering, request: Request, door: TheDoor) -> Response:
    """The password once more; for a quarter of an hour what matters may be changed."""
    await door.accounts.proof(who, given.password, caller(request, door))
    return Response(status_code=204)


@router.delete("/sessions/current", status_code=204)
async def log_out(who: Entering, door: TheDoor) -> Response:
    """End this session and its sockets. 409 `holding`: a seat hands over first what it has taken."""
    if who.at_desk and (held := await load.held(door.database, who)):
        raise ProblemError(409, "holding", params={"n": len(held), "incidents": held})
    await door.accounts.logout(who)
    response = Response(status_code=204)
    drop_session(response, door.settings)
    return response


@router.get("/sessions", response_model=contract.Sessions)
async def my_sessions(who: Entering, door: TheDoor) -> Response:
    """Every place where this account is logged in."""
    return Json({"items": await security.sessions(door.database, who, door.clock.now())})


@router.delete("/sessions/others", status_code=204)
async def end_others(who: Entering, door: TheDoor) -> Response:
    """End every session of this account but this one; their sockets follow within seconds."""
    await security.end_others(door.database, who, door.clock.now())
    return Response(status_code=204)


@router.delete("/sessions/{session}", status_code=204)
async def end_one(session: SessionId, who: Entering, door: TheDoor) -> Response:
    """End one session of this account."""
    await security.end_one(door.database, who, session, door.clock.now())
    return Response(status_code=204)


@router.post("/ws-tickets", response_model=Ticket, status_code=201)
async def ticket(who: Anyone, door: TheDoor) -> Response:
    """A ticket for one WebSocket, good for 30 s."""
    given = await door.accounts.ticket(who)
    return Json(Ticket(ticket=given.token, expires_at=given.until), 201)


def entered(opened: Opened, door: Door) -> Response:
    """What a login is answered with, and what its browser keeps."""
    response = Json(session_of(opened), 201)
    remember(response, opened, door)
    return response


def remember(response: Response, opened: Opened, door: Door) -> None:
    """The browser keeps the session past its end, since a case prolongs it, and the mark that it was here."""
    keep_session(response, opened.token, SESSION + STAYS, door.settings)
    response.set_cookie(
        beside(BROWSER, door.settings), opened.browser, max_age=int(BROWSER_KEPT.total_seconds()), path=AT_LOGIN,
        httponly=True, samesite="strict", secure=door.settings.secure_cookies,
    )  # fmt: skip


def _waiting(half: Half) -> Response:
    return Json(contract.SecondStep(step=half.token, methods=half.methods, expires_at=half.until), 202)


def session_of(opened: Opened) -> Session:
    """A session as its owner is told of it."""
    return Session(token=opened.token, account=account_of(opened.who), expires_at=opened.until)


def account_of(who: Identity) -> Account:
    """An account as its owner sees it."""
    return Account.model_validate(
        {
            "id": who.account, "username": who.username, "name": who.name, "role": who.role, "kind": who.kind,
            "division": who.division, "responder": who.responder, "elder": who.elder, "inboxes": who.inboxes,
            "must": who.must,
        }
    )  # fmt: skip
