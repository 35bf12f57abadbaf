"""An open loop of heartbeats from distinct devices, in a process of its own.

`python -m bench.beats` reads its order as one JSON line on standard input, connects every device, and says `ready`.
Each further line `seconds` is a round: it beats at the appointed instants whatever the platform does, and answers with
one JSON line, {"sent", "seconds", "late_p99_ms"}. An empty line ends it.
"""

import asyncio
import json
import sys
from typing import Any

import orjson
import uvloop

from bench.figures import summary
from shared.runtime.clock import SystemClock, stopwatch
from simulators.mqtt import Broker, Link, connect

AT_ONCE = 40
SLOT_S = 0.01
CLOCK = SystemClock()


def nothing(_: str, __: bytes) -> None:
    """What a device hears is of no interest here."""


def beat(device: dict[str, Any], number: int) -> tuple[str, bytes]:
    """Topic and payload of one heartbeat."""
    body = {
        "v": 1, "ts": int(CLOCK.now().timestamp() * 1000), "batt": 60 + number % 40, "rssi": -60 - number % 30,
        "mains": True, "fw": "1.4.2",
    }  # fmt: skip
    return f"yl/v1/{device['county']}/{device['id']}/up/state", orjson.dumps(body)


async def connected(devices: list[dict[str, Any]], host: str, port: int, *, wills: bool = False) -> list[Link]:
    """A connection for each device, in their order."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(device: dict[str, Any]) -> Link:
        async with turn:
            will = (f"yl/v1/{device['county']}/{device['id']}/up/lwt", b'{"v":1}') if wills else None
            return await connect(Broker(host, port, device["id"], device["secret"]), None, nothing, will=will)

    return list(await asyncio.gather(*(one(device) for device in devices)))


async def run(order: dict[str, Any]) -> None:
    """Carry out one order."""
    devices = order["devices"]
    links = await connected(devices, order["host"], order["port"])
    alive = [asyncio.ensure_future(link.keep_alive(CLOCK)) for link in links]
    _say("ready")
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        _say(json.dumps(await _round(devices, links, order["rate"], float(line))))
    for task, link in zip(alive, links, strict=True):
        task.cancel()
        link.close()


async def _round(devices: list[dict[str, Any]], links: list[Link], rate: float, seconds: float) -> dict[str, Any]:
    begin, sent, late = stopwatch(), 0, list[float]()
    while sent < round(rate * seconds):
        due = min(int((stopwatch() - begin) * rate), round(rate * seconds))
        for number in range(sent, due):
            links[number % len(links)].tell(*beat(devices[number % len(links)], number))
        if due > sent:
            late.append(stopwatch() - begin - sent / rate)
        sent = due
        await CLOCK.sleep(SLOT_S)
    return {"sent": sent, "seconds": round(stopwatch() - begin, 2), "late_p99_ms": summary(late)["p99_ms"]}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.readline())))
