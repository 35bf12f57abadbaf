"""Buttons over a real broker that goes away and comes back."""

import asyncio
import io
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

from bench import load
from deploy.local.supervisor import answers
from shared.runtime.clock import SystemClock
from simulators.button import Button, Identity
from simulators.foreign import Foreigners
from simulators.hub import Hub
from simulators.mqtt import Broker as Address
from simulators.mqtt import Link, connect
from simulators.press import Press
from tests.conftest import free_port

CLOCK = SystemClock()
NOTHING = Foreigners([])
LATE = 2
"""A seed by which the only press of four seconds comes at the end."""
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


async def test_a_measured_button_that_waits_longer_than_the_broker_does_is_still_heard(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A storm of minutes: who presses last has said nothing since the beginning."""
    await broker.start()
    platform = Platform("recorded")
    await platform.connect(broker.port)
    monkeypatch.setattr("simulators.mqtt.KEEPALIVE_S", 1)
    monkeypatch.setattr("simulators.mqtt.PING_EVERY_S", 0.3)
    monkeypatch.setattr(sys, "stdin", io.StringIO("go\n"))
    devices = [{"county": "360733", "id": "B-1", "secret": "s"}]
    order = {"host": "127.0.0.1", "port": broker.port, "devices": devices, "boot": 1, "seconds": 4, "rate": 0.25}
    await load.run(order | {"seed": LATE})
    _, press = capsys.readouterr().out.splitlines()
    assert (json.loads(press)["attempts"], json.loads(press)["recorded"] is None) == (1, False)
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


class Ear:
    """Hears everything that devices say of themselves."""

    def __init__(self) -> None:
        """Heard nothing yet."""
        self.heard: list[str] = []
        self._link: Link | None = None
        self._wake = asyncio.Event()

    async def connect(self, port: int) -> None:
        """Listen to heartbeats and wills."""
        topics = ("yl/v1/+/+/up/state", "yl/v1/+/+/up/lwt")
        self._link = await connect(Address("127.0.0.1", port, "ear", ""), topics, self._hear)

    async def until(self, *last: str) -> None:
        """Wait until the last things heard are these."""
        async with asyncio.timeout(30):
            while self.heard[-len(last) :] != list(last):
                await self._wake.wait()
                self._wake.clear()

    async def hang_up(self) -> None:
        """Close the connection."""
        if self._link is not None:
            await self._link.leave()

    def _hear(self, topic: str, _: bytes) -> None:
        self.heard.append("/".join(topic.split("/")[3:]))
        self._wake.set()


async def test_a_hub_that_loses_its_plug_leaves_its_will_and_comes_back(broker: Broker) -> None:
    """The broker says it for it; a hub that is switched off politely leaves none."""
    await broker.start()
    ear = Ear()
    await ear.connect(broker.port)
    hub = Hub(Identity("360733", Address("127.0.0.1", broker.port, "HUB-1", "s"), "hub"), CLOCK, Random(1), NOTHING)
    living = asyncio.create_task(hub.live())
    await ear.until("HUB-1/up/state")
    hub.drop()
    await ear.until("HUB-1/up/lwt", "HUB-1/up/state")
    living.cancel()
    await asyncio.wait({living})
    await ear.hang_up()


async def test_a_heartbeat_arrives_before_the_goodbye(broker: Broker) -> None:
    """At QoS 0 and with the connection closed right after it, each of twenty is heard, and no will is."""
    await broker.start()
    ear = Ear()
    await ear.connect(broker.port)
    devices = [
        Button(Identity("360733", Address("127.0.0.1", broker.port, f"B-{n}", "s")), CLOCK, Random(n))
        for n in range(20)
    ]
    for device in devices:
        device.beat()
    async with asyncio.timeout(30):
        while len(ear.heard) < 20:
            await CLOCK.sleep(0.02)
    assert sorted(ear.heard) == sorted(f"B-{n}/up/state" for n in range(20))
    for device in devices:
        await device.stop()
    await ear.hang_up()
