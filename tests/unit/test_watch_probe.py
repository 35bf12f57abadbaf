"""What the watch makes of a canary's presses."""

from datetime import UTC, datetime, timedelta

import pytest

from services.watch.probe import Probe, Reached, Standing, wait_s
from shared.contracts.device import DeviceAlarm

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PROBE = Probe("CANARY-360733", 1795312235, 7, NOW)


def test_a_press_is_an_alarm_of_the_wire_contract() -> None:
    """The same as a button's, and the same number in every attempt."""
    first, third = (DeviceAlarm.model_validate(PROBE.alarm(attempt)) for attempt in (1, 3))
    assert (first.eid, first.kind, first.boot, first.seq) == ("CANARY-360733:1795312235:7", "sos", 1795312235, 7)
    assert (first.attempt, third.attempt) == (1, 3)
    assert third.eid == first.eid


def test_the_next_press_has_the_next_number() -> None:
    """One start of the device counts on; nothing of the last press is kept."""
    following = PROBE.at(Reached.RETURNED).next(NOW + timedelta(seconds=20))
    assert (following.eid, following.reached) == ("CANARY-360733:1795312235:8", Reached.NOTHING)
    assert following.heard is False


def test_it_waits_longer_from_try_to_try_and_never_over_eight_seconds() -> None:
    """As docs/wire/devices.md asks of every device."""
    assert [round(wait_s(attempt), 2) for attempt in (1, 2, 3, 4, 9)] == [2.0, 3.4, 5.78, 8.0, 8.0]


@pytest.mark.parametrize(
    ("stage", "reached"),
    [
        ("recorded", Reached.RECORDED),
        ("seen", Reached.RECORDED),
        ("accepted", Reached.RETURNED),
        ("arrived", Reached.RETURNED),
        ("closed", Reached.RETURNED),
    ],
)
def test_a_receipt_moves_the_press_on(stage: str, reached: Reached) -> None:
    """Only a receipt that says somebody goes brings it home."""
    told = PROBE.at(Reached.SENT).told(PROBE.eid, stage)
    assert (told.reached, told.heard) == (reached, True)


def test_a_receipt_of_an_older_press_says_nothing() -> None:
    """An answer that comes too late does not hide that the new press has none."""
    late = PROBE.at(Reached.SENT).told("CANARY-360733:1795312235:6", "accepted")
    assert (late.reached, late.heard) == (Reached.SENT, False)


def test_an_offer_does_not_stop_the_repeating() -> None:
    """It may be an older press's; a device repeats until it hears its own receipt."""
    offered = PROBE.at(Reached.OFFERED)
    assert (offered.reached.word, offered.heard) == ("offered", False)
    assert offered.told(PROBE.eid, "recorded").reached is Reached.OFFERED, "it never falls back"


def test_what_came_back_is_counted_with_its_time() -> None:
    """Sent, returned, missed, and the last round trip."""
    standing = Standing().back(PROBE, NOW + timedelta(milliseconds=340)).back(PROBE, NOW + timedelta(milliseconds=220))
    assert (standing.sent, standing.returned, standing.missed, standing.last_ms) == (2, 2, 0, 220)
    assert not standing.must_tell(NOW)


def test_people_are_told_at_once_and_then_each_minute() -> None:
    """A press is missed every 20 s; the desk is not rung for each."""
    standing, told = Standing(), []
    for number in range(7):
        now = NOW + timedelta(seconds=20 * number + 10)
        standing = standing.lost(Probe(PROBE.device, PROBE.boot, number, now - timedelta(seconds=10)))
        if standing.must_tell(now):
            told.append(20 * number)
            standing = standing.told(now)
    assert told == [0, 60, 120]
    assert (standing.missed, standing.missing_since) == (7, NOW)


def test_what_could_not_be_told_is_told_with_the_next() -> None:
    """The database was away as well."""
    standing = Standing().lost(PROBE)
    assert standing.must_tell(NOW + timedelta(seconds=10))
    assert standing.lost(PROBE).must_tell(NOW + timedelta(seconds=30))


def test_a_new_outage_is_told_at_once() -> None:
    """Recovery ends the minute of silence."""
    well = Standing().lost(PROBE).told(NOW).back(PROBE, NOW + timedelta(seconds=5))
    assert well.missing_since is None
    again = well.lost(PROBE)
    assert again.must_tell(NOW + timedelta(seconds=20))
    assert (again.sent, again.returned, again.missed) == (3, 1, 2)
