"""The private door of devices: loopback or the service network, signed by the gateway.

`POST /commands` is people deciding about things; `POST /alarms` and `POST /sms` are the second path of alarms, which
the gateway passes on unread; `POST /explain` reads a message again without storing it; `GET /readyz`.
"""

import base64
import logging
from collections.abc import Awaitable

import orjson
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.devices.authority import AuthorityAwayError
from services.devices.flow.commands import execute
from services.devices.flow.explain import explained
from services.devices.flow.house import House
from services.devices.flow.second import Reply, SecondPath
from shared.contracts.commands import SIGNATURE, Answer, Command, signed
from shared.runtime import metrics
from shared.runtime.database import AWAY
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)


def app(house: House, second: SecondPath, wakeup: Wakeup, secret: str) -> Starlette:
    """The door's routes."""

    async def commands(request: Request) -> Response:
        body = await request.body()
        if not signed(secret, body, request.headers.get(SIGNATURE, "")):
            return JSONResponse({"status": 403, "body": {"code": "bad_signature", "params": {}}}, 403)
        try:
            command = Command.model_validate_json(body)
        except ValidationError as fault:
            where = ".".join(str(part) for part in fault.errors()[0]["loc"])
            return _json(Answer(status=422, body={"code": "bad_command", "params": {"field": where}}))
        return await _execute(house, wakeup, command)

    async def alarms(request: Request) -> Response:
        given = request.headers
        device, signature = given.get("X-Yinling-Device", ""), given.get("X-Yinling-Signature", "")
        return await _replied(second.alarm(device, signature, await request.body()))

    async def sms(request: Request) -> Response:
        given = request.headers
        kind = given.get("content-type", "")
        return await _replied(second.sms(given.get("authorization", ""), kind, await request.body()))

    async def explain(request: Request) -> Response:
        body = await request.body()
        if not signed(secret, body, request.headers.get(SIGNATURE, "")):
            return JSONResponse({"code": "bad_signature"}, 403)
        asked = orjson.loads(body)
        payload = base64.b64decode(asked["payload_b64"])
        return JSONResponse(explained(asked["topic"], payload, asked["device"], house.clock.now()))

    async def readyz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/commands", commands, methods=["POST"]),
            Route("/alarms", alarms, methods=["POST"]),
            Route("/sms", sms, methods=["POST"]),
            Route("/explain", explain, methods=["POST"]),
            Route("/readyz", readyz),
            metrics.ROUTE,
        ],
        exception_handlers={ClientDisconnect: _hung_up},
    )


async def _hung_up(_: Request, __: Exception) -> Response:
    """The caller went in the middle of its body and will not read this."""
    return Response(status_code=400)


async def _execute(house: House, wakeup: Wakeup, command: Command) -> Response:
    try:
        answer = await execute(house, command)
    except (*AWAY, AuthorityAwayError):
        logger.warning("command.part_away", extra={"command": command.name})
        return Response(status_code=503, headers={"Retry-After": "1"})
    wakeup.ring("device")
    return _json(answer)


async def _replied(answer: Awaitable[Reply]) -> Response:
    try:
        reply = await answer
    except AWAY:
        return Response(status_code=503, headers={"Retry-After": "1"})
    return JSONResponse(dict(reply.body), reply.status)


def _json(answer: Answer) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
