"""The private door for commands: loopback or the service network, signed by the gateway."""

import logging

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.dispatch.flow import commands as flow
from services.dispatch.flow.house import House
from shared.contracts.commands import SIGNATURE, Answer, Command, signed
from shared.runtime.database import AWAY
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)


def app(house: House, wakeup: Wakeup, secret: str) -> Starlette:
    """`POST /commands` and `GET /readyz`."""

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

    async def readyz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(routes=[Route("/commands", commands, methods=["POST"]), Route("/readyz", readyz)])


async def _execute(house: House, wakeup: Wakeup, command: Command) -> Response:
    try:
        answer = await flow.execute(house, command)
    except AWAY:
        logger.warning("command.database_away", extra={"command": command.name})
        return Response(status_code=503, headers={"Retry-After": "1"})
    wakeup.ring("incident")
    return _json(answer)


def _json(answer: Answer) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
