"""Working days in China, and the lines of the month's table."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.monthly import COLUMNS, summed, values
from services.gateway.domain.working_days import WorkingDays

CHINA = timezone(timedelta(hours=8))
DAYS = WorkingDays(CHINA)


@pytest.mark.parametrize(
    ("came", "days", "end"),
    [
        ("2026-11-23T10:00", 1, "2026-11-25"),
        ("2026-11-23T23:59", 1, "2026-11-25"),
        ("2026-11-27T10:00", 1, "2026-12-01"),
        ("2026-11-28T10:00", 1, "2026-12-01"),
        ("2026-11-23T10:00", 15, "2026-12-15"),
        ("2026-09-30T10:00", 1, "2026-10-09"),
        ("2026-09-30T10:00", 3, "2026-10-11"),
        ("2026-09-30T10:00", 5, "2026-10-14"),
    ],
    ids=[
        "the next day", "late in the evening", "a Friday", "a Saturday", "three weeks", "National Day",
        "a Saturday worked in exchange", "and on",
    ],
)  # fmt: skip
def test_a_promise_ends_with_a_working_day(came: str, days: int, end: str) -> None:
    """The day it came does not count, holidays do not, worked weekends do; the end is midnight in China."""
    since = datetime.fromisoformat(came).replace(tzinfo=CHINA)
    assert DAYS.end_of(since, days) == datetime.fromisoformat(end).replace(tzinfo=CHINA)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.integers(1, 60), st.integers(1, 60))  # noqa: DTZ001
def test_more_days_end_later(came: datetime, first: int, more: int) -> None:
    """Never on the day it came, and each day more ends at least a day later."""
    since = came.replace(tzinfo=CHINA)
    one, two = DAYS.end_of(since, first), DAYS.end_of(since, first + more)
    assert one - since > timedelta(days=first)
    assert two - one >= timedelta(days=more)


COUNTS = st.dictionaries(st.sampled_from([one.code for one in COLUMNS if one.of is None]), st.integers(0, 20))


@given(st.lists(COUNTS, max_size=5))
def test_the_lines_of_a_month_add_up(lines: list[dict[str, int]]) -> None:
    """Counts of the total are sums of the lines; a share of fewer than five is told nowhere."""
    total = values(summed(lines))
    for at, column in enumerate(COLUMNS):
        if column.of is None:
            assert total[at] == sum(values(line)[at] or 0 for line in lines)
    for line in lines:
        told = dict(zip((one.code for one in COLUMNS), values(line), strict=True))
        few = line.get("special", 0) < 5
        assert (told["visit_rate"] is None) == few
