"""Commands that can't be carried out. The code is stable; screens put it into words."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """`status` as in HTTP: 404 unknown, 409 not in this state, 412 version passed, 422 an argument is wrong."""

    code: str
    status: int = 409
    params: dict[str, Any] = field(default_factory=dict)


def offer_taken(who: str | None) -> Refusal:
    """Somebody else won this offer."""
    return Refusal("offer_taken", params={"who": who})


def offer_closed(state: str) -> Refusal:
    """The offer was answered, expired or withdrawn before."""
    return Refusal("offer_closed", params={"state": state})


def already_taken(who: str | None) -> Refusal:
    """Another seat holds the incident."""
    return Refusal("already_taken", params={"who": who})


def already_open(incident: str) -> Refusal:
    """Another incident is being answered for the same matter."""
    return Refusal("already_open", params={"incident": incident})


def wrong_state(state: str) -> Refusal:
    """What was asked does not fit what has happened since."""
    return Refusal("wrong_state", params={"state": state})


def argument(field_name: str, code: str) -> Refusal:
    """An argument is missing or not allowed."""
    return Refusal(code, status=422, params={"field": field_name})


NOT_FOUND = Refusal("not_found", status=404)
NOT_YOURS = Refusal("not_assigned")
NOT_ASKED = Refusal("not_asked")
NOT_AT_A_DESK = Refusal("forbidden", status=403)
BUSY = Refusal("busy")
ALREADY_UNDER_WAY = Refusal("already_under_way")
ALREADY_BOOKED = Refusal("already_booked", params={"field": "people"})


def version_passed(ver: int) -> Refusal:
    """Somebody decided something since the version that the caller saw."""
    return Refusal("version_passed", status=412, params={"ver": ver})
