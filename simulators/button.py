"""A button or a pendant: connects when pressed or when its heartbeat is due, repeats a press until it is answered.

It listens until the incident is closed. A press that is not answered goes over the second path too.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from shared.runtime.clock import Clock
from simulators import seal
from simulators.mqtt import LOST, Broker, Link, session
from simulators.press import Press, wait_s
from simulators.radio import GOOD, Radio, Weather
from simulators.second import SecondPath

SOONEST_S, HURRY_S, IDLE_S = 0.2, 1.0, 4.0
LOOK_EVERY_S = 2.0
FIRMWARE = "1.4.2"

Watch = Callable[[str, Press], None]
"""Told `sent` after each attempt and `receipt` after each receipt that was news."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A device with its credential; one that `signs` puts a signature on its alarms and checks its receipts'."""

    county: str
    broker: Broker
    kind: str = "button"
    signs: bool = True

    @property
    def id(self) -> str:
        """The device's name, which is its user name too."""
        return self.broker.user

    @property
    def key(self) -> bytes | None:
        """What it signs with."""
        return seal.key_of(self.broker.password) if self.signs else None

    def topic(self, rest: str) -> str:
        """One of the device's own topics."""
        return f"yl/v1/{self.county}/{self.id}/{rest}"

    def hears(self) -> str:
        """What a device subscribes to: receipts and commands, in one subscription, which costs the broker half."""
        return self.topic("down/+")

    def with_secret(self, secret: str) -> "Identity":
        """The same device after it got a new credential."""
        return replace(self, broker=replace(self.broker, password=secret))


