"""Devices that are all cut off and all come back, in a process of their own.

`python -m bench.storm` reads its order as one JSON line on standard input, connects every device, says `ready`, waits
for a line, cuts all lines, and prints one JSON line a device when all is over: device, the instant it was to come back,
when it was back and after how many tries, and for those that press, eid and the instants of press and receipt.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
import uvloop

from bench.beats import beat
from shared.runtime.clock import SystemClock, stopwatch
from simulators.mqtt import LOST, Broker, Link, connect
from simulators.press import wait_s

AT_ONCE = 40
PATIENCE_S = 180.0
LONGEST_WAIT_S = 32.0
"""A device that is not let in waits twice as long each time, up to this."""
CLOCK = SystemClock()


@dataclass
class Returner:
    """A device that loses its connection and comes back; with a `boot` it presses then."""

    identity: dict[str, Any]
    broker: Broker
    boot: int | None
    link: Link | None = None
    due: float = 0.0
    back: float | None = None
    tries: int = 0
    pressed: float | None = None
    recorded: float | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def eid(self) -> str | None:
        """Its alarm's event id."""
        return f"{self.identity['id']}:{self.boot}:1" if self.boot is not None else None

    def topic(self, rest: str) -> str:
        """One of its topics."""
        return f"yl/v1/{self.identity['county']}/{self.identity['id']}/{rest}"

    async def connect(self) -> None:
        """Connect once; raises one of LOST.

        Receipts are heard at QoS 0: at QoS 1 the embedded broker writes a consumer to disk for each device that comes
        back, and has been seen to let in none of 2,000.
        """
        will = (self.topic("up/lwt"), b'{"v":1}')
        self.link = await connect(self.broker, self.topic("down/receipt"), self._heard, will=will, qos=0)

    async def return_(self, draw: Random) -> None:
        """Come back at the appointed instant, beat, and press if it is one of those."""
        await CLOCK.sleep(max(0.0, self.due - stopwatch()))
        while self.back is None and stopwatch() - self.due < PATIENCE_S:
            self.tries += 1
            try:
                await self.connect()
            except LOST:
                await CLOCK.sleep(min(LONGEST_WAIT_S, 2.0**self.tries) * draw.uniform(0.5, 1.5))
            else:
                self.back = stopwatch()
        if self.link is not None and self.back is not None:
            self.link.tell(*beat(self.identity, 0))
            await self._press(self.link, draw)

    async def _press(self, link: Link, draw: Random) -> None:
        attempts = 0
        while self.eid is not None and not self.answered.is_set() and stopwatch() - self.due < PATIENCE_S:
            self.pressed = self.pressed or stopwatch()
            attempts += 1
            body = {"v": 1, "eid": self.eid, "kind": "sos", "boot": self.boot, "seq": 1, "attempt": attempts}
            link.publish(self.topic("up/alarm"), orjson.dumps(body))
            try:
                async with asyncio.timeout(wait_s(attempts, draw)):
                    await self.answered.wait()
            except TimeoutError:
                pass

    def _heard(self, _: str, payload: bytes) -> None:
        if self.recorded is None and orjson.loads(payload)["eid"] == self.eid:
            self.recorded = stopwatch()
            self.answered.set()

    def line(self) -> dict[str, Any]:
        """What is told about it."""
        return {
            "device": self.identity["id"], "due": self.due, "back": self.back, "tries": self.tries, "eid": self.eid,
            "pressed": self.pressed, "recorded": self.recorded,
        }  # fmt: skip


async def run(order: dict[str, Any]) -> None:
    """Carry out one order."""
    draw = Random(len(order["devices"]))
    them = [
        Returner(
            device, Broker(order["host"], order["port"], device["id"], device["secret"]),
            order["boot"] if number % order["one_in"] == 0 else None,
        )
        for number, device in enumerate(order["devices"])
    ]  # fmt: skip
    await _all(them)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    begin = stopwatch()
    for one in them:
        one.due = begin + draw.uniform(0, order["seconds"])
        if one.link is not None:
            one.link.close()
    await asyncio.gather(*(one.return_(draw) for one in them))
    sys.stdout.writelines(json.dumps(one.line()) + "\n" for one in them)


async def _all(them: list[Returner]) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(it: Returner) -> None:
        async with turn:
            await it.connect()
            if it.link is not None:
                it.link.tell(*beat(it.identity, 0))

    await asyncio.gather(*(one(it) for it in them))


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.readline())))
