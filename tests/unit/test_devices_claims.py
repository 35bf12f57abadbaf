"""Claim codes, tries and standing; what may be said of a newcomer; what Mosquitto says of whom it refused."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.devices.authority.mosquitto import acls, refused_client
from services.devices.domain.claims import (
    ALPHABET,
    CODE_LENGTH,
    FINISH_WITHIN,
    MOST_TRIES,
    PRESS_WITHIN,
    TRIES_WITHIN,
    Claim,
    Standing,
    as_printed,
    claim_code,
    code_hash,
    is_code,
    standing,
    wait_s,
)
from services.devices.domain.newcomer import BadFieldError, Newcomer, is_device_id, newcomer
from services.devices.domain.permissions import grant_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGO = st.integers(0, 7200).map(lambda s: NOW - timedelta(seconds=s))
ANYTHING = st.none() | st.booleans() | st.integers() | st.text(max_size=80) | st.lists(st.text(), max_size=2)
SECOND = timedelta(seconds=1)


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_short_unambiguous_and_as_typed(entropy: bytes) -> None:
    """However it is typed, it is the same code; for another device it is not."""
    code = claim_code(entropy)
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(ALPHABET)
    assert not set("01OIL") & set(code)
    typed = f" {code[:5].lower()}-{code[5:]} "
    assert as_printed(typed) == code
    assert is_code("B-1", typed, code_hash("B-1", code))
    assert not is_code("B-2", typed, code_hash("B-1", code))
    assert not is_code("B-1", code[:-1], code_hash("B-1", code))


@given(st.lists(AGO, max_size=12))
def test_at_most_five_tries_in_any_hour(tries: list[datetime]) -> None:
    """A refused one is told when the next may be; not a second earlier is it allowed."""
    wait = wait_s(tries, NOW)
    lately = [at for at in tries if at > NOW - TRIES_WITHIN]
    assert (wait is None) == (len(lately) < MOST_TRIES)
    if wait is not None:
        assert 0 < wait <= TRIES_WITHIN.total_seconds()
        assert wait_s(tries, NOW + timedelta(seconds=wait)) is None
        assert wait_s(tries, NOW + timedelta(seconds=wait - 1)) is not None


@given(
    until=AGO, pressed=st.none() | AGO, finished=st.none() | AGO, right=st.booleans(),
    who=st.sampled_from(["a", "b"]), at=AGO,
)  # fmt: skip
def test_only_a_press_in_time_is_worth_a_credential(
    until: datetime, pressed: datetime | None, finished: datetime | None, *, right: bool, who: str, at: datetime
) -> None:
    """Whatever happened: never for somebody else, never twice, never without code and press, never for ever."""
    stands = standing(Claim(until, "a", right, pressed, finished), who, at)
    assert (stands is Standing.NOT_YOURS) == (who != "a")
    if stands is Standing.PRESSED:
        assert right
        assert pressed is not None
        assert finished is None
        assert at < until + FINISH_WITHIN
    if stands is Standing.WAITING:
        assert right
        assert pressed is None
        assert at < until


def test_a_claim_from_beginning_to_end() -> None:
    """Waiting for a minute, then over; pressed, ten minutes to fetch it."""
    until = NOW + PRESS_WITHIN
    waiting, done = Claim(until, "a", True, None, None), Claim(until, "a", True, NOW + 5 * SECOND, None)
    assert standing(waiting, "a", until - SECOND) is Standing.WAITING
    assert standing(waiting, "a", until) is Standing.OVER
    assert standing(done, "a", until + 599 * SECOND) is Standing.PRESSED
    assert standing(done, "a", until + 600 * SECOND) is Standing.OVER


def told(device: str, said: Mapping[str, object]) -> Newcomer | str:
    """The newcomer, or the field that cannot be."""
    try:
        return newcomer(device, said)
    except BadFieldError as fault:
        return str(fault)


@given(st.text(max_size=70), st.dictionaries(st.sampled_from(
    ["id", "kind", "model", "division", "class", "prefix", "datum", "beat_s", "more"]), ANYTHING))  # fmt: skip
def test_whatever_is_said_a_newcomer_is_whole_or_refused_by_field(device: str, said: Mapping[str, object]) -> None:
    """No other exception, and nothing that the registry or the broker could not hold."""
    it = told(device, said)
    if isinstance(it, str):
        assert it in {"id", "kind", "model", "division", "class", "prefix", "datum", "beat_s"}
    else:
        assert is_device_id(it.id)
        assert it.county.isdigit()


@given(st.text(max_size=40))
def test_no_prefix_reaches_our_own_topics(prefix: str) -> None:
    """A hub's foreign prefix is never a wildcard over devices, services or the broker itself."""
    said = {"kind": "hub", "model": "x", "division": "360733", "class": "hub", "prefix": prefix}
    it = told("HUB-1", said)
    if isinstance(it, str):
        assert it == "prefix"
    else:
        first = (it.prefix or "x/#").split("/", 1)[0]
        assert first not in {"yl", ""}
        assert not set("+#$") & set(first)


def test_a_grant_for_mosquitto_is_its_own_topics_and_nothing_else() -> None:
    """Publishing up, hearing and subscribing down."""
    found = {(one["acltype"], one["topic"]) for one in acls(grant_of("360733", "B-1", None))}
    assert found == {
        ("publishClientSend", "yl/v1/360733/B-1/up/#"),
        ("publishClientReceive", "yl/v1/360733/B-1/down/#"),
        ("subscribePattern", "yl/v1/360733/B-1/down/#"),
    }


@pytest.mark.parametrize(
    ("notice", "who"),
    [
        ("1795382518: Client <unknown> disconnected, not authorised.", "<unknown>"),
        ("1795382518: Client B-1 disconnected, not authorised.", "B-1"),
        ("1795382518: Client B-1 [127.0.0.1:53258] disconnected: not authorised.", "B-1"),
        ("Client B-1 [::1]:53258 disconnected, not authorised.", None),
        ("1795382518: Client B-1 disconnected.", None),
        ("1795382518: New client connected from 127.0.0.1:1 as B-1 (p2, c1, k60, u'B-1').", None),
        ("", None),
    ],
)
def test_who_was_refused(notice: str, who: str | None) -> None:
    """As Mosquitto 2.0 has said it over its versions."""
    assert refused_client(notice) == who