class Button:
    """One device; `boot` counts its starts, here the second it was switched on."""

    def __init__(
        self, identity: Identity, clock: Clock, draw: Random, watch: Watch | None = None, *,
        second: SecondPath | None = None, weather: Weather = GOOD,
    ) -> None:  # fmt: skip
        """Stay silent until pressed."""
        self.identity = identity
        self.radio = Radio(weather, draw, clock.now())
        self.beat_s: int | None = None
        self.said: str | None = None
        self.disbelieved = 0
        self._clock = clock
        self._draw = draw
        self._watch = watch or (lambda _what, _press: None)
        self._second = second
        self._boot = int(clock.now().timestamp())
        self._seq = 0
        self._batt = draw.randint(55, 100)
        self._open: dict[str, Press] = {}
        self._beating = False
        self._wake = asyncio.Event()
        self._link: Link | None = None
        self._work: asyncio.Task[None] | None = None
        self._other: asyncio.Task[None] | None = None
        self._flying: set[asyncio.Task[None]] = set()

    def press(self, kind: str) -> Press:
        """Send an alarm from now on until it is answered."""
        now = self._clock.now()
        self._seq += 1
        press = Press(self.identity.id, kind, self._boot, self._seq, now, due=now)
        self._open[press.eid] = press
        self._get_going()
        if self._second is not None and (self._other is None or self._other.done()):
            self._other = asyncio.create_task(self._go_round(self._second))
        return press

    def beat(self) -> None:
        """Tell how it is, once, as soon as there is a connection."""
        self._beating = True
        self._get_going()

    def drop(self) -> None:
        """Lose the connection without a word, as when a router starts anew; it comes back by itself."""
        if self._link is not None:
            self._link.close()

    async def stop(self) -> None:
        """Take the battery out."""
        tasks = {task for task in (self._work, self._other, *self._flying) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _get_going(self) -> None:
        self._wake.set()
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._stay_connected())

    async def _stay_connected(self) -> None:
        failures = 0
        while self._open or self._beating:
            try:
                async with session(self.identity.broker, self.identity.hears(), self._hear) as link:
                    failures = 0
                    await self._serve(link)
            except LOST:
                failures += 1
                for press in self._open.values():
                    press.missed()
            if self._open or self._beating:
                await self._pause(failures)

    async def _pause(self, failures: int) -> None:
        """Drawn from a whole span, since all devices lose a broker at the same instant; a press ends it."""
        waiting = any(not press.recorded for press in self._open.values())
        span_s = (
            IDLE_S * 2 ** min(failures, 3) if not waiting else wait_s(failures, self._draw) if failures else HURRY_S
        )
        pause_s = self._draw.uniform(SOONEST_S, span_s)
        await self._clock.wait_until(self._clock.now() + timedelta(seconds=pause_s), self._wake, pause_s)

    async def _serve(self, link: Link) -> None:
        self._ask_again()
        self._link = link
        parts = {asyncio.create_task(part) for part in (self._speak(link), link.keep_alive(self._clock), link.lost())}
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in done:
                part.result()
        finally:
            self._link = None
            for part in parts:
                part.cancel()
            await asyncio.wait(parts)

    def _ask_again(self) -> None:
        """After a reconnection: what is unanswered goes out at once, and the last that was answered, for its news."""
        now = self._clock.now()
        answered = [press for press in self._open.values() if press.recorded]
        for press in (*answered[-1:], *(press for press in self._open.values() if not press.recorded)):
            press.ask_again(now)

    def _hear(self, topic: str, payload: bytes) -> None:
        with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError):
            content = orjson.loads(payload)
            self._obey(content) if topic.endswith("/down/cmd") else self._heard(content)
        self._wake.set()

    def _heard(self, receipt: dict[str, Any]) -> None:
        press = self._open.get(receipt["eid"])
        if not seal.believed(self.identity.key, receipt):
            self.disbelieved += 1
        elif press is not None and press.heard(receipt):
            self._watch("receipt", press)

    def _obey(self, command: dict[str, Any]) -> None:
        match command["cmd"]:
            case "test":
                self.press("test")
            case "interval":
                self.beat_s = int(command["s"])
            case "speak":
                self.said = command["say"]
            case "locate":
                self.beat()
            case "credential":
                self.identity = self.identity.with_secret(command["secret"])
            case _:
                pass

    async def _speak(self, link: Link) -> None:
        while self._forget_what_is_over() or self._beating:
            if self._beating:
                self._beating = False
                link.tell(self.identity.topic("up/state"), orjson.dumps(self._state()))
            for press in [p for p in self._open.values() if p.due and p.due <= self._clock.now()]:
                self._send(link, press)
            if self._open:
                await self._clock.wait_until(self._next_due(), self._wake, at_most_s=60)

    def _send(self, link: Link, press: Press) -> None:
        payload = orjson.dumps(press.alarm(self.identity.key, self.radio.weather.clock_off_s))
        now = self._clock.now()
        press.sent(now, self._draw)
        self._watch("sent", press)
        for after_s in self.radio.flights(now):
            self._let_fly(link, payload, after_s)

    def _let_fly(self, link: Link, payload: bytes, after_s: float) -> None:
        if after_s <= 0:
            link.publish(self.identity.topic("up/alarm"), payload)
            return
        flight = asyncio.create_task(self._arrive_late(link, payload, after_s))
        self._flying.add(flight)
        flight.add_done_callback(self._flying.discard)

    async def _arrive_late(self, link: Link, payload: bytes, after_s: float) -> None:
        await self._clock.sleep(after_s)
        link.publish(self.identity.topic("up/alarm"), payload)

    async def _go_round(self, second: SecondPath) -> None:
        """Try the second path for what has waited too long, until everything is answered."""
        while (due := self._next_round()) is not None:
            await self._clock.wait_until(due, asyncio.Event(), LOOK_EVERY_S)
            for press in [p for p in self._open.values() if (at := p.other_way_at()) and at <= self._clock.now()]:
                await self._send_round(second, press)

    async def _send_round(self, second: SecondPath, press: Press) -> None:
        key = self.identity.key
        alarm = press.alarm(key, self.radio.weather.clock_off_s)
        press.tried(self._clock.now())
        if key is None or self.radio.shut(self._clock.now()):
            return
        self._watch("sent", press)
        receipt = await second.send(self.identity.id, key, alarm)
        if receipt is not None:
            self._heard(receipt)
            self._wake.set()

    def _next_round(self) -> datetime | None:
        return min((at for press in self._open.values() if (at := press.other_way_at())), default=None)

    def _next_due(self) -> datetime | None:
        return min((press.due for press in self._open.values() if press.due), default=None)

    def _forget_what_is_over(self) -> bool:
        now = self._clock.now()
        self._open = {eid: press for eid, press in self._open.items() if not press.over(now)}
        return bool(self._open)

    def _state(self) -> dict[str, Any]:
        ts = int((self._clock.now().timestamp() + self.radio.weather.clock_off_s) * 1000)
        return {"v": 1, "ts": ts, "batt": self._batt, "rssi": self._draw.randint(-85, -50), "fw": FIRMWARE}
