"""`./yinling prove kill`: real buttons and people at work, every process killed in turn, then the histories are read.

Buttons repeat until their receipt, responders answer and go, seats take and close. The supervisor starts again what
was killed. When all is quiet, the independent checker says which promise was broken, if any.
"""

import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import uvloop

from bench import rows
from bench.checker import check
from bench.figures import summary
from bench.history import History
from bench.instance import Instance, instance
from bench.killer import kill_in_turn, victims
from bench.machine import machine
from shared.runtime.clock import SystemClock, stopwatch
from simulators.courtesy import Courtesy
from simulators.door import door_client
from simulators.fleet import Fleet
from simulators.people import bots
from simulators.press import Press
from simulators.world import World

CLOCK = SystemClock()
PACE = 40.0
HOMES = 300
SETTLE_S, QUIET_WITHIN_S, WARM_UP_S = 6.0, 120.0, 20.0
KINDS = ("sos",) * 8 + ("fall", "low_batt")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for; `pause_s` lies between the return of one victim and the end of the next."""

    alarms: int
    faults: int
    pause_s: float
    seed: int

    @property
    def seconds(self) -> float:
        """How long alarms come: about as long as the killing."""
        return (self.faults or 7) * (self.pause_s + 3) + self.pause_s


def main(
    *, alarms: int = 500, faults: int = 7, pause_s: float = 5.0, seed: int = 1, data: Path | None = None,
    history: Path | None = None, as_json: bool = False,
) -> int:  # fmt: skip
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    path = history or Path(tempfile.gettempdir()) / "yinling-kill-history.jsonl"
    report = uvloop.run(prove(Plan(alarms, faults, pause_s, seed), data, path))
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(plan: Plan, data: Path | None, path: Path) -> dict[str, Any]:
    """Run the plan against an instance and check what is left of it."""
    before = machine()
    history = History(path)
    async with instance(data, HOMES) as it:
        begun = CLOCK.now()
        presses, inboxes = await _live_and_die(it, plan, history)
        left = await rows.read(it.owner_url, begun, inboxes)
    history.close()
    return {
        **check(history.entries, left), **_speeds(history, presses), "history": str(path), "machine": before,
    }  # fmt: skip


async def _live_and_die(it: Instance, plan: Plan, history: History) -> tuple[list[Press], list[dict[str, Any]]]:
    draw = Random(plan.seed)
    world = World(it.demo, CLOCK, draw, Courtesy(), PACE, history.note)
    fleet = Fleet(it.demo, CLOCK, draw, history.button)
    client = door_client(it.demo.http, connections=50)
    people = [asyncio.create_task(bot.live()) for bot in bots(world, client)]
    try:
        await CLOCK.sleep(WARM_UP_S)
        killing = asyncio.create_task(
            kill_in_turn(it, victims(it, plan.faults), plan.pause_s, history, CLOCK)
        )  # fmt: skip
        presses = await _press(fleet, world, plan)
        await killing
        await _quiet(it, presses)
        inboxes = await rows.heads(it.owner_url)
        await CLOCK.sleep(SETTLE_S)
    finally:
        for bot in people:
            bot.cancel()
        await asyncio.wait(people)
        await fleet.stop()
        await client.close()
    return presses, inboxes


async def _press(fleet: Fleet, world: World, plan: Plan) -> list[Press]:
    """Random devices at random instants; some press again while they are being helped."""
    presses: list[Press] = []
    for _ in range(plan.alarms):
        await CLOCK.sleep(world.draw.expovariate(plan.alarms / plan.seconds))
        device = world.draw.choice(world.demo.devices)["id"]
        presses.append(fleet.press(device, world.draw.choice(KINDS)))
    return presses


async def _quiet(it: Instance, presses: list[Press]) -> None:
    """Until every button is answered and nothing waits for its incident, and a little longer."""
    until = stopwatch() + QUIET_WITHIN_S
    while stopwatch() < until and not all(press.recorded for press in presses):
        await CLOCK.sleep(0.2)
    while stopwatch() < until and await rows.guards(it.owner_url):
        await CLOCK.sleep(0.2)


def _speeds(history: History, presses: list[Press]) -> dict[str, Any]:
    """From the first attempt to the receipt: over all, and the worst after each kill."""
    sent: dict[str, float] = {}
    took: dict[str, tuple[float, float]] = {}
    for entry in history.entries:
        if entry["op"] == "sent":
            sent.setdefault(entry["eid"], entry["t"])
        elif entry["op"] == "receipt" and entry["eid"] not in took:
            took[entry["eid"]] = (sent[entry["eid"]], entry["t"] - sent[entry["eid"]])
    return {
        **summary([seconds for _, seconds in took.values()], "recorded_"),
        "repeated": sum(press.attempts > 1 for press in presses),
        "kills": _kills(history, list(took.values())),
    }


def _kills(history: History, took: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """For each kill: how long the process was away, and the slowest receipt of what was pressed meanwhile."""
    found: list[dict[str, Any]] = []
    killed = [entry for entry in history.entries if entry["op"] == "killed"]
    back = [entry for entry in history.entries if entry["op"] == "back"]
    ends = [entry["t"] for entry in killed[1:]] + [float("inf")]
    for fault, returned, end in zip(killed, back, ends, strict=True):
        slowest = max((seconds for at, seconds in took if fault["t"] - 1 <= at < end), default=0.0)
        found.append(
            {"process": fault["process"], "away_s": returned["after_s"], "slowest_receipt_s": round(slowest, 3)}
        )
    return found


def _readable(report: dict[str, Any]) -> str:
    lines = [f"{name:>18}  {value}" for name, value in report.items() if name not in {"offences", "kills", "machine"}]
    lines += [f"{'killed':>18}  {kill}" for kill in report["kills"]]
    return "\n".join([*lines, *(f"{'BROKEN':>18}  {offence}" for offence in report["offences"])])
