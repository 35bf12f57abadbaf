"""A line in a process of its own: what passes over it does not wait for whoever breaks it.

`python -m bench.proofs.line` reads its order as one JSON line on standard input, {"host", "port", "cable"}, says where
it listens as another, and then does what each further line says: `shut_down`, `open_up`, `stall`, `release`, or
`slow latency_s bytes_per_s`.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any, Protocol

import uvloop

from bench.helper import Helper
from bench.proofs.cable import Cable
from bench.proofs.chaos_proxy import Proxy
from shared.runtime.clock import SystemClock


class Line(Protocol):
    """What can be done to a line, wherever it runs."""

    def shut_down(self) -> None:
        """End every connection and accept none."""

    def open_up(self) -> None:
        """Accept again."""

    def stall(self) -> None:
        """Let nothing through."""

    def release(self) -> None:
        """Let everything through."""

    def slow(self, latency_s: float, bytes_per_s: float) -> None:
        """So late, and so slow; 0 is as fast as it goes."""


@dataclass(frozen=True, slots=True)
class Far:
    """The line of another process."""

    helper: Helper
    host: str
    port: int

    @classmethod
    async def laid(cls, host: str, port: int, cable: Cable | None) -> "Far":
        """Lay one to this address, with its end at the end of the cable."""
        end = None if cable is None else [cable.name, cable.address]
        helper = await Helper.start("bench.proofs.line", {"host": host, "port": port, "cable": end})
        at = json.loads(await helper.line())
        return cls(helper, *at)

    def shut_down(self) -> None:
        """End every connection and accept none."""
        self.helper.say("shut_down")

    def open_up(self) -> None:
        """Accept again."""
        self.helper.say("open_up")

    def stall(self) -> None:
        """Let nothing through."""
        self.helper.say("stall")

    def release(self) -> None:
        """Let everything through."""
        self.helper.say("release")

    def slow(self, latency_s: float, bytes_per_s: float) -> None:
        """So late, and so slow."""
        self.helper.say(f"slow {latency_s} {bytes_per_s}")


async def serve(order: dict[str, Any]) -> None:
    """Carry out one order, until its input ends."""
    proxy = Proxy(order["host"], order["port"], SystemClock())
    await proxy.start(Cable(*order["cable"]).listening() if order["cable"] else None)
    sys.stdout.write(json.dumps([proxy.host, proxy.port]) + "\n")
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    while said := (await loop.run_in_executor(None, sys.stdin.readline)).split():
        getattr(proxy, said[0])(*map(float, said[1:]))
    await proxy.stop()


if __name__ == "__main__":
    uvloop.run(serve(json.loads(sys.stdin.readline())))
