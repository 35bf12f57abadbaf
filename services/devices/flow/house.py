"""What a handler of commands may use, and what it returns."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from services.devices.authority import DeviceAuthority
from services.devices.domain.newcomer import BadFieldError
from services.devices.flow.alarms import AlarmFlow
from services.devices.outbox import Spoken
from services.devices.store.identity import Spot
from services.devices.store.keys import Sealer
from shared.contracts.commands import Answer, Command
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import BadDivisionError, division
from shared.vocabulary.ids import uuid7

LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class House:
    """The parts behind the commands."""

    database: Database
    clock: Clock
    authority: DeviceAuthority
    sealer: Sealer
    spoken: Spoken
    alarms: AlarmFlow
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Whoever lets something ring holds it: a flow stores one batch at a time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, what goes into the log with it, and what leaves the house after the commit.

    `kept` is what a repetition of the command hears, where that must differ: a fresh secret is told once.
    """

    answer: Answer
    events: list[NewEvent] = field(default_factory=list)
    after: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    kept: Answer | None = None


def done(**body: Any) -> Outcome:
    """Nothing but an answer."""
    return Outcome(Answer(status=200, body=body))


def refused(status: int, code: str, **params: Any) -> Outcome:
    """No, and why; the codes are stable and translated by the screens."""
    return Outcome(Answer(status=status, body={"code": code, "params": params}))


def invalid(field: str) -> Outcome:
    """The named field cannot be."""
    return refused(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_field", field=field)


def spot(args: Mapping[str, Any]) -> Spot:
    """Where a device is to be; BadFieldError names the field that cannot be."""
    for name in ("home", "elder"):
        given = args.get(name)
        if given is not None and not (isinstance(given, str) and given.isprintable() and 0 < len(given) <= LONGEST_ID):
            raise BadFieldError(name)
    try:
        return Spot(division(str(args.get("division"))), args.get("home"), args.get("elder"))
    except BadDivisionError:
        raise BadFieldError("division") from None


def happened(command: Command, tag: str, place: str, now: datetime, **more: str | None) -> NewEvent:
    """What the caller did to the device the command is about."""
    body = {"device": command.target, **more}
    return NewEvent(uuid7(now), "device", command.target, tag, body, place, f"account:{command.actor.account}")
