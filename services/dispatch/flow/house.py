"""What a handler of commands may use, and what it returns."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from services.dispatch.domain.refusals import Refusal
from services.dispatch.flow.cases import Cases
from services.dispatch.registry.situations import Situations
from shared.contracts.commands import Answer, Command
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database


@dataclass(frozen=True, slots=True)
class House:
    """The parts behind the commands. `planned` is set when a deadline may have moved."""

    database: Database
    clock: Clock
    cases: Cases
    planned: asyncio.Event = field(default_factory=asyncio.Event)


def furnished(database: Database, clock: Clock) -> House:
    """A house with everything in it."""
    return House(database, clock, Cases(database, clock, Situations(database, clock)))


Before = Callable[[House, Command], Awaitable[Any]]
Early = Callable[[House, Command], Awaitable[Answer | None]]
Within = Callable[[House, Connection, Command, Any], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one command is carried out: what is looked up `before`, and what is done within the transaction.

    A search takes time, which no write transaction may; `within` gets what `before` found. `early` may say no without
    any lock, where many ask at once: a no that was true while the command was under way is a true answer.
    """

    within: Within
    before: Before | None = None
    early: Early | None = None


def done(**body: Any) -> Answer:
    """It is so now."""
    return Answer(status=HTTPStatus.OK, body=body)


def refused(refusal: Refusal) -> Answer:
    """No, and why."""
    return Answer(status=refusal.status, body={"code": refusal.code, "params": refusal.params})
