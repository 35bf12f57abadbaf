"""What a desk decides against the rules' own way, and the calls of a telephone exchange (docs/wire/desk.md)."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from shared.contracts.base import Message
from shared.contracts.http import ContactCard, ElderCard, HomeCard

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
