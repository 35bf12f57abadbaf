"""When to replay, what a socket may do, and what a snapshot looks like on the wire."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.accounts import FAILURES, Throttle, ThrottledError
from services.gateway.domain.streams import REPLAY_AT_MOST, Allowance, Limits, Position, replayable, seen_ref
from services.gateway.flow.inbox import Snapshot
from services.gateway.push.frames import BadFrameError, parse, snap_parts
from services.gateway.push.outbox import Outbox
from shared.contracts.console import MAX_FRAME, Err, Pong

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HERE = Position("u:1", "e1", 5000, held=True)


@pytest.mark.parametrize(
    ("epoch", "seq", "held", "why"),
    [
        ("", 0, True, "client"),
        ("e0", 4999, True, "epoch"),
        ("e1", 5001, True, "epoch"),
        ("e1", 5000, False, None),
        ("e1", 5000 - REPLAY_AT_MOST, True, None),
        ("e1", 4999 - REPLAY_AT_MOST, True, "window"),
        ("e1", 4999, False, "window"),
    ],
)
def test_a_position_is_continued_or_told_why_not(epoch: str, seq: int, held: bool, why: str | None) -> None:  # noqa: FBT001
    """Never a silent hole."""
    assert replayable(replace(HERE, held=held), epoch, seq) == why


def test_an_inbox_at_zero_resumes_correctly() -> None:
    """Nothing has come yet, and nothing is missing."""
    assert replayable(Position("u:1", "e1", 0, held=False), "e1", 0) is None


def test_only_what_somebody_waits_for_can_be_seen() -> None:
    """Offers and incidents; not jobs, not the platform."""
    ref = seen_ref("incident.updated", {"incident": "I-1"}, "36")
    assert ref is not None
    assert (ref.incident, ref.offer) == ("I-1", None)
    assert seen_ref("job.updated", {"incident": "I-1"}, "36") is None
    assert seen_ref("platform.breach", {"incident": None}, "36") is None


@given(st.lists(st.floats(0.05, 2), min_size=1, max_size=200))
def test_twenty_frames_a_second_are_always_allowed(gaps: list[float]) -> None:
    """Whatever the rhythm, below the rate nobody is cut off."""
    allowance, at = Allowance(Limits(), 0), 0.0
    for gap in gaps:
        at += gap
        assert allowance.spend(1, at)


def test_a_flood_is_cut_off() -> None:
    """The burst is all there is at one instant."""
    allowance = Allowance(Limits(inbound_burst=10), 0)
    assert [allowance.spend(1, 0) for _ in range(11)] == [True] * 10 + [False]


def test_failed_logins_are_forgotten_after_a_minute() -> None:
    """Ten a minute by user name and address; others are not held up."""
    throttle, key = Throttle(), ("wang", "10.0.0.1")
    for _ in range(FAILURES):
        throttle.check(key, NOW)
        throttle.failed(key, NOW)
    with pytest.raises(ThrottledError):
        throttle.check(key, NOW + timedelta(seconds=59))
    throttle.check(("wang", "10.0.0.2"), NOW)
    throttle.check(key, NOW + timedelta(seconds=60))


async def test_an_outbox_is_bounded_and_keeps_only_the_newest_state() -> None:
    """Putting never waits; a replay waits for room."""
    box = Outbox(4, 100)
    assert [box.put("x") for _ in range(5)] == [True] * 4 + [False]
    assert not Outbox(4, 100).put("x" * 101)
    box.put_state("platform", "old")
    box.put_state("platform", "new")
    patient = asyncio.create_task(box.put_patiently("last"))
    heard = [await box.next() for _ in range(6)]
    await patient
    assert sorted(heard) == ["last", "new", "x", "x", "x", "x"]


def test_a_big_snapshot_comes_in_frames_that_fit() -> None:
    """Lists are divided; put together again they are whole."""
    rows = [{"incident": f"I-{n}", "place": "长" * 200} for n in range(500)]
    whole = Snapshot("d:36", "e1", 9, {"incidents": rows, "unplaced": [], "duty": {"on": True}}, {})
    texts = list(snap_parts(whole, "window"))
    assert all(len(text.encode()) <= MAX_FRAME for text in texts)
    parts = [orjson.loads(text) for text in texts]
    assert [part["part"] for part in parts] == list(range(1, parts[0]["parts"] + 1))
    assert [row for part in parts for row in part["d"].get("incidents", [])] == rows
    assert parts[0]["d"]["duty"] == {"on": True}


def test_frames_are_parsed_or_answered_or_refused() -> None:
    """Unknown ones are ignored so that newer consoles work here."""
    assert isinstance(parse('{"t":"pong","n":1,"more":2}')[1], Pong)
    assert parse('{"t":"someday"}') == ("someday", None)
    wrong = parse('{"t":"sync","i":"u:1"}')[1]
    assert isinstance(wrong, Err)
    assert wrong.params == {"field": "after"}
    for nonsense in ("", "[]", '{"t":1}', "{"):
        with pytest.raises(BadFrameError):
            parse(nonsense)
