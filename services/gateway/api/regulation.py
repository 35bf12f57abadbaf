"""Regulation: complaints with clocks, hazards with owners, asking a seat, the month's table."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import NO_NUL, CursorId, Json, Limit, Overseer, TheDoor
from services.gateway.api.family import Supervisor
from services.gateway.api.supervision import Area, Period
from services.gateway.flow import complaints, hazards
from services.gateway.flow import monthly as month
from shared.contracts import http
from shared.contracts import regulation as contract
from shared.vocabulary.divisions import Division

router = APIRouter(prefix="/supervision", tags=["regulation"])

Code = Annotated[str, Path(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Account = Annotated[str, Path(min_length=1, max_length=64, pattern=NO_NUL)]


@router.get("/colleagues", response_model=contract.Colleagues)
async def colleagues(who: Supervisor, door: TheDoor) -> Response:
    """Those at the desks of the own division: who may handle a complaint, or answer for a hazard."""
    return Json({"items": await complaints.colleagues(door.database, who)})


@router.get("/clocks", response_model=contract.Clocks)
async def clocks(code: Area, who: Overseer, door: TheDoor) -> Response:
    """In how many working days a complaint is taken up, replied to and settled there."""
    return Json(await complaints.clocks(door.database, who, code))


@router.put("/clocks/{division}", response_model=contract.Clocks)
async def lay_down(division: Code, given: contract.ClockDays, who: Supervisor, door: TheDoor) -> Response:
    """For complaints that come from now on, there and below where nothing else is laid down."""
    code = Division(division)
    await complaints.set_clocks(door.database, who, code, given, door.clock.now())
    return Json(await complaints.clocks(door.database, who, code))


@router.get("/complaints", response_model=http.Page[contract.ComplaintCase])
async def page(
    code: Area, who: Supervisor, door: TheDoor, cursor: CursorId, limit: Limit = 50,
    state: Literal["open", "settled"] = "open",
) -> Response:  # fmt: skip
    """Complaints of a division, from families and by every other way; what is due soonest first."""
    now, settled = door.clock.now(), state == "settled"
    return Json(await complaints.page(door.database, who, code, cursor, limit, now, settled=settled))


@router.post("/complaints", response_model=contract.ComplaintCase, status_code=201)
async def register(given: contract.NewCase, who: Supervisor, door: TheDoor) -> Response:
    """Write down what came by a hotline, a letter, a visit. 409 `number_taken`."""
    return Json(await complaints.register(door.database, who, given, door.clock.now()), 201)


@router.post("/complaints/{complaint}/accept", response_model=contract.ComplaintCase)
async def accept(complaint: UUID, given: contract.ComplaintHandler, who: Supervisor, door: TheDoor) -> Response:
    """受理. 409 `own_complaint` for whoever it is about, to do or to be given."""
    return Json(await complaints.accept(door.database, who, complaint, given.handler, door.clock.now()))


@router.post("/complaints/{complaint}/reply", response_model=contract.ComplaintCase)
async def reply(complaint: UUID, given: contract.ComplaintReply, who: Supervisor, door: TheDoor) -> Response:
    """What was told to whoever complained. 409 `own_complaint`, `not_accepted`."""
    return Json(await complaints.reply(door.database, who, complaint, given.text, door.clock.now()))


@router.post("/complaints/{complaint}/settle", response_model=contract.ComplaintCase)
async def settle(complaint: UUID, given: contract.ComplaintSettled, who: Supervisor, door: TheDoor) -> Response:
    """办结. 409 `own_complaint`, `not_accepted`."""
    return Json(await complaints.settle(door.database, who, complaint, given, door.clock.now()))


@router.get("/hazards", response_model=http.Page[contract.Hazard])
async def risks(
    code: Area, who: Overseer, door: TheDoor, cursor: CursorId, limit: Limit = 50,
    state: Literal["open", "closed"] = "open",
) -> Response:  # fmt: skip
    """隐患清单: what is due soonest first, or what was closed last."""
    now, closed = door.clock.now(), state == "closed"
    return Json(await hazards.page(door.database, who, code, cursor, limit, now, closed=closed))


@router.get("/hazards/owners", response_model=contract.Owners)
async def owners(code: Area, who: Overseer, door: TheDoor) -> Response:
    """责任清单: who answers for how many, and how many of those are late."""
    return Json({"items": await hazards.owners(door.database, who, code, door.clock.now())})


@router.post("/hazards", response_model=contract.Hazard, status_code=201)
async def found(given: contract.NewHazard, who: Supervisor, door: TheDoor) -> Response:
    """Write a hazard down with what is done about it, by whom, by when."""
    return Json(await hazards.add(door.database, who, given, door.clock.now()), 201)


@router.post("/hazards/{hazard}/fix", response_model=contract.Hazard)
async def fix(hazard: UUID, given: contract.HazardFixed, who: Supervisor, door: TheDoor) -> Response:
    """整改完成, says its owner or somebody for her. 409 `fixed`."""
    return Json(await hazards.fix(door.database, who, hazard, given.note, door.clock.now()))


@router.post("/hazards/{hazard}/close", response_model=contract.Hazard)
async def close(hazard: UUID, who: Supervisor, door: TheDoor) -> Response:
    """验收销号, by neither its owner nor who did it. 409 `not_fixed`, `not_yours_to_judge`."""
    return Json(await hazards.close(door.database, who, hazard, door.clock.now()))


@router.post("/hazards/{hazard}/return", response_model=contract.Hazard)
async def give_back(hazard: UUID, given: contract.HazardReturned, who: Supervisor, door: TheDoor) -> Response:
    """It is not done yet. 409 as for closing."""
    return Json(await hazards.give_back(door.database, who, hazard, given.remark, door.clock.now()))


@router.get("/monthly", response_model=contract.Monthly)
async def monthly(code: Area, who: Overseer, door: TheDoor, over: Period) -> Response:
    """月报: the columns of a monthly statistical table, by the divisions directly below."""
    found = await month.monthly(door.database, who, code, *over, door.clock.now())
    return Json(contract.Monthly.model_validate(found))


@router.post("/duty/{account}/ask", response_model=contract.SeatAsked)
async def ask(account: Account, _: Supervisor, it: Decide) -> Response:
    """查岗: is somebody there? Her screens ask; the duty log tells how soon she said so. 409 `asked`; 404 off duty."""
    done = await it.send("ask_duty", account)
    return Json(contract.SeatAsked(account=account, until=done["until"]))
