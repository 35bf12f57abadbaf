"""When a service may begin: from, until; by the division's own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""All of China keeps Asia/Shanghai, without summer time."""


@dataclass(frozen=True, slots=True)
class Window:
    """Service begins at `first` at the earliest and at `last` at the latest. Aware instants."""

    first: datetime
    last: datetime

    @property
    def sound(self) -> bool:
        """Not turned round, and no longer than a week."""
        return timedelta() <= self.last - self.first <= timedelta(days=7)


def local_day(at: datetime) -> date:
    """The day of an instant, as people there call it."""
    return at.astimezone(CHINA).date()


def on_day(day: date, first_min: int, last_min: int) -> Window:
    """The window of one day, in minutes after midnight there."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    first, last = (midnight + timedelta(minutes=m) for m in (first_min, last_min))
    return Window(first.astimezone(UTC), last.astimezone(UTC))
