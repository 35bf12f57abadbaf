"""Channels beside the consoles: an exchange's reports (no login), what was sent about an incident, duty telephones.

A report is handed to dispatch unread, and its answer handed back. Nothing is judged here but size and the number of
wrong tries.
"""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import Door, Json, Seat, TheDoor
from services.gateway.api.problems import ProblemError, away
from services.gateway.flow import messages
from shared.contracts import channels
from shared.contracts.commands import SIGNATURE
from shared.contracts.device import MAX_PAYLOAD
from shared.vocabulary.people import Role

router = APIRouter(tags=["channels"])
public = APIRouter(tags=["channels"])

SETS_PHONES = frozenset({Role.SUPERVISOR, Role.ADMIN})
REPORT = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": channels.DeliveryReport.model_json_schema()}},
    }
}


@public.post(channels.REPORTS, response_model=channels.ReportAnswer, openapi_extra=REPORT)
async def report(request: Request, door: TheDoor) -> Response:
    """What became of a text or a call, signed in `X-Yinling-Signature`; the answer is what to read to who pressed."""
    body = await _body(request)
    address, signature = request.client.host if request.client else "", request.headers.get(SIGNATURE, "")
    if door.guesses.spent(address, "exchange", door.clock.now()):
        raise ProblemError(429, "too_many_tries", params={"retry_after_s": 1}, headers={"Retry-After": "1"})
    reply = await door.owner.pass_on("/reports", body, {SIGNATURE: signature, "Content-Type": "application/json"})
    if reply is None:
        raise away()
    _judged(door, address, reply.status)
    return Response(reply.body, reply.status, {**reply.headers, "Cache-Control": "no-store"})


def _judged(door: Door, address: str, status: int) -> None:
    if status == HTTPStatus.UNAUTHORIZED:
        door.guesses.wrong(address, door.clock.now())
    elif status < HTTPStatus.BAD_REQUEST:
        door.guesses.right(address, "exchange")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_PAYLOAD:
            raise ProblemError(413, "too_large", params={"most": MAX_PAYLOAD})
    return bytes(body)


@router.get("/incidents/{incident}/messages", response_model=channels.Messages)
async def of_incident(incident: str, who: Seat, door: TheDoor) -> Response:
    """Texts, calls and pushes about an incident, and what became of each."""
    return Json(await messages.of_incident(door.database, who, incident))


@router.get("/divisions/{division}/duty-phone", response_model=channels.DutyPhone)
async def duty_phone(division: str, who: Seat, door: TheDoor) -> Response:
    """The telephone that rings at a division's duty desk."""
    return Json(await messages.duty_phone(door.database, who, division))


@router.put("/divisions/{division}/duty-phone", response_model=channels.DutyPhone)
async def set_duty_phone(division: str, given: channels.DutyPhone, it: Decide) -> Response:
    """Set it, or take it away; for supervisors and administrators."""
    if it.who.role not in SETS_PHONES:
        raise ProblemError(403, "forbidden")
    await it.send("set_duty_phone", division, given)
    return Json(await messages.duty_phone(it.door.database, it.who, division))
