"""What every endpoint may use, and how it knows who asks."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response

from services.gateway.accounts import Accounts
from services.gateway.api.problems import ProblemError
from services.gateway.domain.guesses import Guesses
from services.gateway.domain.people import Identity
from services.gateway.domain.streams import Position
from services.gateway.flow.access import Reads
from services.gateway.flow.overview import Shared
from services.gateway.flow.wire import encode
from shared.runtime.calling import CommandClient
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from shared.vocabulary.people import Role

COOKIE = "yl_session"
HOST_ONLY = "__Host-"
"""A browser keeps a cookie of such a name only from ourselves, over TLS, for this host alone."""
NO_NUL = r"^[^\x00]*$"


class Lines(Protocol):
    """Where a long poll waits for news of an inbox."""

    def join(self, position: Position, listener: Any) -> object:
        """Listen."""

    def leave(self, inbox: str, listener: Any) -> None:
        """Stop listening."""


@dataclass(frozen=True, slots=True)
class Door:
    """The parts behind the endpoints."""

    settings: Settings
    clock: Clock
    database: Database
    accounts: Accounts
    owner: CommandClient
    things: CommandClient
    lines: Lines
    health: Callable[[], Mapping[str, bool]]
    gauges: Callable[[], Mapping[str, float]]
    guesses: Guesses
    reads: Reads
    shared: Shared


class Json(Response):
    """JSON with times in UTC and milliseconds; never cached."""

    media_type = "application/json"

    def __init__(self, content: Any = None, status_code: int = 200) -> None:
        """Encode `content`."""
        super().__init__(content, status_code, {"Cache-Control": "no-store"})

    def render(self, content: Any) -> bytes:
        """Encode the body."""
        return encode(content)


def cookie(settings: Settings) -> str:
    """The name of the session's cookie."""
    return HOST_ONLY + COOKIE if settings.secure_cookies else COOKIE


def keep_session(response: Response, token: str, lasting: timedelta, settings: Settings) -> None:
    """Give a browser its session; `lasting` is how long it is kept, the server decides how long it stands."""
    response.set_cookie(
        cookie(settings), token, max_age=int(lasting.total_seconds()), httponly=True, samesite="strict",
        secure=settings.secure_cookies,
    )  # fmt: skip


def drop_session(response: Response, settings: Settings) -> None:
    """Take it away again."""
    response.delete_cookie(cookie(settings), httponly=True, samesite="strict", secure=settings.secure_cookies)


def door(request: Request) -> Door:
    """The application's door."""
    found: Door = request.app.state.door
    return found


async def known(request: Request) -> Identity:
    """Who asks, even if a password or a second factor is still to be set."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else request.cookies.get(cookie(door(request).settings), "")
    who = await door(request).accounts.who(token) if token else None
    if who is None:
        raise ProblemError(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    request.state.who = who
    return who


async def identity(who: Annotated[Identity, Depends(known)]) -> Identity:
    """Who asks, once everything that a login still wants of them is done."""
    if who.must is not None:
        raise ProblemError(403, f"{who.must}_first")
    return who


def only(allowed: Callable[[Identity], bool]) -> Callable[[Identity], Awaitable[Identity]]:
    """Who asks, if `allowed`; everybody else is told that this is not for them."""

    async def guard(who: Annotated[Identity, Depends(identity)]) -> Identity:
        if not allowed(who):
            raise ProblemError(403, "forbidden")
        return who

    return guard


def if_match(given: Annotated[str | None, Header(alias="If-Match")] = None) -> int:
    """The version the caller has seen."""
    if given is None:
        raise ProblemError(428, "version_required", field="If-Match")
    text = given.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()):
        raise ProblemError(422, "invalid_field", field="If-Match")
    return int(text)


TheDoor = Annotated[Door, Depends(door)]
Anyone = Annotated[Identity, Depends(identity)]
Entering = Annotated[Identity, Depends(known)]
Me = Annotated[Identity, Depends(only(lambda who: who.works_here))]
"""One of those who work here: no elder, no family, no office."""
Employed = Annotated[Identity, Depends(only(lambda who: who.employed))]
"""Anyone but elder and family."""
Overseer = Annotated[Identity, Depends(only(lambda who: who.oversees))]
"""One who may read the figures: desk, supervisor, administrator, county or city office."""
Auditor = Annotated[Identity, Depends(only(lambda who: who.role == Role.AUDITOR))]
"""Reads who read and did what, and changes nothing."""
Security = Annotated[Identity, Depends(only(lambda who: who.role == Role.SECURITY))]
"""Makes accounts, and reads no elder."""
Elder = Annotated[Identity, Depends(only(lambda who: who.role == Role.ELDER))]
"""An elder from her own telephone."""
Family = Annotated[Identity, Depends(only(lambda who: who.role == Role.FAMILY))]
Seat = Annotated[Identity, Depends(only(lambda who: who.at_desk))]
"""Desk, supervisor or administrator."""
Tender = Annotated[Identity, Depends(only(lambda who: who.tends_devices))]
"""An installer, or at a desk."""
Issuer = Annotated[Identity, Depends(only(lambda who: who.issues_devices))]
"""Installer, supervisor or administrator."""
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Version = Annotated[int, Depends(if_match)]
Search = Annotated[str, Query(max_length=100, pattern=NO_NUL)]
Cursor = Annotated[str, Query(max_length=200, pattern=NO_NUL)]
Limit = Annotated[int, Query(ge=1, le=200)]


def cursor_id(cursor: Cursor = "") -> UUID | None:
    """A cursor that is an id."""
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise ProblemError(422, "invalid_field", field="cursor") from None


CursorId = Annotated[UUID | None, Depends(cursor_id)]
