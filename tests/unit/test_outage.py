"""Many silent at once are one report; one alone is not kept waiting for company."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.devices.domain.outage import (
    AT_ONCE,
    GATHER,
    MANY,
    Silent,
    area,
    is_over,
    many_at_once,
    open_to_others,
    sort_out,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ago = st.integers(0, 300).map(lambda s: NOW - timedelta(seconds=s))
silents = st.lists(st.tuples(ago, st.booleans()), max_size=60).map(
    lambda them: [Silent(f"D-{n}", at, warned) for n, (at, warned) in enumerate(them)]
)


@given(waiting=silents, before=st.lists(ago, max_size=30), coming=st.integers(0, 40), joining=st.booleans())
def test_nobody_is_in_two_places_and_nobody_waits_longer_than_ten_seconds(
    waiting: list[Silent], before: list[datetime], coming: int, *, joining: bool
) -> None:
    """Whoever has waited ten seconds is told, alone or in company, and nobody twice."""
    told = sort_out(waiting, before, coming, joining=joining, now=NOW)
    assert not set(told.alone) & set(told.together)
    left = {it.device for it in waiting} - set(told.alone) - set(told.together)
    assert all(it.at + GATHER > NOW for it in waiting if it.device in left)


@given(silents, st.lists(ago, max_size=30), st.integers(0, 40))
def test_twenty_within_a_minute_are_one_outage_and_fewer_are_not(
    waiting: list[Silent], before: list[datetime], coming: int
) -> None:
    """It takes twenty within sixty seconds; who is only expected to fall silent does not count yet."""
    instants = sorted([*(it.at for it in waiting), *before])
    most = max((sum(at - AT_ONCE <= other <= at for other in instants) for at in instants), default=0)
    told = sort_out(waiting, before, coming, joining=False, now=NOW)
    assert many_at_once(instants) is (most >= MANY)
    assert bool(told.together) is (most >= MANY and bool(waiting))
    if told.together:
        assert len(told.together) == len(waiting)


def test_a_single_hub_whose_will_has_come_is_told_at_once() -> None:
    """Its grace was its waiting: the desk hears of it within ninety seconds."""
    hub = Silent("H-1", NOW, warned=True)
    assert sort_out([hub], [], 0, joining=False, now=NOW).alone == ("H-1",)
    assert sort_out([hub], [], MANY, joining=False, now=NOW).alone == ()
    assert sort_out([hub], [], MANY, joining=False, now=NOW + GATHER).alone == ("H-1",)


def test_while_an_outage_is_fresh_whoever_falls_silent_belongs_to_it() -> None:
    """Five minutes after the last that joined, and half an hour at the most."""
    one = Silent("B-1", NOW)
    assert sort_out([one], [], 0, joining=True, now=NOW).together == ("B-1",)
    minute = timedelta(minutes=1)
    assert open_to_others(NOW, NOW, NOW + 5 * minute)
    assert not open_to_others(NOW, NOW, NOW + 6 * minute)
    assert open_to_others(NOW, NOW + 26 * minute, NOW + 30 * minute)
    assert not open_to_others(NOW, NOW + 29 * minute, NOW + 31 * minute)


def test_an_outage_is_over_when_four_in_five_are_back() -> None:
    """The last fifth are faults of their own."""
    assert not is_over(5000, 1001)
    assert is_over(5000, 1000)
    assert is_over(20, 4)
    assert not is_over(20, 5)


@given(st.lists(st.sampled_from(["360733", "360733100", "360733100001", "360733100002", "360733200001"]), min_size=1))
def test_the_area_is_the_smallest_division_that_holds_them_all(divisions: list[str]) -> None:
    """A street when it is one street's, the county when it is several."""
    found = area(divisions)
    assert len(found) in (6, 9, 12)
    assert all(code.startswith(found) for code in divisions)
    deeper = {code[: {6: 9, 9: 12}.get(len(found), 13)] for code in divisions}
    assert len(found) == 12 or len(deeper) > 1 or min(map(len, divisions)) == len(found)


def test_codes_that_share_half_a_level_share_the_level_above() -> None:
    """360733100001 and 360733100002 lie in 360733100."""
    assert area(["360733100001", "360733100002"]) == "360733100"
    assert area(["360733100001", "360721100002"]) == "3607"
    assert area([]) == ""
