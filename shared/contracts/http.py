"""People over HTTP, `/api/v1` (docs/wire/http.md). Times are UTC with milliseconds."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.evidence import HandIn

Degrees = Annotated[float, Field(ge=-180, le=180)]


class Problem(Message):
    """RFC 9457 problem+json; `code` is stable, `field` names what was wrong in the request.

    `instance` (`urn:uuid:…`) is the number of this very failure in our log; what a caller can put right alone has none.
    """

    type: str = "about:blank"
    title: str
    status: int
    code: str
    field: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)
    instance: str | None = None


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


class Decline(Message):
    """Why not: busy, too_far, unwell, off_duty, no_transport or other. An accepted offer can be given back."""

    reason: Literal["busy", "too_far", "unwell", "off_duty", "no_transport", "other"] = "other"


class Step(Message):
    """A step on the way, sent now or later."""

    at: datetime | None = None
    """When it was pressed, by the server's clock as the phone knows it; kept beside the time of our record."""


class Arrival(Step):
    """At the door, and what the phone says of where that is. Never refused: what does not fit is recorded so."""

    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Degrees | None = None
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    says: Literal["wrong_position", "no_position", "elsewhere", "other"] | None = None
    """Why it holds although the phone is far away, or does not know where it is."""
    note: Annotated[str, Field(max_length=500)] = ""


class Support(Step):
    """More hands, or an ambulance, which the desk sends for too."""

    need: Literal["hands", "ambulance"] = "hands"


class Completion(Step):
    """How a visit ended."""

    outcome: Literal["helped", "hospital", "false_press", "refused", "other"] = "helped"
    note: Annotated[str, Field(max_length=2000)] = ""


class CallAttempt(Message):
    """One try to reach somebody by telephone (接通 无人接 占线 关机)."""

    callee: Annotated[str, Field(min_length=1, max_length=64)]
    result: Literal["answered", "no_answer", "busy", "off"]
    cleared: bool = False
    """She answered herself and needs nobody at her door: neighbours are not asked."""


class Relocation(Message):
    """The elder is somewhere else."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Degrees
    note: Annotated[str, Field(max_length=500)] = ""


class Escalation(Message):
    """Ring the next level now."""

    reason: Annotated[str, Field(max_length=500)] = ""


class Classification(Message):
    """A priority set by a person; lowering it needs a reason, as a code or in words."""

    priority: Annotated[int, Field(ge=1, le=4)]
    code: (
        Literal["voice_contact", "condition_worse", "condition_better", "family_there", "likely_false", "duplicate"]
        | None
    ) = None
    reason: Annotated[str, Field(max_length=500)] = ""


class StandDown(Message):
    """Everyone asked or under way is told to stop."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Closing(Message):
    """An SOS closes only when somebody saw or heard the elder (见人, 闻声)."""

    outcome: Literal[
        "genuine",
        "false_press",
        "test",
        "device_fault",
        "hospital",
        "deceased",
        "not_actionable",
        "poor_details",
        "other",
    ]
    evidence: Literal["seen", "heard", "none"] = "none"
    evidence_by: Annotated[str, Field(max_length=64)] = ""
    note: Annotated[str, Field(max_length=2000)] = ""


class Note(Message):
    """A line in the timeline."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]


class PhoneIncident(Message):
    """Somebody telephoned: open an incident for an elder."""

    elder: str
    kind: Literal["sos", "fall", "vital", "smoke", "gas", "fence_exit", "water"] = "sos"
    note: Annotated[str, Field(max_length=2000)] = ""
    call: UUID | None = None
    """The call that told of it, where an exchange announced one."""


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


class DivisionLine(Message):
    """A division in a list."""

    code: str
    name: str
    parent: str | None


class ElderLine(Message):
    """An elder in a list: the name is masked until there is an incident."""

    id: str
    name_masked: str
    division: str
    home: str
    place: str | None
    lives_alone: bool
    assessment: int | None


class HomeLine(Message):
    """A home in a list."""

    id: str
    division: str
    place: str


class ResponderLine(Message):
    """Somebody who may go, in a list."""

    id: str
    name_masked: str
    kind: str
    division: str
    provider: str | None
    on_duty: bool
    reachable: bool


class ProviderLine(Message):
    """An organisation in a list."""

    id: str
    name: str
    division: str
    phone: str | None


class InboxPage(Message):
    """Answer of the long poll: `events` (`ev` frames) above the position, or `snap` (a whole `snap` frame)."""

    epoch: str
    head: int
    mode: Literal["replay", "snapshot"]
    events: tuple[dict[str, Any], ...]
    snap: dict[str, Any] | None


class Status(Message):
    """Which parts of the platform answer."""

    ok: bool
    parts: dict[str, bool]


T = TypeVar("T")


class Page(Message, Generic[T]):
    """One page; pass `next` as `cursor` for the following one."""

    items: tuple[T, ...]
    next: str | None
