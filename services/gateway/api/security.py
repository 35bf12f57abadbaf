"""One's own security page: password, authenticator, passkeys, recovery codes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.gateway.accounts import totp
from services.gateway.api.door import Entering, Json, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.api.sessions import site
from services.gateway.domain import doors
from services.gateway.domain.people import Identity
from services.gateway.flow import security as flow
from shared.contracts import accounts as contract

router = APIRouter(prefix="/me", tags=["security"])


async def sure(who: Entering, door: TheDoor) -> Identity:
    """Who asks, if she works here, has a password of her own and showed it a short while ago."""
    if not who.employed:
        raise ProblemError(403, "forbidden")
    if who.must == "password":
        raise ProblemError(403, "password_first")
    if not doors.proved(who.proved_at, door.clock.now()):
        raise ProblemError(403, "prove_again")
    return who


Sure = Annotated[Identity, Depends(sure)]


@router.get("/security", response_model=contract.OwnSecurity)
async def own(who: Entering, door: TheDoor) -> Response:
    """What one comes in with."""
    return Json(await flow.own(door.database, door.accounts, who, door.clock.now()))


@router.post("/password", status_code=204)
async def change_password(given: contract.NewPassword, who: Entering, door: TheDoor) -> Response:
    """A password of one's own; every other session ends. 422 `weak_password` with why: short or common."""
    key, now = (f"password/{who.account}", ""), door.clock.now()
    door.accounts.throttle.check(key, now)
    door.accounts.throttle.failed(key, now)
    await flow.change_password(door.database, door.accounts, who, given.old, given.new, now, demo=door.settings.demo)
    return Response(status_code=204)


@router.post("/authenticators", response_model=contract.AuthenticatorMade, status_code=201)
async def begin_authenticator(given: contract.NewAuthenticator, who: Sure, door: TheDoor) -> Response:
    """A key for an authenticator app, shown once; it counts when its first digits have come."""
    factor, key = await door.accounts.factors.begin_authenticator(who, given.name)
    uri = totp.address(key, who.username)
    made = contract.AuthenticatorMade(factor=factor, key=totp.spelled(key), uri=uri, picture=totp.picture(uri))
    return Json(made, 201)


@router.post("/authenticators/{factor}/confirm", response_model=contract.RecoveryCodes)
async def finish_authenticator(
    factor: UUID, given: contract.ConfirmAuthenticator, who: Sure, door: TheDoor
) -> Response:
    """The app's first digits; ten recovery codes come back where there were none."""
    return _codes(await door.accounts.factors.finish_authenticator(who, factor, given.code))


@router.post("/passkey-options", response_model=contract.PasskeyOptions)
async def begin_passkey(who: Sure, request: Request, door: TheDoor) -> Response:
    """What the browser is asked to make."""
    asked = await door.accounts.factors.begin_passkey(who, site(request, door))
    return Json(contract.PasskeyOptions(step=asked.step, options=asked.options))


@router.post("/passkeys", response_model=contract.RecoveryCodes, status_code=201)
async def finish_passkey(given: contract.NewPasskey, who: Sure, request: Request, door: TheDoor) -> Response:
    """Keep the passkey it made; ten recovery codes come back where there were none."""
    it = door.accounts.factors
    return _codes(await it.finish_passkey(who, given.step, given.credential, given.name, site(request, door)), 201)


@router.post("/recovery-codes", response_model=contract.RecoveryCodes, status_code=201)
async def new_codes(who: Sure, door: TheDoor) -> Response:
    """Ten fresh recovery codes; the old ones are void. 409 `no_factor` without a second factor."""
    there, _ = await door.accounts.factors.own(who.account)
    if not there:
        raise ProblemError(409, "no_factor")
    return _codes(await door.accounts.factors.new_codes(who), 201)


@router.delete("/factors/{factor}", status_code=204)
async def remove(factor: UUID, who: Sure, door: TheDoor) -> Response:
    """Take a second factor away. 409 `last_factor` where the role needs one."""
    there, _ = await door.accounts.factors.own(who.account)
    needed = doors.must(who.role, one_time=False, factors=0, demo=door.settings.demo) is not None
    if needed and [one.id for one in there] == [factor]:
        raise ProblemError(409, "last_factor")
    if not await door.accounts.factors.remove(who, factor):
        raise ProblemError(404, "not_found")
    return Response(status_code=204)


def _codes(codes: tuple[str, ...], status: int = 200) -> Response:
    return Json(contract.RecoveryCodes(codes=codes), status)
