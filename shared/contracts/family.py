"""Families over HTTP, part of `/api/v1` (docs/family.md): consent, live calls, devices, orders, what they thought.

An elder agrees that somebody may see something; everything here ends with that consent, at once.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.base import Message
from shared.contracts.orders import CancelReason, OrderLine, ServiceCode, ServiceLine

NO_NUL = r"^[^\x00]*$"
Mobile = Annotated[str, Field(pattern=r"^(\+86)?1[3-9][0-9]{9}$")]
Words = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[^\x00\s][^\x00]*$")]
Relation = Literal[
    "daughter", "son", "spouse", "daughter_in_law", "son_in_law", "grandchild", "sibling", "relative", "friend"
]
May = Literal["calls", "health", "devices", "orders"]
"""What somebody may see or do: calls for help, medical notes, devices and their tests, ordering."""
How = Literal["own_page", "in_person", "telephone", "paper"]
Code = Annotated[str, Field(pattern=r"^[0-9]{8}$")]


class AskForCode(Message):
    """Send six digits to this mobile telephone, as a text or read aloud by a call."""

    phone: Mobile
    by: Literal["text", "voice"] = "text"


class CodeSent(Message):
    """Until when the digits are good, and when they may be asked for again."""

    until: datetime
    again_at: datetime


class FamilyLogin(Message):
    """The telephone and the digits that came to it."""

    phone: Mobile
    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class NewConsent(Message):
    """What the elder agrees to, and how it is known that she does."""

    relation: Relation
    may: Annotated[tuple[May, ...], Field(max_length=4)] = ("calls",)
    how: How = "own_page"


class ConsentCode(Message):
    """Eight digits to be told to the one it was given for; they are shown this once."""

    code: str
    until: datetime


class UseCode(Message):
    """The digits that the elder or a worker told her."""

    code: Code


class KinBinding(Message):
    """She agrees to what was shown, under this name."""

    code: Code
    name: Name


class Consent(Message):
    """What an elder has agreed to; `wording` says which text was shown to both."""

    name_masked: str
    relation: Relation
    may: tuple[May, ...]
    given_by: Literal["elder", "worker"]
    how: How
    wording: str
    given_at: datetime


class KinLine(Consent):
    """Somebody who may see something of an elder, as the elder and the desk see her."""

    kin: UUID
    name: str
    bound_at: datetime


class Parent(Consent):
    """An elder whom the caller may see, with what concerns her now."""

    kin: UUID
    elder: str
    name: str
    bound_at: datetime
    live: tuple[str, ...]
    """Calls for help that are not over."""


class FamilyHome(Message):
    """Everybody the caller may see. An empty list: nobody has agreed yet."""

    name: str
    phone_masked: str
    elders: tuple[Parent, ...]


class FamilyHelper(Message):
    """Somebody who comes or came: her badge (name, what she is, number, organisation), when she is to be there.

    `portrait`: her face, at `GET /family/portraits/{portrait}`, until half an hour after she has left.
    """

    name: str
    kind: str
    number: str
    organisation: str | None
    portrait: UUID | None
    state: str
    due_at: datetime
    accepted_at: datetime
    departed_at: datetime | None
    arrived_at: datetime | None
    with_elder_at: datetime | None
    ended_at: datetime | None


class FamilyStep(Message):
    """One line of what happened; `who` came, `service` (120, 110, 119) was called."""

    id: UUID
    what: str
    at: datetime
    who: str | None = None
    service: str | None = None


class FamilyCall(Message):
    """A call for help in a list."""

    incident: str
    elder: str
    kind: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    rating: int | None


class FamilyNote(Message):
    """What somebody at the desk or at her side wrote."""

    text: str
    at: datetime


class FamilyCallView(Message):
    """A call for help as it stands. `health` and `notes` are null unless the elder has agreed to them."""

    line: FamilyCall
    name: str
    address: str
    presses: int
    drill: bool
    helpers: tuple[FamilyHelper, ...]
    steps: tuple[FamilyStep, ...]
    health: str | None
    notes: tuple[FamilyNote, ...] | None


class FamilyDevice(Message):
    """A device of hers: `test_until` while presses are tests; `tested_at` is the last test that came through."""

    id: str
    model: str
    kind: str
    online: bool | None
    seen_at: datetime | None
    batt: float | None
    mains: bool | None
    pressed_at: datetime | None
    tested_at: datetime | None
    self_tested_at: datetime | None
    test_until: datetime | None
    faults: tuple[str, ...]


class FamilyWish(Message):
    """A service for the parent, to begin within the window."""

    service: ServiceCode
    window_from: AwareDatetime
    window_to: AwareDatetime
    note: Words = ""


class FamilyCancel(Message):
    """Nobody comes, nothing is charged."""

    reason: CancelReason = "family_asks"


class FamilyOrder(Message):
    """An order as the family sees it: the money in fen, who comes, how far she is."""

    line: OrderLine
    price_cents: int | None
    subsidy_cents: int | None
    own_cents: int | None
    charged_cents: int | None
    absent_cents: int | None
    """What is charged when nobody opens."""
    cancellable: bool
    rating: int | None
    helpers: tuple[FamilyHelper, ...]


class ServicesThere(Message):
    """What can be ordered where she lives, and what it costs."""

    items: tuple[ServiceLine, ...]


class Rating(Message):
    """Five faces, and words if she likes."""

    rating: Annotated[int, Field(ge=1, le=5)]
    text: Words = ""


class NewComplaint(Message):
    """Something was not right; a supervisor answers by a day that is told at once."""

    text: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]
    about: Annotated[str, Field(max_length=64, pattern=NO_NUL)] | None = None


class ComplaintAnswer(Message):
    """What the supervisor says to it."""

    answer: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*\S[^\x00]*$")]


class ComplaintLine(Message):
    """A complaint; `by` and `elder` are masked in the supervisor's list."""

    complaint: UUID
    elder: str
    name_masked: str
    by: str
    about: str | None
    text: str
    at: datetime
    due_at: datetime
    overdue: bool
    answer: str | None
    answered_at: datetime | None


class FamilyNews(Message):
    """`d` of `family.call` and `family.changed`: fetch what it names; nothing else is in it."""

    elder: str
    incident: str | None = None
