"""Mass events, modes, drills and seats over HTTP, part of `/api/v1` (docs/mass-events.md)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.cases import ContactCard

NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Words = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Area = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL)]
EventKind = Literal["outage", "storm", "flood", "heat", "cold", "fire", "epidemic", "other"]
PersonState = Literal[
    "not_reached", "safe", "needs_transfer", "refused", "transferred", "sheltered", "home", "missing"
]  # fmt: skip
CallResult = Literal["answered", "no_answer", "busy", "off"]
How = Literal["call", "visit", "list", "job"]


class NewEvent(Message):
    """Open an event over areas, or make an event of an `outage`, whose silent devices then say who is on the list."""

    kind: EventKind = "other"
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    areas: Annotated[tuple[Area, ...], Field(max_length=50)] = ()
    outage: UUID | None = None
    drill: bool = False


class Mark(Message):
    """What was found out about people: at most 50 at once, as a couple whom one call has reached.

    `state` null: only that a call was tried. `transferred` and `sheltered` say where (`place`), `transferred` with
    whom; back to `not_reached` is a correction and says why (`note`).
    """

    elders: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    state: PersonState | None = None
    call: CallResult | None = None
    how: Literal["call", "visit", "list"] = "call"
    place: Words = ""
    with_whom: Words = ""
    note: Text = ""


class Named(Message):
    """Somebody who is neither safe nor back home when the event ends, and what becomes of her."""

    elder: Id
    why: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]


class CloseEvent(Message):
    """The end of an event: whoever is not settled is named."""

    named: Annotated[tuple[Named, ...], Field(max_length=2000)] = ()
    note: Text = ""


class Figures(Message):
    """How many people, and how many in each state; the states add up to `people`."""

    people: int
    not_reached: int
    safe: int
    needs_transfer: int
    refused: int
    transferred: int
    sheltered: int
    home: int
    missing: int


class VillageFigures(Figures):
    """The figures of one village; all villages of an event add up to the event."""

    division: str
    name: str | None


class EventLine(Message):
    """An event in a list. `figures` count what lies in the reader's scope."""

    event: UUID
    kind: EventKind
    title: str
    state: Literal["open", "closed"]
    ver: int
    drill: bool
    division: str
    areas: tuple[str, ...]
    outage: UUID | None
    incident: str
    enrolling: bool
    figures: Figures
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None


class EventView(EventLine):
    """An event with its villages."""

    closing_note: str | None
    villages: tuple[VillageFigures, ...]


class Elsewhere(Message):
    """What is known of her in another open event, if that is newer."""

    event: UUID
    title: str
    state: PersonState
    at: datetime


class PersonLine(Message):
    """A person of the list, as much as whoever telephones or goes must know."""

    elder: str
    name: str
    phone: str | None
    age: int | None
    lives_alone: bool
    assessment: int | None
    health: str | None
    dialect: str | None
    village: str
    village_name: str | None
    address: str | None
    status: str
    """Where she is by the register: home, out, hospital, institution."""
    stays_at: str | None
    """Her temporary address, which wins over the other."""
    home: str
    same_home: tuple[str, ...]
    """Others of the list who live there: one call may do for all."""
    contacts: tuple[ContactCard, ...]
    state: PersonState
    state_at: datetime
    tries: int
    tried_at: datetime | None
    place: str | None
    with_whom: str | None
    transfer: str | None
    """The incident in which people go to fetch her."""
    named_why: str | None
    elsewhere: Elsewhere | None


class EntryLine(Message):
    """Something that was written down about somebody; `state` is what it led to."""

    id: UUID
    was: PersonState
    state: PersonState
    call: CallResult | None
    how: How
    place: str | None
    with_whom: str | None
    note: str | None
    by: str
    at: datetime


class Totals(Figures):
    """All open events together: who is in two of them is one person, in the state that was written down last."""

    events: int
    lines: int
    """Entries on all lists; the difference to `people` are those who are on more than one."""


class ModeChange(Message):
    """Peace or war (平战结合), why, and in war until when: at most a week, and it ends by itself."""

    war: bool
    reason: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = ""
    until: datetime | None = None


class ModeLine(Message):
    """A change of the mode of a division, or how it stands."""

    division: str
    name: str | None
    war: bool
    reason: str
    by: str
    at: datetime
    until: datetime | None


class ModeView(Message):
    """How a division works at present: its own mode, that of those above it which counts here, and every change."""

    division: str
    war: bool
    by_division: str | None
    """The division whose war it is; null in peace."""
    changes: tuple[ModeLine, ...]


class NewDrill(Message):
    """演练: the same with nobody in need. Only `people` (responders) are written to or telephoned, if anybody is."""

    elder: Id
    kind: Literal["sos", "fall", "vital", "smoke", "gas", "fence_exit", "water"] = "sos"
    people: Annotated[tuple[Id, ...], Field(max_length=200)] = ()
    note: Text = ""


class DrillLine(Message):
    """A drill and who takes part."""

    incident: str
    division: str
    people: tuple[str, ...]
    by: str
    at: datetime
    state: str


class HandOver(Message):
    """Give the watch to somebody on duty, with what the next must know; the incidents one holds go with it."""

    to: Id
    note: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]


class SeatLine(Message):
    """Somebody on duty; `until` is when that must be said again."""

    account: str
    name: str
    division: str
    since: datetime
    confirmed_at: datetime
    until: datetime


class PostLine(Message):
    """A division that has had a seat: who sits there, or who answers for it. `uncovered_since`: nobody said so."""

    division: str
    name: str | None
    seats: tuple[SeatLine, ...]
    covered_by: str | None
    uncovered_since: datetime | None


class HandOverLine(Message):
    """What one seat has left to the next."""

    id: UUID
    division: str
    from_name: str
    to_name: str
    to_division: str
    note: str
    incidents: tuple[str, ...]
    at: datetime


class DutyBoard(Message):
    """Who is on duty in scope and above it; `mine` is the reader's own seat."""

    mine: SeatLine | None
    posts: tuple[PostLine, ...]
    hand_overs: tuple[HandOverLine, ...]


class MassUpdated(Message):
    """`d` of `mass.updated`, for desks over or within the event: how the list stands."""

    event: UUID
    incident: str
    kind: EventKind
    title: str
    state: Literal["open", "closed"]
    ver: int
    drill: bool
    what: str
    """The last thing that happened: opened, enrolled, tried, marked, named, reminded, closed."""
    figures: Figures


class ModeChanged(Message):
    """`d` of `mode.changed`, for desks over and within the division."""

    division: str
    name: str | None
    war: bool
    until: datetime | None
    reason: str
    by: str


class DutyAsk(Message):
    """`d` of `duty.ask`, for one person at a seat: are you still there? (还在值守吗)."""

    division: str
    until: datetime


class DutyUpdated(Message):
    """`d` of `duty.updated` and `duty.uncovered`, for desks over the division."""

    division: str
    name: str | None
    on_duty: int
    covered_by: str | None
    uncovered_since: datetime | None


class DutyHandedOver(Message):
    """`d` of `duty.handed_over`, for whoever takes over."""

    division: str
    from_name: str
    note: str
    incidents: tuple[str, ...]
