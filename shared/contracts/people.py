"""People who go, their organisations, and why they were asked: REST between the desk and the gateway."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.cases import OfferLine
from shared.contracts.portraits import Portrait

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Code = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
Phone = Annotated[str, Field(min_length=3, max_length=20, pattern=r"^[0-9+ -]+$")]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Kind = Literal["caregiver", "nurse", "grid_worker", "guard", "station", "fire_post", "volunteer", "provider"]


class Skill(Message):
    """What somebody has learned; `until` is the last day of the certificate, null for ever."""

    skill: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
    until: date | None = None


class ResponderCard(Message):
    """A person who goes, as the desk writes it; `lat`, `lon` are the station or home (WGS-84).

    `speed_mps` is that of the `mode` where it is left out; `area` is the division served, the own county by default,
    unless `catchment` names several.
    """

    division: Code
    kind: Kind
    name: Text
    phone: Phone
    lat: Latitude
    lon: Longitude
    provider_id: str | None = None
    mode: Literal["walk", "bike", "ebike", "car"] = "walk"
    speed_mps: Annotated[float, Field(ge=0.3, le=40)] | None = None
    nights: bool = False
    sex: Literal["f", "m"] | None = None
    dialects: tuple[Text, ...] = ()
    area: Code | None = None
    catchment: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    phone_only: bool = False
    skills: tuple[Skill, ...] = ()


class Shift(Message):
    """Planned duty."""

    begins: datetime
    until: datetime


class ShiftLine(Shift):
    """One with its name."""

    id: UUID


class Blocking(Message):
    """Why this person is asked no more, from this second on."""

    reason: Text


class RelationCard(Message):
    """What somebody is to an elder; `excluded` by the family is never sent to her."""

    kind: Literal["excluded", "regular", "keyholder", "neighbour", "family"]
    why: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None = None


class RelationLine(RelationCard):
    """One with whom it is to."""

    elder: str
    responder: str
    at: datetime


class ResponderView(ResponderCard):
    """A person in full, for the desk; `accepts` of `asked` are learned from every answer (a prior is in both)."""

    id: str
    speed_mps: float
    on_duty: bool
    duty_since: datetime | None
    reachable: bool
    blocked_at: datetime | None
    blocked_why: str | None
    retired_at: datetime | None
    accepts: float
    asked: float
    answer_s: float
    slow: float
    shifts: tuple[ShiftLine, ...]
    relations: tuple[RelationLine, ...]
    portrait: Portrait | None


class ProviderCard(Message):
    """An organisation that people belong to."""

    division: Code
    name: Text
    phone: Phone | None = None
    lat: Latitude
    lon: Longitude


class PersonNamed(Message):
    """Whom the organisation sends (机构派员)."""

    responder: str


class PassedOver(Message):
    """Somebody who was looked at and not asked; `why` is one code."""

    responder: str
    name: str
    kind: str
    why: str


class AskingWave(Message):
    """One wave: when, how many were asked, and who near was not."""

    wave: int
    at: datetime
    asked: int
    passed_over: tuple[PassedOver, ...]


class WaitLine(Message):
    """What happens next if nothing else does."""

    kind: str
    target: str
    due_at: datetime


class Explanation(Message):
    """Why these people: each offer with its score parts, who was passed over, and what is waited for."""

    job: UUID
    incident: str
    kind: str
    priority: int
    state: str
    policy: dict[str, Any]
    offers: tuple[OfferLine, ...]
    waves: tuple[AskingWave, ...]
    waits: tuple[WaitLine, ...]
