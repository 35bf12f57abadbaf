"""Logging in, tickets and duty, `/api/v1`.

Times are UTC with milliseconds.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.base import Degrees, Message


class Login(Message):
    """Credentials of a person."""

    username: Annotated[str, Field(min_length=1, max_length=64)]
    password: Annotated[str, Field(min_length=1, max_length=256)]


class Account(Message):
    """Who is logged in."""

    id: str
    username: str
    name: str
    role: Literal[
        "responder", "desk", "supervisor", "admin", "installer", "office", "auditor", "security", "elder", "family"
    ]  # fmt: skip
    kind: str | None
    division: str
    responder: str | None
    elder: str | None = None
    inboxes: tuple[str, ...]
    must: Literal["password", "factor"] | None = None
    """What has to be set before this session opens anything but one's own security page."""


class Session(Message):
    """Answer to a login."""

    token: str
    account: Account
    expires_at: datetime


class Ticket(Message):
    """A single-use ticket for one WebSocket."""

    ticket: str
    expires_at: datetime


class Duty(Message):
    """On duty or not, and where."""

    on: bool
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Degrees | None = None


class DutyState(Duty):
    """Duty as it stands."""

    shift_until: datetime | None
    """End of the planned shift under way, which counts without a tap; duty that was tapped goes on after it."""
