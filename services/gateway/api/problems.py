"""Errors as RFC 9457 problem+json: a stable `code`, and the `field` that was wrong."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.gateway.accounts import BadCredentialsError, ThrottledError
from services.gateway.flow.commands import MissingError
from services.gateway.flow.wire import encode
from shared.contracts.http import Problem
from shared.runtime.database import AWAY

HEADERS = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match"}
RETRY = {"Retry-After": "1"}
CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


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


def answer(error: ProblemError) -> Response:
    """The response of a problem."""
    return Response(
        encode(error.problem), error.problem.status, error.headers, media_type="application/problem+json"
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
    ThrottledError: _throttled,
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
    async def handle(_: Request, error: Exception) -> Response:
        return answer(meaning(error))

    return handle
