"""A hub of ours on mains power: always connected, beats, leaves a last will, and passes on what hangs on it."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from shared.runtime.clock import Clock
from simulators.button import FIRMWARE, Identity
from simulators.families.message import Message
from simulators.foreign import Foreigners
from simulators.mqtt import LOST, Link, session
from simulators.press import wait_s

BEAT_S = 60


class Hub:
    """One hub. What happens while it is not connected is not passed on: no bridge on the market keeps it."""

    def __init__(self, identity: Identity, clock: Clock, draw: Random, foreigners: Foreigners) -> None:
        """Know what hangs on it."""
        self.foreigners = foreigners
        self.beat_s = BEAT_S
        self.identity = identity
        self._clock = clock
        self._draw = draw
        self._link: Link | None = None
        self._beaten_at: datetime | None = None
        self._wake = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether the broker knows us."""
        return self._link is not None

    async def live(self) -> None:
        """Stay connected until cancelled."""
        failures = 0
        will = (self.identity.topic("up/lwt"), b'{"v":1}')
        while True:
            try:
                async with session(self.identity.broker, self.identity.hears(), self._hear, will) as link:
                    failures = 0
                    await self._serve(link)
            except LOST:
                failures += 1
            await self._clock.sleep(wait_s(failures, self._draw) if failures else self._draw.uniform(0.2, 1.0))

    def drop(self) -> None:
        """Pull the plug: the broker reads out the last will."""
        if self._link is not None:
            self._link.close()

    async def relay(self, messages: Sequence[Message]) -> bool:
        """Pass messages on, in order; False when there is no connection."""
        if self._link is None:
            return False
        await publish(self._link, messages)
        return True

    async def _serve(self, link: Link) -> None:
        self._link = link
        # Whatever is kept at the broker is said without waiting: a broker that is slow to store must not stop the beat.
        for message in self.foreigners.started(self._clock.now()):
            link.publish(message.topic, message.payload, retain=message.retain)
        parts = {asyncio.create_task(part) for part in (self._beat(link), link.keep_alive(self._clock), link.lost())}
        try:
            await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._link = None
            for part in parts:
                part.cancel()
            await asyncio.wait(parts)

    async def _beat(self, link: Link) -> None:
        while True:
            self._beaten_at = self._clock.now()
            link.tell(self.identity.topic("up/state"), orjson.dumps(self._state(self._beaten_at)))
            await self._clock.wait_until(self._beaten_at + timedelta(seconds=self.beat_s), self._wake, self.beat_s)

    def _hear(self, topic: str, payload: bytes) -> None:
        with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            command = orjson.loads(payload)
            if not topic.endswith("/down/cmd"):
                return
            if command["cmd"] == "interval":
                self.beat_s = int(command["s"])
            elif command["cmd"] == "credential":
                self.identity = self.identity.with_secret(command["secret"])
            self._wake.set()

    def _state(self, now: datetime) -> dict[str, Any]:
        return {
            "v": 1, "ts": int(now.timestamp() * 1000), "mains": True, "rssi": self._draw.randint(-70, -45),
            "fw": FIRMWARE,
        }  # fmt: skip


async def publish(link: Link, messages: Sequence[Message]) -> None:
    """Send messages at QoS 1, each after the one before has arrived; ConnectionResetError when the line breaks."""
    for message in messages:
        sent = link.publish(message.topic, message.payload, retain=message.retain)
        await asyncio.wait({sent})
        if sent.cancelled():
            raise ConnectionResetError
