"""The private door: loopback or the service network.

`POST /commands` is people deciding, signed by the gateway; `POST /reports` is an exchange telling what became of a
message, signed by the exchange and passed on unread; `POST /tables` is a county's own list, to be looked at or taken
in, from the gateway.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.dispatch.domain.texts import ZH
from services.dispatch.flow import commands as flow
from services.dispatch.flow.apart import Apart
from services.dispatch.flow.house import House
from services.dispatch.flow.policies import holding
from services.dispatch.flow.reports import UnknownMessageError, report
from shared.contracts.channels import DeliveryReport, ReportAnswer
from shared.contracts.commands import SIGNATURE, Answer, Command, Table, signed
from shared.contracts.http import Problem
from shared.runtime import metrics
from shared.runtime.clock import stopwatch
from shared.runtime.database import AWAY
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exchanges:
    """What reports are checked with, and in which language those are answered who press a key."""

    secret: str = ""
    language: str = ZH


def app(
    house: House, wakeup: Wakeup, secret: str, exchanges: Exchanges = Exchanges(), apart: Apart | None = None
) -> Starlette:  # fmt: skip
    """The door's routes; without `apart` no table comes in."""

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

    async def reports(request: Request) -> Response:
        body = await request.body()
        if not exchanges.secret or not signed(exchanges.secret, body, request.headers.get(SIGNATURE, "")):
            return _problem(401, "bad_signature", SIGNATURE)
        return await _report(house, wakeup, body, exchanges.language)

    async def policy(request: Request) -> Response:
        body = await request.body()
        if not signed(secret, body, request.headers.get(SIGNATURE, "")):
            return JSONResponse({"status": 403, "body": {"code": "bad_signature", "params": {}}}, 403)
        return _plain(await holding(house, orjson.loads(body)["division"]))

    async def readyz(_: Request) -> Response:
        return JSONResponse({"ok": True})

    return Starlette(
        routes=[
            Route("/commands", commands, methods=["POST"]),
            Route("/reports", reports, methods=["POST"]),
            Route("/policy", policy, methods=["POST"]),
            *([] if apart is None else [Route("/tables", _tables(apart, secret), methods=["POST"])]),
            Route("/readyz", readyz),
            metrics.ROUTE,
        ]
    )


def _tables(apart: Apart, secret: str) -> Callable[[Request], Awaitable[Response]]:
    async def tables(request: Request) -> Response:
        body = await request.body()
        if not signed(secret, body, request.headers.get(SIGNATURE, "")):
            return JSONResponse({"status": 403, "body": {"code": "bad_signature", "params": {}}}, 403)
        found = await apart.take(Table.model_validate_json(body))
        return Response(status_code=503) if found is None else _plain(found)

    return tables


async def _execute(house: House, wakeup: Wakeup, command: Command) -> Response:
    began = stopwatch()
    try:
        answer = await flow.execute(house, command)
    except AWAY:
        logger.warning("command.database_away", extra={"command": command.name})
        return Response(status_code=503, headers={"Retry-After": "1"})
    metrics.COMMANDS.labels(str(answer.status)).inc()
    metrics.COMMAND.observe(stopwatch() - began)
    if answer.status == HTTPStatus.OK:  # a no changes nothing that anybody would have to look at
        wakeup.ring("incident", "mass", "mode", "duty")
    return _json(answer)


async def _report(house: House, wakeup: Wakeup, body: bytes, language: str) -> Response:
    try:
        given = DeliveryReport.model_validate_json(body)
    except ValidationError as fault:
        return _problem(422, "invalid_field", ".".join(str(part) for part in fault.errors()[0]["loc"]))
    try:
        say = await report(house, given, language)
    except UnknownMessageError:
        return _problem(404, "not_found", "id")
    except AWAY:
        return Response(status_code=503, headers={"Retry-After": "1"})
    wakeup.ring("message", "incident")
    return Response(ReportAnswer(say=say).model_dump_json(), media_type="application/json")


def _problem(status: int, code: str, field: str) -> Response:
    found = Problem(title=code.replace("_", " "), status=status, code=code, field=field)
    return Response(found.model_dump_json(), status, media_type="application/problem+json")


def _plain(found: dict[str, Any]) -> Response:
    return Response(orjson.dumps(found), media_type="application/json")


def _json(answer: Answer) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")
