"""`./yinling bench press`: from a press to every console, in an open loop, beside the floor of the same run.

Latency is counted from the appointed instant of the press, so a slow platform cannot slow the load down and look
better for it. Load and floor run in processes of their own; the consoles run here.
"""

import asyncio
import gc
import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench.figures import median_of, summary
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine, process_seconds
from bench.tidy import close_all
from bench.usage import Measured, usage
from bench.watchers import Arrivals, Watcher, opened, seats
from shared.runtime.clock import SystemClock, stopwatch
from simulators.door import Door, door_client

SPARE_HOMES = 20
NOTHING_MORE_S = 15.0
MEDIANS = (
    "p50_ms", "p99_ms", "max_ms", "opened_p50_ms", "opened_p99_ms", "opened_max_ms",
    "receipt_p50_ms", "receipt_p99_ms", "floor_p50_ms", "floor_p99_ms",
)  # fmt: skip
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
    """Measure, print, and return the exit code: 1 if anything was lost, not answered or shown twice."""
    result = uvloop.run(measure(Order(rate, consoles, seconds, runs), data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["unreceipted"] or result["duplicates"] else 0


async def measure(order: Order, data: Path | None) -> dict[str, Any]:
    """Take all runs against one instance."""
    before = machine()
    async with instance(data, order.presses + SPARE_HOMES) as it:
        runs = await _runs(it, order)
    return {
        "rate": order.rate, "consoles": order.consoles, "seconds": order.seconds,
        **{name: sum(run[name] for run in runs) for name in ("sent", "lost", "duplicates", "unreceipted")},
        **{name: median_of(runs, name) for name in (*MEDIANS, "cores", "cpu_ms_an_alarm", "database_grew_mib")},
        "runs": runs, "machine": before,
    }  # fmt: skip


async def _runs(it: Instance, order: Order) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with consoles(it, order.consoles) as (watchers, door):
        for number in range(order.runs):
            await close_all(watchers, door)
            found.append(await one_run(it, order, watchers, number))
    return found


@asynccontextmanager
async def consoles(it: Instance, many: int) -> AsyncIterator[tuple[list[Watcher], Door]]:
    """That many open screens of the county's desks, and the door of one of them."""
    wanted = seats(it.demo, many)
    async with door_client(it.demo.http) as client, asyncio.TaskGroup() as group:
        doors = {a["username"]: Door(client, CLOCK, a["username"], a["password"]) for a in wanted}
        for door in doors.values():
            await door.log_in()
        watchers = await opened(it.demo, [doors[a["username"]] for a in wanted], CLOCK, group)
        try:
            yield watchers, next(iter(doors.values()))
        finally:
            for watcher in watchers:
                if watcher.task is not None:
                    watcher.task.cancel()


async def one_run(it: Instance, order: Order, watchers: Sequence[Watcher], number: int) -> dict[str, Any]:
    """One run against consoles that are open, with figures as `figures` gives them."""
    before = process_seconds()
    for watcher in watchers:
        watcher.forget()
    floor = await Helper.start("bench.floor", _floor_order(it))
    try:
        presses, used = await pressed(it, load_order(it, order, number), watchers)
        await floor.tell()
        samples = (await floor.rest())[0]
    finally:
        await floor.end()
    found = {**figures(presses, watchers, samples), "consoles_cpu_s": round(process_seconds() - before, 2)}
    return with_use(found, used)


async def pressed(
    it: Measured, order: dict[str, Any], watchers: Sequence[Arrivals] = ()
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One load until every console has all of it: what bench.load says of each press, and what was used meanwhile."""
    load = await Helper.start("bench.load", order)
    try:
        if await load.line() != "ready":
            raise RuntimeError("the load could not connect")
        before = await usage(it)
        with uncollected():
            await load.tell()
            presses = await load.rest()
            await all_shown(watchers, len(presses))
        return presses, (await usage(it)).since(before)
    finally:
        await load.end()


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's collector here: fifty screens in one process would all stop for it at once."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def with_use(found: dict[str, Any], used: dict[str, Any]) -> dict[str, Any]:
    """Figures of a run with what it used, and that for each alarm."""
    return {**found, **used, "cpu_ms_an_alarm": round(1000 * sum(used["cpu_s"].values()) / found["sent"], 1)}


def figures(
    presses: Sequence[dict[str, Any]], watchers: Sequence[Arrivals], samples: Sequence[Sequence[float]]
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
        **summary(_after_due(presses, [watcher.rang for watcher in watchers])),
        **summary(_after_due(presses, [watcher.arrivals for watcher in watchers]), "opened_"),
        **summary(receipts, "receipt_"),
        **(summary([trip + commit for trip, commit in samples], "floor_") if samples else {}),
        "sender_late_p99_ms": summary([press["sent"] - press["due"] for press in presses])["p99_ms"],
    }


def _after_due(presses: Sequence[dict[str, Any]], noted: Sequence[Mapping[str, float]]) -> list[float]:
    return [at[press["device"]] - press["due"] for press in presses for at in noted if press["device"] in at]


async def all_shown(watchers: Sequence[Arrivals], wanted: int) -> None:
    """Wait until every console has so many, or nobody has been shown anything for a while: late is not lost."""
    shown, until = 0, stopwatch() + NOTHING_MORE_S
    while stopwatch() < until and any(len(watcher.arrivals) < wanted for watcher in watchers):
        await CLOCK.sleep(0.1)
        if (by_now := sum(len(watcher.arrivals) for watcher in watchers)) > shown:
            shown, until = by_now, stopwatch() + NOTHING_MORE_S


def load_order(it: Instance, order: Order, number: int) -> dict[str, Any]:
    """What bench.load is told; every press comes from another home."""
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
