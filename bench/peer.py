"""`./yinling bench peer`: beside Node-RED doing the thinnest version of the same, on the same machine in the same run.

One after the other, with the same devices' load, broker, database settings and number of consoles: the latency at one
rate, the ceiling, and what is lost when everything between broker and console, or the database, is killed in the middle
of a run. A device of ours takes only our receipt for an answer; the peer's can only take the broker's.

`p99_ms` is until a console can ring and say who calls and where, which is all that the peer does; `opened_p99_ms` until
it has the incident, with people asked. The ceiling is that of the latter.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import aiohttp
import asyncpg
import orjson

from bench import ceiling, press
from bench.figures import median_of
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.nodered import Peer, peer
from bench.press import CLOCK, SPARE_HOMES, Order
from bench.tidy import close_all
from bench.usage import Measured
from bench.watchers import Arrivals, Watcher
from shared.runtime.clock import stopwatch

SETTLES_S = 45.0
KILLED = {"services": {"node-red", "devices-1", "devices-2", "dispatch", "gateway"}, "database": {"postgres"}}
"""Each comes back by itself, started anew by whoever looks after it, which is the same on both sides."""
LATENCIES = ("p50", "p99", "opened_p50", "opened_p99")
PLACED = "SELECT eid FROM dispatch.alarm WHERE eid = ANY($1)"

Run = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of both; `order` is the run at one rate, `start` and `upto` the lowest and highest rate tried."""

    order: Order
    start: float
    upto: float
    kills: int

    @property
    def homes(self) -> int:
        """As many as the greatest run needs."""
        return max(self.order.presses, replace(self.order, rate=self.upto).presses) + SPARE_HOMES


class Side(Protocol):
    """One of the two that are compared, with its consoles open."""

    @property
    def it(self) -> Measured:
        """What is measured."""
        ...

    async def clear(self) -> None:
        """Begin anew: nothing that came before is open or counted."""
        ...

    async def run(self, order: Order) -> Run:
        """One run with figures as bench.press gives them."""
        ...

    def load(self, order: Order) -> dict[str, Any]:
        """What bench.load is told."""
        ...

    async def kept(self, eids: Sequence[str]) -> set[str]:
        """Which alarms somebody was found for."""
        ...


def main(*, ask: Ask, as_json: bool) -> int:
    """Compare, print, and return the exit code: 1 if we lost an alarm."""
    result = asyncio.run(measure(ask))  # PostgreSQL may have to run as another user, which uvloop cannot start
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] else 0


async def measure(ask: Ask) -> dict[str, Any]:
    """The peer first, then ours."""
    before = machine()
    async with peer(ask.homes) as it, _theirs(it, ask.order.consoles) as side:
        theirs = await _side(side, ask)
    async with (
        instance(None, ask.homes, "--broker", "mosquitto") as mine,
        press.consoles(mine, ask.order.consoles) as (watchers, door),
    ):
        ours = await _side(_Ours(mine, watchers, lambda: close_all(watchers, door)), ask)
    return {
        "rate": ask.order.rate, "consoles": ask.order.consoles,
        "ceiling_ratio": _ratio(ours["sustained_per_s"], theirs["sustained_per_s"]),
        **{f"{name}_ratio": _ratio(ours[f"{name}_ms"], theirs[f"{name}_ms"]) for name in LATENCIES},
        "lost": ours["lost"], "peer_lost": theirs["lost"], "acked": ours["acked"], "peer_acked": theirs["acked"],
        "ours": ours, "peer": theirs, "machine": before,
    }  # fmt: skip


async def _side(side: Side, ask: Ask) -> Run:
    """Latency at one rate, the ceiling, and the kills."""
    await side.run(replace(ask.order, seconds=ceiling.WARM_UP))
    runs = [await side.run(ask.order) for _ in range(ask.order.runs)]
    steps = await ceiling.climb(lambda rate: side.run(replace(ask.order, rate=rate)), ask.start, ask.upto)
    kills = [await _killed(side, ask.order, what) for what in KILLED for _ in range(ask.kills)]
    return {
        **{f"{name}_ms": median_of(runs, f"{name}_ms") for name in (*LATENCIES, "max")},
        **{name: median_of(runs, name) for name in ("cores", "cpu_ms_an_alarm")},
        "sustained_per_s": ceiling.summed(steps)["sustained_per_s"],
        **{name: sum(kill[name] for kill in kills) for name in ("acked", "lost")},
        "runs": runs, "steps": steps, "kills": kills,
    }  # fmt: skip


