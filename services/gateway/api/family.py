"""Families at their own page: calls for help as they happen, devices, orders, ratings, complaints."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from services.gateway.api import consents
from services.gateway.api.decisions import Decision
from services.gateway.api.door import CursorId, Door, Family, Json, Key, Limit, Seat, TheDoor
from services.gateway.api.orders import Order
from services.gateway.api.portraits import shown
from services.gateway.api.problems import ProblemError
from services.gateway.domain.people import ISSUING_ROLES, Identity
from services.gateway.flow import family as flow
from services.gateway.flow import opinions, portraits
from shared.contracts import device_desk, http
from shared.contracts import family as contract
from shared.vocabulary.people import Role

router = APIRouter(tags=["families"])
router.include_router(consents.router)

Elder = Annotated[str, Path(max_length=64)]
Incident = Annotated[str, Path(max_length=64)]
TEST_MIN = 3


def supervising(who: Seat) -> Identity:
    """A supervisor or administrator."""
    if who.role not in ISSUING_ROLES - {Role.INSTALLER}:
        raise ProblemError(403, "forbidden")
    return who


Supervisor = Annotated[Identity, Depends(supervising)]


@router.get("/family", response_model=contract.FamilyHome)
async def home(who: Family, door: TheDoor) -> Response:
    """Everybody the caller may see, and what is going on."""
    return Json(await flow.home(door.database, who))


@router.get("/family/elders/{elder}/calls", response_model=http.Page[contract.FamilyCall])
async def calls(elder: Elder, who: Family, door: TheDoor) -> Response:
    """Her calls for help of three months, newest first."""
    found = await flow.calls(door.database, who, elder, door.clock.now())
    return Json(http.Page[contract.FamilyCall].model_validate(found))


@router.get("/family/calls/{incident}", response_model=contract.FamilyCallView)
async def call(incident: Incident, who: Family, door: TheDoor) -> Response:
    """A call for help as it stands: who comes, how far, what happened."""
    found = await flow.call(door.database, who, incident, door.clock.now())
    return Json(contract.FamilyCallView.model_validate(found))


@router.get("/family/portraits/{portrait}", response_class=Response)
async def face(portrait: UUID, who: Family, door: TheDoor) -> Response:
    """The face of whoever is on her way to one of the caller's elders, is there, or has just left."""
    return shown(await portraits.for_family(door.database, who, portrait, door.clock.now()))


@router.put("/family/calls/{incident}/rating", status_code=204)
async def rate_call(incident: Incident, given: contract.Rating, who: Family, door: TheDoor) -> Response:
    """How it was, in one of five faces; may be said again."""
    now = door.clock.now()
    await opinions.rate(door.database, await opinions.about_call(door.database, who, incident, now), given, now)
    return Response(status_code=204)


@router.get("/family/elders/{elder}/devices", response_model=http.Page[contract.FamilyDevice])
async def devices(elder: Elder, who: Family, door: TheDoor) -> Response:
    """Her devices: battery, last word, last test."""
    return Json(await flow.devices(door.database, who, elder, door.clock.now()))


@router.post("/family/elders/{elder}/devices/{device}/test", response_model=device_desk.ButtonTestOpened)
async def open_test(elder: Elder, device: Elder, who: Family, door: TheDoor, key: Key) -> Response:
    """For three minutes two presses are tests and ring nobody; a third is real. The result comes as `device.tested`."""
    acting, _ = await flow.device(door.database, who, elder, device, door.clock.now())
    answer = await Decision(acting, door, key).send("open_test", device, {"minutes": TEST_MIN})
    return Json(device_desk.ButtonTestOpened.model_validate(answer))


@router.get("/family/elders/{elder}/services", response_model=contract.ServicesThere)
async def services(elder: Elder, who: Family, door: TheDoor) -> Response:
    """What can be ordered where she lives, with price and shares."""
    return Json(await flow.services(door.database, who, elder, door.clock.now()))


@router.get("/family/elders/{elder}/orders", response_model=http.Page[contract.FamilyOrder])
async def orders(elder: Elder, who: Family, door: TheDoor) -> Response:
    """Her orders of three months, and those to come."""
    found = await flow.her_orders(door.database, who, elder, door.clock.now())
    return Json(http.Page[contract.FamilyOrder].model_validate(found))


@router.post("/family/elders/{elder}/orders", response_model=contract.FamilyOrder, status_code=201)
async def place(elder: Elder, given: contract.FamilyWish, who: Family, door: TheDoor, key: Key) -> Response:
    """Order a service for her. What is agreed now, price and shares, is kept."""
    acting = await flow.placing(door.database, who, elder)
    wish = {**given.model_dump(mode="json"), "elder": elder}
    done = await Decision(acting, door, key).send("place_order", elder, wish)
    return await _order(door, who, str(done["order"]), 201)


@router.get("/family/orders/{order}", response_model=contract.FamilyOrder)
async def order(order: Order, who: Family, door: TheDoor) -> Response:
    """One order: who comes, how far, what it costs."""
    return await _order(door, who, order)


@router.post("/family/orders/{order}/cancel", response_model=contract.FamilyOrder)
async def cancel(order: Order, given: contract.FamilyCancel, who: Family, door: TheDoor, key: Key) -> Response:
    """Nobody comes; free until somebody is at the door, 409 `too_late` from then on."""
    acting, found = await flow.order(door.database, who, order, door.clock.now())
    if found["line"]["state"] != "cancelled" and not found["cancellable"]:
        raise ProblemError(409, "too_late")
    await Decision(acting, door, key).send("cancel_order", order, given)
    return await _order(door, who, order)


@router.put("/family/orders/{order}/rating", status_code=204)
async def rate_order(order: Order, given: contract.Rating, who: Family, door: TheDoor) -> Response:
    """How it was, in one of five faces; may be said again."""
    about = await opinions.about_order(door.database, who, order)
    await opinions.rate(door.database, about, given, door.clock.now())
    return Response(status_code=204)


async def _order(door: Door, who: Identity, name: str, status: int = 200) -> Response:
    _, found = await flow.order(door.database, who, name, door.clock.now())
    return Json(contract.FamilyOrder.model_validate(found), status)


@router.post("/family/elders/{elder}/complaints", response_model=contract.ComplaintLine, status_code=201)
async def complain(elder: Elder, given: contract.NewComplaint, who: Family, door: TheDoor) -> Response:
    """Something was not right; answered with the day by which a supervisor answers."""
    return Json(await opinions.complain(door.database, who, elder, given, door.clock.now()), 201)


@router.get("/family/complaints", response_model=http.Page[contract.ComplaintLine])
async def my_complaints(who: Family, door: TheDoor) -> Response:
    """The caller's complaints and what was said to them."""
    return Json(await opinions.mine(door.database, who, door.clock.now()))


@router.get("/complaints", response_model=http.Page[contract.ComplaintLine])
async def complaints(who: Supervisor, door: TheDoor, cursor: CursorId, limit: Limit = 50) -> Response:
    """What waits for a supervisor's answer, the soonest due first."""
    return Json(await opinions.waiting(door.database, who, cursor, limit, door.clock.now()))


@router.post("/complaints/{complaint}/answer", response_model=contract.ComplaintLine)
async def answer(complaint: UUID, given: contract.ComplaintAnswer, who: Supervisor, door: TheDoor) -> Response:
    """Answer a complaint; 409 `answered` if somebody was quicker, `own_complaint` for whoever it is about."""
    try:
        return Json(await opinions.answer(door.database, who, complaint, given.answer, door.clock.now()))
    except opinions.AnsweredError:
        raise ProblemError(409, "answered") from None
