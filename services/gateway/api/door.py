"""What every endpoint may use, and how it knows who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response

from services.gateway.accounts import Accounts
from services.gateway.api.problems import ProblemError
from services.gateway.domain.guesses import Guesses
from services.gateway.domain.people import Identity
from services.gateway.domain.streams import Position
from services.gateway.flow.wire import encode
from shared.runtime.calling import CommandClient
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from shared.vocabulary.people import Role

COOKIE = "yl_session"
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


class Json(Response):
    """JSON with times in UTC and milliseconds; never cached."""

    media_type = "application/json"

    def __init__(self, content: Any = None, status_code: int = 200) -> None:
        """Encode `content`."""
        super().__init__(content, status_code, {"Cache-Control": "no-store"})

    def render(self, content: Any) -> bytes:
        """Encode the body."""
        return encode(content)


def door(request: Request) -> Door:
    """The application's door."""
    found: Door = request.app.state.door
    return found


async def identity(request: Request) -> Identity:
    """Who asks: `Authorization: Bearer` or the session cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
    who = await door(request).accounts.who(token) if token else None
    if who is None:
        raise ProblemError(401, "unauthenticated", headers={"WWW-Authenticate": "Bearer"})
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
Me = Annotated[Identity, Depends(worker)]
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
