"""Response times: figures over incidents, the incidents behind each figure, and what each figure means.

Seconds count from when the press was recorded by us, but `recorded`, which counts from the press by the device's own
clock. Percentiles are off by at most `error` of their value; counts and shares are exact.
"""

from datetime import datetime
from typing import Literal

from shared.contracts.base import Message

StageName = Literal[
    "recorded", "rung", "taken", "offered", "accepted", "departed", "arrived", "with_elder", "closed"
]  # fmt: skip
Grouping = Literal[
    "division", "hour", "weekday", "month", "day", "kind", "priority", "cls", "model", "provider", "responder",
    "settlement",
]  # fmt: skip


class Target(Message):
    """How many reached the stage within so many seconds. `share` is 0 to 1 of those that reached it, `aim` what should.

    An incident that has not reached the stage yet counts in neither.
    """

    seconds: int
    aim: float
    within: int
    share: float | None


class StageFigures(Message):
    """One stage: how many reached it (`n`), percentiles of the seconds it took (null where nobody did)."""

    stage: StageName
    n: int
    p50_s: float | None
    p90_s: float | None
    p95_s: float | None
    p99_s: float | None
    targets: tuple[Target, ...]


class FigureGroup(Message):
    """One line. `key` is a division's code, an hour 0 to 23, a weekday 1 (Monday) to 7, a month 2026-11, a kind.

    `key` is null for everything together, for `rest`, and where it is not known. `rest`: how many groups of fewer
    than five incidents are merged into this line. `n` are incidents; all groups together are the total. `incidents` is
    the address of the list behind the line (add `&stage=` for one stage, `&late=900` for those past such a target);
    `within` that of the same report one level of divisions down.
    """

    key: str | None
    name: str | None
    rest: int = 0
    n: int
    stages: tuple[StageFigures, ...]
    incidents: str
    within: str | None = None


class PlaceName(Message):
    """A division on the way from the caller's own down to the one shown."""

    code: str
    name: str


class ResponseTimes(Message):
    """Response times of a division and period. Everything recorded by `as_of` is in it; `until` is not included.

    Drills, tests, canaries, booked orders, faults of things and what was merged into another incident are left out.
    """

    as_of: datetime
    since: datetime
    until: datetime
    division: str
    path: tuple[PlaceName, ...]
    by: Grouping | None
    filters: dict[str, str]
    error: float
    total: FigureGroup
    groups: tuple[FigureGroup, ...]


class CountedIncident(Message):
    """An incident behind a figure. `seconds` by stage, only those it has reached."""

    incident: str
    division: str
    place: str | None
    name_masked: str
    kind: str
    priority: int
    cls: str
    model: str | None
    provider: str | None
    responder: str | None
    responder_masked: str | None
    state: str
    outcome: str | None
    recorded_at: datetime
    seconds: dict[StageName, float]


class CountedIncidents(Message):
    """A page of them, the newest first. `n` are all of them."""

    as_of: datetime
    n: int
    items: tuple[CountedIncident, ...]
    next: str | None


class Words(Message):
    """The same in both languages."""

    zh: str
    en: str


class Definition(Message):
    """What a stage means: from what to what, which facts of the log tell it, and what it should be."""

    stage: StageName
    name: Words
    means: Words
    tags: tuple[str, ...]
    targets: tuple[int, ...]


class Definitions(Message):
    """What is counted, what is left out, and how percentiles are reckoned."""

    stages: tuple[Definition, ...]
    left_out: Words
    percentiles: Words
    small_cells: Words
    error: float
