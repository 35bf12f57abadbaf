"""What can be ordered, what it costs on a day, and what comes again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.orders.catalogue import Price, Service, faults_of, nearest, price_of, share, succeeds
from services.dispatch.domain.orders.series import AHEAD, Series, fault_of, occurrences

MEAL = Service("meal", "", "助餐", "Meal", 10, 1, (), ("position",), (), welfare=True)
PRICE = Price(UUID(int=1), "meal", "36", date(2026, 1, 1), date(2026, 7, 1), 1500, 600)
DAILY = Series(UUID(int=2), "360733", "E-1", "meal", "FREQ=DAILY", date(2026, 11, 1), 660, 720)
MONDAY = date(2026, 11, 23)


@given(st.integers(0, 10**7), st.integers(0, 1000), st.integers(0, 1000))
def test_shares_add_up_to_the_price(cents: int, subsidy: int, absent: int) -> None:
    """To the fen, whatever the share."""
    split = share(replace(PRICE, cents=cents, subsidy_permille=subsidy, absent_permille=absent))
    assert split.subsidy + split.own == split.total == cents
    assert 0 <= split.absent <= split.own


def test_a_price_holds_for_its_days_and_its_division() -> None:
    """A county's own price goes before the province's; after its last day there is none."""
    county = replace(PRICE, id=UUID(int=3), division="360733", cents=1200)
    assert price_of([PRICE, county], "360733100", date(2026, 3, 1)) == county
    assert price_of([PRICE, county], "360121", date(2026, 3, 1)) == PRICE
    assert price_of([PRICE], "360733", date(2026, 7, 1)) is None
    assert nearest([MEAL], "360733") == MEAL


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        (date(2026, 7, 1), None, None),
        (date(2026, 6, 30), None, ("since", "price_overlaps")),
        (date(2025, 1, 1), date(2026, 1, 1), None),
        (date(2025, 1, 1), None, ("since", "price_overlaps")),
        (date(2026, 8, 1), date(2026, 8, 1), ("until", "invalid_field")),
    ],
)
def test_of_one_day_there_is_one_price(since: date, until: date | None, refused: tuple[str, str] | None) -> None:
    """Versions follow one another."""
    assert succeeds(replace(PRICE, since=since, until=until), [PRICE]) == refused


def test_a_price_that_was_put_right_is_in_nobodys_way() -> None:
    """It begins and ends on one day: it holds never, and no other overlaps it."""
    gone = replace(PRICE, since=date(2026, 8, 1), until=date(2026, 8, 1))
    assert not gone.holds(date(2026, 8, 1))
    assert succeeds(replace(PRICE, since=date(2026, 7, 1), until=None), [gone]) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"minutes": 0}, "minutes"), ({"hands": 9}, "hands"), ({"evidence_leave": ("photo",)}, "evidence_leave"),
     ({"name": " "}, "name"), ({}, None)],
)  # fmt: skip
def test_a_service_says_what_is_wrong_with_it(change: dict[str, object], field: str | None) -> None:
    """The field is named."""
    fault = faults_of(replace(MEAL, **change))  # type: ignore[arg-type]
    assert (fault and fault[0]) == field


def test_a_series_places_two_weeks_ahead_and_each_day_once() -> None:
    """What has been placed is not placed again; skipped days are left out."""
    days = [day for day, _ in occurrences(DAILY, MONDAY)]
    assert days == [MONDAY + timedelta(days=n) for n in range(15)]
    later = replace(DAILY, filled_until=days[-1], skipped=(MONDAY + timedelta(days=16),))
    more = [day for day, _ in occurrences(later, MONDAY + timedelta(days=3))]
    assert more == [MONDAY + timedelta(days=15), MONDAY + timedelta(days=17)]


def test_a_window_is_by_the_clock_on_her_wall() -> None:
    """Eleven in the morning there is three at Greenwich."""
    _, window = occurrences(DAILY, MONDAY)[0]
    assert window.first == datetime.fromisoformat("2026-11-23T03:00:00+00:00")
    assert window.last - window.first == timedelta(hours=1)


def test_mondays_and_fridays_until_the_new_year() -> None:
    """As people say it."""
    rule = replace(DAILY, rule="FREQ=WEEKLY;BYDAY=MO,FR", until=date(2026, 11, 30))
    assert [day.isoformat() for day, _ in occurrences(rule, MONDAY)] == ["2026-11-23", "2026-11-27", "2026-11-30"]


@pytest.mark.parametrize(
    "rule",
    ["", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;FREQ=DAILY", "DTSTART:20260101\nRRULE:FREQ=DAILY",
     "FREQ=DAILY;BYSETPOS=1", "FREQ=WEEKLY;BYDAY=XX", "x" * 300, "FREQ=DAILY;COUNT=abc"],
)  # fmt: skip
def test_a_rule_that_nobody_could_read_out_is_refused(rule: str) -> None:
    """Never an exception, never a rule by the second."""
    assert fault_of(replace(DAILY, rule=rule), MONDAY) == ("rule", "invalid_rule")


def test_a_series_begins_within_a_year() -> None:
    """Nobody means the year one, nor the year 9999."""
    assert fault_of(replace(DAILY, first_day=date.min), MONDAY) == ("first_day", "invalid_field")
    assert fault_of(replace(DAILY, first_day=date.max), MONDAY) == ("first_day", "invalid_field")
    assert fault_of(DAILY, MONDAY) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_of_rules(text: str) -> None:
    """Whatever is typed in, the series is sound or refused; a sound one has days at most for the horizon."""
    series = replace(DAILY, rule=text)
    if fault_of(series, MONDAY) is None:
        assert len(occurrences(series, MONDAY)) <= AHEAD.days + 1
