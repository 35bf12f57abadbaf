"""What is late, in any order of steps; parts that add up; intervals that hold what they should."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.supervision import RANK, Standing, child_of, interval, late, midnight, within_month
from services.gateway.flow.orders import CHINA
from services.gateway.flow.providers import ranked

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
STEPS = ("accepted_at", "departed_at", "arrived_at", "with_elder_at")


def at(seconds: float) -> datetime:
    """So many seconds after the press."""
    return T0 + timedelta(seconds=seconds)


def standing(state: str = "taken", **more: Any) -> Standing:
    """A call for help of the first priority to which nobody has said yes."""
    given = {"priority": 1, "since": T0, "asked_from": T0, "wanted": True, "coming": False, **more}
    return Standing("I-1", state=state, **given)


def stages(it: Standing, after_s: float) -> set[str]:
    """What is late so many seconds after the press."""
    return {one.stage for one in late(it, at(after_s))}


@pytest.mark.parametrize(
    ("it", "before", "after", "stage"),
    [
        (standing("open", wanted=False), 30, 31, "unclaimed"),
        (standing("open", wanted=False, priority=2), 60, 61, "unclaimed"),
        (standing(), 60, 61, "unaccepted"),
        (standing(asked_from=at(300)), 360, 361, "unaccepted"),
        (standing(coming=True, accepted_at=at(40)), 130, 131, "not_departed"),
        (standing(coming=True, accepted_at=at(40), policy={"stall_s": 200}), 240, 241, "not_departed"),
        (standing(coming=True, accepted_at=at(40), departed_at=at(50)), 900, 901, "not_at_door"),
        (standing("on_scene", coming=True, accepted_at=at(9), arrived_at=at(100)), 700, 701, "not_with_elder"),
        (
            standing("with_elder", coming=True, accepted_at=at(9), arrived_at=at(100), with_elder_at=at(110),
                     heard_at=at(500)), 1400, 1401, "no_check_in",
        ),
        (standing("resolved", resolved_at=at(600)), 2400, 2401, "not_closed"),
        (standing("resolved", resolved_at=at(600), policy={"review_s": 300}), 900, 901, "not_closed"),
        (standing("taken", window_to=at(50)), 50, 51, "visit_late"),
    ],
)  # fmt: skip
def test_a_step_is_late_from_the_second_after_its_target(it: Standing, before: float, after: float, stage: str) -> None:
    """Not a second earlier, by the incident's own policy where it says so."""
    assert stage not in stages(it, before)
    assert stage in stages(it, after)


def test_nobody_is_wanted_at_the_door_once_her_voice_has_said_so() -> None:
    """Only the desk is still asked to take it and to close it."""
    assert stages(standing("open", wanted=False), 7200) == {"unclaimed"}
    assert stages(standing("taken", wanted=False), 7200) == set()


@given(
    st.lists(st.integers(1, 4000), min_size=4, max_size=4), st.sampled_from(["open", "taken", "on_scene", "resolved"]),
    st.integers(0, 4), st.integers(1, 3), st.integers(0, 9000),
)  # fmt: skip
def test_whatever_was_done_is_not_asked_for_again(
    gaps: list[int], state: str, done: int, priority: int, now: int
) -> None:
    """Each stage at most once, none that has its step, none before its time."""
    times = [at(sum(gaps[: n + 1])) for n in range(done)]
    steps = dict(zip(STEPS, times, strict=False))
    it = standing(state, priority=priority, coming=done > 0, resolved_at=at(10), **steps)
    found = late(it, at(now))
    names = [one.stage for one in found]
    assert len(set(names)) == len(names)
    assert set(names) <= set(RANK)
    assert all(one.over_s(at(now)) > 0 for one in found)
    if done > 0:
        assert "unaccepted" not in names
    if done > 2:
        assert not {"not_departed", "not_at_door"} & set(names)
    if done > 3:
        assert "not_with_elder" not in names


@given(st.lists(st.sampled_from(["360733100", "360733100001", "360733101002", "360733"]), max_size=30))
def test_children_and_rest_add_up(codes: list[str]) -> None:
    """Every code belongs to exactly one part, the division itself for what lies in no child."""
    part = child_of(["360733100", "360733101"], "360733")
    found = [part(code) for code in codes]
    assert all(code.startswith(one) for code, one in zip(codes, found, strict=True))
    assert found.count("360733") == codes.count("360733")


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_the_share_and_narrows_with_numbers(hits: int, of: int) -> None:
    """Wilson: within 0 to 1, round the share, narrower for ten times as many."""
    hits = min(hits, of)
    found, wider = interval(hits * 10, of * 10), interval(hits, of)
    assert found is not None
    assert wider is not None
    assert 0 <= found[0] <= hits / of + 1e-9
    assert hits / of - 1e-9 <= found[1] <= 1
    assert found[1] - found[0] <= wider[1] - wider[0]
    assert interval(0, 0) is None


def test_rank_is_by_the_low_end_and_never_of_a_handful() -> None:
    """Nine of ten stand before one of one; equals share a rank, and the next is not moved up."""
    lines = [
        {"provider": name, "few": of < 5, "acceptance_low": (interval(hits, of) or (None,))[0] if of >= 5 else None}
        for name, hits, of in (("a", 1, 1), ("b", 90, 100), ("c", 9, 10), ("d", 9, 10), ("e", 0, 10))
    ]
    assert [(one["provider"], one["rank"]) for one in ranked(lines)] == [
        ("b", 1), ("c", 2), ("d", 2), ("e", 4), ("a", None),
    ]  # fmt: skip


def test_days_and_months_begin_in_china() -> None:
    """At eight in the evening of London's day a new one has begun there."""
    late_evening = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    assert midnight(late_evening, CHINA) == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert within_month(late_evening, CHINA) == datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
