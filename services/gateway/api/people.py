"""People who go, their organisations, and why they were asked."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import Json, Seat, TheDoor
from services.gateway.flow import people as flow
from shared.contracts import cases, people

router = APIRouter(tags=["people"])


async def _shown(responder: str, it: Decide) -> Response:
    return Json(await flow.responder(it.door.database, it.who, responder, it.door.clock.now()))


@router.get("/responders/{responder}", response_model=people.ResponderView)
async def read_responder(responder: str, who: Seat, door: TheDoor) -> Response:
    """One person in full: skills, shifts, relations, what was learned."""
    return Json(await flow.responder(door.database, who, responder, door.clock.now()))


@router.put("/responders/{responder}", response_model=people.ResponderView)
async def save_responder(responder: str, card: people.ResponderCard, _: Seat, it: Decide) -> Response:
    """Write a person's card; a new id is a new person."""
    await it.send("save_responder", responder, card)
    return await _shown(responder, it)


@router.delete("/responders/{responder}")
async def retire_responder(responder: str, _: Seat, it: Decide) -> Response:
    """She goes no more: taken off every case she is not yet at; somebody else is asked."""
    return Json(await it.send("retire_responder", responder))


@router.put("/responders/{responder}/block", response_model=people.ResponderView)
async def block(responder: str, why: people.Blocking, _: Seat, it: Decide) -> Response:
    """Asked no more from this second on, and taken off every case she is not yet at."""
    await it.send("block_responder", responder, why)
    return await _shown(responder, it)


@router.delete("/responders/{responder}/block", response_model=people.ResponderView)
async def unblock(responder: str, _: Seat, it: Decide) -> Response:
    """May be asked again."""
    await it.send("unblock_responder", responder)
    return await _shown(responder, it)


@router.post("/responders/{responder}/shifts", response_model=people.ResponderView)
async def plan_shift(responder: str, shift: people.Shift, _: Seat, it: Decide) -> Response:
    """On duty from then till then, unless she says otherwise; shifts may overlap."""
    await it.send("plan_shift", responder, shift)
    return await _shown(responder, it)


@router.delete("/responders/{responder}/shifts/{shift}", response_model=people.ResponderView)
async def cancel_shift(responder: str, shift: UUID, _: Seat, it: Decide) -> Response:
    """No duty then."""
    await it.send("cancel_shift", responder, {"shift": str(shift)})
    return await _shown(responder, it)


@router.put("/elders/{elder}/relations/{responder}", response_model=people.ResponderView)
async def relate(elder: str, responder: str, card: people.RelationCard, _: Seat, it: Decide) -> Response:
    """Her regular caregiver, a keyholder, a neighbour; or somebody the family does not want at her door."""
    await it.send("relate", responder, {"elder": elder, **card.model_dump(mode="json")})
    return await _shown(responder, it)


@router.delete("/elders/{elder}/relations/{responder}", response_model=people.ResponderView)
async def unrelate(elder: str, responder: str, _: Seat, it: Decide) -> Response:
    """Nothing any more."""
    await it.send("unrelate", responder, {"elder": elder})
    return await _shown(responder, it)


@router.put("/providers/{provider}")
async def save_provider(provider: str, card: people.ProviderCard, _: Seat, it: Decide) -> Response:
    """Write an organisation's card."""
    return Json(await it.send("save_provider", provider, card))


@router.delete("/providers/{provider}")
async def retire_provider(provider: str, _: Seat, it: Decide) -> Response:
    """It takes no more work; 409 `has_members` while somebody belongs to it."""
    return Json(await it.send("retire_provider", provider))


@router.post("/jobs/{job}/person", response_model=cases.JobView)
async def name_person(job: UUID, person: people.PersonNamed, it: Decide) -> Response:
    """The organisation that accepted says who goes (机构派员)."""
    return await it.for_job(await it.send("name_person", str(job), person))


@router.get("/jobs/{job}/explain", response_model=people.Explanation)
async def explain(job: UUID, who: Seat, door: TheDoor) -> Response:
    """Why these people were asked, in which order, and the others not."""
    return Json(await flow.explanation(door.database, who, job))
