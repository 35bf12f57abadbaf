"""The load of a seat in numbers, for any alarms at any times."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain import load

START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DAY_S = 86_400
TIMES = st.lists(st.integers(0, DAY_S), max_size=120).map(lambda all_s: [at(s) for s in sorted(all_s)])


def at(seconds: float) -> datetime:
    """An instant of the day."""
    return START + timedelta(seconds=seconds)


WHOLE = load.Span(START, at(DAY_S))


def counted(times: list[datetime], now: datetime) -> int:
    """Alarms of the last ten minutes, counted one by one."""
    return sum(now - load.WINDOW < one <= now for one in times)


def in_flood(times: list[datetime], now: datetime) -> bool:
    """Whether it is a flood, told instant by instant from the first alarm on."""
    flood = False
    for when in sorted({*times, *(one + load.WINDOW for one in times)}):
        if when <= now:
            flood = load.flooded(counted(times, when), before=flood)
    return flood


@given(TIMES, st.integers(0, DAY_S))
def test_a_flood_is_what_counting_instant_by_instant_says(times: list[datetime], now_s: int) -> None:
    """Begins at ten in ten minutes, ends under five, whatever comes between."""
    now = at(now_s)
    spans = load.floods(times, WHOLE.until)
    assert any(span.since <= now < span.until for span in spans) == (in_flood(times, now) and now < WHOLE.until)


@given(TIMES)
def test_shares_and_rates_keep_within_bounds(times: list[datetime]) -> None:
    """Floods do not overlap; a share is a share; the worst ten minutes hold at least the mean."""
    spans = load.floods(times, WHOLE.until)
    assert all(one.until <= other.since for one, other in pairwise(spans))
    assert 0 <= load.flood_share(times, WHOLE) <= 1
    assert load.worst(times) + 1e-9 >= load.mean(times, WHOLE)
    assert bool(spans) == (load.worst(times) >= load.FLOOD_BEGINS)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 500), max_size=40))
def test_the_noisiest_come_first_and_add_up(alarms: dict[str, int]) -> None:
    """At most ten, descending, the shares adding up to the last sum."""
    found = load.noisiest(alarms)
    assert len(found) == min(len(alarms), load.TOP)
    assert [one.alarms for one in found] == sorted(alarms.values(), reverse=True)[: load.TOP]
    assert all(abs(one.cumulative - sum(o.share for o in found[: n + 1])) < 1e-9 for n, one in enumerate(found))


@given(st.lists(st.tuples(st.integers(0, DAY_S), st.integers(0, 5000) | st.none()), max_size=40))
def test_what_waited_at_once_is_counted(waits: list[tuple[int, int | None]]) -> None:
    """The most at once is what stood at the moment some alarm came."""
    spans = [(at(since), None if long is None else at(since + long)) for since, long in waits]
    until = at(DAY_S + 6000)
    most, longest = load.unclaimed(spans, until)
    at_once = [sum(s <= when < (e or until) for s, e in spans) for when, _ in spans]
    assert most == max(at_once, default=0)
    assert longest == max((((e or until) - s).total_seconds() for s, e in spans), default=0)


@given(
    st.lists(st.uuids().map(str), unique=True, max_size=50),
    st.dictionaries(st.text("xyz", min_size=1), st.integers(0, 9)),
)
def test_overflow_is_dealt_to_whoever_has_least(waiting: list[str], holding: dict[str, int]) -> None:
    """Everything is given to somebody on duty, and nobody gets a second before others have caught up."""
    found = load.dealt(waiting, holding)
    assert set(found) == (set(waiting) if holding else set())
    dealt_to = [one for one in holding if one in found.values()]
    ends = {one: holding[one] + list(found.values()).count(one) for one in holding}
    assert all(ends[one] <= min(ends.values()) + 1 for one in dealt_to)


def test_three_times_in_ten_minutes_is_chatter() -> None:
    """Twice is not, nor three times over an hour."""
    assert load.chatters([at(0), at(60), at(599)])
    assert not load.chatters([at(0), at(60)])
    assert not load.chatters([at(0), at(600), at(3600)])
