"""A button: connects when pressed, repeats until it is answered, listens until the incident is closed."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

import orjson

from shared.runtime.clock import Clock
from simulators.mqtt import LOST, Broker, Link, session
from simulators.press import Press, wait_s

RECONNECT_S = (0.2, 1.0)

Watch = Callable[[str, Press], None]
"""Told `sent` after each attempt and `receipt` after each receipt that was news."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A device with its credential."""

    county: str
    broker: Broker

    @property
    def id(self) -> str:
        """The device's name, which is its user name too."""
        return self.broker.user

    def topic(self, rest: str) -> str:
        """One of the device's own topics."""
        return f"yl/v1/{self.county}/{self.id}/{rest}"


class Button:
    """One device; `boot` counts its starts, here the second it was switched on."""

    def __init__(self, identity: Identity, clock: Clock, draw: Random, watch: Watch | None = None) -> None:
        """Stay silent until pressed."""
        self.identity = identity
        self._clock = clock
        self._draw = draw
        self._watch = watch or (lambda _what, _press: None)
        self._boot = int(clock.now().timestamp())
        self._seq = 0
        self._open: dict[str, Press] = {}
        self._wake = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def press(self, kind: str) -> Press:
        """Send an alarm from now on until it is answered."""
        now = self._clock.now()
        self._seq += 1
        press = Press(self.identity.id, kind, self._boot, self._seq, now, due=now)
        self._open[press.eid] = press
        self._wake.set()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._stay_connected())
        return press

    async def stop(self) -> None:
        """Take the battery out."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})

    async def _stay_connected(self) -> None:
        failures = 0
        while self._open:
            try:
                async with session(self.identity.broker, self.identity.topic("down/receipt"), self._hear) as link:
                    failures = 0
                    await self._serve(link)
            except LOST:
                failures += 1
                await self._clock.sleep(wait_s(failures, self._draw))
            else:
                await self._clock.sleep(self._draw.uniform(*RECONNECT_S) if self._open else 0)

    async def _serve(self, link: Link) -> None:
        for press in self._open.values():
            press.ask_again(self._clock.now())
        parts = {asyncio.create_task(part) for part in (self._speak(link), link.keep_alive(self._clock), link.lost())}
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in done:
                part.result()
        finally:
            for part in parts:
                part.cancel()
            await asyncio.wait(parts)

    def _hear(self, _: str, payload: bytes) -> None:
        with contextlib.suppress(orjson.JSONDecodeError, KeyError):
            receipt = orjson.loads(payload)
            press = self._open.get(receipt["eid"])
            if press is not None and press.heard(receipt):
                self._watch("receipt", press)
        self._wake.set()

    async def _speak(self, link: Link) -> None:
        while self._forget_what_is_over():
            for press in [p for p in self._open.values() if p.due and p.due <= self._clock.now()]:
                self._send(link, press)
            await self._clock.wait_until(self._next_due(), self._wake, at_most_s=60)

    def _send(self, link: Link, press: Press) -> None:
        payload = orjson.dumps(press.alarm())
        press.sent(self._clock.now(), self._draw)
        self._watch("sent", press)
        link.publish(self.identity.topic("up/alarm"), payload)

    def _next_due(self) -> datetime | None:
        return min((press.due for press in self._open.values() if press.due), default=None)

    def _forget_what_is_over(self) -> bool:
        now = self._clock.now()
        self._open = {eid: press for eid, press in self._open.items() if not press.over(now)}
        return bool(self._open)
