"""Faces of those who go (工牌照片), so that an elder knows whom to let in, and of elders, for the desk."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from services.gateway.api.door import NO_NUL, Door, Json, Me, Seat, TheDoor
from services.gateway.api.evidence import HARMLESS, body_of
from services.gateway.api.problems import ProblemError
from services.gateway.domain.evidence import MOST_BYTES, NotEvidenceError
from services.gateway.domain.people import Identity
from services.gateway.domain.portraits import LEAST_PX, MOST_PX
from services.gateway.flow import people, registry
from services.gateway.flow import portraits as flow
from services.gateway.flow.commands import MissingError
from services.gateway.store.portraits import Whose
from shared.contracts.people import ResponderView
from shared.contracts.portraits import Portrait
from shared.contracts.registry import ElderRecord

router = APIRouter(tags=["portraits"])

Person = Annotated[str, Path(max_length=64, pattern=NO_NUL)]
PICTURE = body_of("portrait")
LIMITS = {"most": MOST_BYTES["portrait"], "least_px": LEAST_PX, "most_px": MOST_PX}


def shown(content: bytes) -> Response:
    """A picture as it is answered; no browser keeps it."""
    headers = {**HARMLESS, "Content-Disposition": 'attachment; filename="portrait.jpg"'}
    return Response(content, headers=headers, media_type="image/jpeg")


async def _put(whose: Whose, person: str, request: Request, who: Identity, door: Door) -> None:
    try:
        await flow.put(door.database, who, whose, person, await request.body(), door.clock.now())
    except NotEvidenceError as error:
        raise ProblemError(error.status, error.code, field="picture", params=LIMITS) from None


async def _responder(responder: str, who: Identity, door: Door) -> Response:
    return Json(await people.responder(door.database, who, responder, door.clock.now()))


async def _elder(elder: str, who: Identity, door: Door) -> Response:
    return Json(await registry.record(door.database, who, elder, door.clock.now()))


@router.put("/responders/{responder}/portrait", response_model=ResponderView, openapi_extra=PICTURE)
async def put_responders(responder: Person, request: Request, who: Seat, door: TheDoor) -> Response:
    """The face of somebody who goes, in place of the one before: JPEG, 120 to 2000 pixels a side, 300 KiB."""
    await _put("responder", responder, request, who, door)
    return await _responder(responder, who, door)


@router.put("/elders/{elder}/portrait", response_model=ElderRecord, openapi_extra=PICTURE)
async def put_elders(elder: Person, request: Request, who: Seat, door: TheDoor) -> Response:
    """An elder's, by the same rules."""
    await _put("elder", elder, request, who, door)
    return await _elder(elder, who, door)


@router.delete("/responders/{responder}/portrait", response_model=ResponderView)
async def remove_responders(responder: Person, who: Seat, door: TheDoor) -> Response:
    """Taken away; nothing happens where there is none."""
    await flow.remove(door.database, who, "responder", responder, door.clock.now())
    return await _responder(responder, who, door)


@router.delete("/elders/{elder}/portrait", response_model=ElderRecord)
async def remove_elders(elder: Person, who: Seat, door: TheDoor) -> Response:
    """An elder's, likewise."""
    await flow.remove(door.database, who, "elder", elder, door.clock.now())
    return await _elder(elder, who, door)


@router.get("/portraits/{portrait}", response_class=Response)
async def picture(portrait: UUID, who: Me, door: TheDoor) -> Response:
    """The picture itself, for the desk in scope and for her whose it is."""
    return shown(await flow.for_worker(door.database, who, portrait))


@router.get("/me/portrait", response_model=Portrait)
async def mine(who: Me, door: TheDoor) -> Response:
    """That the caller's face is kept, since when and by whom."""
    if who.responder is None:
        raise MissingError("portrait")
    return Json(await flow.mine(door.database, who.responder))
