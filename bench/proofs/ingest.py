"""`./yinling prove ingest`: signed devices press through a line that breaks, while workers and broker are killed.

Every device writes down what it sent and what it was told, a desk's screen what it drew. Nobody answers: only the road
from the button to the desk is on trial. Fifteen quiet seconds after the last press and the last fault the independent
checker reads the histories and the rows, and says which promise was broken, if any.
"""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import uvloop

from bench.figures import summary
from bench.instance import Instance, instance
from bench.machine import machine
from bench.proofs import rows
from bench.proofs.chaos_proxy import Proxy
from bench.proofs.checker import check_ingest
from bench.proofs.faults import Chaos, of_the_line
from bench.proofs.history import History
from shared.runtime.clock import SystemClock, stopwatch
from simulators.console import Console
from simulators.demo import Demo
from simulators.door import Door, door_client, http_client
from simulators.fleet import Fleet
from simulators.press import Press

CLOCK = SystemClock()
HOMES = 300
RATE, LEAST_S, PAUSE_S = 40.0, 75.0, 4.0
QUIET_S, PLACED_WITHIN_S, SHOWN_WITHIN_S, LIVE_WITHIN_S, LOOK_EVERY_S = 15.0, 60.0, 8.0, 60.0, 0.2
COUNTY_DIGITS = 6
KINDS = ("sos",) * 9 + ("fall",)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for; alarms come evenly over the seconds, and faults as long as they come."""

    alarms: int
    seed: int
    broker: str

    @property
    def seconds(self) -> float:
        """Long enough for every fault, and for the rate that two cores can bear beside all else."""
        return max(LEAST_S, self.alarms / RATE)

    @property
    def options(self) -> tuple[str, ...]:
        """What the instance is started with."""
        return () if self.broker == "nats" else ("--broker", self.broker)


def main(
    *, alarms: int = 5000, seed: int = 1, broker: str = "nats", data: Path | None = None, history: Path | None = None,
    as_json: bool = False,
) -> int:  # fmt: skip
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    path = history or Path(tempfile.gettempdir()) / "yinling-ingest-history.jsonl"
    report = uvloop.run(prove(Plan(alarms, seed, broker), data, path))
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(plan: Plan, data: Path | None, path: Path) -> dict[str, Any]:
    """Run the plan against an instance and check what is left of it."""
    before, history = machine(), History(path)
    async with instance(data, HOMES, *plan.options) as it:
        begun = CLOCK.now()
        presses, inboxes = await _press_and_break(it, plan, history)
        left = await rows.read(it.owner_url, begun, inboxes)
    history.close()
    return {
        **check_ingest(history.entries, left), **_figures(history, presses), "broker": plan.broker,
        "seed": plan.seed, "seconds": round(plan.seconds), "history": str(path), "machine": before,
    }  # fmt: skip


async def _press_and_break(it: Instance, plan: Plan, history: History) -> tuple[list[Press], list[dict[str, Any]]]:
    """The presses, and how far the inboxes had come some seconds before the history's end."""
    mqtt = it.demo.content["mqtt"]
    proxy, client = Proxy(mqtt["host"], mqtt["port"], CLOCK), http_client(it.demo.http, connections=100)
    await proxy.start()
    behind = Demo({**it.demo.content, "mqtt": {**mqtt, "host": "127.0.0.1", "port": proxy.port}})
    fleet = Fleet(behind, CLOCK, Random(plan.seed), history.button, client)
    hands = door_client(it.demo.http)
    desk = await _desk(it.demo, hands, history)
    try:
        chaos, finished = Chaos(it, history, CLOCK), asyncio.Event()
        breaking = chaos.go_on(of_the_line(chaos, it, proxy), PAUSE_S, finished.is_set)
        presses = await _pressed(fleet, behind, asyncio.create_task(breaking), finished, plan)
        await _until(lambda: all(press.recorded for press in presses), QUIET_S)
        await fleet.stop()
        inboxes = await _placed(it)
        await CLOCK.sleep(SHOWN_WITHIN_S)
    finally:
        desk.cancel()
        await asyncio.wait({desk})
        await fleet.stop()
        await proxy.stop()
        await client.aclose()
        await hands.close()
    return presses, inboxes


async def _desk(demo: Demo, client: aiohttp.ClientSession, history: History) -> "asyncio.Task[None]":
    """One county seat that draws what comes; it holds no promise of ours, so it has no line of ours either."""
    account = next(a for a in demo.accounts("desk") if len(a["division"]) == COUNTY_DIGITS)
    door = Door(client, CLOCK, account["username"], account["password"], history.note)
    console = Console(door, demo.sockets, CLOCK, Random(0), lambda *_: None)
    staying = asyncio.create_task(console.stay())
    async with asyncio.timeout(LIVE_WITHIN_S):
        await console.live.wait()
    return staying


async def _pressed(
    fleet: Fleet, demo: Demo, breaking: "asyncio.Task[None]", finished: asyncio.Event, plan: Plan
) -> list[Press]:
    """Press at a steady rate while things break; return when both are over."""
    presses: list[Press] = []
    draw, begun = Random(plan.seed), stopwatch()
    for number in range(plan.alarms):
        await CLOCK.sleep(max(0.0, begun + number * plan.seconds / plan.alarms - stopwatch()))
        device = demo.devices[number % len(demo.devices)]["id"]
        presses.append(fleet.press(device, draw.choice(KINDS)))
        if breaking.done():
            breaking.result()
    finished.set()
    await breaking
    return presses


async def _placed(it: Instance) -> list[dict[str, Any]]:
    """Heads of the inboxes, once every stored alarm has its incident."""
    until = stopwatch() + PLACED_WITHIN_S
    while stopwatch() < until and await rows.guards(it.owner_url):
        await CLOCK.sleep(LOOK_EVERY_S)
    return await rows.heads(it.owner_url)


async def _until(done: Callable[[], bool], within_s: float) -> None:
    until = stopwatch() + within_s
    while stopwatch() < until and not done():
        await CLOCK.sleep(LOOK_EVERY_S)


def _figures(history: History, presses: list[Press]) -> dict[str, Any]:
    """From the first attempt to the receipt, and what it took to get there."""
    sent: dict[str, float] = {}
    took: dict[str, float] = {}
    repeated: set[str] = set()
    for entry in history.entries:
        if entry["op"] == "sent" and entry["eid"] not in took:
            repeated |= {entry["eid"]} & sent.keys()
            sent.setdefault(entry["eid"], entry["t"])
        elif entry["op"] == "receipt" and entry["eid"] in sent:
            took.setdefault(entry["eid"], entry["t"] - sent[entry["eid"]])
    return {
        **summary(list(took.values()), "recorded_"),
        "repeated": len(repeated),
        "second_path": sum(press.tries > 0 for press in presses),
        "by_fault": dict(Counter(entry["process"] for entry in history.entries if entry["op"] == "killed")),
    }


def _readable(report: dict[str, Any]) -> str:
    lines = [f"{name:>18}  {value}" for name, value in report.items() if name not in {"offences", "machine"}]
    return "\n".join([*lines, *(f"{'BROKEN':>18}  {offence}" for offence in report["offences"])])
