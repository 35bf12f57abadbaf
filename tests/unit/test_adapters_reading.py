"""What adapters make of odd values, and what a screen is told of a message."""

import json

import pytest

from services.devices.adapters import explain, hear, names
from services.devices.adapters.mending import mended
from services.devices.adapters.reading import MOST_BYTES, amount, opened, percent, place, truth, word
from services.devices.domain.foreign import unfit


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b'{"action":"emergency","batt', {"action": "emergency", "batt": None}),
        (b'{"action":"emerg', {"action": "emerg"}),
        (b'{"a":{"b":[1,2,{"c":"d"', {"a": {"b": [1, 2, {"c": "d"}]}}),
        (b'{"a":tru', {}),
        (b'{"a":1}}}', {"a": 1}),
        (b'{"a":"x\0y"}', {"a": "xy"}),
        (b'\xff\xfe{"a":1}', {"a": 1}),
        (b'{"a":[1,2}', {"a": [1, 2]}),
        (b"no json at all", None),
    ],
)
def test_what_was_cut_off_is_read_as_far_as_it_goes(written: bytes, read: object) -> None:
    """A hub loses its radio in mid-sentence."""
    assert mended(written) == read


def test_values_that_are_not_what_they_should_be_are_nothing() -> None:
    """A battery of 300 % or a place in the ocean's middle by mistake must not reach a person as a fact."""
    odd: list[object] = [101, -1, True, None, "x", [1]]
    assert [percent(it) for it in (80, "80", 0)] == [80, 80, 0]
    assert [percent(it) for it in odd] == [None] * 6
    assert [truth(it) for it in (True, "ON", 1)] == [True] * 3
    assert [truth(it) for it in ("off", 0)] == [False] * 2
    assert [truth(it) for it in ("", None, 2, odd)] == [None] * 4
    assert [word(it) for it in (" a ", 5, "x" * 40)] == ["a", "5", "x" * 32]
    assert [word(it) for it in ("", None, True, odd)] == [None] * 4
    assert [amount(it) for it in ("inf", float("nan"), "1e999", "-3.5")] == [None, None, None, -3.5]
    assert place(0, 0) is None
    assert place(91, 5) is None
    assert place("25.6", 115.7, 12, "2026-11-22T06:00:00.000+00:00") == {
        "lat": 25.6, "lon": 115.7, "acc_m": 12, "src": None, "at": 1795327200000,
    }  # fmt: skip
    assert opened(b'"' + b"x" * MOST_BYTES + b'"') is None


def test_an_explanation_tells_no_number_and_no_exact_place() -> None:
    """It may be sent to a maker as it is."""
    text = json.dumps(explain("sms/+8613912345678", b"SOS from 13912345678"))
    assert "1391234" not in text
    assert "5678" in text
    assert explain("sms/10086", b"from 13912345678")["happenings"][0]["word"] == "from *******5678"
    position = {"latitude": 25.600312, "longitude": 115.786544, "attributes": {"alarm": "sos"}}
    told = explain("traccar/positions", json.dumps({"position": position, "device": {"uniqueId": "1"}}).encode())
    assert told["happenings"][0]["position"] == {"lat": 25.6, "lon": 115.79}
    assert "25.6003" not in json.dumps(told)


@pytest.mark.parametrize(
    ("topic", "payload", "why"),
    [
        ("unknown/topic", b"{}", "no adapter knows this topic"),
        ("zigbee2mqtt/a", b'{"battery":80}', "a report without anything to answer"),
        ("zigbee2mqtt/a", b'{"sos":false}', "it reports that a state is over"),
        ("zigbee2mqtt/a", b'{"batt', "the report is broken, and nothing in it can be read"),
        ("zigbee2mqtt/a/set", b'{"action":"sos"}', "no device's report"),
        ("zigbee2mqtt/a", b'{"action":"sos"}', None),
    ],
)
def test_why_nothing_came_of_a_message_is_said_in_words(topic: str, payload: bytes, why: str | None) -> None:
    """The person at the device's page must not have to guess."""
    assert explain(topic, payload)["why"] == why


def test_two_houses_behind_one_broker_are_told_apart() -> None:
    """Each hub speaks below a level of its own; `bridge` is the hub itself wherever it stands."""
    assert hear("zigbee2mqtt/h1/sos", b"", {"action": "sos"}).happenings[0].addresses == ("zigbee2mqtt/h1/sos",)
    assert hear("zigbee2mqtt/h1/bridge/logging", b"", {"level": "info", "message": "sos"}).speaker == ()
    assert hear("zigbee2mqtt/h1/sos", b"", {"device": {"friendlyName": "sos"}, "battery": 9}).happenings == ()


def test_every_family_has_a_name_that_a_binding_may_use() -> None:
    """As the screens offer them."""
    assert names() == {"zigbee2mqtt", "shelly", "tasmota", "homeassistant", "traccar", "sms"}


def test_a_number_is_the_same_however_it_is_written() -> None:
    """Gateways write +86, 0086 or neither; whichever of them was bound rings."""
    assert unfit("sms/+8613912345678") is None
    for written in ("+8613912345678", "008613912345678", "8613912345678", "13912345678"):
        [happening] = hear(f"sms/{written}", b"x", None).happenings
        assert happening.addresses[0] == f"sms/{written}"
        assert happening.addresses[-1] == "sms/13912345678"
