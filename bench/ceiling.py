"""`./yinling bench ceiling`: more and more alarms a second, in an open loop, until they are late.

A rate holds when every receipted alarm is on every console, once, and the 99th of a hundred within a second of the
press. Rates rise by half as long as they hold; then the one between is tried. Every alarm comes from another home and
nobody answers it, so each is matched, offered, escalated and shown: the full work. `ingest` freezes everything behind
the devices' own workers and asks only for receipts.
"""

import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import uvloop

from bench import press
from bench.figures import summary
from bench.instance import Instance, instance
from bench.machine import machine
from bench.press import Order
from bench.tidy import close_all
from shared.runtime.clock import SystemClock

LATE_MS = 1000.0
FASTER = 1.5
WARM_UP = 5.0
BEHIND = ("dispatch", "gateway", "watch")
CLOCK = SystemClock()

Run = dict[str, Any]
Measure = Callable[[float], Awaitable[Run]]


def main(*, start: float, upto: float, consoles: int, seconds: float, ingest: bool, broker: str, as_json: bool) -> int:
    """Measure, print, and return the exit code: 1 if a rate that held lost an alarm or showed one twice."""
    order = Order(start, consoles, seconds, 1)
    result = uvloop.run(measure(order, upto, broker, ingest=ingest))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["duplicates"] else 0


async def measure(order: Order, upto: float, broker: str, *, ingest: bool) -> dict[str, Any]:
    """Climb on an instance of our own."""
    before = machine()
    homes = replace(order, rate=upto).presses + press.SPARE_HOMES
    async with instance(None, homes, "--broker", broker) as it:
        if ingest:
            with frozen(it):
                steps = await climb(lambda rate: _receipts(it, replace(order, rate=rate)), order.rate, upto)
        else:
            steps = await _with_consoles(it, order, upto)
    return {"broker": broker, "consoles": 0 if ingest else order.consoles, **summed(steps), "machine": before}


async def climb(measure: Measure, start: float, upto: float) -> list[Run]:
    """Runs at rising rates, and one between the last that held and the first that did not."""
    steps: list[Run] = []
    rate = start
    while rate <= upto:
        steps.append({"rate": rate, **await measure(rate)})
        if not holds(steps[-1]):
            break
        rate = round(rate * FASTER)
    good, bad = best(steps), next((step["rate"] for step in steps if not holds(step)), None)
    if good is not None and bad is not None:
        between = round((good["rate"] + bad) / 2)
        steps.append({"rate": between, **await measure(between)})
    return steps


def holds(step: Run) -> bool:
    """Whether this rate can go on: by the incident with people asked, where there are consoles to have it."""
    late: float = step["opened_p99_ms" if "opened_p99_ms" in step else "p99_ms"]
    return not step["lost"] and not step["unreceipted"] and late <= LATE_MS


def best(steps: list[Run]) -> Run | None:
    """The highest rate that held."""
    return max(filter(holds, steps), key=lambda step: float(step["rate"]), default=None)


def summed(steps: list[Run]) -> dict[str, Any]:
    """The ceiling, what was lost or shown twice at any rate, and every step."""
    top = best(steps)
    return {
        "sustained_per_s": top["rate"] if top else 0,
        **({name: top[name] for name in ("p99_ms", "opened_p99_ms") if name in top} if top else {"p99_ms": None}),
        **{name: sum(step[name] for step in steps) for name in ("lost", "duplicates")},
        "steps": steps,
    }


async def _with_consoles(it: Instance, order: Order, upto: float) -> list[Run]:
    async with press.consoles(it, order.consoles) as (watchers, door):

        async def run(rate: float) -> Run:
            await close_all(watchers, door)
            return await press.one_run(it, replace(order, rate=rate), watchers, round(rate))

        await press.one_run(it, replace(order, rate=order.rate, seconds=WARM_UP), watchers, 0)
        return await climb(run, order.rate, upto)


async def _receipts(it: Instance, order: Order) -> Run:
    """One run of devices alone; late is what was receipted late."""
    presses, used = await press.pressed(it, press.load_order(it, order, round(order.rate)))
    took = [one["recorded"] - one["due"] for one in presses if one["recorded"] is not None]
    found = {
        "sent": len(presses), "lost": 0, "duplicates": 0, "unreceipted": len(presses) - len(took), **summary(took),
    }  # fmt: skip
    return press.with_use(found, used)


@contextmanager
def frozen(it: Instance) -> Iterator[None]:
    """Stop everything behind ingest, so that nothing else takes the processors."""
    numbers = [number for name, number in it.processes().items() if name in BEHIND]
    for number in numbers:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in numbers:
            os.kill(number, signal.SIGCONT)


def _readable(result: dict[str, Any]) -> str:
    lines = [
        f"{step['rate']:>7.0f}/s  p50 {step['p50_ms']:>8.1f}  p99 {step['p99_ms']:>8.1f} ms  "
        f"opened p99 {step.get('opened_p99_ms', 0):>8.1f} ms  lost {step['lost']}  "
        f"unreceipted {step['unreceipted']}  cores {step['cores']}"
        for step in result["steps"]
    ]
    rest = [f"{name:>16}  {value}" for name, value in result.items() if name != "steps"]
    return "\n".join([*lines, *rest])
