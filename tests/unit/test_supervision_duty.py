"""The duty log: whoever sits is in exactly one turn, whoever is asked either answers or not, gaps close."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.duty_log import Said, told

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DESK = "360733"


def said(minute: float, tag: str, account: str | None = "a", **more: Any) -> Said:
    """A word of a seat at a desk, so many minutes after the beginning."""
    return Said(DESK, tag, T0 + timedelta(minutes=minute), {**({"account": account} if account else {}), **more})


def test_a_turn_has_its_answers_and_its_end() -> None:
    """Asked twice, answered once after two minutes, then silent: lapsed, and the desk empty until somebody comes."""
    turns, gaps = told([
        said(0, "seat.confirmed"), said(25, "seat.asked"), said(27, "seat.confirmed"), said(52, "seat.asked"),
        said(57, "seat.lapsed"), said(57, "post.uncovered", None), said(70, "seat.confirmed", "b"),
        said(70, "post.covered", None),
    ])  # fmt: skip
    first, second = turns
    assert (first.account, first.ended, first.asked, first.answered, first.slowest_s) == ("a", "lapsed", 2, 1, 120)
    assert first.until == T0 + timedelta(minutes=57)
    assert (second.account, second.until, second.asked) == ("b", None, 0)
    assert [(gap.since, gap.until) for gap in gaps] == [(T0 + timedelta(minutes=57), T0 + timedelta(minutes=70))]


def test_a_hand_over_ends_one_turn_and_begins_another() -> None:
    """Whoever takes over sits there from then on, once."""
    turns, _ = told([
        said(0, "seat.confirmed"), said(10, "seat.handed_over", to="b", to_division=DESK),
        said(20, "seat.confirmed", "b"), said(30, "seat.left", "b"),
    ])  # fmt: skip
    assert [(turn.account, turn.ended, turn.handed_to) for turn in turns] == [
        ("a", "handed_over", "b"), ("b", "left", None),
    ]  # fmt: skip
    assert turns[1].since == T0 + timedelta(minutes=10)


@given(st.lists(st.tuples(
    st.sampled_from(["seat.confirmed", "seat.asked", "seat.left", "seat.lapsed", "seat.handed_over", "post.uncovered",
                     "post.covered"]), st.sampled_from("ab")), max_size=40))  # fmt: skip
def test_nobody_sits_twice_whatever_is_said(words: list[tuple[str, str]]) -> None:
    """Turns of one account never overlap, answers never outnumber questions, no gap outlasts the next word."""
    turns, gaps = told(
        said(n, tag, None if tag.startswith("post") else who, to="b" if who == "a" else "a", to_division=DESK)
        for n, (tag, who) in enumerate(words)
    )
    for who in "ab":
        own = [turn for turn in turns if turn.account == who]
        assert all(one.until is not None and one.until <= other.since for one, other in pairwise(own))
    assert all(turn.answered <= turn.asked for turn in turns)
    assert all(gap.until is None or gap.since < gap.until for gap in gaps)
    assert sum(gap.until is None for gap in gaps) <= 1
