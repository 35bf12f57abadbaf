"""Supervision over HTTP, part of `/api/v1` (docs/indicators.md): the present moment, what is late, duty, screens.

No names but masked ones. Seconds; shares 0 to 1. Figures over everybody of a division are in `indicators`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message
from shared.contracts.mass import HandOverLine

LINE = r"^[^\x00-\x1f]*$"


class Area(Message):
    """A division by code and name; the whole cell has the empty code."""

    division: str
    name: str


class OverPeriod(Message):
    """What is told of a division over a period, as of an instant; `above` are the divisions it lies in."""

    division: str
    name: str
    above: tuple[Area, ...]
    since: datetime
    until: datetime
    as_of: datetime


class OpenLine(Message):
    """Open incidents of one priority (orders and drills left out); `oldest_s` is how long the oldest has stood."""

    priority: int
    open: int
    unclaimed: int
    nobody_coming: int
    under_way: int
    with_elder: int
    to_close: int
    oldest_s: int | None


class Waiting(Message):
    """What waits for somebody: how many, and how long the oldest has waited."""

    what: Literal["claim", "acceptance", "closing", "call_back", "complaint"]
    waiting: int
    overdue: int
    oldest_s: int | None


class OnDuty(Message):
    """People at work; `ready` can be reached and are on no job, `silent` seats cannot be rung."""

    seats: int
    silent: int
    uncovered: int
    responders: int
    ready: int
    busy: int


class AlarmLoad(Message):
    """Alarms that rang: in the last ten minutes, today; floods on at present."""

    now_10min: int
    today: int
    floods: int


class Reach(Message):
    """The circle of fifteen minutes at this moment: share of elders in reach, elders and places out of it."""

    within: float | None
    beyond: int | None
    holes: int
    target_s: int


class FleetCount(Message):
    """Devices in use and how they are; shares are of `devices`."""

    devices: int
    online: int
    online_share: float | None
    low_batt: int
    silent_24h: int
    tested_30d: int
    tested_share: float | None
    faults: int


class Today(Message):
    """Since midnight in China; medians and 90th percentiles null where nothing has come so far."""

    incidents: int
    closed: int
    false_alarms: int
    taken_p50_s: int | None
    taken_p90_s: int | None
    door_p50_s: int | None
    door_p90_s: int | None


class OverviewLine(Message):
    """One division directly below the one asked for, to be compared with the others."""

    division: str
    name: str
    open: int
    unclaimed: int
    breaches: int
    seats: int
    responders: int
    ready: int
    within: float | None
    today: int


class Overview(Message):
    """一屏统览: everything at this moment on one screen, without names."""

    at: datetime
    division: str
    name: str
    above: tuple[Area, ...]
    open: tuple[OpenLine, ...]
    waiting: tuple[Waiting, ...]
    breaches: dict[str, int]
    """How many by stage."""
    on_duty: OnDuty
    load: AlarmLoad
    reach: Reach
    fleet: FleetCount
    today: Today
    orders: dict[str, int]
    """Today's visits by state of the order."""
    mass_events: int
    lines: tuple[OverviewLine, ...]


Stage = Literal[
    "unclaimed", "unaccepted", "not_departed", "not_at_door", "not_with_elder", "no_check_in", "not_closed",
    "visit_late",
]  # fmt: skip


class Holder(Message):
    """Who can move it on: a seat, whoever goes, or nobody yet (both null)."""

    account: str | None
    seat: str | None
    responder: str | None
    name_masked: str | None


class Breach(Message):
    """An incident or visit past its target. `target_s` counts from `since`; `over_s` is how long it is past it."""

    incident: str
    ver: int
    job: UUID | None
    assignment: UUID | None
    order: str | None
    division: str
    division_name: str
    kind: str
    priority: int
    state: str
    stage: Stage
    since: datetime
    target_s: int
    over_s: int
    holder: Holder
    name_masked: str
    place: str
    nudges: int
    nudged_at: datetime | None


class Breaches(Message):
    """Everything past its target in a division, the most urgent first; at most 500, `more` says that there are more."""

    at: datetime
    division: str
    name: str
    above: tuple[Area, ...]
    items: tuple[Breach, ...]
    more: bool


class Nudge(Message):
    """Ring whoever holds it: the seat, or its desk where no seat has taken it; or the one who goes."""

    to: Literal["seat", "responder"] = "seat"
    text: Annotated[str, Field(max_length=200, pattern=LINE)] = ""


