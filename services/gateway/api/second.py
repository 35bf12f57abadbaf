"""The second path of alarms, `/device/v1`: for devices whose MQTT is down, and for SMS gateways. No login.

What comes is handed to the service devices unread, and its answer handed back. Nothing is judged here but size and
the number of wrong tries.
"""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.api.door import Door, TheDoor
from services.gateway.api.problems import ProblemError, away
from shared.contracts.device import MAX_PAYLOAD

router = APIRouter(prefix="/device/v1", tags=["devices' second path"])

CARRIED = ("X-Yinling-Device", "X-Yinling-Signature", "Authorization", "Content-Type")


def _any(*kinds: str) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {kind: {"schema": {"type": "object"}} for kind in kinds}}}


@router.post("/alarms", openapi_extra=_any("application/json"))
async def alarm(request: Request, door: TheDoor) -> Response:
    """An alarm as over MQTT, signed in `X-Yinling-Signature` for `X-Yinling-Device`; the answer is the receipt."""
    return await _passed_on(request, door, "/alarms")


@router.post("/sms", openapi_extra=_any("application/json", "application/x-www-form-urlencoded"))
async def sms(request: Request, door: TheDoor) -> Response:
    """A text message that an SMS gateway received: `from` and `text`; the gateway signs in with HTTP Basic."""
    return await _passed_on(request, door, "/sms")


async def _passed_on(request: Request, door: Door, path: str) -> Response:
    body = await _body(request)
    headers = {name: request.headers[name] for name in CARRIED if name in request.headers}
    address = request.client.host if request.client else ""
    sender = headers.get("X-Yinling-Device") or headers.get("Authorization", "")
    if door.guesses.spent(address, sender, door.clock.now()):
        raise ProblemError(429, "too_many_tries", params={"retry_after_s": 1}, headers={"Retry-After": "1"})
    reply = await door.things.pass_on(path, body, headers)
    if reply is None:
        raise away()
    if reply.status == HTTPStatus.UNAUTHORIZED:
        door.guesses.wrong(address, door.clock.now())
    elif reply.status < HTTPStatus.BAD_REQUEST:
        door.guesses.right(address, sender)
    return Response(reply.body, reply.status, {**reply.headers, "Cache-Control": "no-store"})


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_PAYLOAD:
            raise ProblemError(413, "too_large", params={"most": MAX_PAYLOAD})
    return bytes(body)
