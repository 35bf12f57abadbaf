"""What simulated foreign devices say is what the adapters understand: one use is one alarm of the right kind."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from deploy.local.seed import EXAMPLES
from services.devices.adapters import generic, hear
from services.devices.adapters.reading import opened
from services.devices.domain.alarm import Alarm
from services.devices.domain.foreign import Binding, Heard, States, relayed
from shared.vocabulary.alarms import AlarmKind
from simulators.county import county
from simulators.equipment import FOREIGN, SPARE, Foreign
from simulators.families import sms, zigbee2mqtt
from simulators.families.discovery import Entity
from simulators.families.message import Message, said
from simulators.families.shelly import Gen1
from simulators.families.tasmota import Tasmota
from simulators.families.traccar import Tracker
from simulators.foreign import Foreigners, made
from simulators.press import Press
from simulators.seal import key_of

PAYLOADS = Path(__file__).parents[2] / "services" / "devices" / "adapters"
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
KINDS = {
    "Z-00002": AlarmKind.SMOKE, "Z-00003": AlarmKind.WATER, "S-00002": AlarmKind.WATER, "Z-00008": AlarmKind.FALL,
}  # fmt: skip
ON_HUBS = [it for it in FOREIGN if it.adapter != "sms"]
COUNTING = [it for it in ON_HUBS if it.adapter in {"shelly", "traccar"} and it.model != "shellyflood"]


@pytest.fixture(autouse=True, scope="module")
def described() -> Iterator[None]:
    """The demo's described families are known, as in its data folder."""
    generic.load(EXAMPLES)
    captured.cache_clear()
    yield
    generic.load(None)


def heard(message: Message) -> Heard:
    """What an adapter makes of it."""
    return hear(message.topic, message.payload, opened(message.payload))


@cache
def captured(adapter: str) -> set[str]:
    """Every word that rings in the adapter's captures."""
    files = (PAYLOADS / (adapter if (PAYLOADS / adapter).is_dir() else "generic") / "payloads").glob("*.json")
    messages = [message for file in files for message in json.loads(file.read_text("utf-8"))["messages"]]
    return {h.word for m in messages for h in heard(said(m["topic"], m["payload"])).happenings if h.rings}


def alarms(it: Foreign, messages: list[Message]) -> list[Alarm]:
    """The alarms of one bound thing, repetitions folded as the database folds them."""
    binding, states, found = Binding(it.address, it.device, "360733", it.meaning), States(), dict[int, Alarm]()
    for message in messages:
        for happening in heard(message).happenings:
            if binding.address in happening.addresses and states.begins(happening):
                alarm = relayed(message.topic, message.payload, happening, binding, NOW)
                if alarm is not None:
                    found[alarm.spare.seq] = alarm
    return list(found.values())


@pytest.mark.parametrize("it", ON_HUBS, ids=lambda it: f"{it.adapter}-{it.model}")
def test_used_once_it_rings_once(it: Foreign) -> None:
    """Whatever the maker says before and after the word itself."""
    thing = made(it.adapter, it.model, it.address)
    [alarm] = alarms(it, [*thing.started(NOW), *thing.used(NOW)])
    assert alarm.kind == KINDS.get(it.device, AlarmKind.SOS)
    assert alarm.relayed


@pytest.mark.parametrize("it", ON_HUBS, ids=lambda it: f"{it.adapter}-{it.model}")
def test_a_start_rings_nobody(it: Foreign) -> None:
    """Births, first states and retained announcements are no alarms."""
    assert alarms(it, made(it.adapter, it.model, it.address).started(NOW)) == []


@pytest.mark.parametrize("it", COUNTING, ids=lambda it: it.model)
def test_used_twice_it_rings_twice(it: Foreign) -> None:
    """Where the maker counts or tells the time: within ten seconds another press is another alarm."""
    thing = made(it.adapter, it.model, it.address)
    assert len(alarms(it, [*thing.used(NOW), *thing.used(NOW + timedelta(seconds=3))])) == 2


