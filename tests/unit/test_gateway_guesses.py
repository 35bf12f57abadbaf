"""Guessing signatures is slow; a device that speaks the truth never waits."""

from datetime import UTC, datetime, timedelta

from services.gateway.domain.guesses import REMEMBERED_AT_MOST, WRONG_PER_S, Guesses

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_twenty_wrong_ones_a_second_are_enough() -> None:
    """The next second begins anew; another address is another matter."""
    guesses = Guesses()
    for _ in range(WRONG_PER_S):
        assert not guesses.spent("a", "B-1", NOW)
        guesses.wrong("a", NOW)
    assert guesses.spent("a", "B-1", NOW)
    assert not guesses.spent("b", "B-1", NOW)
    assert not guesses.spent("a", "B-1", NOW + timedelta(seconds=1))


def test_a_device_that_was_right_is_heard_among_the_wrong_ones() -> None:
    """Behind one address there may be a whole street."""
    guesses = Guesses()
    guesses.right("a", "B-1")
    for _ in range(WRONG_PER_S * 2):
        guesses.wrong("a", NOW)
    assert not guesses.spent("a", "B-1", NOW)
    assert guesses.spent("a", "B-2", NOW)


def test_memory_is_bounded() -> None:
    """However many addresses try."""
    guesses = Guesses()
    for n in range(REMEMBERED_AT_MOST + 5):
        guesses.wrong(str(n), NOW)
        guesses.right(str(n), "B-1")
    assert len(guesses._wrong) <= REMEMBERED_AT_MOST
    assert len(guesses._right) <= REMEMBERED_AT_MOST
