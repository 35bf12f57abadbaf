"""Who has looked at whom: looking behind masks, its review, mutual aid between divisions, and the seals of the log."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from shared.contracts.base import Message
from shared.contracts.cases import ContactCard, ElderCard, HomeCard
from shared.contracts.people import Code, Phone

Reason = Literal["incident", "call_back", "visit", "correction", "complaint", "asked_by_her", "danger"]
Words = Annotated[str, Field(min_length=2, max_length=500, pattern=r"^[^\x00]+$")]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]


class Reveal(Message):
    """Why somebody looks behind the mask; `note` says it in words, which stay out of the log."""

    reason: Reason
    note: Words


class BreakGlass(Message):
    """Somebody beyond the own division is in danger: her id, or the whole telephone number she has given."""

    elder: Id | None = None
    phone: Phone | None = None
    note: Words

    @model_validator(mode="after")
    def _one(self) -> "BreakGlass":
        if (self.elder is None) == (self.phone is None):
            raise ValueError("elder or phone")
        return self


class Revealed(Message):
    """What lay behind the mask. `review_by`: until when a supervisor of her division judges whether it was right."""

    opening: UUID
    elder: ElderCard
    home: HomeCard | None
    contacts: tuple[ContactCard, ...]
    review_by: datetime | None


class CopyAsked(Message):
    """Somebody asks for what is held about her; `note`: who, and what paper showed it. It stays out of the log."""

    note: Words


class SubjectCopy(Message):
    """Everything that is held about an elder, rows by table.

    `missing`: tables that may hold something of hers and that only the operator's command reads.
    """

    opening: UUID
    elder: str
    at: datetime
    tables: dict[str, tuple[dict[str, Any], ...]]
    missing: tuple[str, ...]


class Opening(Message):
    """One look behind a mask, for those who judge it; `mine`: the reader's own, which others judge."""

    id: UUID
    kind: Literal["reveal", "break_glass", "file", "erasure"]
    elder: str
    division: str
    account: str
    name: str
    account_division: str
    reason: Reason
    note: str
    at: datetime
    review_by: datetime | None
    overdue: bool
    reviewed_at: datetime | None
    reviewed_by: str | None
    right: bool | None
    remark: str | None
    mine: bool


class Review(Message):
    """Whether it was right to look."""

    right: bool
    remark: Words


class AccessLine(Message):
    """One read of people's data as it stands in the log: who, what, why, when."""

    id: UUID
    at: datetime
    account: str
    name: str
    tag: str
    what: str
    target: str
    shown: tuple[str, ...]
    why: str
    division: str


class NewAid(Message):
    """What the seats of `to_division` may read of `division` until `until`, seven days at most."""

    division: Code
    to_division: Code
    until: AwareDatetime
    reason: Words


class Aid(NewAid):
    """A grant as it stands."""

    id: UUID
    from_at: datetime
    by: str
    ended_at: datetime | None


class SealHead(Message):
    """The newest seal of the log: what the level above keeps. `hash` is SHA-256 in hex; `n` is 0 before the first."""

    n: int
    hash: str
    at: datetime | None
