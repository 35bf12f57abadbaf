"""A wire without a broker under simulated buttons."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import orjson
import pytest

from shared.runtime.clock import Clock, FakeClock, SystemClock
from simulators import button as button_module
from simulators.button import Button, Identity
from simulators.demo import Demo
from simulators.families.message import Message
from simulators.mqtt import Broker, Heard
from simulators.press import Press
from simulators.seal import key_of

REAL = SystemClock()
START = datetime(2026, 11, 22, tzinfo=UTC)
KEY = key_of("s")
DEMO = Demo(
    {
        "http": "http://x", "ws": "ws://x", "mqtt": {"host": "x", "port": 1}, "accounts": [],
        "hubs": [
            {
                "id": "HUB-1", "county": "360733", "secret": "geheim", "prefix": "zigbee2mqtt/#",
                "things": [
                    {
                        "address": "zigbee2mqtt/sos", "adapter": "zigbee2mqtt", "model": "TS0215A_sos",
                        "device": "Z-1",
                    }
                ],
            }
        ],
        "devices": [
            {"id": "B-00017", "county": "360733", "secret": "geheim", "home": "H-1", "elder": None, "lat": 1, "lon": 2}
        ],
    }
)  # fmt: skip


class Wire:
    """A broker that keeps what is sent and says what it is told to say."""

    def __init__(self) -> None:
        """Nothing was sent."""
        self.sent: list[dict[str, Any]] = []
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.connections = 0
        self.credentials: list[str] = []
        self._hear: Heard = lambda *_: None
        self._cut = asyncio.Event()

    @asynccontextmanager
    async def session(self, it: Broker, _: object, hear: Heard) -> AsyncIterator["Wire"]:
        """Connect."""
        self._hear = hear
        self.credentials.append(it.password)
        self.connections += 1
        self._cut.clear()
        yield self

    def publish(self, _: str, payload: bytes) -> None:
        """Keep an alarm."""
        self.sent.append(orjson.loads(payload))

    def tell(self, topic: str, payload: bytes) -> None:
        """Keep a heartbeat."""
        self.told.append((topic, orjson.loads(payload)))

    async def pass_on(self, _: object, messages: Sequence[Message]) -> None:
        """Keep what a hub passes on, where it is JSON."""
        self.sent += [orjson.loads(message.payload) for message in messages if message.payload.startswith(b"{")]

    async def keep_alive(self, _: Clock) -> None:
        """Nothing to do."""
        await asyncio.Event().wait()

    def answer(self, **receipt: object) -> None:
        """Send a receipt down."""
        self._hear("", orjson.dumps(receipt))

    def command(self, **command: object) -> None:
        """Ask the device for something."""
        self._hear("yl/v1/360733/B-00017/down/cmd", orjson.dumps({"v": 1, "id": "c1", **command}))

    def cut(self) -> None:
        """Lose the connection."""
        self._cut.set()

    def close(self) -> None:
        """The device hangs up."""
        self._cut.set()

    async def lost(self) -> None:
        """Wait for the cut."""
        await self._cut.wait()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Put the wire under every button."""
    it = Wire()
    monkeypatch.setattr(button_module, "session", it.session)
    return it


async def settle(press: Press | None = None) -> None:
    """Let every task run until it waits; where a real wait is among them, until the press is recorded."""
    for _ in range(20):
        await REAL.sleep(0)
    while press is not None and not press.recorded:
        await REAL.sleep(0.01)


def new_button(clock: FakeClock) -> Button:
    """Button B-00017."""
    return Button(Identity("360733", Broker("x", 1, "B-00017", "s")), clock, Random(1))


def receipt(press: Press, rev: int, stage: str) -> dict[str, Any]:
    """A receipt for a press."""
    return {"v": 1, "eid": press.eid, "rev": rev, "stage": stage, "rx": 1}
