"""When silence is noticed: never early, never late, and never because of us."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.devices.domain.presence import (
    FINE,
    GRACE,
    Child,
    Ears,
    Gap,
    Report,
    protects,
    read,
    rhythm,
    silent_at,
    wrong_by,
)
from shared.vocabulary.devices import DeviceKind, FaultKind

START = datetime(2026, 11, 22, tzinfo=UTC)
WATCHED = (DeviceKind.HUB, DeviceKind.WEARABLE, DeviceKind.BUTTON, DeviceKind.SENSOR)
BATTERY = frozenset({FaultKind.LOW_BATT})

seconds = st.floats(0, 100_000, allow_nan=False).map(lambda s: timedelta(seconds=round(s, 3)))


@st.composite
def hearings(draw: st.DrawFn) -> Ears:
    """Ears with some gaps, hearing since the end of the last."""
    turns = [START + it for it in accumulate(draw(st.lists(seconds, min_size=1, max_size=13)))]
    gaps = [Gap(begin, end) for begin, end in zip(turns[1::2], turns[2::2], strict=False) if begin < end]
    return Ears(gaps[-1].end if gaps else START, gaps)


def heard(ears: Ears, begin: datetime, end: datetime) -> timedelta:
    """How much was listened to in between, counted the slow way."""
    deaf = sum((max(timedelta(0), min(g.end, end) - max(g.begin, begin)) for g in ears.gaps), timedelta(0))
    return end - begin - deaf


@given(hearings(), seconds, st.sampled_from(WATCHED))
def test_silence_is_found_after_the_limit_of_listening_and_not_before(
    ears: Ears, after: timedelta, kind: DeviceKind
) -> None:
    """A device is missed when its limit was listened to in vain, and a whole beat since we hear again."""
    seen = START + after
    it = rhythm(kind, None)
    assert it is not None
    assert ears.since is not None
    due = silent_at(seen, None, it, ears)
    assert due is not None
    early = due - timedelta(milliseconds=1)
    assert heard(ears, seen, due) >= it.limit
    assert due >= ears.since + it.beat
    assert heard(ears, seen, early) < it.limit or early < ears.since + it.beat


@given(hearings(), seconds, seconds)
def test_a_will_is_believed_after_its_grace_and_not_later(ears: Ears, seen_after: timedelta, will: timedelta) -> None:
    """A hub that has said goodbye is missed fifteen heard seconds later, or by silence if that is sooner."""
    seen = START + seen_after
    it = rhythm(DeviceKind.HUB, None)
    assert it is not None
    assert ears.since is not None
    due = silent_at(seen, seen + will, it, ears)
    without = silent_at(seen, None, it, ears)
    assert due is not None
    assert without is not None
    assert due <= without
    by_will = heard(ears, seen + will, due) >= GRACE
    by_beat = due == ears.since + it.beat
    assert due == without or by_will or by_beat


@given(seconds, st.sampled_from(WATCHED))
def test_while_we_are_deaf_nobody_is_missed(after: timedelta, kind: DeviceKind) -> None:
    """Our own broken line says nothing about anybody."""
    it = rhythm(kind, None)
    assert it is not None
    assert silent_at(START, START + after, it, Ears(None, [])) is None


@given(hearings(), seconds, st.sampled_from(WATCHED))
def test_deaf_time_counts_for_nobody(ears: Ears, length: timedelta, kind: DeviceKind) -> None:
    """One more gap puts a silence off by at least its length, if it lies within it."""
    it = rhythm(kind, None)
    assert it is not None
    assert ears.since is not None
    seen = ears.since
    due = silent_at(seen, None, it, ears)
    assert due is not None
    begin = seen + it.limit / 2
    again = Ears(begin + length, [*ears.gaps, Gap(begin, begin + length)])
    later = silent_at(seen, None, it, again)
    assert later is not None
    assert later >= due + length


@pytest.mark.parametrize(
    ("kind", "beat_s", "beat", "limit"),
    [
        (DeviceKind.HUB, None, 60, 150),
        (DeviceKind.HUB, 30, 30, 75),
        (DeviceKind.HUB, 300, 300, 660),
        (DeviceKind.WEARABLE, None, 600, 1800),
        (DeviceKind.BUTTON, None, 14_400, 43_200),
        (DeviceKind.SENSOR, 600, 600, 1800),
    ],
)
def test_limits_are_those_of_the_wire_contract(kind: DeviceKind, beat_s: int | None, beat: int, limit: int) -> None:
    """Hub within three minutes, wearable half an hour, button and sensor half a day."""
    it = rhythm(kind, beat_s)
    assert it is not None
    assert (it.beat, it.limit) == (timedelta(seconds=beat), timedelta(seconds=limit))


@pytest.mark.parametrize("kind", [DeviceKind.SMS, DeviceKind.CANARY])
def test_what_has_no_heartbeat_is_never_missed(kind: DeviceKind) -> None:
    """A text message gateway and a canary are watched by others."""
    assert rhythm(kind, 60) is None


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
wild = st.dictionaries(st.sampled_from(["v", "batt", "rssi", "mains", "fw", "tamper", "children"]), json)


@given(wild | json)
def test_any_heartbeat_can_be_read(content: object) -> None:
    """Nonsense in a field is a field that was not said."""
    report = read(content)
    assert report.batt is None or 0 <= report.batt <= 100
    assert report.mains in (None, True, False)
    assert report.fw is None or report.fw.isprintable()


def test_a_good_heartbeat_is_read_whole() -> None:
    """Battery, signal, mains, firmware, and what hangs behind the hub."""
    content = {
        "v": 1, "ts": 1, "batt": 88, "rssi": -67, "mains": True, "fw": "1.4.2",
        "children": [{"device": "S-1", "batt": 51, "seen_s": 30}, {"device": 7}, "S-2", {"device": "S-3"}],
    }  # fmt: skip
    children = [Child("S-1", 51, 30), Child("S-3", None, None)]
    assert read(content) == Report(88, -67, True, "1.4.2", children=children)


def test_a_battery_is_low_from_15_until_it_is_25_again() -> None:
    """A battery that wavers makes one fault, not ten."""
    wrong = FINE
    for batt, low in ((16, False), (15, True), (20, True), (24.9, True), (25, False), (16, False)):
        wrong = wrong_by(wrong, Report(batt=batt), on_mains=False)
        assert (wrong == BATTERY) is low, batt
    assert wrong_by(FINE, Report(low=True), on_mains=False) == BATTERY
    assert wrong_by(BATTERY, Report(low=False), on_mains=False) == FINE
    assert wrong_by(BATTERY, Report(batt=12, low=False), on_mains=False) == BATTERY


def test_mains_is_lost_only_by_what_lives_on_it() -> None:
    """A battery button that says it is not on mains is well."""
    assert wrong_by(FINE, Report(mains=False), on_mains=False) == FINE
    lost = wrong_by(FINE, Report(mains=False), on_mains=True)
    assert lost == {FaultKind.MAINS_LOST}
    assert wrong_by(lost, Report(batt=90), on_mains=True) == lost
    assert wrong_by(lost, Report(mains=True), on_mains=True) == FINE


def test_tamper_holds_until_it_is_over() -> None:
    """An opened case is a fault until it is closed."""
    opened = wrong_by(BATTERY, Report(tamper=True), on_mains=False)
    assert opened == {FaultKind.LOW_BATT, FaultKind.TAMPER}
    assert wrong_by(opened, Report(), on_mains=False) == opened
    assert wrong_by(opened, Report(tamper=False), on_mains=False) == BATTERY


@pytest.mark.parametrize(
    ("fault", "device", "batt", "others", "wanted"),
    [
        (FaultKind.OFFLINE, DeviceKind.BUTTON, None, 0, True),
        (FaultKind.OFFLINE, DeviceKind.BUTTON, None, 1, False),
        (FaultKind.OFFLINE, DeviceKind.HUB, None, 3, True),
        (FaultKind.OFFLINE, DeviceKind.SENSOR, None, 0, False),
        (FaultKind.LOW_BATT, DeviceKind.WEARABLE, 15, 0, False),
        (FaultKind.LOW_BATT, DeviceKind.WEARABLE, 5, 0, True),
        (FaultKind.LOW_BATT, DeviceKind.WEARABLE, 5, 1, False),
        (FaultKind.TAMPER, DeviceKind.BUTTON, None, 0, False),
        (FaultKind.MAINS_LOST, DeviceKind.HUB, None, 0, False),
    ],
)
def test_a_fault_is_grave_when_she_cannot_call_any_more(
    fault: FaultKind, device: DeviceKind, batt: float | None, others: int, *, wanted: bool
) -> None:
    """Her only button silent or empty, or the hub they all go through."""
    assert protects(fault, device, batt, others) is wanted