class Nudged(Message):
    """Who was rung: a seat or a responder by name, or a desk (`name_masked` null). Again after a minute at soonest."""

    nudge: UUID
    incident: str
    at: datetime
    to: Literal["seat", "responder", "desk"]
    name_masked: str | None


class ReminderLetter(Message):
    """`d` of `breach.nudged` in the inbox of whoever is asked to move it on."""

    incident: str
    stage: str
    priority: int
    by: str
    text: str
    ring: str


class ReplayStep(Message):
    """One step. `s` counts from the press; `sound` is what consoles played (null: nothing), `who` a masked name."""

    s: float
    at: datetime
    tag: str
    stage: str | None
    """Set where a stage of the response times ends: recorded, rung, taken, offered, accepted, …"""
    who: str | None
    sound: str | None
    params: dict[str, Any]
    lat: float | None = None
    lon: float | None = None


class ReplayPoint(Message):
    """Where somebody was."""

    s: float
    lat: float
    lon: float


class ReplayTrack(Message):
    """The way of one responder, as far as positions are still kept (a day)."""

    responder: str
    name_masked: str
    kind: str
    points: tuple[ReplayPoint, ...]


class IncidentReplay(Message):
    """An incident step by step, for a map and a time line. `ended_at` is null while it goes on."""

    incident: str
    division: str
    division_name: str
    kind: str
    priority: int
    drill: bool
    state: str
    outcome: str | None
    name_masked: str
    place: str
    lat: float | None
    lon: float | None
    pressed_at: datetime
    ended_at: datetime | None
    steps: tuple[ReplayStep, ...]
    tracks: tuple[ReplayTrack, ...]


class NewTicket(Message):
    """A wallboard for one division (the caller's own where none is named), for so many days."""

    label: Annotated[str, Field(min_length=1, max_length=64, pattern=LINE)]
    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$")] = ""
    days: Annotated[int, Field(ge=1, le=366)] = 90


class WallTicket(Message):
    """A ticket as a list shows it; the token is told once, when it is made."""

    ticket: UUID
    label: str
    division: str
    name: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class TicketMade(WallTicket):
    """`token` opens `GET /wall` and nothing else; `link` carries it behind `#`, which no server is sent."""

    token: str
    link: str


class WallTickets(Message):
    """Tickets that still open something, newest first."""

    items: tuple[WallTicket, ...]


class Wall(Message):
    """What a wallboard shows; ask again every few seconds, and grey what is older than `stale_after_s`."""

    label: str
    expires_at: datetime
    stale_after_s: int
    overview: Overview


class PublicDay(Message):
    """A day of the whole platform: share of its minutes (so far) in which a call for help went through."""

    day: date
    minutes: int
    through: int
    share: float | None


class PublicStatus(Message):
    """Whether calls for help go through, from presses of a device nobody wears. Days are China's, the last one today.

    `ok` is null where no such device presses. Milliseconds are from press to somebody coming, of the last day.
    """

    ok: bool | None
    at: datetime
    last_at: datetime | None
    p50_ms: int | None
    p99_ms: int | None
    share_30d: float | None
    days: tuple[PublicDay, ...]


class DutyTurn(Message):
    """One seat's watch. `until` is null while it lasts; `ended` by leaving, handing over or silence.

    `asked`: how often she was asked whether she is there (查岗); `answered`: how often she said so in time;
    `slowest_s`: the longest she took.
    """

    account: str
    name: str
    division: str
    division_name: str
    since: datetime
    until: datetime | None
    ended: Literal["left", "handed_over", "lapsed"] | None
    handed_to: str | None
    asked: int
    answered: int
    slowest_s: int | None


class DutyGap(Message):
    """A time in which nobody of a division said that she is there; `until` is null while it lasts."""

    division: str
    division_name: str
    since: datetime
    until: datetime | None


class DutyLog(OverPeriod):
    """值班日志: who sat where, when nobody did. Turns and gaps that touch the period, the newest first."""

    turns: tuple[DutyTurn, ...]
    gaps: tuple[DutyGap, ...]
    hand_overs: tuple[HandOverLine, ...]
    """What one seat has left to the next; offices are not told."""
    asked: int
    answered: int
    uncovered_s: int
