"""What people hand in after a visit, and their own days. Times are UTC, sizes bytes, durations seconds."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message

EvidenceKind = Literal["photo", "signature", "voice", "report", "person"]
HandIn = Literal["photo", "signature", "note"]
Unsigned = Literal["cannot_write", "refused", "hospital", "absent", "other"]


class VisitReport(Message):
    """What was seen at the visit, and why something that is wanted was not handed in."""

    fell: bool = False
    injured: bool = False
    unsigned: Unsigned | None = None
    """Why there is no signature (无法签字)."""
    missing: Annotated[tuple[HandIn, ...], Field(max_length=3)] = ()
    """What is wanted and could not be handed in."""


class EvidenceLine(Message):
    """One thing that was handed in; its content is at `/evidence/{id}`. `sha256` is in hex, as in the log."""

    id: UUID
    kind: EvidenceKind
    media: str
    size: int
    sha256: str
    job: UUID | None
    by: str
    taken_at: datetime | None
    at: datetime
    report: VisitReport | None


class EvidenceList(Message):
    """What is wanted at the end of the visit, and what has been handed in, oldest first."""

    wanted: tuple[HandIn, ...]
    items: tuple[EvidenceLine, ...]


class Spread(Message):
    """How long something took: never one number alone. Null where there is nothing to count."""

    n: int
    median_s: int | None
    p90_s: int | None


class MyJob(Message):
    """A job that this person had part in. `wait_s` is from the press to accepting, `way_s` from there to the door."""

    job: UUID
    incident: str
    kind: str
    priority: int
    drill: bool
    state: str
    end_reason: str | None
    name_masked: str
    place: str
    opened_at: datetime
    accepted_at: datetime
    arrived_at: datetime | None
    ended_at: datetime | None
    wait_s: int | None
    way_s: int | None
    rating: int | None


class MyJobs(Message):
    """Jobs of the last days, newest first, with what they took; drills are listed and not counted.

    `stars` counts ratings of one to five.
    """

    since: datetime
    items: tuple[MyJob, ...]
    wait: Spread
    way: Spread
    stars: tuple[int, int, int, int, int]


class MyVisit(Message):
    """A visit that this person is booked for. `leg_m` is the straight line from the one before, in metres."""

    order: str
    state: str
    service_name: str
    service_name_en: str
    name_masked: str
    address: str | None
    lat: float | None
    lon: float | None
    window_from: datetime
    window_to: datetime
    starts_at: datetime | None
    minutes: int
    hands: int
    incident: str | None
    leg_m: int | None


class MyVisits(Message):
    """The visits of a day in the order in which they are made."""

    day: date
    items: tuple[MyVisit, ...]
