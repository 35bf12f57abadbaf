"""What a handler of commands may use, and what it returns."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from services.devices.authority import DeviceAuthority
from services.devices.flow.alarms import AlarmFlow
from services.devices.outbox import Spoken
from services.devices.store.keys import Sealer
from shared.contracts.commands import Answer
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.log import NewEvent


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
