"""Two brokers, two gateways, two dispatchers: who is asked, who is told, and what counts as told."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from deploy.local.parts import Wish, services
from deploy.local.secrets import kept
from deploy.local.seed import Canary
from services.devices.authority import AuthorityAwayError, Backend
from services.devices.authority.several import Everywhere
from services.devices.outbox import MOVES_S, EveryBroker
from services.devices.presence.ear import MOVED, UNNOTICED, Ear
from shared.runtime import mqtt
from shared.runtime.clock import FakeClock
from shared.runtime.settings import Settings
from simulators.demo import Demo
from simulators.mqtt import Broker
from tests.instances import reachable_folder

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@dataclass
class Line:
    """A consumer's connection."""

    there: bool = True
    lately: bool = True
    sent: list[str] = field(default_factory=list)

    def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Note the topic."""
        assert payload
        assert qos in (0, 1)
        self.sent.append(topic)
        return self.there

    async def publish(self, topic: str, payload: bytes) -> bool:
        """Note the topic."""
        return self.send(topic, payload)

    def heard_within(self, seconds: float) -> bool:
        """As it was set."""
        assert seconds == MOVES_S
        return self.there or self.lately


@pytest.mark.parametrize(
    ("first", "second", "confirmed"),
    [
        (Line(), Line(), True),
        (Line(), Line(there=False), False),
        (Line(), Line(there=False, lately=False), True),
        (Line(there=False, lately=False), Line(there=False, lately=False), False),
    ],
)
async def test_a_receipt_is_delivered_when_every_broker_has_it_where_the_device_may_be(
    first: Line, second: Line, *, confirmed: bool
) -> None:
    """One that has been gone for long has no devices any more; one that has just gone may have them still."""
    outlet = EveryBroker([cast("mqtt.Consumer", line) for line in (first, second)])
    assert await outlet.publish("a/b", b"x") is confirmed
    assert first.sent == second.sent == ["a/b"]


def test_a_receipt_leaves_by_whichever_is_there() -> None:
    """The one that is away does not keep it from the other."""
    away, there = Line(there=False), Line()
    assert EveryBroker([cast("mqtt.Consumer", line) for line in (away, there)]).send("a", b"x", qos=0)
    assert there.sent == ["a"]


def test_devices_are_spread_over_the_brokers_and_each_knows_both() -> None:
    """Each has an order of its own."""
    many = [Broker("a", 1, f"B-{n}", "", also=(("b", 2),)) for n in range(100)]
    firsts = [broker.places()[0] for broker in many]
    assert 30 < firsts.count(("a", 1)) < 70
    assert all(set(broker.places()) == {("a", 1), ("b", 2)} for broker in many)
    assert Broker("a", 1, "B-1", "").places() == (("a", 1),)


def test_settings_name_every_broker() -> None:
    """The first one first."""
    it = Settings(mqtt_host="one", mqtt_port=1, mqtt_also=("two:2", "::1:3"))
    assert it.brokers() == (("one", 1), ("two", 2), ("::1", 3))


def test_the_second_ones_are_named_to_all_and_have_doors_of_their_own(tmp_path: Path) -> None:
    """With --two; without it nobody hears of them."""
    folder = reachable_folder(tmp_path)
    databases = dict.fromkeys(("devices", "dispatch", "gateway", "watch"), "postgresql://x")
    canary = Canary("360733", "C", "c", "c", "w")
    one, two = (
        {p.name: p.environment for p in services(Wish(folder, two=wanted), kept(folder), databases, canary)}
        for wanted in (False, True)
    )
    assert set(two) - set(one) == {"dispatch-2", "gateway-2"}
    assert not any("YINLING_MQTT_ALSO" in environment for environment in one.values())
    assert two["gateway"]["YINLING_GATEWAY_PORT"] != two["gateway-2"]["YINLING_GATEWAY_PORT"]
    assert two["dispatch-2"]["YINLING_DISPATCH_PORT"] in two["gateway"]["YINLING_DISPATCH_ALSO"]


def test_a_demo_knows_every_gateway() -> None:
    """Addresses of people and devices."""
    also = {"http": "http://b", "ws": "ws://b/ws", "mqtt": {"host": "b", "port": 2}}
    it = Demo({"http": "http://a", "ws": "ws://a/ws", "mqtt": {"host": "a", "port": 1}, "also": also})
    assert it.gateways == ("http://a", "http://b")
    assert it.sockets == ("ws://a/ws", "ws://b/ws")
    assert it.broker("B-1", "s").also == (("b", 2),)
    alone = Demo({key: value for key, value in it.content.items() if key != "also"})
    assert (alone.gateways, alone.broker("B-1", "s").also) == (("http://a",), ())


async def test_an_authority_of_two_tells_both_though_one_is_away() -> None:
    """Whoever asked is told that it is not done; the other broker knows already."""
    told: list[str] = []

    class Away:
        async def withdraw(self, device: str) -> None:
            raise AuthorityAwayError(device)

    class There:
        async def withdraw(self, device: str) -> None:
            told.append(device)

    both = Everywhere([cast("Backend", Away()), cast("Backend", There())])
    with pytest.raises(AuthorityAwayError):
        await both.withdraw("B-1")
    assert told == ["B-1"]


def test_an_ear_at_two_brokers_is_deaf_when_both_are_gone() -> None:
    """One that comes back soon leaves a gap for those who beat there; one that was away for long had nobody left."""
    clock = FakeClock(NOW)
    one, two = (mqtt.Broker(name, 1, "presence", "") for name in "ab")
    ear = Ear([one, two], clock)
    ear._hears(one)
    ear._hears(two)
    clock.advance(600)
    ear._is_deaf(two)
    assert ear.deaf_from is None
    clock.advance(5)
    ear._hears(two)
    assert ear.gaps[-1] == (NOW + timedelta(seconds=600) - UNNOTICED, clock.now())
    ear._is_deaf(two)
    clock.advance(3600)
    ear._hears(two)
    assert ear.gaps[-1] == (clock.now() - MOVED, clock.now())
    ear._is_deaf(one)
    ear._is_deaf(two)
    assert ear.deaf_from is not None
    assert not ear.connected.is_set()
