"""Visits that are looked at twice, part of `/api/v1` (docs/evidence.md).

Names are masked; times UTC; metres, seconds.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.contracts.base import Message

Sign = Literal[
    "same_photo", "too_fast", "far", "short_stay", "shared_phone", "alike_photo", "no_proof", "shortish", "told_late",
    "old_photo", "phone_handed_on",
]  # fmt: skip


class Doubt(Message):
    """One sign against a visit: how many points of a hundred it weighs, and the figures it was seen by."""

    code: Sign
    weight: int
    params: dict[str, str | int]


class Visitor(Message):
    """Somebody who was there, as she says."""

    responder: str
    name_masked: str


class DoubtfulVisit(Message):
    """A finished visit that somebody should look at. `score` 50 to 100; `at` is when she was left.

    `sound` is what a person has decided: true, it was as it should be; false, it was not; null, nobody has yet.
    """

    order: str
    incident: str | None
    division: str
    division_name: str
    service: str
    service_name: str
    service_name_en: str
    name_masked: str
    place: str
    people: tuple[Visitor, ...]
    minutes: int
    arrived_at: datetime
    at: datetime
    checked_at: datetime
    score: int
    reasons: tuple[Doubt, ...]
    decided_at: datetime | None
    decided_by: str | None
    sound: bool | None
    why: str | None


class DoubtfulVisits(Message):
    """A page of them, and of the last thirty days how many visits were looked at and what became of the doubtful."""

    looked_at: int
    waiting: int
    sound: int
    unsound: int
    items: tuple[DoubtfulVisit, ...]
    next: str | None


class VisitDecision(Message):
    """What a person makes of a doubtful visit, and why. Nothing follows from it by itself."""

    sound: bool
    why: Annotated[str, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=500)]
