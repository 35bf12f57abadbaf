"""`./yinling prove chaos`: everything that can be broken here is, one thing after another, while a county lives on.

Buttons repeat until their receipt, people answer and go, seats take and close, a tenth of all messages is nonsense.
Between devices and broker, screens and gateway, services and database lies a line that breaks; each process is killed,
held, and killed again at each instruction that stands between a commit and what follows from it. When all is quiet the
independent checker reads the histories and the rows.
"""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

from bench.instance import Instance, fresh_folder, started
from bench.machine import machine
from bench.proofs import rows
from bench.proofs.chaos_proxy import Proxy
from bench.proofs.checker import check
from bench.proofs.faults import Chaos, Fault
from bench.proofs.folk import CLOCK, Life, live_through
from bench.proofs.ground import Ground, Tremors, ground
from bench.proofs.history import History
from bench.proofs.kill import speeds
from bench.proofs.killer import SPARED
from bench.proofs.line import Line
from bench.proofs.poison import Poison
from simulators.demo import Demo
from simulators.press import Press

HOMES = 300
RATE, PAUSE_S = 3.0, 1.0
POISONERS, POISON = 3, 0.1
HELD_S, SILENT_S = 3.0, 6.0
POINTS = (
    ("alarms.taken", "dispatch.alarms.handled", "gateway.inboxes.handled"),
    ("alarms.committed", "dispatch.alarms.committed", "gateway.inboxes.committed"),
    ("alarms.answered", "dispatch.screens.handled", "commands.answered"),
    ("alarms.acknowledged", "dispatch.screens.committed", "screens.committed"),
    ("devices.receipts.handled", "commands.decided"),
    ("devices.receipts.committed", "commands.committed"),
    ("receipts.delivered", "timers.decided"),
    ("timers.committed",), ("messages.taken_up",), ("messages.handed_over",), ("messages.written",),
)  # fmt: skip
"""Where somebody is killed: after a decision within its transaction, after its commit, after it was told. Together in
time, in different processes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for: each fault at least once, and further ones until there are so many."""

    faults: int
    rate: float
    seed: int


def main(
    *, faults: int = 0, rate: float = RATE, seed: int = 1, history: Path | None = None, as_json: bool = False
) -> int:
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    path = history or Path(tempfile.gettempdir()) / "yinling-chaos-history.jsonl"
    # not uvloop's loop: it cannot start a process as another user, which PostgreSQL needs under root
    report = asyncio.run(prove(Plan(faults, rate, seed), path))
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(plan: Plan, path: Path) -> dict[str, Any]:
    """Break a county of its own and check what is left of it."""
    before, history = machine(), History(path)
    with fresh_folder() as folder:
        async with ground(folder) as under, started(folder, HOMES, environment=under.environment()) as it:
            begun = CLOCK.now()
            presses, inboxes, aside = await _live_and_break(under, it, plan, history)
            left = await rows.read(it.owner_url, begun, inboxes)
    history.close()
    found = check(history.entries, left)
    return {
        **found, **aside, "ok": found["ok"] and not aside["not_reached"], **speeds(history, presses), "seed": plan.seed,
        "poison": sum(entry["op"] == "poison" for entry in history.entries),
        "by_fault": dict(Counter(entry["process"] for entry in history.entries if entry["op"] == "killed")),
        "history": str(path), "machine": before,
    }  # fmt: skip


async def _live_and_break(
    under: Ground, it: Instance, plan: Plan, history: History
) -> tuple[list[Press], list[dict[str, Any]], dict[str, list[str]]]:
    """The presses, how far the inboxes had come, and what could not be broken here."""
    async with AsyncExitStack() as stack:
        behind, devices, screens = await _behind_lines(it.demo, stack)
        chaos = Chaos(it, history, CLOCK)
        tremors, left_out = Tremors(under, it, chaos, CLOCK).faults()
        base = Chaos(Instance(under.kept), history, CLOCK)
        faults = [
            *_of_processes(it, chaos), *_of_lines(chaos, devices, screens, under.line), *tremors, chaos.hung_up(),
            base.killed("postgres"), base.held("postgres", HELD_S), chaos.emptied(),
            *(chaos.died_at(some, under.points) for some in POINTS),
        ]  # fmt: skip
        Random(plan.seed).shuffle(faults)
        names = tuple(device["id"] for device in behind.devices)
        poison = Poison(behind, names[:POISONERS], CLOCK, Random(plan.seed), history)
        speaking = asyncio.create_task(poison.flow(plan.rate * POISON))
        stack.callback(speaking.cancel)
        life = Life(behind, names[POISONERS:], 1, plan.rate, plan.seed)
        presses, inboxes = await live_through(it, life, history, _broken(chaos, faults, plan, history))
    return presses, inboxes, {"not_reached": chaos.not_reached, "left_out": left_out}


async def _behind_lines(demo: Demo, stack: AsyncExitStack) -> tuple[Demo, Proxy, Proxy]:
    """The platform as devices and people reach it, and both lines."""
    mqtt, web = demo.content["mqtt"], urlsplit(demo.http)
    lines = [Proxy(mqtt["host"], mqtt["port"], CLOCK), Proxy(str(web.hostname), int(web.port or 80), CLOCK)]
    for line in lines:
        await line.start()
        stack.push_async_callback(line.stop)
    devices, screens = lines
    at = f"127.0.0.1:{screens.port}"
    mqtt = {**mqtt, "host": "127.0.0.1", "port": devices.port}
    return Demo({**demo.content, "mqtt": mqtt, "http": f"http://{at}", "ws": f"ws://{at}/ws"}), devices, screens


def _of_processes(it: Instance, chaos: Chaos) -> list[Fault]:
    names = [name for name in it.processes() if name not in SPARED]
    return [fault for name in names for fault in (chaos.killed(name), chaos.held(name, HELD_S))]


def _of_lines(chaos: Chaos, devices: Line, screens: Line, database: Line) -> list[Fault]:
    found = [
        fault
        for name, line in (("devices' line", devices), ("screens' line", screens), ("database line", database))
        for fault in (chaos.cut(name, line), chaos.silent(name, line, SILENT_S))
    ]
    return [
        *found, chaos.slow("devices' line", devices), chaos.slow("screens' line", screens),
        chaos.late("database line", database),
    ]  # fmt: skip


async def _broken(chaos: Chaos, faults: list[Fault], plan: Plan, history: History) -> None:
    """Until there were as many as are wanted, and each once."""

    def enough() -> bool:
        return len([entry for entry in history.entries if entry["op"] == "killed"]) >= plan.faults

    await chaos.go_on(faults, PAUSE_S, enough)


def _readable(report: dict[str, Any]) -> str:
    aside = {"offences", "kills", "machine", "by_fault"}
    lines = [f"{name:>18}  {value}" for name, value in report.items() if name not in aside]
    lines += [f"{'fault':>18}  {kill}" for kill in report["kills"]]
    return "\n".join([*lines, *(f"{'BROKEN':>18}  {offence}" for offence in report["offences"])])
