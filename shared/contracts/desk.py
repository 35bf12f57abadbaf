"""What a desk decides against the rules' own way, and the calls of a telephone exchange (docs/wire/desk.md)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from shared.contracts.base import Message
from shared.contracts.cases import ContactCard, ElderCard, HomeCard

Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, Field(max_length=500)]


class Naming(Message):
    """Whom to ask (offer) or to send (order, 指派)."""

    responder: Id
    reason: Reason = ""


class Reassignment(Message):
    """Who is taken off, the first one if nobody is said, and who goes instead: the backup or whoever the rules find."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, serialize_by_alias=True)

    responder: Id | None = None
    from_: Id | None = Field(default=None, alias="from")
    reason: Reason = ""


class Merging(Message):
    """The incident that this one turned out to be; that one stays."""

    into: Id
    reason: Reason = ""


class Splitting(Message):
    """Either what was merged into this one before, or another elder who needs help of her own."""

    incident: Id | None = None
    elder: Id | None = None
    kind: Literal["sos", "fall", "vital", "smoke", "gas", "fence_exit", "water"] = "sos"
    reason: Reason = ""

    @model_validator(mode="after")
    def _one_of_them(self) -> "Splitting":
        if (self.incident is None) == (self.elder is None):
            raise ValueError("either incident or elder")
        return self


class Reopening(Message):
    """Why it is open again; needed when it ended more than half an hour ago."""

    reason: Reason = ""


class ByPhone(Message):
    """What a responder says on the telephone (电话代录). `reason` is for declining, the rest for completing."""

    responder: Id
    act: Literal["accept", "decline", "depart", "arrive", "start", "complete", "support", "no_access", "not_found"]
    reason: Literal["busy", "too_far", "unwell", "off_duty", "no_transport", "other"] = "other"
    outcome: Literal["helped", "hospital", "false_press", "refused", "other"] = "helped"
    note: Annotated[str, Field(max_length=2000)] = ""


class DutyFor(Message):
    """A responder without a console goes on duty or off, by telephone."""

    on: bool


class CandidateLine(Message):
    """Somebody who may be asked next, the best first, with the parts of the score; `asked` in this incident before."""

    responder: str
    name: str
    kind: str
    dist_m: int
    eta_s: int
    score: dict[str, float]
    reachable: bool
    phone_only: bool
    on_duty: bool
    relation: str | None
    asked: str | None
    skills: tuple[str, ...] = ()
    jobs_24h: int = 0
    """How many times she has gone within the last day."""
    pending: int = 0
    """Offers that wait for her answer now, in whatever incident."""
    busy: int | None = None
    """The most urgent priority of what she has in hand; 0 is under way."""
    seen_at: datetime | None = None
    """When her position was last told; without one her station is reckoned with."""


class PassedLine(Message):
    """Somebody near who may not be asked, and why."""

    responder: str
    name: str
    kind: str
    why: str


class Candidates(Message):
    """Who may be asked for an incident now, and who may not."""

    items: tuple[CandidateLine, ...]
    passed_over: tuple[PassedLine, ...]


class IncomingCall(Message):
    """A telephone exchange announces a call. `number` (or `from`) is the other side's; `call_id` is the exchange's own.

    The same `call_id` again is the same call. `seat` is the account of the seat that it rings at, if the exchange
    knows.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    number: Annotated[str, Field(max_length=32, pattern=r"^[^\x00]*$", alias="from")]
    line: Annotated[str, Field(max_length=32, pattern=r"^[^\x00]*$")] = ""
    direction: Literal["in", "out"] = "in"
    at: AwareDatetime | None = None
    call_id: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")] = ""
    seat: Id | None = None


class Announced(Message):
    """Answer to an exchange."""

    call: UUID


class CallerHint(Message):
    """An elder whose number, or whose contact's, it may be; masked."""

    elder: str
    name_masked: str
    place: str
    incident: str | None


class CallLine(Message):
    """A call in the list, and `d` of `call.incoming`: masked until somebody opens it."""

    call: UUID
    direction: Literal["in", "out"]
    number_masked: str
    line: str
    at: datetime
    elders: tuple[CallerHint, ...]
    responders: tuple[str, ...]
    incident: str | None
    opened_by: str | None
    seat: str | None = None
    """The account of the seat that it rings at, in a letter."""


class CallerCard(Message):
    """An elder behind a number, in full."""

    elder: ElderCard
    home: HomeCard | None
    contacts: tuple[ContactCard, ...]
    incidents: tuple[dict[str, Any], ...]


class CallView(Message):
    """A call that was opened: the number, and everybody it may be about."""

    call: UUID
    direction: Literal["in", "out"]
    number: str
    line: str
    at: datetime
    elders: tuple[CallerCard, ...]
    responders: tuple[str, ...]
    incident: str | None


class CallLink(Message):
    """Which incident a call was about."""

    incident: Id


class Held(Message):
    """What a seat has taken, as it shows it; answered with what it holds indeed."""

    incidents: Annotated[tuple[Id, ...], Field(max_length=200)]


class GuidedAnswer(Message):
    """What was answered to a guided question, both by their codes."""

    question: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")]
    answer: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")]


class AnswerLine(Message):
    """An answer that is kept."""

    question: str
    answer: str
    by: str
    at: datetime


class PastIncident(Message):
    """An earlier call of the same elder, or device."""

    incident: str
    kind: str
    priority: int
    state: str
    drill: bool
    presses: int
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


class RecordDevice(Message):
    """A device at hand: whether it can be relied upon. `batt` is a share from 0 to 1."""

    device: str
    kind: str
    model: str
    online: bool | None
    seen_at: datetime | None
    batt: float | None
    pressed_at: datetime | None
    tested_at: datetime | None
    faults: tuple[str, ...]


class Reached(Message):
    """How often somebody was telephoned about her, ever, and when it was last answered."""

    callee: str
    tries: int
    answered: int
    answered_at: datetime | None


class IncidentRecord(Message):
    """What is kept about whom an incident is about, beside its page: read when it is opened.

    `portrait` is her face, `faces` are those of whoever goes, by their ids (`GET /portraits/{portrait}`).
    """

    past: tuple[PastIncident, ...]
    devices: tuple[RecordDevice, ...]
    reached: tuple[Reached, ...]
    answers: tuple[AnswerLine, ...]
    portrait: UUID | None
    faces: dict[str, UUID]
