"""What every endpoint may use, and how it knows who asks."""

from collections.abc import Callable, Mapping
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


async def employed(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, unless elder or family."""
    if not who.employed:
        raise ProblemError(403, "forbidden")
    return who


async def overseer(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if one who may read the figures: desk, supervisor, administrator, county or city office."""
    if not who.oversees:
        raise ProblemError(403, "forbidden")
    return who


async def auditor(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if an auditor: reads who read and did what, and changes nothing."""
    if who.role != Role.AUDITOR:
        raise ProblemError(403, "forbidden")
    return who


async def security(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if a security administrator: makes accounts, and reads no elder."""
    if who.role != Role.SECURITY:
        raise ProblemError(403, "forbidden")
    return who


async def worker(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if one of those who work here: no elder, no family."""
    if not who.works_here:
        raise ProblemError(403, "forbidden")
    return who


async def elder(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if an elder from her own telephone."""
    if who.role != Role.ELDER:
        raise ProblemError(403, "forbidden")
    return who


async def family(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if a family member."""
    if who.role != Role.FAMILY:
        raise ProblemError(403, "forbidden")
    return who


async def seat(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if a desk, supervisor or administrator."""
    if not who.at_desk:
        raise ProblemError(403, "forbidden")
    return who


async def tender(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if an installer or at a desk."""
    if not who.tends_devices:
        raise ProblemError(403, "forbidden")
    return who


async def issuer(who: Annotated[Identity, Depends(identity)]) -> Identity:
    """Who asks, if an installer, supervisor or administrator."""
    if not who.issues_devices:
        raise ProblemError(403, "forbidden")
    return who


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
Me = Annotated[Identity, Depends(worker)]
Employed = Annotated[Identity, Depends(employed)]
Overseer = Annotated[Identity, Depends(overseer)]
Auditor = Annotated[Identity, Depends(auditor)]
Security = Annotated[Identity, Depends(security)]
Elder = Annotated[Identity, Depends(elder)]
Family = Annotated[Identity, Depends(family)]
Seat = Annotated[Identity, Depends(seat)]
Tender = Annotated[Identity, Depends(tender)]
Issuer = Annotated[Identity, Depends(issuer)]
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
