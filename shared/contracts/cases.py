"""An incident and its job as desk and responder see them; names and addresses only here.

Times are UTC with milliseconds.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.evidence import HandIn


class ElderCard(Message):
    """An elder as shown during an incident; a list shows `name_masked` only."""

    id: str
    name: str
    sex: str | None
    age: int | None
    phone: str | None
    lives_alone: bool
    assessment: int | None
    health: str | None
    dialect: str | None
    medicine: str | None = None
    allergies: str | None = None
    status: str = "home"
    """在家 外出 住院 入住机构 迁出 去世, as of now."""
    temp_address: str | None = None
    """Where she stays at present; help goes there."""
    plan_until: datetime | None = None
    """Until when she has signed that the desk speaks with her first."""
    break_in: bool = False
    """She has signed that the door may be opened by force."""


class HomeCard(Message):
    """Where the elder lives and how to get in."""

    id: str
    address: str
    division: str
    division_names: tuple[str, ...]
    floor: int | None
    lift: bool | None
    door_code: str | None
    key_place: str | None
    lat: float
    lon: float


class ContactCard(Message):
    """Family or keyholder, in calling order."""

    ord: int
    name: str
    relation: str
    phone: str
    has_key: bool


class OfferLine(Message):
    """One person asked: sent, shown, rang, answered."""

    id: UUID
    responder: str
    name: str
    kind: str
    state: str
    wave: int
    dist_m: int
    eta_s: int
    score: dict[str, float]
    sent_at: datetime
    respond_by: datetime
    shown_at: datetime | None
    rang_at: datetime | None
    answered_at: datetime | None
    reason: str | None
    how: Literal["asked", "offered", "ordered", "moved"] = "asked"
    """By the rules, by a person at the desk, or along with an incident that was merged."""


class AssignmentLine(Message):
    """Somebody who accepted."""

    id: UUID
    job: UUID
    offer: UUID
    responder: str
    name: str
    kind: str
    role: Literal["first", "second", "backup"]
    state: str
    eta_s: int
    accepted_at: datetime
    departed_at: datetime | None
    arrived_at: datetime | None
    with_elder_at: datetime | None
    ended_at: datetime | None


class CallLine(Message):
    """A stored call attempt."""

    callee: str
    result: str
    by: str
    at: datetime


class TimelineLine(Message):
    """An event of the incident, oldest first; `tag` and `params` are put into words by the screen."""

    id: UUID
    tag: str
    at: datetime
    actor: str
    params: dict[str, Any]


class RowFault(Message):
    """Something wrong with a device; `protects` tells whether that leaves her unable to call."""

    device: str | None
    kind: str
    protects: bool
    at: datetime


class HandoffLine(Message):
    """One number to be telephoned: why, with which area code, and what came of it."""

    why: str | None = None
    area: str | None = None
    break_in: bool | None = None
    prompted_at: datetime | None = None
    made_at: datetime | None = None
    result: str | None = None
    ref: str | None = None


class IncidentRow(Message):
    """An incident in the desk's queue, and `d` of `incident.…` events: replace by `incident` if `ver` rose."""

    incident: str
    ver: int
    state: str
    priority: int
    kind: str
    drill: bool
    flags: tuple[str, ...]
    cls: str
    presses: int
    rung: int
    division: str
    name_masked: str
    place: str
    device: str | None
    linked_to: str | None
    opened_at: datetime
    pressed_at: datetime
    taken_at: datetime | None
    holder: str | None
    holder_account: str | None
    job: UUID | None
    job_state: str | None
    asked: int
    going: tuple[AssignmentLine, ...]
    next_due: datetime | None
    faults: tuple[RowFault, ...] = ()
    """What is wrong with her things, for incidents that are about things."""
    protects: bool = False
    asks_at: datetime | None = None
    """Until when the night lets people sleep."""
    merged_into: str | None = None
    """Which incident it turned out to be; that one goes on."""
    reopened_at: datetime | None = None
    """Since when it is open again."""
    shelved_until: datetime | None = None
    """Until when what is wrong with her things was put aside (搁置)."""
    hands: int = 1
    """How many people are needed at once."""
    order: str | None = None
    """The order that is worked here."""
    held_until: datetime | None = None
    """Until when the desk speaks with her first."""
    cleared_at: datetime | None = None
    confirmed_at: datetime | None = None
    """Her own voice has calmed it, or two tries in vain or a seat have confirmed it."""
    away_m: int | None = None
    """地址不符: how far from her address the call came from."""
    handoffs: dict[str, HandoffLine] = Field(default_factory=dict)
    """120, 110 and 119: prompted, telephoned, with what result."""
    covered_at: datetime | None = None
    """Since when people stand in for the device (人工守护)."""
    outage: UUID | None = None
    event: UUID | None = None
    """The event over an area whose row this is (docs/mass-events.md)."""
    devices: int | None = None
    elders: int | None = None
    """How many are silent in this outage, and how many people they belong to."""
    undelivered: int = 0
    """How many texts, calls and pushes did not get through."""
    alarms: tuple[UUID, ...] = ()
    """In an event: the alarms it took in, of which a desk may have heard already (console.AlarmHeard)."""


class JobView(Message):
    """A job for the one who goes: the full address, how to get in, whom to phone."""

    job: UUID
    incident: str
    ver: int
    state: str
    priority: int
    kind: str
    drill: bool
    incident_state: str
    elder: ElderCard | None
    home: HomeCard | None
    contacts: tuple[ContactCard, ...]
    lat: float | None
    lon: float | None
    mine: AssignmentLine | None
    going: tuple[AssignmentLine, ...]
    opened_at: datetime
    check_in_due: datetime | None = None
    """With the elder: when the desk is told, unless `check-in` says before that all is well."""
    desk_phone: str | None = None
    """The duty telephone nearest to her home."""
    hand_in: tuple[HandIn, ...] = ()
    """What is handed in at the end of the visit."""


class IncidentView(Message):
    """Everything the desk needs on one page."""

    row: IncidentRow
    elder: ElderCard | None
    home: HomeCard | None
    contacts: tuple[ContactCard, ...]
    others_in_home: tuple[ElderCard, ...]
    offers: tuple[OfferLine, ...]
    assignments: tuple[AssignmentLine, ...]
    calls: tuple[CallLine, ...]
    timeline: tuple[TimelineLine, ...]
    outcome: str | None
    evidence: str | None
    evidence_by: str | None
    closed_at: datetime | None
