"""Orders over HTTP, part of `/api/v1` (docs/orders.md). Money in fen, shares in permille; times are UTC, days local."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.base import Message
from shared.contracts.evidence import HandIn

NO_NUL = r"^[^\x00]*$"
Text = Annotated[str, Field(max_length=2000, pattern=NO_NUL)]
Id = Annotated[str, Field(min_length=1, max_length=64, pattern=NO_NUL)]
ServiceCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]
Skill = Annotated[str, Field(min_length=1, max_length=32, pattern=NO_NUL)]
Permille = Annotated[int, Field(ge=0, le=1000)]
Cents = Annotated[int, Field(ge=0, le=10_000_000)]
Minute = Annotated[int, Field(ge=0, le=1439)]
Aware = AwareDatetime
ProofKind = Literal["position", "home_code", "button"]
OrderState = Literal[
    "draft", "placed", "scheduled", "dispatched", "fulfilled", "closed", "rescheduled", "cancelled", "missed",
    "returned", "disputed",
]  # fmt: skip
Telephoned = Literal["elder", "family"]
"""Who called the desk and asked for it."""
CancelReason = Literal["elder_asks", "family_asks", "hospital", "moved", "died", "mistake", "weather", "other"]
Team = Annotated[tuple[Id, ...], Field(min_length=1, max_length=4)]


class NewOrder(Message):
    """A service for an elder, to begin within the window. A draft is not planned until it is confirmed."""

    elder: Id
    service: ServiceCode
    window_from: Aware
    window_to: Aware
    provider: Id | None = None
    telephoned: Telephoned | None = None
    draft: bool = False
    note: Text = ""


class Reschedule(Message):
    """Another time (改约)."""

    window_from: Aware
    window_to: Aware
    reason: Literal["elder_asks", "family_asks", "helper_ill", "weather", "overbooked", "other"]
    note: Text = ""


class CancelOrder(Message):
    """Nobody comes, nothing is charged."""

    reason: CancelReason
    note: Text = ""


class ReturnOrder(Message):
    """Back to the desk (退单)."""

    reason: Literal["nobody_free", "not_our_area", "skill_missing", "unsafe", "refused_at_door", "other"]
    note: Text = ""


class AssignOrder(Message):
    """Who comes (机构派员), and when within the window; without a time the planned one stays."""

    people: Team
    starts_at: Aware | None = None
    note: Text = ""


class HandOver(Message):
    """Who goes on with what has been sent out."""

    people: Team
    note: Text = ""


class Proof(Message):
    """Shown on coming or leaving, at the moment it is sent: there is no field for another time."""

    phase: Literal["arrive", "leave"]
    kind: Literal["position", "home_code"]
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    code: Annotated[str, Field(max_length=100, pattern=NO_NUL)] | None = None


class Proved(Message):
    """Whether it holds, and how far from home it was shown."""

    order: str
    holds: bool
    dist_m: int | None = None


class CallBack(Message):
    """She was asked how it was (回访); the rating is hers to give or not."""

    result: Literal["reached", "no_answer", "not_wanted"]
    rating: Annotated[int, Field(ge=1, le=5)] | None = None
    note: Text = ""


class Dispute(Message):
    """Somebody says that it was not as it should be."""

    reason: Literal["not_served", "too_short", "quality", "damage", "money", "other"]
    note: Text = ""


class Settle(Message):
    """What is charged in the end."""

    charged_cents: Cents
    note: Text = ""


class Correction(Message):
    """Something was reported wrong or too late: said beside what stands, which stays."""

    field: Literal["arrival", "leaving", "evidence", "people", "duration", "other"]
    note: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]


class HomeCode(Message):
    """The code on the label (二维码 NFC) put up at a home."""

    code: Annotated[str, Field(min_length=8, max_length=100, pattern=NO_NUL)]


class NewService(Message):
    """A line of a division's own catalogue; one of the proofs named is wanted on coming, and one on leaving.

    All of `hand_in` is handed in at the end of a visit.
    """

    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    name: Annotated[str, Field(min_length=1, max_length=50, pattern=NO_NUL)]
    name_en: Annotated[str, Field(max_length=50, pattern=NO_NUL)] = ""
    minutes: Annotated[int, Field(ge=1, le=720)]
    hands: Annotated[int, Field(ge=1, le=4)] = 1
    skills: Annotated[tuple[Skill, ...], Field(max_length=10)] = ()
    evidence_arrive: tuple[ProofKind, ...] = ("position", "home_code", "button")
    evidence_leave: tuple[ProofKind, ...] = ("position", "home_code", "button")
    hand_in: tuple[HandIn, ...] = ()
    welfare: bool = False
    offered: bool = True


class NewPrice(Message):
    """A version of a price, from a day on; what held until further notice ends there."""

    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
    since: date
    until: date | None = None
    cents: Cents
    subsidy_permille: Permille = 0
    absent_permille: Permille = 0


class PriceLine(Message):
    """What a service costs from a day on."""

    price: UUID
    division: str
    since: date
    until: date | None
    cents: int
    subsidy_permille: int
    absent_permille: int


class ServiceLine(Message):
    """A line of the catalogue as it holds somewhere, with the prices of today and later."""

    code: str
    division: str
    name: str
    name_en: str
    minutes: int
    hands: int
    skills: tuple[str, ...]
    evidence_arrive: tuple[ProofKind, ...]
    evidence_leave: tuple[ProofKind, ...]
    hand_in: tuple[HandIn, ...]
    welfare: bool
    offered: bool
    prices: tuple[PriceLine, ...]


class NewSeries(Message):
    """A service that comes again: FREQ=DAILY|WEEKLY|MONTHLY with INTERVAL, BYDAY, BYMONTHDAY, COUNT (RFC 5545)."""

    elder: Id
    service: ServiceCode
    rule: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    first_day: date
    first_min: Minute
    last_min: Minute
    until: date | None = None
    provider: Id | None = None
    skipped: Annotated[tuple[date, ...], Field(max_length=100)] = ()


class EndSeries(Message):
    """No more of it; what has been placed ahead is cancelled."""

    reason: CancelReason


class SeriesLine(Message):
    """A service that comes again."""

    series: UUID
    elder: str
    name_masked: str
    service: str
    rule: str
    first_day: date
    first_min: int
    last_min: int
    until: date | None
    provider: str | None
    filled_until: date | None
    skipped: tuple[date, ...]
    ended_at: datetime | None


class Helper(Message):
    """Somebody who comes."""

    id: str
    name: str


class OrderLine(Message):
    """An order in a list. `written_by` is the name of the account that wrote it down; a series writes its own."""

    order: str
    state: OrderState
    ver: int
    division: str
    elder: str
    name_masked: str
    service: str
    service_name: str
    service_name_en: str
    window_from: datetime
    window_to: datetime
    starts_at: datetime | None
    minutes: int
    hands: int
    people: tuple[Helper, ...]
    provider: str | None
    series: UUID | None
    incident: str | None
    arrived_at: datetime | None
    begun_at: datetime | None
    fulfilled_at: datetime | None
    verified: bool | None
    ended_why: str | None
    callback_at: datetime | None
    callback_tries: int
    telephoned: Telephoned | None
    written_by: str | None


class ProofLine(Message):
    """What was shown, when."""

    proof: UUID
    phase: Literal["arrive", "leave"]
    kind: ProofKind
    holds: bool
    responder: str
    device: str | None
    accuracy_m: int | None
    dist_m: int | None
    at: datetime


class NoteLine(Message):
    """What somebody wrote."""

    about: str
    text: str
    by: str
    at: datetime


class OrderStep(Message):
    """One line of an order's story."""

    tag: str
    actor: str
    at: datetime
    why: str | None = None


class OrderView(Message):
    """Everything about an order. Whoever goes sees it without prices and notes."""

    line: OrderLine
    address: str | None
    skills: tuple[str, ...]
    evidence_arrive: tuple[ProofKind, ...]
    evidence_leave: tuple[ProofKind, ...]
    proofs_arrive: tuple[ProofKind, ...]
    proofs_leave: tuple[ProofKind, ...]
    proofs: tuple[ProofLine, ...]
    price_cents: int | None = None
    subsidy_cents: int | None = None
    own_cents: int | None = None
    charged_cents: int | None = None
    callback_result: str | None = None
    rating: int | None = None
    notes: tuple[NoteLine, ...] = ()
    story: tuple[OrderStep, ...] = ()
