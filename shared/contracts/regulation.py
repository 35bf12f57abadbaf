"""Regulation over HTTP, part of `/api/v1` (docs/regulation.md): complaints, hazards, the month's table."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from shared.contracts.base import Message
from shared.contracts.reports import Words
from shared.contracts.supervision import OverPeriod

Source = Literal["family", "hotline", "letter", "visit", "phone", "inspection"]
SubjectKind = Literal["seat", "responder", "provider", "platform"]
Finding = Literal["upheld", "partly", "not_upheld", "withdrawn"]
HazardKind = Literal["device", "home", "staffing", "provider", "network", "other"]
Text = Annotated[str, Field(min_length=2, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]
Short = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*\S[^\x00-\x1f]*$")]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
Code = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]


class Colleague(Message):
    """Somebody at a desk of the caller's division, who may handle a complaint or answer for a hazard."""

    account: str
    name: str
    role: str
    division: str
    division_name: str


class Colleagues(Message):
    """The first 500, by division."""

    items: tuple[Colleague, ...]


class ClockDays(Message):
    """Working days in China in which a complaint is taken up, told something, settled; counted from the day after."""

    accept_days: Annotated[int, Field(ge=1, le=60)] = 1
    reply_days: Annotated[int, Field(ge=1, le=90)] = 5
    settle_days: Annotated[int, Field(ge=1, le=180)] = 15

    @model_validator(mode="after")
    def _in_order(self) -> "ClockDays":
        if not self.accept_days <= self.reply_days <= self.settle_days:
            raise ValueError("accept_days <= reply_days <= settle_days")
        return self


class Clocks(ClockDays):
    """What holds in a division; `laid_down_in` is whose line that is, null for the default."""

    division: str
    laid_down_in: str | None


class ComplaintSubject(Message):
    """Whom a complaint is about: a seat's account, a responder, a provider; the platform as a whole has no id."""

    kind: SubjectKind
    id: Id | None = None

    @model_validator(mode="after")
    def _named(self) -> "ComplaintSubject":
        if (self.kind == "platform") != (self.id is None):
            raise ValueError("id")
        return self


class NewCase(Message):
    """A complaint that came from outside.

    `number` is the source's own; `caller` says who complains and how to reach them; `about` is an incident or an order.
    """

    source: Literal["hotline", "letter", "visit", "phone", "inspection"]
    number: Short | None = None
    division: Code
    caller: Short
    text: Text
    about: Id | None = None
    elder: Id | None = None
    subject: ComplaintSubject | None = None


class ComplaintCase(Message):
    """A complaint as a supervisor handles it. `step` is what is due next by `due_at`; `barred`: it is about the reader.

    A family's is answered at one stroke; any other is accepted, replied to and settled, each by its own day.
    """

    complaint: UUID
    source: Source
    number: str | None
    division: str
    division_name: str
    elder: str | None
    name_masked: str
    about: str | None
    subject: ComplaintSubject | None
    caller: str
    text: str
    at: datetime
    handler: str | None
    handler_name: str | None
    accept_by: datetime | None
    accepted_at: datetime | None
    reply_by: datetime | None
    replied_at: datetime | None
    reply: str | None
    settle_by: datetime
    settled_at: datetime | None
    finding: Finding | None
    answer: str | None
    step: Literal["accept", "reply", "settle", "answer"] | None
    due_at: datetime | None
    overdue: bool
    barred: bool


class ComplaintHandler(Message):
    """Who handles it: somebody at a desk of the own division, the caller where nobody is named."""

    handler: Id | None = None


class ComplaintReply(Message):
    """What was told to whoever complained."""

    text: Text


class ComplaintSettled(Message):
    """What was found, and what was told."""

    finding: Finding
    text: Text


class NewHazard(Message):
    """What could go wrong, what is done about it, who answers for that, by the end of which day."""

    division: Code
    kind: HazardKind
    grade: Literal["general", "major"]
    text: Text
    measure: Text
    owner: Id
    due_on: date
    complaint: UUID | None = None


class Hazard(Message):
    """A hazard as it stands. `judge`: the reader may say whether it is done, being neither its owner nor who did it."""

    hazard: UUID
    division: str
    division_name: str
    kind: HazardKind
    grade: Literal["general", "major"]
    text: str
    measure: str
    owner: str
    owner_name: str
    due_on: date
    complaint: UUID | None
    found_at: datetime
    found_by: str
    fixed_at: datetime | None
    fixed_by: str | None
    fixed_note: str | None
    returned: int
    remark: str | None
    closed_at: datetime | None
    closed_by: str | None
    state: Literal["open", "fixed", "closed"]
    overdue: bool
    mine: bool
    judge: bool


class OwnerLine(Message):
    """What one person answers for (责任清单); `overdue` is of those that are open."""

    account: str
    name: str
    open: int
    fixed: int
    closed: int
    overdue: int


class Owners(Message):
    """Everybody who answers for something, those with most overdue first."""

    items: tuple[OwnerLine, ...]


class HazardFixed(Message):
    """What was done."""

    note: Text


class HazardReturned(Message):
    """Why it is not done yet."""

    remark: Text


class MonthlyColumn(Message):
    """One column of the month's table, with what it counts; `share` is of 1."""

    code: str
    name: Words
    means: Words
    share: bool


class MonthlyLine(Message):
    """A division with its values in the order of the columns; null where there is nothing to divide by, or too few."""

    division: str
    name: str
    values: tuple[float | None, ...]


class Monthly(OverPeriod):
    """月报: a line for each division directly below, for what belongs to none of them, and for the whole."""

    columns: tuple[MonthlyColumn, ...]
    items: tuple[MonthlyLine, ...]
    total: MonthlyLine


class SeatAsked(Message):
    """A seat was asked whether somebody sits there; it is missed if it says nothing until then."""

    account: str
    until: datetime
