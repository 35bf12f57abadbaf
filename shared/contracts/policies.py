"""Policies, elders' status and call-backs over HTTP, part of `/api/v1` (docs/wire/http.md). Seconds and metres."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from shared.contracts.base import Message

NO_NUL = r"^[^\x00]*$"
Seconds = Annotated[int, Field(ge=0, le=7 * 24 * 3600)]
Hour = Annotated[int, Field(ge=0, le=24)]
Words = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
Channel = Literal["console", "sms", "voice", "push"]
Kind = Annotated[str, Field(min_length=1, max_length=32, pattern=NO_NUL)]


class Rung(Message):
    """One step of the ladder: after so many seconds without anybody, the desks of this level and those below it."""

    after_s: Seconds
    level: Literal["community", "street", "county", "city"]
    by: Annotated[tuple[Channel, ...], Field(max_length=4)] = ("console",)


class Rule(Message):
    """How one priority is answered."""

    confidence: float
    most: int
    one_more_s: Seconds
    respond_s: Seconds
    volunteers_s: Seconds
    reach: Annotated[tuple[int, ...], Field(max_length=10)]
    ladder: Annotated[tuple[Rung, ...], Field(max_length=12)]
    repeat: Seconds
    backup: bool
    unseen_s: Seconds = 5
    louder_s: Seconds = 7
    untaken_s: Seconds = 20
    second: Literal["sms", "voice", "push"] = "voice"


class War(Message):
    """What disaster mode lays over the rules."""

    reach_times: float = 2.0
    one_more_s: Seconds = 30
    volunteers_s: Seconds = 10
    call_in: Annotated[tuple[Kind, ...], Field(max_length=16)] = (
        "volunteer", "grid_worker", "guard", "caregiver", "nurse",
    )  # fmt: skip


class Policy(Message):
    """Who is asked, after how long, by which channel. `rules` by priority, "1" to "4"."""

    rules: dict[Literal["1", "2", "3", "4"], Rule]
    stall_s: Seconds = 90
    arrival_s: Seconds = 1800
    entry_s: Seconds = 600
    check_in_s: Seconds = 900
    review_s: Seconds = 1800
    cover_s: Seconds = 7200
    canary_s: Seconds = 60
    night_from_h: Hour = 22
    night_until_h: Hour = 8
    zone_min: Annotated[int, Field(ge=-720, le=840)] = 480
    at_once: Annotated[tuple[Kind, ...], Field(max_length=16)] = ("fall", "smoke", "gas")
    volunteers_from_h: Hour = 6
    volunteers_until_h: Hour = 22
    voice_s: Seconds = 30
    confirm_s: Seconds = 60
    late_times: float = 1.5
    lost_s: Seconds = 45
    access_s: Seconds = 60
    searchers: Annotated[int, Field(ge=0, le=50)] = 10
    call_back_s: Seconds = 86400
    war: War = War()


class PolicyChange(Message):
    """Lay a policy down for a division, and say why."""

    policy: Policy
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=NO_NUL)]


class PolicyCheck(Message):
    """A policy to be looked through."""

    policy: Policy


class Hole(Message):
    """Where a path would end in nothing: `field` is a path into the policy."""

    field: str
    zh: str
    en: str


class Holes(Message):
    """Everything that must be mended; empty for a sound policy."""

    holes: tuple[Hole, ...]


class HeldPolicy(Policy):
    """A policy with its version, and the mode that holds."""

    version: int
    mode: Literal["peace", "war"] = "peace"
    call_in: tuple[str, ...] = ()


class PolicyVersion(Message):
    """One version of a division's own policy."""

    version: int
    by: str
    reason: str
    at: datetime


class PolicyView(Message):
    """What was laid down for a division or above it, and what `holds` with the mode over it.

    `laid_down_for` is null when the shipped policy holds; `history` are the division's own versions.
    """

    division: str
    laid_down_for: str | None
    version: int
    mode: Literal["peace", "war"]
    policy: HeldPolicy
    holds: HeldPolicy
    history: tuple[PolicyVersion, ...]


class StatusChange(Message):
    """在家 外出 住院 入住机构 迁出 去世: from when, until when, and who said so.

    She is at home from now on; home, moved and dead have no end.
    """

    status: Literal["home", "out", "hospital", "institution", "moved", "dead"]
    begins: AwareDatetime | None = None
    until: AwareDatetime | None = None
    source: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NO_NUL)]


class TemporaryAddress(Message):
    """Where she stays for a while; help goes there. Without an address she is at home again."""

    address: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=NO_NUL)] | None
    ) = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    until: AwareDatetime | None = None


class FalsePressPlan(Message):
    """A signed plan for somebody who often presses by mistake: the desk speaks first, until then; null ends it."""

    until: AwareDatetime | None


class ElderState(Message):
    """How an elder is at present, as decisions see her."""

    elder: str
    status: str
    status_from: datetime | None
    status_until: datetime | None
    status_source: str | None
    temp_address: str | None
    temp_lat: float | None
    temp_lon: float | None
    temp_until: datetime | None
    plan_until: datetime | None
    break_in: bool
    dementia: bool


class Handoff(Message):
    """120, 110 or 119 was telephoned, or need not be; `ref` is the other side's own number for it."""

    service: Literal["120", "110", "119"]
    result: Literal["connected", "no_answer", "not_needed"]
    ref: Annotated[str, Field(max_length=64, pattern=NO_NUL)] = ""
    note: Words = ""


class CallBackLine(Message):
    """A call that is owed after help has been with somebody; `overdue` after a day."""

    incident: str
    elder: str | None
    name_masked: str
    division: str
    closed_at: datetime | None
    due_at: datetime
    overdue: bool
    result: str | None
    made_at: datetime | None


class CallBack(Message):
    """What the call told; `no_answer` leaves it on the list."""

    result: Literal["well", "needs_help", "no_answer", "not_wanted"]
    note: Annotated[str, Field(max_length=2000, pattern=NO_NUL)] = ""
