"""How one of the family comes in, and what elders agree to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from services.gateway.accounts import BadCredentialsError
from services.gateway.api.door import Anyone, Family, Json, TheDoor, keep_session
from services.gateway.api.problems import ProblemError, away
from services.gateway.api.sessions import session_of
from services.gateway.domain.people import Identity
from services.gateway.flow import consents, family_login
from services.gateway.flow.commands import MissingError
from services.gateway.flow.family_login import LASTING
from shared.contracts import family as contract
from shared.contracts import http
from shared.contracts.sessions import Session
from shared.vocabulary.people import Role

router = APIRouter()

ASKING, LOGIN, CODE = "family-asking", "family-login", "family-code"
Elder = Annotated[str, Path(max_length=64)]


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


@router.post("/family/login-codes", response_model=contract.CodeSent, status_code=202)
async def ask_for_code(given: contract.AskForCode, request: Request, door: TheDoor) -> Response:
    """Six digits to a mobile telephone, once a minute. The answer is the same whether anybody is known by it."""
    key, now = (ASKING, _address(request)), door.clock.now()
    door.accounts.throttle.check(key, now)
    door.accounts.throttle.failed(key, now)
    name, until, again = await family_login.ask(door.database, _plain(given.phone), now)
    answer = await door.owner.send(family_login.sending(name, given.by))
    if answer is None or answer.status >= 500:
        raise away()
    return Json(contract.CodeSent(until=until, again_at=again), 202)


def _plain(phone: str) -> str:
    return phone.removeprefix("+86")


@router.post("/family/sessions", response_model=Session, status_code=201)
async def log_in(given: contract.FamilyLogin, request: Request, door: TheDoor) -> Response:
    """A session for a telephone whose digits are right; five tries, then new ones are needed."""
    key, now = (LOGIN, _address(request)), door.clock.now()
    door.accounts.throttle.check(key, now)
    try:
        opened = await family_login.enter(door.database, door.accounts, _plain(given.phone), given.code, now)
    except BadCredentialsError:
        door.accounts.throttle.failed(key, now)
        raise ProblemError(401, "wrong_digits", field="code") from None
    response = Json(session_of(opened), 201)
    keep_session(response, opened.token, LASTING, door.settings)
    return response


@router.post("/family/consent", response_model=contract.Consent)
async def look(given: contract.UseCode, who: Family, door: TheDoor) -> Response:
    """What a code stands for, before one agrees to it."""
    return Json(await _shown(given.code, who, door))


async def _shown(code: str, who: Identity, door: TheDoor) -> contract.Consent:
    key, now = (CODE, who.account), door.clock.now()
    door.accounts.throttle.check(key, now)
    try:
        return contract.Consent.model_validate(dict(await consents.shown(door.database, code, now)))
    except MissingError:
        door.accounts.throttle.failed(key, now)
        raise ProblemError(404, "wrong_code", field="code") from None


@router.post("/family/kin", response_model=contract.Consent, status_code=201)
async def bind(given: contract.KinBinding, who: Family, door: TheDoor) -> Response:
    """Agree, under a name; from now on she may see what the elder has agreed to."""
    found = await _shown(given.code, who, door)
    await consents.bind(door.database, who, given.code, given.name.strip(), door.clock.now())
    return Json(found, 201)


@router.post("/elders/{elder}/kin-codes", response_model=contract.ConsentCode, status_code=201)
async def agree(elder: Elder, given: contract.NewConsent, who: Anyone, door: TheDoor) -> Response:
    """An elder agrees: at her own page, or told to somebody who works in her division, who says how."""
    _may_write_down(who)
    try:
        code, until = await consents.offer(door.database, who, elder, given, door.clock.now())
    except consents.OwnPageError:
        raise ProblemError(422, "invalid_field", field="how") from None
    return Json(contract.ConsentCode(code=code, until=until), 201)


@router.get("/elders/{elder}/kin", response_model=http.Page[contract.KinLine])
async def kin(elder: Elder, who: Anyone, door: TheDoor) -> Response:
    """Who may see what of her, since when, by whose word."""
    _may_write_down(who)
    return Json(await consents.of_elder(door.database, who, elder))


@router.delete("/kin/{kin}", status_code=204)
async def end(kin: UUID, who: Anyone, door: TheDoor) -> Response:
    """No more, at once: by the elder, by the one it was given to, by those who work in her division."""
    await consents.end(door.database, who, kin, door.clock.now())
    return Response(status_code=204)


def _may_write_down(who: Identity) -> None:
    if who.role != Role.ELDER and not who.tends_devices:
        raise ProblemError(403, "forbidden")
