"""Buttons over a real broker that goes away and comes back."""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from deploy.local.supervisor import answers
from shared.runtime.clock import SystemClock
from simulators.button import Button, Identity
from simulators.mqtt import Broker as Address
from simulators.mqtt import Link, connect
from simulators.press import Press
from tests.conftest import free_port

CLOCK = SystemClock()
NATS = Path(sys.executable).parent / "nats-server"


class Broker:
    """A nats-server without accounts, on one port, that can be killed."""

    def __init__(self, folder: Path) -> None:
        """Write its configuration."""
        self.port = free_port()
        config = {
            "server_name": "t", "listen": f"127.0.0.1:{free_port()}", "jetstream": {"store_dir": str(folder)},
            "mqtt": {"listen": f"127.0.0.1:{self.port}"},
        }  # fmt: skip
        self._config = folder / "nats.conf"
        self._config.write_text(json.dumps(config), "utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start and wait until it listens."""
        self._process = subprocess.Popen(  # noqa: ASYNC220
            [NATS, "-c", self._config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not await answers("127.0.0.1", self.port):
            await CLOCK.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that is not started yet."""
    it = Broker(tmp_path)
    yield it
    it.kill()


class Platform:
    """Answers every alarm with the given stages."""

    def __init__(self, *stages: str) -> None:
        """Hear nothing yet."""
        self.heard: list[dict[str, Any]] = []
        self._stages = stages
        self._link: Link | None = None

    async def connect(self, port: int) -> None:
        """Listen to all alarms."""
        self._link = await connect(Address("127.0.0.1", port, "platform", ""), "yl/v1/+/+/up/alarm", self._alarm)

    async def hang_up(self) -> None:
        """Close the connection."""
        if self._link is not None:
            self._link.close()
            await self._link.closed.wait()

    def _alarm(self, topic: str, payload: bytes) -> None:
        alarm = orjson.loads(payload)
        self.heard.append(alarm)
        for rev, stage in enumerate(self._stages, 1):
            receipt = {"v": 1, "eid": alarm["eid"], "rev": rev, "stage": stage, "rx": 1}
            assert self._link is not None
            self._link.publish(topic.replace("up/alarm", "down/receipt"), orjson.dumps(receipt))


def button(port: int) -> Button:
    """Button B-1."""
    return Button(Identity("360733", Address("127.0.0.1", port, "B-1", "s")), CLOCK, Random(1))


async def until(press: Press, stage: str) -> None:
    """Wait for a stage."""
    async with asyncio.timeout(30):
        while not any(receipt["stage"] == stage for receipt in press.receipts):
            await CLOCK.sleep(0.02)


async def test_a_press_is_told_everything_in_order(broker: Broker) -> None:
    """One attempt, every stage, and the connection ends with the incident."""
    await broker.start()
    platform, device = Platform("recorded", "seen", "accepted", "closed"), button(broker.port)
    await platform.connect(broker.port)
    press = device.press("sos")
    await until(press, "closed")
    assert [receipt["stage"] for receipt in press.receipts] == ["recorded", "seen", "accepted", "closed"]
    assert len(platform.heard) == 1
    await device.stop()
    await platform.hang_up()


async def test_a_press_survives_a_broker_that_is_away_and_then_killed(broker: Broker) -> None:
    """Pressed while nothing listens, and killed before the answer: the same alarm arrives in the end."""
    device = button(broker.port)
    tried = asyncio.Event()

    def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tried.set()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", broker.port):
        press = device.press("sos")
        await asyncio.wait_for(tried.wait(), 30)
    await broker.start()
    broker.kill()
    await broker.start()
    platform = Platform("recorded")
    await platform.connect(broker.port)
    await until(press, "recorded")
    assert {alarm["eid"] for alarm in platform.heard} == {press.eid}
    await device.stop()
    await platform.hang_up()
