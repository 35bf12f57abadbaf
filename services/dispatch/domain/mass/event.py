"""The event and its lines. Only facts change them (`evolve`), so the log tells the same story again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Fact, identifier
from services.dispatch.domain.mass.states import PERSON, PersonState
from services.dispatch.domain.states import after

OPEN, CLOSED = "open", "closed"
NOBODY_YET = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an area. `enrolled_to` is the last person of it on the list, None when all are."""

    id: UUID
    division: str
    areas: tuple[str, ...]
    kind: str
    drill: bool
    state: str
    ver: int
    outage_id: UUID | None
    incident_id: str
    enrolled_to: str | None
    opened_at: datetime
    reminded_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list, counted in the village (`division`) where she lived when she came on it."""

    elder_id: str
    division: str
    state: str
    state_at: datetime
    tries: int = 0
    tried_at: datetime | None = None
    transfer_id: str | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """An event with those of its lines that a decision is about, by elder."""

    event: Event
    lines: Mapping[str, Line]


def opened(fact: Fact) -> Roll:
    """The event that `mass.opened` begins, with nobody on its list yet."""
    body = fact.body
    event = Event(
        id=identifier(body["event"]), division=body["division"], areas=tuple(body["areas"]), kind=body["kind"],
        drill=body["drill"], state=OPEN, ver=1, outage_id=identifier(body["outage"]) if body["outage"] else None,
        incident_id=body["row"], enrolled_to=NOBODY_YET, opened_at=fact.at,
    )  # fmt: skip
    return Roll(event, {})


def evolve(roll: Roll, fact: Fact) -> Roll:
    """The list after one more fact. IllegalMoveError when the table of states forbids it."""
    changed = _STEPS[fact.tag](roll, fact)
    return replace(changed, event=replace(changed.event, ver=roll.event.ver + 1))


def _enrolled(roll: Roll, fact: Fact) -> Roll:
    """A person who is on the list already is not put on it twice."""
    new = {
        elder: Line(elder, village, PersonState.NOT_REACHED, fact.at)
        for elder, village in fact.body["people"]
        if elder not in roll.lines
    }
    event = replace(roll.event, enrolled_to=fact.body["to"]) if fact.body["of_area"] else roll.event
    return Roll(event, {**roll.lines, **new})


def _reopened(roll: Roll, _fact: Fact) -> Roll:
    return replace(roll, event=replace(roll.event, enrolled_to=NOBODY_YET))


def _tried(roll: Roll, fact: Fact) -> Roll:
    line = _line(roll, fact)
    return _with(roll, replace(line, tries=line.tries + 1, tried_at=fact.at))


def _marked(roll: Roll, fact: Fact) -> Roll:
    line, body = _line(roll, fact), fact.body
    tried: dict[str, Any] = {"tries": line.tries + 1, "tried_at": fact.at} if body["call"] else {}
    state = after(PERSON, line.state, body["state"])
    return _with(roll, replace(line, state=state, state_at=fact.at, transfer_id=body["transfer"], **tried))


def _named(roll: Roll, fact: Fact) -> Roll:
    return _with(roll, replace(_line(roll, fact), named=True))


def _reminded(roll: Roll, fact: Fact) -> Roll:
    return replace(roll, event=replace(roll.event, reminded_at=fact.at))


def _closed(roll: Roll, fact: Fact) -> Roll:
    return replace(roll, event=replace(roll.event, state=CLOSED, closed_at=fact.at))


def _line(roll: Roll, fact: Fact) -> Line:
    return roll.lines[fact.body["elder"]]


def _with(roll: Roll, line: Line) -> Roll:
    return replace(roll, lines={**roll.lines, line.elder_id: line})


_STEPS: Mapping[str, Callable[[Roll, Fact], Roll]] = MappingProxyType(
    {
        "mass.enrolled": _enrolled,
        "mass.list_reopened": _reopened,
        "mass.tried": _tried,
        "mass.marked": _marked,
        "mass.named": _named,
        "mass.reminded": _reminded,
        "mass.closed": _closed,
    }
)
