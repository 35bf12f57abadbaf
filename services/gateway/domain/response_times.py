"""What is asked of a report, how a period is read, and how its lines are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone

from services.gateway.domain.sketch import Kept, together
from shared.vocabulary.divisions import Level

HERE = timezone(timedelta(hours=8))
"""Days, hours and months are those of Asia/Shanghai, which has no summer time."""
SMALL, MOST = 5, 500
LONGEST = timedelta(days=10 * 366)
USUAL = timedelta(days=30)
MOMENT = timedelta(microseconds=1)
"""What is recorded at this very moment is in it too."""


class PeriodError(ValueError):
    """A period nobody can mean; the code, and the field that is wrong."""

    def __init__(self, code: str, name: str) -> None:
        """Stable code, and `from` or `to`."""
        super().__init__(code)
        self.code = code
        self.field = name


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` up to and without `until`."""

    since: datetime
    until: datetime

    def within(self, since: datetime, until: datetime) -> "Period":
        """What both have in common; nothing, if that is nothing."""
        begin = max(self.since, since)
        return Period(begin, max(begin, min(self.until, until)))

    @property
    def days(self) -> tuple[date, date]:
        """The first day that is whole, and the day after the last whole one."""
        since, until = self.since.astimezone(HERE), self.until.astimezone(HERE)
        whole = since.time() == time()
        return since.date() if whole else since.date() + timedelta(days=1), until.date()

    @property
    def months(self) -> tuple[date, date]:
        """The same of months."""
        first, last = self.days
        begins = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return begins, last.replace(day=1)


def period(since: str, until: str, now: datetime) -> Period:
    """A period from two dates (the second included) or instants (the second not); PeriodError for what is none.

    Without an end it goes on until now, without a beginning it is of thirty days.
    """
    end = _instant(until, "to", last=True) if until else now + MOMENT
    begin = _instant(since, "from", last=False) if since else end - USUAL
    if begin >= end:
        raise PeriodError("period_reversed", "to")
    if end - begin > LONGEST:
        raise PeriodError("period_too_long", "from")
    return Period(begin, end)


def _instant(text: str, name: str, *, last: bool) -> datetime:
    try:
        if len(text) == len("2026-11-23"):
            day = date.fromisoformat(text) + timedelta(days=1 if last else 0)
            return datetime.combine(day, time(), HERE).astimezone(UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=HERE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PeriodError("invalid_field", name) from None


@dataclass(frozen=True, slots=True)
class Question:
    """A division and period, by what, and only incidents with these values."""

    division: str
    period: Period
    by: str | None = None
    only: Mapping[str, str] = field(default_factory=dict)

    def narrowed(self, values: Sequence[str]) -> "Question":
        """The same of one line alone, where that can be said without `by`."""
        if self.by is None or self.by in self.only or len(values) != 1:
            return self
        if self.by == "division":
            below = values[0] != self.division and values[0].startswith(self.division)
            return Question(values[0], self.period, None, self.only) if below else self
        return question(self.division, self.period, None, {**self.only, self.by: values[0]})

    @property
    def digits(self) -> int:
        """Digits of the divisions one level down; of the division itself where nothing is below."""
        return next((int(level) for level in Level if level > len(self.division)), len(self.division))

    @property
    def dim(self) -> str | None:
        """The one dimension of cells that answers this; None if only the rows do."""
        wanted = {_DIM.get(name, name) for name in self.only}
        if self.by is not None:
            wanted.add(self._by_dim(self.by))
        wanted.discard("")
        if len(self.division) > Level.COUNTY or len(wanted) > 1 or wanted & _ROWS_ONLY:
            return None
        return wanted.pop() if wanted else ""

    def _by_dim(self, by: str) -> str:
        if by in ("month", "day"):
            return ""
        if by == "division":
            return "street" if self.digits > Level.COUNTY else ""
        return _DIM.get(by, by)


_DIM = {"kind": "case", "priority": "case", "settlement": "street"}
_ROWS_ONLY = frozenset({"responder"})


def question(division: str, over: Period, by: str | None, only: Mapping[str, str]) -> Question:
    """A question in which a month or a day is part of the period; PeriodError for a month or day that is none."""
    left = dict(only)
    for name, form in (("month", "%Y-%m"), ("day", "%Y-%m-%d")):
        if name in left:
            over = over.within(*_span(left.pop(name), name, form))
    return Question(division, over, by, left)


def _span(text: str, name: str, form: str) -> tuple[datetime, datetime]:
    try:
        begin = datetime.strptime(text, form).replace(tzinfo=HERE)
        after = begin + timedelta(days=32 if name == "month" else 1)
        return begin.astimezone(UTC), (after.replace(day=1) if name == "month" else after).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PeriodError("invalid_field", name) from None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: a value, or everything small together (`merged` tells which), and how many incidents."""

    key: str | None
    n: int
    kept: Kept
    merged: tuple[str | None, ...] = ()


def lines(found: Mapping[str | None, Kept]) -> tuple[Line, ...]:
    """The lines in order. Those of fewer than five incidents become one, which takes in the next if it is small too.

    So do the smallest of more than five hundred.
    """
    known = sorted((Line(key, kept.incidents, kept) for key, kept in found.items()), key=lambda o: (o.n, o.key or ""))
    small = [one for n, one in enumerate(known) if one.n < SMALL or n < len(known) - MOST]
    while small and sum(one.n for one in small) < SMALL and len(small) < len(known):
        small.append(known[len(small)])
    large = sorted(known[len(small) :], key=lambda one: (one.key is None, _order(one.key or "")))
    return (*large, _rest(small)) if small else tuple(large)


def _rest(small: Sequence[Line]) -> Line:
    kept = together(one.kept for one in small)
    return Line(None, sum(one.n for one in small), kept, tuple(one.key for one in small))


def _order(key: str) -> tuple[int, str]:
    """Hours, weekdays and priorities by their number, everything else by its code."""
    return (int(key), "") if key.isdigit() and len(key) < 3 else (0, key)