@pytest.mark.parametrize("it", ON_HUBS, ids=lambda it: f"{it.adapter}-{it.model}")
def test_its_words_are_those_of_real_things(it: Foreign) -> None:
    """What is captured from makers under the adapter's payloads says the same words."""
    words = {h.word for m in made(it.adapter, it.model, it.address).used(NOW) for h in heard(m).happenings if h.rings}
    assert words <= captured(it.adapter)
    assert words


def test_a_first_generation_button_counts() -> None:
    """Each press has the next number, also after others."""
    button = Gen1("shellybutton1-3494546ECA01")
    counts = [opened(button.pressed("S")[0].payload) for _ in range(3)]
    assert counts == [{"event": "S", "event_cnt": number} for number in (1, 2, 3)]


def test_every_hub_of_the_county_is_played() -> None:
    """A thing for each binding, under the hub's own prefix, and every message stays below it."""
    it = county(homes=10)
    models = {device.id: device.model for device in it.devices}
    for device in (device for device in it.devices if device.foreign_prefix):
        bound = [
            {"address": b.address, "adapter": b.adapter, "model": models[b.device_id]}
            for b in it.bindings
            if b.hub_id == device.id
        ]
        hub, root = Foreigners(bound), str(device.foreign_prefix).removesuffix("#")
        messages = hub.started(NOW) + [message for address in hub.things for message in hub.used(address, NOW)]
        assert hub.things.keys() == {thing["address"] for thing in bound} != set()
        assert all(message.topic.startswith(root) for message in messages)


@pytest.mark.parametrize("spare", SPARE, ids=lambda spare: spare[1])
def test_what_belongs_to_nobody_offers_itself_for_binding(spare: tuple[str, str, str, str]) -> None:
    """Its hub tells of it as soon as it starts."""
    hub, adapter, address, model = spare
    foreigners = Foreigners([{"address": address, "adapter": adapter, "model": model}])
    found = [one for message in foreigners.started(NOW) for one in heard(message).discovered]
    assert hub
    assert address in {one.address for one in found}
    assert any(one.model == model for one in found)


def test_a_zigbee_thing_that_is_gone_is_said_to_be_offline() -> None:
    """By the bridge's own word."""
    signs = heard(zigbee2mqtt.gone(zigbee2mqtt.Thing("sos_bedroom", "tuya_sos"))).signs
    assert [(sign.addresses, sign.online) for sign in signs] == [(("zigbee2mqtt/sos_bedroom",), False)]


def test_a_tasmota_switch_leaves_a_last_will() -> None:
    """Online at its start, offline when the broker misses it."""
    switch = Tasmota("sos_study")
    assert [sign.online for sign in heard(switch.started(NOW)[0]).signs] == [True]
    assert [sign.online for sign in heard(switch.will()).signs] == [False]


@pytest.mark.parametrize("protocol", ["setracker", "gt06", "jt808", "ev07b"])
def test_a_tracker_tells_where_it_is(protocol: str) -> None:
    """With its SOS as well as without."""
    tracker = Tracker("861390000000001", protocol, lat=25.61, lon=115.78)
    for message in (*tracker.reported(NOW), *tracker.pressed(NOW)):
        [sign] = heard(message).signs
        assert sign.position is not None
        assert (sign.position["lat"], sign.position["lon"]) == (25.61, 115.78)
    assert {h.word for message in tracker.pressed(NOW, "fallDown") for h in heard(message).happenings} == {"fallDown"}


def test_an_announced_sensor_rings_when_it_begins() -> None:
    """A smoke detector known by its announcement only."""
    sensor = Entity("smoke_hall", "homeassistant/smoke_hall/state")
    [found] = [one for message in sensor.started(NOW) for one in heard(message).discovered]
    assert found.address == "homeassistant/smoke_hall/state"
    assert [h.on for message in sensor.used(NOW) for h in heard(message).happenings] == [True, False]


def test_a_press_as_a_text_message_carries_its_numbers_and_signature() -> None:
    """`YL1 device boot seq kind mac`, and nothing else."""
    press = Press("B-00017", "sos", 3, 42, NOW, NOW)
    assert sms.text_of(press) == "YL1 B-00017 3 42 sos"
    *words, mac = sms.text_of(press, key_of("geheim")).split(" ")
    assert words == ["YL1", "B-00017", "3", "42", "sos"]
    assert len(mac) == 24
