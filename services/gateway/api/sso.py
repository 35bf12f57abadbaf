"""An office's own sign-on: there, and back again. What it was about stays out of the address, but for the fragment."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.gateway.accounts import BadCredentialsError, Half, digest, sso
from services.gateway.accounts.sessions import HALF
from services.gateway.api.door import Door, TheDoor
from services.gateway.api.problems import ProblemError, away
from services.gateway.api.sessions import AT_LOGIN, beside, caller, remember
from services.gateway.store import factors

router = APIRouter(tags=["sessions"])

STATE = "yl_sso"
FAILED = "/?why=sso"


@router.get("/sessions/sso", status_code=303, response_class=RedirectResponse)
async def go(request: Request, door: TheDoor) -> Response:
    """To the office's sign-on. 404 where there is none, 503 while it does not answer."""
    if not door.settings.sso_issuer:
        raise ProblemError(404, "not_found")
    if request.headers.get("sec-fetch-site") == "cross-site":  # whoever comes in does so by her own hand
        return RedirectResponse("/", 303)
    it, until = sso.begun(), door.clock.now() + HALF
    try:
        address = await sso.address(door.settings, _back(request), it)
    except sso.SignOnAwayError:
        raise away() from None
    await factors.keep_half(door.database, digest(it.state), "sso", until, challenge=it.kept)
    response = RedirectResponse(address, 303)
    # lax: the browser comes back from elsewhere, and only the one that went may
    response.set_cookie(
        beside(STATE, door.settings), it.state, max_age=int(HALF.total_seconds()), path=AT_LOGIN, httponly=True,
        samesite="lax", secure=door.settings.secure_cookies,
    )  # fmt: skip
    return response


@router.get("/sessions/sso/back", status_code=303, response_class=RedirectResponse)
async def back(
    request: Request,
    door: TheDoor,
    state: Annotated[str, Query(max_length=128)] = "",
    code: Annotated[str, Query(max_length=4096)] = "",
) -> Response:
    """Back from it: a session, or its half, or back to the login which says that it did not work."""
    if not code or state != request.cookies.get(beside(STATE, door.settings)):
        return RedirectResponse(FAILED, 303)
    half = await factors.take_half(door.database, digest(state), "sso", door.clock.now())
    if half is None:
        return RedirectResponse(FAILED, 303)
    try:
        return await _entered(request, door, sso.brought_back(state, half.challenge), code)
    except (BadCredentialsError, sso.SignOnAwayError):
        return RedirectResponse(FAILED, 303)


async def _entered(request: Request, door: Door, it: sso.Begun, code: str) -> Response:
    who = await sso.named(door.settings, _back(request), it, code, door.clock.now())
    came = await door.accounts.signed_on(who, caller(request, door))
    if isinstance(came, Half):
        return RedirectResponse(f"/?via=sso#step={came.token}", 303)
    response = RedirectResponse("/?via=sso", 303)
    remember(response, came, door)
    return response


def _back(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}{AT_LOGIN}/sso/back"
