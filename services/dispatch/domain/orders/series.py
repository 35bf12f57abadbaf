"""Orders that come again: a rule as in RFC 5545, of the plain kind that people can read out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from dateutil.rrule import rrule, rrulestr

from services.dispatch.domain.orders.windows import Window, on_day

AHEAD = timedelta(days=14)
"""So far ahead the orders of a series are placed."""
FARTHEST = timedelta(days=366)
KNOWN = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL"})
HOW_OFTEN = frozenset({"DAILY", "WEEKLY", "MONTHLY"})
LONGEST_RULE = 200
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Series:
    """A service of one elder that comes again; the window is in minutes after midnight there. `until` is the last day.

    `filled_until` is the last day for which orders have been placed already; `skipped` are days left out.
    """

    id: UUID
    division: str
    elder_id: str
    service: str
    rule: str
    first_day: date
    first_min: int
    last_min: int
    until: date | None = None
    provider_id: str | None = None
    filled_until: date | None = None
    skipped: tuple[date, ...] = ()
    ended_at: datetime | None = None


def fault_of(series: Series, today: date) -> tuple[str, str] | None:
    """The field that is wrong and why; None for a sound series."""
    if abs(series.first_day - today) > FARTHEST:
        return "first_day", "invalid_field"
    if not 0 <= series.first_min <= series.last_min < MINUTES_A_DAY:
        return "first_min", "invalid_field"
    if series.until is not None and series.until < series.first_day:
        return "until", "invalid_field"
    return None if _readable(series.rule) else ("rule", "invalid_rule")


def _readable(rule: str) -> bool:
    if len(rule) > LONGEST_RULE:
        return False
    parts = [part.partition("=") for part in rule.upper().split(";")]
    given = {name: value for name, _, value in parts}
    plain = set(given) <= KNOWN and len(given) == len(parts) and given.get("FREQ") in HOW_OFTEN
    return plain and given.get("INTERVAL", "1") in map(str, range(1, 53)) and _parses(rule)


def _parses(rule: str) -> bool:
    try:
        return isinstance(rrulestr(rule, dtstart=datetime(2026, 1, 1)), rrule)  # noqa: DTZ001  days have no zone
    except (ValueError, TypeError, KeyError):
        return False


def occurrences(series: Series, today: date) -> list[tuple[date, Window]]:
    """Days from `today` to the horizon for which there is no order yet, in their order."""
    if series.ended_at is not None:
        return []
    start = max(series.first_day, today, (series.filled_until or date.min) + timedelta(days=1))
    end = min(series.until or date.max, today + AHEAD)
    return [(day, on_day(day, series.first_min, series.last_min)) for day in _days(series, start, end)]


def _days(series: Series, start: date, end: date) -> Iterable[date]:
    if start > end:
        return ()
    rule = rrulestr(series.rule, dtstart=datetime.combine(series.first_day, time()))
    found = rule.between(datetime.combine(start, time()), datetime.combine(end, time()), inc=True)
    return [at.date() for at in found if at.date() not in series.skipped]
