"""Simulated buttons and people keep the rules of the wire contract."""

from datetime import timedelta
from random import Random

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.devices.domain import mac
from shared.contracts.device import DeviceAlarm, DeviceState
from shared.runtime.clock import FakeClock
from simulators.button import Button, Identity
from simulators.inbox import Inbox
from simulators.mqtt import Broker
from simulators.press import Press, wait_s
from simulators.radio import Weather
from simulators.second import SecondPath
from simulators.temper import intention
from tests.unit.simulated import KEY, START, Wire, new_button, receipt, settle, wire

__all__ = ["wire"]


async def test_a_button_repeats_the_same_alarm_until_the_receipt(wire: Wire) -> None:
    """Growing waits, the same event id, silence after the answer."""
    clock = FakeClock(START)
    button = new_button(clock)
    press = button.press("sos")
    await settle()
    for _ in range(3):
        clock.advance(10)
        await settle()
    assert [message["attempt"] for message in wire.sent] == [1, 2, 3, 4]
    assert {message["eid"] for message in wire.sent} == {press.eid}
    assert DeviceAlarm.model_validate(wire.sent[0]).eid == press.eid
    wire.answer(**receipt(press, 1, "recorded"))
    await settle()
    clock.advance(100)
    await settle()
    assert len(wire.sent) == 4
    await button.stop()


async def test_a_button_asks_for_news_after_a_reconnection(wire: Wire) -> None:
    """It repeats a recorded alarm once, since the answer is the latest stage."""
    clock = FakeClock(START)
    button = new_button(clock)
    press = button.press("sos")
    await settle()
    wire.answer(**receipt(press, 1, "recorded"))
    await settle()
    wire.cut()
    await settle()
    clock.advance(1)
    await settle()
    assert (wire.connections, len(wire.sent)) == (2, 2)
    wire.answer(**receipt(press, 3, "accepted"))
    wire.answer(**receipt(press, 2, "seen"))
    await settle()
    assert [r["stage"] for r in press.receipts] == ["recorded", "accepted"]
    await button.stop()


async def test_a_button_disconnects_when_all_is_closed_and_comes_back(wire: Wire) -> None:
    """A second press after the end is a new alarm on a new connection."""
    clock = FakeClock(START)
    button = new_button(clock)
    first = button.press("sos")
    await settle()
    wire.answer(**receipt(first, 5, "closed"))
    await settle()
    second = button.press("fall")
    await settle()
    assert wire.connections == 2
    assert second.eid != first.eid
    assert wire.sent[-1]["kind"] == "fall"
    await button.stop()


async def test_a_button_signs_and_believes_only_who_knows_its_key(wire: Wire) -> None:
    """The signature is over v|eid|kind|boot|seq|ts; a forged receipt changes nothing, an unsigned one is heard."""
    button = new_button(FakeClock(START))
    press = button.press("sos")
    await settle()
    [alarm] = wire.sent
    assert alarm["mac"] == mac.tag(KEY, (alarm[name] for name in ("v", "eid", "kind", "boot", "seq", "ts")))
    forged = receipt(press, 4, "arrived")
    wire.answer(**forged, mac="AAAAAAAAAAAAAAAAAAAAAA==")
    assert (press.receipts, button.disbelieved) == ([], 1)
    wire.answer(**forged, mac=mac.tag(KEY, (forged[name] for name in ("v", "eid", "rev", "stage", "rx"))))
    assert [heard["stage"] for heard in press.receipts] == ["arrived"]
    wire.answer(**receipt(press, 5, "closed"))
    assert press.closed
    await button.stop()


