"""Errors as RFC 9457 problem+json: a stable `code`, the `field` that was wrong, a number where somebody must help."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import uuid4

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import Scope

from services.gateway.accounts import BadCredentialsError, ThrottledError, WeakPasswordError
from services.gateway.domain.response_times import PeriodError
from services.gateway.flow.commands import MissingError
from services.gateway.flow.staff import RefusedError
from services.gateway.flow.wire import encode
from services.gateway.reports.counting import TooWideError
from shared.contracts.http import Problem
from shared.runtime.database import AWAY

logger = logging.getLogger(__name__)

HEADERS = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match"}
RETRY = {"Retry-After": "1"}
CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
ANSWERS = frozenset({401, 409, 412, 422, 429})
"""What whoever asked can put right alone. Everything else bears a number, and our log knows it."""


class ProblemError(Exception):
    """A refusal on its way out."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Status, stable code, and what goes with it."""
        super().__init__(code)
        self.problem = Problem(
            title=code.replace("_", " "), status=status, code=code, field=field, params=dict(params or {})
        )  # fmt: skip
        self.headers = dict(headers or {})


def answer(error: ProblemError, scope: Scope, cause: Exception | None = None) -> Response:
    """The response of a problem; `instance` (a UUID) is the number under which our log has it."""
    problem = error.problem
    if problem.status not in ANSWERS:
        problem = problem.model_copy(update={"instance": uuid4().urn})
        _write_down(problem, scope, cause)
    return Response(encode(problem), problem.status, error.headers, media_type="application/problem+json")


def _write_down(problem: Problem, scope: Scope, cause: Exception | None) -> None:
    # the route as it is declared: what was asked for may hold a name or a telephone number
    route = getattr(scope.get("route"), "path", None)
    logger.warning(
        "request.failed",
        extra={
            "instance": problem.instance, "status": problem.status, "code": problem.code, "method": scope["method"],
            "route": route, "cause": type(cause).__name__ if cause else None,
        },
    )  # fmt: skip


def away() -> ProblemError:
    """Somebody we need is away; the same request may be sent again."""
    return ProblemError(503, "service_away", headers=RETRY)


def _invalid(error: RequestValidationError) -> ProblemError:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    if first["type"] == "json_invalid":
        return ProblemError(400, "bad_json")
    field = ".".join(where[1:]) or where[0]
    code = "missing_field" if first["type"] == "missing" else "invalid_field"
    return ProblemError(422, code, field=HEADERS.get(field.lower(), field), params={"why": first["type"]})


def _throttled(error: ThrottledError) -> ProblemError:
    wait = error.retry_after_s
    return ProblemError(429, "too_many_tries", params={"retry_after_s": wait}, headers={"Retry-After": str(wait)})


def _http(error: HTTPException) -> ProblemError:
    code = CODES.get(error.status_code, f"http_{error.status_code}")
    return ProblemError(error.status_code, code, headers=error.headers)


MEANINGS: dict[type[Exception], Callable[[Any], ProblemError]] = {
    ProblemError: lambda error: error,
    RequestValidationError: _invalid,
    MissingError: lambda error: ProblemError(404, "not_found", field=error.field),
    BadCredentialsError: lambda _: ProblemError(401, "bad_credentials"),
    RefusedError: lambda error: ProblemError(409, error.code, field=error.field),
    ThrottledError: _throttled,
    PeriodError: lambda error: ProblemError(422, error.code, field=error.field),
    TooWideError: lambda error: ProblemError(422, "too_wide", field="division", params={"n": error.many}),
    WeakPasswordError: lambda error: ProblemError(422, "weak_password", field="new", params={"why": error.why}),
    HTTPException: _http,
    **dict.fromkeys((*AWAY, asyncpg.QueryCanceledError), lambda _: away()),
    asyncpg.CharacterNotInRepertoireError: lambda _: ProblemError(422, "invalid_field"),
    Exception: lambda _: ProblemError(500, "fault"),
}


def install(app: FastAPI) -> None:
    """Make every error of this application a problem."""
    for kind, meaning in MEANINGS.items():
        app.add_exception_handler(kind, _handler(meaning))


def _handler(meaning: Callable[[Any], ProblemError]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return answer(meaning(error), request.scope, error)

    return handle
