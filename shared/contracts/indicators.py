"""Figures of a division over HTTP, part of `/api/v1` (docs/indicators.md): providers, devices, indicators, protection.

No names but masked ones. Seconds; shares 0 to 1; nothing of fewer than five.
"""

from datetime import datetime
from typing import Literal

from shared.contracts.base import Message
from shared.contracts.reports import Words
from shared.contracts.supervision import Area, FleetCount, OverPeriod


class ProviderRank(Message):
    """How a provider answers and comes. `rank` by the low end of the interval of its acceptance; null under five.

    Rates are null, and `few` is true, under five. `declines` by reason; `silent` offers ran out unanswered; `late` came
    more than five minutes after the time first given. `acceptance_low` and `_high` are a Wilson interval of 95 %.
    """

    provider: str
    name: str
    division: str
    rank: int | None
    few: bool
    offers: int
    accepted: int
    declined: int
    silent: int
    given_back: int
    acceptance: float | None
    acceptance_low: float | None
    acceptance_high: float | None
    declines: dict[str, int]
    arrivals: int
    late: int
    late_share: float | None
    late_low: float | None
    late_high: float | None
    door_p50_s: int | None
    door_p90_s: int | None
    visits: int
    unproved: int
    complaints: int


class Providers(OverPeriod):
    """Providers of a division over a period, the best first, those with too few last."""

    items: tuple[ProviderRank, ...]
    definition: Words


class AnswersLine(Message):
    """How many gave each answer. `key` is null for the whole and for `rest` lines of fewer than five together.

    Nothing is told of fewer than five (`few`). `good` is the share of answers one wants to hear, `low` to `high` its
    Wilson interval of 95 %.
    """

    key: str | None
    name: str | None
    rest: int
    few: bool
    n: int | None
    answers: dict[str, int]
    good: float | None
    low: float | None
    high: float | None


class Answers(Message):
    """All answers, and line by line."""

    total: AnswersLine
    groups: tuple[AnswersLine, ...]


class Ratings(OverPeriod):
    """What families and elders thought of it: stars 1 to 5, and how call-backs ended.

    `by` says what `key` is: a provider's id (empty where none came), a month (2026-11), or where it was said (`family`,
    `elder` or `call_back`; of call-backs after a `call` or an `order`).
    """

    by: Literal["provider", "month", "source"]
    ratings: Answers
    call_backs: Answers
    definition: Words


class FleetLine(FleetCount):
    """The same of one division, model or kind; `key` is its code."""

    key: str
    name: str


class Fleet(Message):
    """Devices of a division: all, by the divisions below it, by model and by kind."""

    at: datetime
    division: str
    name: str
    above: tuple[Area, ...]
    total: FleetCount
    areas: tuple[FleetLine, ...]
    models: tuple[FleetLine, ...]
    kinds: tuple[FleetLine, ...]
    definition: Words


class IndicatorValue(Message):
    """One indicator of one division. `value` is null where there is nothing to count; under five it is not told.

    `low` and `high` are a Wilson interval of 95 % where the indicator is a share of events.
    """

    value: float | None
    numerator: float | None
    denominator: int | None
    few: bool
    low: float | None
    high: float | None
    met: bool | None


class Indicator(IndicatorValue):
    """An indicator with what it means. `better` says which way is good; `cases` whether its list can be opened."""

    code: str
    name: Words
    group: Literal["answer", "arrival", "alarms", "reach", "care", "devices", "contacts", "protection"]
    unit: Literal["share", "score"]
    better: Literal["high", "low"]
    target: float | None
    part: str
    """For indicators told by a part, such as a device model; else empty."""
    formula: Words
    source: Words
    cases: bool


class IndicatorLine(Message):
    """A division directly below, with its values by code (indicators told by parts are left out)."""

    division: str
    name: str
    values: dict[str, IndicatorValue]


class Indicators(OverPeriod):
    """The pack for a division and period; what is counted at this moment is as of `as_of`."""

    items: tuple[Indicator, ...]
    lines: tuple[IndicatorLine, ...]


class CircleHour(Message):
    """An hour of the week (weekday 1 is Monday, in China): samples taken, and the share of elders within reach.

    `within` is null for fewer than five elders.
    """

    weekday: int
    hour: int
    samples: int
    within: float | None


class CircleHours(Message):
    """The circle of fifteen minutes of a division over a period, by hour of the week; hours never seen are left out."""

    division: str
    name: str
    above: tuple[Area, ...]
    since: datetime
    until: datetime
    as_of: datetime | None
    """The last sample."""
    target_s: int
    hours: tuple[CircleHour, ...]


class IndicatorCase(Message):
    """One that an indicator counts as missing its target: an incident, an elder or a device.

    `seconds` is how long it took, where it is about time; `reasons` are codes.
    """

    what: Literal["incident", "elder", "device"]
    id: str
    division: str
    division_name: str
    name_masked: str
    place: str
    at: datetime | None
    seconds: int | None
    reasons: tuple[str, ...]


class ProtectionFault(Message):
    """One thing that would fail if she pressed now: what it costs of 100, and how many elders it concerns."""

    code: str
    name: Words
    weight: int
    elders: int | None


class ProtectionLine(Message):
    """One elder: 100 less what every fault costs, never under 0."""

    elder: str
    name_masked: str
    place: str
    division: str
    division_name: str
    score: int
    faults: tuple[str, ...]


class Protection(Message):
    """How well elders of a division are protected at this moment; listed are those with a fault, the worst first."""

    at: datetime
    division: str
    name: str
    above: tuple[Area, ...]
    elders: int
    mean: float | None
    whole: int
    """Elders of whom nothing would fail."""
    faults: tuple[ProtectionFault, ...]
    items: tuple[ProtectionLine, ...]
    next: str | None
