"""A simulated hub is what a hub on mains power is to the platform: there, beating, and missed when it is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import orjson
import pytest

from shared.runtime.clock import Clock, FakeClock, SystemClock
from simulators import beats as beats_module
from simulators import hub as hub_module
from simulators.button import Identity
from simulators.demo import Demo
from simulators.fleet import Fleet
from simulators.foreign import Foreigners
from simulators.hub import Hub
from simulators.mqtt import Broker, Heard, Will

REAL = SystemClock()
START = datetime(2026, 11, 22, tzinfo=UTC)
THING = {"address": "zigbee2mqtt/sos", "adapter": "zigbee2mqtt", "model": "TS0215A_sos", "device": "Z-1"}


class Wire:
    """A broker that keeps what a hub says."""

    def __init__(self) -> None:
        """Nobody is connected."""
        self.said: list[tuple[str, bytes, bool]] = []
        self.beats: list[dict[str, Any]] = []
        self.wills: list[Will | None] = []
        self.credentials: list[str] = []
        self.hear: Heard = lambda *_: None
        self._cut = asyncio.Event()

    @asynccontextmanager
    async def session(self, it: Broker, _: str, hear: Heard, will: Will | None = None) -> AsyncIterator["Wire"]:
        """Connect."""
        self.hear = hear
        self.wills.append(will)
        self.credentials.append(it.password)
        self._cut.clear()
        yield self

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> "asyncio.Future[None]":
        """Keep it and confirm."""
        self.said.append((topic, payload, retain))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def tell(self, topic: str, payload: bytes) -> None:
        """Keep a heartbeat."""
        assert topic == "yl/v1/360733/HUB-1/up/state"
        self.beats.append(orjson.loads(payload))

    async def keep_alive(self, _: Clock) -> None:
        """Nothing to do."""
        await asyncio.Event().wait()

    async def lost(self) -> None:
        """Wait for the cut."""
        await self._cut.wait()

    def close(self) -> None:
        """Cut it."""
        self._cut.set()

    def command(self, **command: object) -> None:
        """Ask the hub for something."""
        self.hear("yl/v1/360733/HUB-1/down/cmd", orjson.dumps({"v": 1, "id": "c1", **command}))


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Put the wire under every hub."""
    it = Wire()
    monkeypatch.setattr(hub_module, "session", it.session)
    return it


@asynccontextmanager
async def living(clock: FakeClock) -> AsyncIterator[Hub]:
    """A hub that lives."""
    identity = Identity("360733", Broker("x", 1, "HUB-1", "s"), "hub")
    hub = Hub(identity, clock, Random(1), Foreigners([THING]))
    task = asyncio.create_task(hub.live())
    await settle()
    try:
        yield hub
    finally:
        task.cancel()
        await asyncio.wait({task})


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(20):
        await REAL.sleep(0)


async def test_a_hub_leaves_a_will_announces_what_hangs_on_it_and_beats(wire: Wire) -> None:
    """The first beat at once, then one a minute, on mains power."""
    clock = FakeClock(START)
    async with living(clock) as hub:
        assert hub.connected
        assert wire.wills == [("yl/v1/360733/HUB-1/up/lwt", b'{"v":1}')]
        kept = {topic for topic, _, retain in wire.said if retain}
        assert kept == {"zigbee2mqtt/bridge/state", "zigbee2mqtt/bridge/devices", "zigbee2mqtt/sos/availability"}
        assert len(wire.beats) == 1
        clock.advance(60)
        await settle()
        assert [beat["mains"] for beat in wire.beats] == [True, True]
        assert wire.beats[1]["ts"] - wire.beats[0]["ts"] == 60_000


async def test_a_hub_beats_as_it_is_told_and_takes_a_new_credential(wire: Wire) -> None:
    """Whatever else it is told does no harm."""
    clock = FakeClock(START)
    async with living(clock):
        wire.command(cmd="interval", s=30)
        wire.command(cmd="credential", secret="fresh")
        wire.command(cmd="interval")
        wire.hear("yl/v1/360733/HUB-1/down/cmd", b"{")
        await settle()
        before = len(wire.beats)
        clock.advance(30)
        await settle()
        assert len(wire.beats) == before + 1
        wire.close()
        await settle()
        clock.advance(5)
        await settle()
        assert wire.credentials == ["s", "fresh"]


async def test_a_hub_passes_on_only_while_it_is_connected(wire: Wire) -> None:
    """Without its plug it is silent, and back by itself."""
    clock = FakeClock(START)
    async with living(clock) as hub:
        press = hub.foreigners.used("zigbee2mqtt/sos", START)
        assert await hub.relay(press)
        assert [topic for topic, _, _ in wire.said[-3:]] == [
            "zigbee2mqtt/sos", "zigbee2mqtt/sos/action", "zigbee2mqtt/sos",
        ]  # fmt: skip
        hub.drop()
        await settle()
        assert not hub.connected
        assert not await hub.relay(press)
        clock.advance(5)
        await settle()
        assert hub.connected
    assert not hub.connected


async def test_everything_beats_soon_after_the_start_and_then_at_its_own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pendant every ten minutes, a button every four hours, each a little uneven."""
    beaten: list[tuple[str, float]] = []
    clock = FakeClock(START)
    devices = [
        {"id": name, "county": "360733", "secret": "s", "kind": kind}
        for name, kind in (("B-1", "button"), ("P-1", "wearable"), ("P-2", "wearable"))
    ]
    demo = Demo(
        {"http": "", "ws": "", "mqtt": {"host": "x", "port": 1}, "accounts": [], "hubs": [], "devices": devices}
    )
    fleet = Fleet(demo, clock, Random(1))
    for name in fleet:
        monkeypatch.setattr(
            fleet.button(name),
            "beat",
            lambda name=name: beaten.append((name, (clock.now() - START).total_seconds())),
        )
    beating = asyncio.create_task(beats_module.Beats(fleet, clock, Random(2)).go_on())
    for _ in range(1_560):
        await settle()
        clock.advance(10)
    beating.cancel()
    await asyncio.wait({beating})
    first = {name: min(at for who, at in beaten if who == name) for name in fleet}
    assert max(first.values()) <= 70
    assert sum(name == "B-1" for name, _ in beaten) == 2
    assert 22 <= sum(name == "P-1" for name, _ in beaten) <= 28
    assert first["P-1"] != first["P-2"]
