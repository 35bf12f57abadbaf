"""Orders online, service at home (线上派单、线下服务): the catalogue, orders, what comes again, call-backs."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from services.gateway.api.decisions import Decide, Decision
from services.gateway.api.door import NO_NUL, Cursor, CursorId, Door, Json, Key, Limit, Me, Seat, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.people import Identity
from services.gateway.flow import orders as flow
from shared.contracts import http
from shared.contracts import orders as contract
from shared.contracts.base import Message
from shared.contracts.commands import CommandName

router = APIRouter(tags=["orders"])

Order = Annotated[str, Path(pattern=r"^O-[0-9]{4}-[0-9]{6,12}$")]
Code = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,31}$")]
Area = Annotated[str, Query(pattern=r"^[0-9]{0,12}$")]
Word = Annotated[str, Query(max_length=64, pattern=NO_NUL)]
Only = Literal["", "open", "call_back", "unverified"]


def seated(who: Seat, door: TheDoor, key: Key) -> Decision:
    """Somebody at a desk, with an idempotency key."""
    return Decision(who, door, key)


AtDesk = Annotated[Decision, Depends(seated)]


async def _done(it: Decision, name: CommandName, target: str, given: Message) -> Response:
    done = await it.send(name, target, given.model_dump(mode="json", exclude_none=True))
    return Json(await flow.view(it.door.database, it.who, done["order"]))


async def _known(it: Decision, order: str) -> None:
    """An order beyond what the caller may see does not exist for her."""
    await flow.view(it.door.database, it.who, order)


@router.get("/orders", response_model=http.Page[contract.OrderLine])
async def orders(
    who: Seat,
    door: TheDoor,
    day: date | None = None,
    until: date | None = None,
    state: contract.OrderState | Literal[""] = "",
    elder: Word = "",
    service: Word = "",
    only: Only = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Orders of a day (or from `day` to `until`), by their windows; `only=call_back` are those to be asked about."""
    days = (day, until or day)
    return Json(await flow.page(door.database, who, days, (state, elder, service, only), cursor, limit))


@router.post("/orders", response_model=contract.OrderView, status_code=201)
async def place(given: contract.NewOrder, it: AtDesk) -> Response:
    """Order a service for an elder."""
    answer = await _done(it, "place_order", given.elder, given)
    answer.status_code = 201
    return answer


