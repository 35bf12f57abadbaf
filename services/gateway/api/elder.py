"""An elder's own page: a code pairs her telephone, then it shows her people and her day.

She calls for help by `/device/v1/alarms`, as every device does; nothing here is needed for that.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from services.gateway.accounts import Opened
from services.gateway.api.decisions import Decision
from services.gateway.api.door import Door, Elder, Json, Key, Tender, TheDoor, keep_session
from services.gateway.api.orders import Order
from services.gateway.api.portraits import shown
from services.gateway.api.problems import ProblemError, away
from services.gateway.flow import opinions, portraits
from services.gateway.flow import pages as flow
from services.gateway.store.pages import Page
from shared.contracts import elder as contract
from shared.contracts.family import Rating, ServicesThere

router = APIRouter(tags=["elders' own page"])

WHAT = "pairing"


async def page(who: Elder, door: TheDoor) -> Page:
    """The telephone that asks; a revoked one is logged out."""
    found = await flow.page(door.database, who)
    if found is None:
        await door.accounts.logout(who)
        raise ProblemError(401, "unpaired", headers={"WWW-Authenticate": "Bearer"})
    return found


Own = Annotated[Page, Depends(page)]


@router.post("/elders/{elder}/pairing", response_model=contract.PairingMade, status_code=201)
async def offer(elder: Annotated[str, Path(max_length=64)], who: Tender, door: TheDoor) -> Response:
    """A code for the telephone of an elder in scope, good for ten minutes and once; her older codes are void."""
    code, until = await flow.offer(door.database, who, elder, door.clock.now())
    return Json(contract.PairingMade(code=code, expires_at=until), 201)


@router.post("/elder/pairing", response_model=contract.Paired, status_code=201)
async def pair(given: contract.PairingCode, request: Request, door: TheDoor) -> Response:
    """Make this telephone hers. No login; ten wrong codes a minute from one address are too many."""
    address, now = request.client.host if request.client else "", door.clock.now()
    door.accounts.throttle.check((WHAT, address), now)
    claimed = await flow.claim(door.database, given.code, now)
    if claimed is None:
        door.accounts.throttle.failed((WHAT, address), now)
        raise ProblemError(404, "wrong_code", field="code")
    secret = await _secret(door, claimed)
    opened = await flow.settle(door.database, door.accounts, claimed, now)
    told = contract.Paired(
        device=claimed.command.target, secret=secret, token=opened.token, name=claimed.her.name,
        expires_at=opened.until,
    )  # fmt: skip
    return _remembered(Json(told, 201), opened, door)


async def _secret(door: Door, claimed: flow.Claimed) -> str:
    answer = await door.things.send(claimed.command)
    if answer is None or answer.status >= 500:
        raise away()
    if "secret" not in answer.body:
        raise ProblemError(409, str(answer.body.get("code", "code_used")), field="code")
    return str(answer.body["secret"])


def _remembered(response: Response, opened: Opened, door: Door) -> Response:
    keep_session(response, opened.token, flow.LASTING, door.settings)
    return response


@router.get("/elder/hotline", response_model=contract.Hotline)
async def hotline(door: TheDoor) -> Response:
    """The number to dial on a telephone that is not paired. No login."""
    return Json(contract.Hotline(hotline=door.settings.hotline))


@router.get("/elder/home", response_model=contract.ElderHome)
async def home(own: Own, door: TheDoor) -> Response:
    """Who she is here, whom she may telephone, and the number a person answers."""
    return Json(await flow.home(door.database, own, door.settings.hotline))


@router.get("/elder/day", response_model=contract.ElderDay)
async def day(who: Elder, own: Own, door: TheDoor) -> Response:
    """Who comes, today and in the week after."""
    return Json(await flow.day(door.database, who, own, door.clock.now()))


@router.get("/elder/comers", response_model=contract.Comers)
async def comers(own: Own, door: TheDoor) -> Response:
    """Whom to let in: those on the way to her, and there."""
    return Json(await flow.comers(door.database, own))


@router.get("/elder/portraits/{portrait}", response_class=Response)
async def face(portrait: UUID, own: Own, door: TheDoor) -> Response:
    """The face of whoever is on her way to her, is there, or has just left."""
    return shown(await portraits.for_elder(door.database, own.elder, portrait, door.clock.now()))


@router.get("/elder/services", response_model=ServicesThere)
async def services(own: Own, door: TheDoor) -> Response:
    """What she can order where she lives, with price and shares."""
    return Json(await flow.services(door.database, own, door.clock.now()))


@router.post("/elder/orders", response_model=contract.OwnOrder, status_code=201)
async def order(given: contract.OwnWish, who: Elder, own: Own, door: TheDoor, key: Key) -> Response:
    """Order a service for herself."""
    wish = {**given.model_dump(mode="json"), "elder": own.elder}
    done = await Decision(flow.ordering(who, own), door, key).send("place_order", own.elder, wish)
    return Json(contract.OwnOrder(order=str(done["order"])), 201)


@router.post("/elder/orders/{order}/cancel", response_model=contract.OwnOrder)
async def cancel(order: Order, who: Elder, own: Own, door: TheDoor, key: Key) -> Response:
    """Nobody comes; free until somebody is at the door, 409 `too_late` from then on."""
    if not await flow.cancelling(door.database, own, order):
        raise ProblemError(409, "too_late")
    await Decision(flow.ordering(who, own), door, key).send("cancel_order", order, {"reason": "elder_asks"})
    return Json(contract.OwnOrder(order=order))


@router.put("/elder/orders/{order}/rating", status_code=204)
async def rate(order: Order, given: Rating, who: Elder, own: Own, door: TheDoor) -> Response:
    """How it was; may be said again."""
    await opinions.rate(door.database, await flow.rated(door.database, who, own, order), given, door.clock.now())
    return Response(status_code=204)
