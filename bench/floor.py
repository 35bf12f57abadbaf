"""The floor below every figure: one bare MQTT round trip plus one bare one-row commit, through the same parts.

`python -m bench.floor` reads its order as one JSON line on standard input and samples until the next line; then it
prints one JSON list of [round trip, commit] in seconds.
"""

import asyncio
import json
import sys
from typing import Any
from uuid import uuid4

import asyncpg
import uvloop

from shared.runtime.clock import SystemClock, stopwatch
from simulators.mqtt import Broker, Link, connect

EVERY_S = 0.05
TABLE = "CREATE TABLE IF NOT EXISTS public.bench_floor (id uuid PRIMARY KEY, n bigint NOT NULL)"
COMMIT = "INSERT INTO public.bench_floor (id, n) VALUES ($1, $2)"


class Echo:
    """A connection that hears itself."""

    def __init__(self) -> None:
        """Nothing came back yet."""
        self._back = asyncio.Event()
        self._link: Link | None = None
        self._topic = f"bench/floor/{uuid4().hex}"

    async def open(self, order: dict[str, Any]) -> None:
        """Connect as the services' user, the only one who may do so."""
        broker = Broker(order["host"], order["port"], order["user"], order["password"])
        name = self._topic.replace("/", "-")
        self._link = await connect(broker, self._topic, lambda *_: self._back.set(), name)

    async def round_trip(self) -> float:
        """Seconds from publishing until the same message has come back."""
        assert self._link is not None
        self._back.clear()
        begun = stopwatch()
        self._link.publish(self._topic, b"1")
        async with asyncio.timeout(10):
            await self._back.wait()
        return stopwatch() - begun


async def run(order: dict[str, Any]) -> None:
    """Sample until told to stop."""
    clock, echo, samples = SystemClock(), Echo(), list[tuple[float, float]]()
    database = await asyncpg.connect(order["database"])
    await database.execute(TABLE)
    await echo.open(order)
    stop = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    while not stop.done():
        samples.append((await echo.round_trip(), await _commit(database, len(samples))))
        await clock.sleep(EVERY_S)
    await database.execute("DROP TABLE public.bench_floor")
    await database.close()
    sys.stdout.write(json.dumps(samples) + "\n")


async def _commit(database: "asyncpg.Connection[asyncpg.Record]", n: int) -> float:
    begun = stopwatch()
    await database.execute(COMMIT, uuid4(), n)
    return stopwatch() - begun


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.readline())))
