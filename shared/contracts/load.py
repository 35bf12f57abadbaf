"""Alarm load of a seat, and things put aside for a while."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message


class Shelving(Message):
    """Put a condition of a thing aside (搁置) for 15 min, 1 h, 8 h or 24 h; never for ever, always with a reason."""

    minutes: Literal[15, 60, 480, 1440]
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]


class ShelfLine(Message):
    """Something put aside. `device` and `kinds` say what; `times` is how often it was put aside in thirty days."""

    shelf: UUID
    incident: str
    device: str
    kinds: tuple[str, ...]
    division: str
    place: str
    reason: str
    by: str
    at: datetime
    until: datetime
    times: int


class Shelf(Message):
    """Everything in scope that is put aside at present, the next to come back first."""

    items: tuple[ShelfLine, ...]


class SeatLoad(Message):
    """One seat on duty. Rates are alarms per ten minutes that rang there, since it went on duty or `since`.

    `held` are incidents it has taken that are not over; `offered` those waiting that are offered to it in a flood;
    `flood_share` is 0 to 1. `sound`: `unknown` until its screen has been heard once.
    """

    account: str
    name: str
    division: str
    since: datetime
    held: int
    offered: int
    alarms: int
    claimed: int
    now_10min: int
    mean_10min: float
    worst_10min: int
    flood_share: float
    sound: Literal["ok", "silent", "unknown"]
    silent_since: datetime | None


class DeskLoad(Message):
    """One desk over the whole period; `flood_since`: a flood is on. Unclaimed: how many at once, and the longest."""

    division: str
    name: str | None
    alarms: int
    now_10min: int
    mean_10min: float
    worst_10min: int
    flood_share: float
    flood_since: datetime | None
    most_unclaimed: int
    longest_unclaimed_s: int
    unclaimed: int


class LoadSource(Message):
    """A noisy source (a device, or who it is about); shares of all alarms, 0 to 1; `noise` ended as no real need."""

    source: str
    kind: str
    division: str
    alarms: int
    share: float
    cumulative: float
    chatters: bool
    noise: int


class StaleLine(Message):
    """An incident that has stood for more than a day."""

    incident: str
    kind: str
    priority: int
    division: str
    opened_at: datetime


class LoadReport(Message):
    """Alarm load from `since` to `until`, drills left out. `shares`: in a flood, whom each waiting one is offered to.

    `since` is later than asked for where there were more alarms than are read at once.
    """

    since: datetime
    until: datetime
    alarms: int
    seats: tuple[SeatLoad, ...]
    desks: tuple[DeskLoad, ...]
    sources: tuple[LoadSource, ...]
    stale: tuple[StaleLine, ...]
    shelved: int
    shares: dict[str, str]


class LoadFlood(Message):
    """`d` of `load.flood` and `load.calm`, for desks over the division: a flood has begun, or is over."""

    division: str
    name: str | None
    alarms: int
    """Of the last ten minutes."""
    since: datetime


class SeatSilent(Message):
    """`d` of `seat.silent` and `seat.heard`, for desks over the division: a seat cannot be rung, or can again."""

    account: str
    name: str
    division: str
    since: datetime