async def test_after_three_misses_the_second_path_carries_the_same_alarm(wire: Wire) -> None:
    """Signed as a whole under the device's name; its answer is a receipt like any other."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=receipt(press, 1, "recorded"))

    clock = FakeClock(START)
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://x") as client:
        identity = Identity("360733", Broker("x", 1, "B-00017", "s"))
        button = Button(identity, clock, Random(1), second=SecondPath(client))
        press = button.press("sos")
        await settle()
        for _ in range(2):
            clock.advance(5)
            await settle()
        assert (len(wire.sent), asked) == (3, [])
        clock.advance(9)
        await settle(press)
        [request] = asked
        assert (request.url.path, request.headers["X-Yinling-Device"]) == ("/device/v1/alarms", "B-00017")
        assert mac.body_fits(KEY, "B-00017", request.content, request.headers["X-Yinling-Signature"])
        body = orjson.loads(request.content)
        assert {body["eid"]} == {message["eid"] for message in wire.sent} == {press.eid}
        assert press.recorded
        await button.stop()


def test_the_second_path_waits_for_three_misses_or_twenty_seconds() -> None:
    """And is tried again while nobody answers, never after an answer."""
    press = Press("B-1", "sos", 1, 1, START, START)
    assert press.other_way_at() == START + timedelta(seconds=20)
    for _ in range(3):
        press.sent(START + timedelta(seconds=4), Random(1))
    assert press.other_way_at() == press.due
    press.tried(START + timedelta(seconds=15))
    assert press.other_way_at() == START + timedelta(seconds=23)
    press.heard({"rev": 1, "stage": "recorded"})
    assert press.other_way_at() is None
    lonely = Press("B-1", "sos", 1, 2, START, START)
    for _ in range(3):
        lonely.missed()
    assert lonely.other_way_at() == START


async def test_a_button_does_what_it_is_asked(wire: Wire) -> None:
    """Test itself, speak, beat at another pace, tell how it is, and take a new credential at the next connection."""
    clock = FakeClock(START)
    button = new_button(clock)
    press = button.press("sos")
    await settle()
    wire.command(cmd="test")
    wire.command(cmd="speak", say="已收到")
    wire.command(cmd="interval", s=600)
    wire.command(cmd="locate")
    wire.command(cmd="dance")
    wire.command(cmd="credential", secret="fresh")
    await settle()
    assert [message["kind"] for message in wire.sent] == ["sos", "test"]
    assert (button.said, button.beat_s) == ("已收到", 600)
    [(topic, state)] = wire.told
    assert topic == "yl/v1/360733/B-00017/up/state"
    assert DeviceState.model_validate(state).ts == 1795305600000
    wire.answer(**receipt(press, 1, "recorded"))
    wire.cut()
    await settle()
    clock.advance(1)
    await settle()
    assert wire.credentials == ["s", "fresh"]
    assert wire.sent[-1]["mac"] != mac.tag(
        KEY, (wire.sent[-1][name] for name in ("v", "eid", "kind", "boot", "seq", "ts"))
    )
    await button.stop()


async def test_a_heartbeat_is_one_short_connection(wire: Wire) -> None:
    """Nothing stays open afterwards, and a press meanwhile shares it."""
    button = new_button(FakeClock(START))
    button.beat()
    await settle()
    assert (wire.connections, len(wire.told), wire.sent) == (1, 1, [])
    button.beat()
    press = button.press("sos")
    await settle()
    assert (wire.connections, len(wire.told), len(wire.sent)) == (2, 2, 1)
    assert not press.recorded
    await button.stop()


async def test_a_bad_radio_loses_doubles_and_delays_but_the_press_goes_on(wire: Wire) -> None:
    """What leaves is the same alarm; a wrong clock is told as it is, signed as it is told."""
    clock = FakeClock(START)
    weather = Weather(loss=0.5, delay_s=1.0, duplicates=0.5, clock_off_s=-86_400)
    button = Button(Identity("360733", Broker("x", 1, "B-00017", "s")), clock, Random(3), weather=weather)
    press = button.press("sos")
    for _ in range(60):
        await settle()
        clock.advance(1)
    await settle()
    assert press.attempts >= 6
    assert button.radio.lost >= 1
    assert {message["eid"] for message in wire.sent} == {press.eid}
    attempts = [message["attempt"] for message in wire.sent]
    assert len(attempts) > len(set(attempts)) < press.attempts
    assert {message["ts"] for message in wire.sent} == {1795305600000 - 86_400_000}
    signed = ("v", "eid", "kind", "boot", "seq", "ts")
    assert all(message["mac"] == mac.tag(KEY, (message[name] for name in signed)) for message in wire.sent)
    await button.stop()


@given(st.integers(1, 50), st.integers())
def test_waits_grow_to_eight_seconds_give_or_take_a_fifth(attempt: int, seed: int) -> None:
    """2 s, times 1.7, at most 8, jitter a fifth."""
    middle = min(8.0, 2 * 1.7 ** (attempt - 1))
    assert 0.8 * middle <= wait_s(attempt, Random(seed)) <= 1.2 * middle


def test_an_unrecorded_press_is_never_forgotten() -> None:
    """Thirty minutes end the waiting for news, not for the receipt."""
    press = Press("B-1", "sos", 1, 1, START, START)
    later = START + timedelta(hours=5)
    assert not press.over(later)
    press.heard({"rev": 1, "stage": "recorded"})
    assert press.over(later)


@given(st.permutations(range(1, 9)), st.lists(st.integers(1, 8)))
def test_an_inbox_shows_each_event_once_and_in_order(arrivals: list[int], again: list[int]) -> None:
    """Whatever comes twice or too early."""
    inbox, shown = Inbox("u:x"), []
    for seq in [*arrivals, *again]:
        ready, _ = inbox.take({"seq": seq})
        shown += [event["seq"] for event in ready]
    assert shown == list(range(1, 9))


def test_an_inbox_asks_for_what_is_missing() -> None:
    """A hole is filled by a replay, and acknowledged once it is."""
    inbox = Inbox("u:x", "e1", seq=4)
    assert inbox.take({"seq": 6}) == ([], True)
    assert inbox.take({"seq": 5}) == ([{"seq": 5}, {"seq": 6}], False)
    inbox.reset("e2", 40)
    assert inbox.ack(now=True) is None
    inbox.take({"seq": 41})
    assert inbox.ack(now=False) is None
    assert inbox.ack(now=True) == {"t": "ack", "i": "u:x", "seq": 41}


def test_people_answer_as_they_did_in_the_trials() -> None:
    """36 : 44 : 20, and half of them within 40 s."""
    draw = Random(5)
    wills = [intention(draw) for _ in range(4_000)]
    shares = [sum(w.answer == answer for w in wills) / len(wills) for answer in ("accept", "refuse", "silent")]
    assert shares == pytest.approx([0.36, 0.44, 0.20], abs=0.03)
    delays = sorted(w.after_s for w in wills)
    assert delays[0] >= 15
    assert delays[-1] <= 113
    assert delays[2_000] == pytest.approx(40, abs=3)