@router.get("/orders/mine", response_model=http.Page[contract.OrderLine])
async def mine(who: Me, door: TheDoor, day: date | None = None, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """What the caller is booked for, that day or from then on."""
    if who.responder is None:
        raise ProblemError(409, "not_a_responder")
    nothing = ("", "", "", "open")
    return Json(await flow.page(door.database, who, (day, day), nothing, cursor, limit, who.responder))


@router.get("/orders/{order}", response_model=contract.OrderView)
async def order(order: Order, who: Me, door: TheDoor) -> Response:
    """Everything about one order, for the desk; what she needs for the one who goes."""
    return Json(await flow.view(door.database, who, order))


@router.post("/orders/{order}/confirm", response_model=contract.OrderView)
async def confirm(order: Order, it: AtDesk) -> Response:
    """Place a draft."""
    return await _done(it, "confirm_order", order, Message())


@router.post("/orders/{order}/reschedule", response_model=contract.OrderView)
async def reschedule(order: Order, given: contract.Reschedule, it: AtDesk) -> Response:
    """Another time (改约)."""
    return await _done(it, "reschedule_order", order, given)


@router.post("/orders/{order}/cancel", response_model=contract.OrderView)
async def cancel(order: Order, given: contract.CancelOrder, it: AtDesk) -> Response:
    """Nobody comes."""
    return await _done(it, "cancel_order", order, given)


@router.post("/orders/{order}/return", response_model=contract.OrderView)
async def give_back(order: Order, given: contract.ReturnOrder, it: Decide) -> Response:
    """Back to the desk (退单): by the desk, or by the provider it was given to."""
    await _known(it, order)
    return await _done(it, "return_order", order, given)


@router.post("/orders/{order}/assign", response_model=contract.OrderView)
async def assign(order: Order, given: contract.AssignOrder, it: Decide) -> Response:
    """Name who comes (机构派员): the desk, or the provider it was given to."""
    await _known(it, order)
    return await _done(it, "assign_order", order, given)


@router.post("/orders/{order}/hand-over", response_model=contract.OrderView)
async def hand_over(order: Order, given: contract.HandOver, it: AtDesk) -> Response:
    """Others go on with it."""
    return await _done(it, "hand_over_order", order, given)


@router.post("/orders/{order}/proof", response_model=contract.Proved)
async def prove(order: Order, given: contract.Proof, it: Decide) -> Response:
    """Show that one is there, now: a position with its accuracy, or the code read at home."""
    await _known(it, order)
    done = await it.send("prove_order", order, given.model_dump(mode="json", exclude_none=True))
    return Json(contract.Proved.model_validate(done))


@router.post("/orders/{order}/call-back", response_model=contract.OrderView)
async def call_back(order: Order, given: contract.CallBack, it: AtDesk) -> Response:
    """She was asked how it was (回访)."""
    return await _done(it, "call_back_order", order, given)


@router.post("/orders/{order}/dispute", response_model=contract.OrderView)
async def dispute(order: Order, given: contract.Dispute, it: AtDesk) -> Response:
    """It was not as it should be; nothing is settled until it has been looked into."""
    return await _done(it, "dispute_order", order, given)


@router.post("/orders/{order}/settle", response_model=contract.OrderView)
async def settle(order: Order, given: contract.Settle, it: AtDesk) -> Response:
    """End a dispute with what is charged."""
    return await _done(it, "settle_order", order, given)


@router.post("/orders/{order}/correct", response_model=contract.OrderView)
async def correct(order: Order, given: contract.Correction, it: AtDesk) -> Response:
    """Write down what was reported wrong or too late; what stands stays."""
    return await _done(it, "correct_order", order, given)


@router.get("/services", response_model=http.Page[contract.ServiceLine])
async def services(who: Me, door: TheDoor, division: Area = "") -> Response:
    """What can be ordered in a division, and what it costs."""
    return Json(await flow.services(door.database, who, division, door.clock.now()))


def _pricing(who: Identity, division: str) -> None:
    if not flow.may_price(who, division):
        raise ProblemError(403, "forbidden")


async def _catalogue(door: Door, who: Identity, division: str, code: str) -> dict[str, Any]:
    found = await flow.services(door.database, who, division, door.clock.now())
    return next(line for line in found["items"] if line["code"] == code)


@router.put("/services/{code}", response_model=contract.ServiceLine)
async def set_service(code: Code, given: contract.NewService, it: AtDesk) -> Response:
    """A line of a division's own catalogue, by a supervisor."""
    _pricing(it.who, given.division)
    await it.send("set_service", code, given)
    return Json(await _catalogue(it.door, it.who, given.division, code))


@router.post("/services/{code}/prices", response_model=contract.ServiceLine, status_code=201)
async def set_price(code: Code, given: contract.NewPrice, it: AtDesk) -> Response:
    """A new version of a price, from a day on, by a supervisor."""
    _pricing(it.who, given.division)
    await it.send("set_price", code, given.model_dump(mode="json", exclude_none=True))
    return Json(await _catalogue(it.door, it.who, given.division, code), 201)


@router.get("/series", response_model=http.Page[contract.SeriesLine])
async def series(who: Seat, door: TheDoor, cursor: CursorId, elder: Word = "", limit: Limit = 50) -> Response:
    """Services that come again."""
    return Json(await flow.series(door.database, who, elder, cursor, limit))


@router.post("/series", status_code=201)
async def add_series(given: contract.NewSeries, it: AtDesk) -> Response:
    """A service that comes again; orders are placed two weeks ahead."""
    done = await it.send("add_series", given.elder, given.model_dump(mode="json", exclude_none=True))
    return Json(done, 201)


@router.post("/series/{series}/end")
async def end_series(series: UUID, given: contract.EndSeries, it: AtDesk) -> Response:
    """No more of it."""
    await flow.known_series(it.door.database, it.who, series)
    return Json(await it.send("end_series", str(series), given))


@router.put("/homes/{home}/code")
async def set_home_code(home: Annotated[str, Path(max_length=64)], given: contract.HomeCode, it: AtDesk) -> Response:
    """The code on the label put up at a home; only its hash is kept."""
    return Json(await it.send("set_home_code", home, given))
