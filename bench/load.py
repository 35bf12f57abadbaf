"""An open loop of alarms from distinct devices, in a process of its own.

`python -m bench.load` reads its order as one JSON line on standard input, connects every device, says `ready`, waits
for a line, presses at the appointed instants whatever the platform does, and prints one JSON line a press:
device, eid, the appointed and the actual instant, and when the receipt came, on the machine's monotonic clock.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
import uvloop

from shared.runtime.clock import SystemClock, stopwatch
from simulators.mqtt import Broker, Link, connect
from simulators.press import wait_s

AT_ONCE = 40
RECEIPT_WITHIN_S = 20.0
CLOCK = SystemClock()


@dataclass
class Presser:
    """A connected device that will press once; it repeats until its receipt as every button does."""

    identity: dict[str, Any]
    boot: int
    receipts: bool = True
    due: float = 0.0
    sent: float | None = None
    recorded: float | None = None
    attempts: int = 0
    link: Link | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def eid(self) -> str:
        """The alarm's event id."""
        return f"{self.identity['id']}:{self.boot}:1"

    def topic(self, rest: str) -> str:
        """One of the device's topics."""
        return f"yl/v1/{self.identity['county']}/{self.identity['id']}/{rest}"

    def heard(self, _: str, payload: bytes) -> None:
        """Any receipt for this alarm means that it is recorded."""
        if self.recorded is None and orjson.loads(payload)["eid"] == self.eid:
            self.recorded = stopwatch()
            self.answered.set()

    def publish(self) -> None:
        """Send one attempt."""
        self.attempts += 1
        assert self.link is not None
        taken = self.link.publish(self.topic("up/alarm"), orjson.dumps(self._alarm()))
        if not self.receipts:
            taken.add_done_callback(self._taken)

    def _taken(self, puback: "asyncio.Future[None]") -> None:
        if not puback.cancelled():
            self.recorded = stopwatch()
            self.answered.set()

    def _alarm(self) -> dict[str, Any]:
        return {
            "v": 1, "eid": self.eid, "kind": "sos", "boot": self.boot, "seq": 1, "attempt": self.attempts,
            "ts": int(CLOCK.now().timestamp() * 1000), "path": "wifi", "batt": 88,
            **({"loc": self.identity["loc"]} if "loc" in self.identity else {}),
        }  # fmt: skip

    async def press(self, draw: Random) -> None:
        """Press at the appointed instant, then repeat until answered or given up."""
        await CLOCK.sleep(max(0.0, self.due - stopwatch()))
        self.sent = stopwatch()
        while not self.answered.is_set() and stopwatch() - self.due < RECEIPT_WITHIN_S:
            self.publish()
            try:
                async with asyncio.timeout(wait_s(self.attempts, draw) if self.receipts else RECEIPT_WITHIN_S):
                    await self.answered.wait()
            except TimeoutError:
                pass

    def line(self) -> dict[str, Any]:
        """What is told about it."""
        return {
            "device": self.identity["id"], "eid": self.eid, "due": self.due, "sent": self.sent,
            "recorded": self.recorded, "attempts": self.attempts,
        }  # fmt: skip


def instants(rate: float, seconds: float, draw: Random) -> Iterator[float]:
    """Appointed instants from 0: as many as rate times seconds, at random as independent people press."""
    at = sorted(draw.uniform(0, seconds) for _ in range(round(rate * seconds)))
    yield from at


async def run(order: dict[str, Any]) -> None:
    """Carry out one order."""
    draw = Random(order["seed"])
    pressers = [Presser(device, order["boot"], order.get("receipts", True)) for device in order["devices"]]
    await _connect_all(pressers, order["host"], order["port"])
    alive = [asyncio.ensure_future(presser.link.keep_alive(CLOCK)) for presser in pressers if presser.link is not None]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    begin = stopwatch() + 0.2
    for presser, after in zip(pressers, instants(order["rate"], order["seconds"], draw), strict=True):
        presser.due = begin + after
    await asyncio.gather(*(presser.press(draw) for presser in pressers))
    sys.stdout.writelines(json.dumps(presser.line()) + "\n" for presser in pressers)
    for task in alive:
        task.cancel()
    for presser in pressers:
        if presser.link is not None:
            presser.link.close()


async def _connect_all(pressers: list[Presser], host: str, port: int) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(presser: Presser) -> None:
        async with turn:
            identity = presser.identity
            broker = Broker(host, port, identity["id"], identity["secret"])
            hears = presser.topic("down/receipt") if presser.receipts else None
            presser.link = await connect(broker, hears, presser.heard)

    await asyncio.gather(*(one(presser) for presser in pressers))


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.readline())))
