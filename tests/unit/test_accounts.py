"""Locks, digits and seals, without a door around them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.accounts import Vault, one_time, totp
from services.gateway.domain import doors
from shared.runtime.secrets import weak
from shared.vocabulary.people import Role

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
RFC_KEY = b"12345678901234567890"


@given(st.lists(st.integers(0, 3600), max_size=12))
def test_a_name_is_closed_by_five_failures_and_opens_by_itself(ages: list[int]) -> None:
    """Closed if and only if five are younger than the lock; it opens when the fifth last has grown old."""
    failures = sorted(NOW - timedelta(seconds=age) for age in ages)
    wait = doors.locked_for(failures, NOW)
    fresh = [age for age in ages if age < doors.LOCK.total_seconds()]
    assert (wait is not None) == (len(fresh) >= doors.FAILURES)
    if wait is not None:
        assert timedelta(0) < wait <= doors.LOCK
        assert doors.locked_for(failures, NOW + wait) is None
        assert doors.locked_for(failures, NOW + wait - timedelta(seconds=1)) is not None


@pytest.mark.parametrize("role", list(Role))
def test_who_needs_two_factors(role: Role) -> None:
    """Those who see a whole division; nobody in the demo; a one-time password comes before it."""
    needs = role in {Role.SUPERVISOR, Role.ADMIN, Role.OFFICE, Role.AUDITOR, Role.SECURITY}
    assert (doors.must(role, one_time=False, factors=0, demo=False) == "factor") == needs
    assert doors.must(role, one_time=False, factors=1, demo=False) is None
    assert doors.must(role, one_time=False, factors=0, demo=True) is None
    assert doors.must(role, one_time=True, factors=0, demo=False) == "password"


@pytest.mark.parametrize(("at", "digits"), [(1234567890, "005924"), (1111111109, "081804"), (2000000000, "279037")])
def test_digits_are_those_of_the_standard(at: int, digits: str) -> None:
    """The examples of RFC 6238, and a step either way for a clock that is off."""
    step = at // totp.PERIOD_S
    for off in (-30, 0, 30):
        assert totp.step_of(RFC_KEY, digits, datetime.fromtimestamp(at + off, UTC)) == step
    for off in (-90, 90):
        assert totp.step_of(RFC_KEY, digits, datetime.fromtimestamp(at + off, UTC)) is None


def test_a_seal_opens_for_its_account_and_under_its_key_alone() -> None:
    """And a changed byte opens nothing."""
    vault = Vault("q7W-zX2m9LrTf4Kp0uYbN8sE")
    sealed = vault.seal(RFC_KEY, "a-1")
    assert RFC_KEY not in sealed
    assert vault.opened(sealed, "a-1") == RFC_KEY
    assert vault.opened(sealed, "a-2") is None
    assert Vault("another-secret-of-services").opened(sealed, "a-1") is None
    assert vault.opened(sealed[:-1] + bytes([sealed[-1] ^ 1]), "a-1") is None


def test_one_time_passwords_are_easy_to_read_and_hard_to_guess() -> None:
    """No two alike, no letter that looks like another."""
    made = {one_time() for _ in range(200)}
    assert len(made) == 200
    assert not any(set("lo01") & set(word) for word in made)


@pytest.mark.parametrize("word", ["", "short", "a" * 40, "my-password-is-long-enough-1", "ChangeMe-ChangeMe-ChangeMe"])
def test_what_can_be_guessed(word: str) -> None:
    """Short, monotonous, or a word from an example."""
    assert weak(word)
