"""`./yinling bench press`: from a press to every console, in an open loop, beside the floor of the same run.

Latency is counted from the appointed instant of the press, so a slow platform cannot slow the load down and look
better for it. Load and floor run in processes of their own; the consoles run here.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench.figures import median_of, summary
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine, process_seconds
from bench.tidy import close_all
from bench.watchers import Watcher, opened, seats
from shared.runtime.clock import SystemClock, stopwatch
from simulators.door import Door, door_client

SPARE_HOMES = 20
ALL_SHOWN_WITHIN_S = 15.0
MEDIANS = ("p50_ms", "p99_ms", "max_ms", "receipt_p50_ms", "receipt_p99_ms", "floor_p50_ms", "floor_p99_ms")
CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    rate: float
    consoles: int
    seconds: float
    runs: int

    @property
    def presses(self) -> int:
        """Presses of one run."""
        return round(self.rate * self.seconds)


def main(
    *, rate: float = 50, consoles: int = 20, seconds: float = 20, runs: int = 5, data: Path | None = None,
    as_json: bool = False,
) -> int:  # fmt: skip
    """Measure, print, and return the exit code: 1 if anything was lost or shown twice."""
    result = uvloop.run(measure(Order(rate, consoles, seconds, runs), data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["duplicates"] else 0


async def measure(order: Order, data: Path | None) -> dict[str, Any]:
    """Take all runs against one instance."""
    before = machine()
    async with instance(data, order.presses + SPARE_HOMES) as it:
        runs = await _runs(it, order)
    return {
        "rate": order.rate, "consoles": order.consoles, "seconds": order.seconds,
        **{name: sum(run[name] for run in runs) for name in ("sent", "lost", "duplicates", "unreceipted")},
        **{name: median_of(runs, name) for name in MEDIANS},
        "runs": runs, "machine": before,
    }  # fmt: skip


async def _runs(it: Instance, order: Order) -> list[dict[str, Any]]:
    client = door_client(it.demo.http)
    doors = {a["username"]: Door(client, CLOCK, a["username"], a["password"]) for a in seats(it.demo, order.consoles)}
    found: list[dict[str, Any]] = []
    async with asyncio.TaskGroup() as group:
        for door in doors.values():
            await door.log_in()
        screens = [doors[account["username"]] for account in seats(it.demo, order.consoles)]
        watchers = await opened(it.demo, screens, CLOCK, group)
        for number in range(order.runs):
            await close_all(watchers, next(iter(doors.values())))
            found.append(await _run(it, order, watchers, number))
        for watcher in watchers:
            if watcher.task is not None:
                watcher.task.cancel()
    await client.close()
    return found


async def _run(it: Instance, order: Order, watchers: Sequence[Watcher], number: int) -> dict[str, Any]:
    before = process_seconds()
    for watcher in watchers:
        watcher.forget()
    load = await Helper.start("bench.load", _load_order(it, order, number))
    floor = await Helper.start("bench.floor", _floor_order(it))
    try:
        if await load.line() != "ready":
            raise RuntimeError("the load could not connect")
        await load.tell()
        presses = await load.rest()
        await _all_shown(watchers, len(presses))
        await floor.tell()
        samples = (await floor.rest())[0]
    finally:
        await load.end()
        await floor.end()
    return {**figures(presses, watchers, samples), "consoles_cpu_s": round(process_seconds() - before, 2)}


def figures(
    presses: Sequence[dict[str, Any]], watchers: Sequence[Watcher], samples: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Figures of one run. Lost: receipted, and missing on a console."""
    shown = [(press, watcher.arrivals.get(press["device"])) for press in presses for watcher in watchers]
    missing = {press["eid"] for press, at in shown if at is None and press["recorded"] is not None}
    receipts = [press["recorded"] - press["due"] for press in presses if press["recorded"] is not None]
    return {
        "sent": len(presses),
        "lost": len(missing),
        "duplicates": sum(watcher.duplicates for watcher in watchers),
        "unreceipted": len(presses) - len(receipts),
        "repeated": sum(press["attempts"] > 1 for press in presses),
        **summary([at - press["due"] for press, at in shown if at is not None]),
        **summary(receipts, "receipt_"),
        **summary([trip + commit for trip, commit in samples], "floor_"),
        "sender_late_p99_ms": summary([press["sent"] - press["due"] for press in presses])["p99_ms"],
    }


async def _all_shown(watchers: Sequence[Watcher], wanted: int) -> None:
    until = stopwatch() + ALL_SHOWN_WITHIN_S
    while stopwatch() < until and any(len(watcher.arrivals) < wanted for watcher in watchers):
        await CLOCK.sleep(0.1)


def _load_order(it: Instance, order: Order, number: int) -> dict[str, Any]:
    buttons = [device for device in it.demo.devices if device["id"].startswith("B-")]
    if len(buttons) < order.presses:
        raise ValueError(f"{order.presses} presses need as many homes; this instance has {len(buttons)}")
    return {
        **it.demo.content["mqtt"], "rate": order.rate, "seconds": order.seconds, "seed": number,
        "boot": int(CLOCK.now().timestamp()), "devices": buttons[: order.presses],
    }  # fmt: skip


def _floor_order(it: Instance) -> dict[str, Any]:
    mqtt = it.demo.content["mqtt"]
    return {**mqtt, "user": "devices", "password": it.mqtt_password, "database": it.owner_url}


def _readable(result: dict[str, Any]) -> str:
    lines = [f"{name:>16}  {value}" for name, value in result.items() if name not in {"runs", "machine"}]
    return "\n".join([*lines, f"{'machine':>16}  {result['machine']}"])