async def _killed(side: Side, order: Order, what: str) -> Run:
    """SIGKILL halfway; lost is what a device holds an answer for and nobody was found for."""
    await side.clear()
    load = await Helper.start("bench.load", side.load(order))
    try:
        await load.line()
        await load.tell()
        await CLOCK.sleep(order.seconds / 2)
        for name, number in side.it.processes().items():
            if name in KILLED[what]:
                os.kill(number, signal.SIGKILL)
        presses = await load.rest()
    finally:
        await load.end()
    acked = [one["eid"] for one in presses if one["recorded"] is not None]
    return {"killed": what, "sent": len(presses), "acked": len(acked), "lost": await _missing(side, acked)}


async def _missing(side: Side, acked: Sequence[str]) -> int:
    """How many are missing when it has had time to make up for it."""
    until = stopwatch() + SETTLES_S
    while (missing := len(acked) - len(await side.kept(acked))) and stopwatch() < until:
        await CLOCK.sleep(1)
    return missing


class _Ours:
    def __init__(self, it: Instance, watchers: Sequence[Watcher], tidy: Callable[[], Awaitable[int]]) -> None:
        self.it = it
        self._watchers = watchers
        self._tidy = tidy
        self._number = 0

    async def clear(self) -> None:
        await self._tidy()
        for watcher in self._watchers:
            watcher.forget()

    async def run(self, order: Order) -> Run:
        await self.clear()
        return await _run(self, order, self._watchers)

    def load(self, order: Order) -> dict[str, Any]:
        self._number += 1
        return press.load_order(self.it, order, self._number)

    async def kept(self, eids: Sequence[str]) -> set[str]:
        database = await asyncpg.connect(self.it.owner_url)
        try:
            return {row[0] for row in await database.fetch(PLACED, eids)}
        finally:
            await database.close()


class _Ear(Arrivals):
    """A console of the peer's: notes when each device's alarm came."""

    async def listen(self, address: str, live: asyncio.Event) -> None:
        async with aiohttp.ClientSession() as line, line.ws_connect(address, compress=0) as socket:
            live.set()
            async for message in socket:
                self.arrived(orjson.loads(message.data)["device_id"])


class _Theirs:
    def __init__(self, it: Peer, ears: Sequence[_Ear]) -> None:
        self.it = it
        self._ears = ears
        self._number = 0

    async def clear(self) -> None:
        for ear in self._ears:
            ear.forget()

    async def run(self, order: Order) -> Run:
        await self.clear()
        return await _run(self, order, self._ears)

    def load(self, order: Order) -> dict[str, Any]:
        self._number += 1
        return {
            "host": "127.0.0.1", "port": self.it.ports.mqtt, "rate": order.rate, "seconds": order.seconds,
            "seed": self._number, "boot": int(CLOCK.now().timestamp()), "receipts": False,
            "devices": self.it.devices[: order.presses],
        }  # fmt: skip

    async def kept(self, eids: Sequence[str]) -> set[str]:
        return await self.it.kept(eids)


@asynccontextmanager
async def _theirs(it: Peer, many: int) -> AsyncIterator[_Theirs]:
    ears, live = [_Ear() for _ in range(many)], [asyncio.Event() for _ in range(many)]
    listening = [asyncio.create_task(ear.listen(it.socket, on)) for ear, on in zip(ears, live, strict=True)]
    try:
        async with asyncio.timeout(30):
            await asyncio.gather(*(on.wait() for on in live))
        yield _Theirs(it, ears)
    finally:
        for task in listening:
            task.cancel()


async def _run(side: Side, order: Order, ears: Sequence[Arrivals]) -> Run:
    presses, used = await press.pressed(side.it, side.load(order), ears)
    return press.with_use(press.figures(presses, ears, ()), used)


def _ratio(ours: float, theirs: float) -> float | None:
    return round(ours / theirs, 2) if theirs else None


def _readable(result: dict[str, Any]) -> str:
    names = (*(f"{name}_ms" for name in LATENCIES), "sustained_per_s", "acked", "lost", "cpu_ms_an_alarm")
    lines = [f"{name:>16}  ours {result['ours'][name]:>9}  peer {result['peer'][name]:>9}" for name in names]
    rest = [f"{name:>16}  {value}" for name, value in result.items() if name not in {"ours", "peer"}]
    return "\n".join([*lines, *rest])
