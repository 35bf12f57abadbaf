"""`./yinling prove upgrade`: N−1 → N → N−1 → N while people press and are helped.

The version before this one serves a county. It is stopped, and this one goes on with its folder, which brings the
schema up. Then every process is replaced by its predecessor, one after the other, and then again by its successor: the
older code on the newer schema is what a rolling upgrade meets half way, and what is gone back to when it goes wrong.
The checker reads the whole history as one.
"""

import json
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from bench.instance import ROOT, Instance, fresh_folder, own_ports, started
from bench.machine import machine
from bench.proofs import rows
from bench.proofs.checker import check
from bench.proofs.faults import Chaos
from bench.proofs.folk import CLOCK, Life, live_through
from bench.proofs.history import History
from bench.proofs.kill import speeds
from bench.proofs.killer import SPARED
from bench.proofs.releases import NoHistoryError, before_this
from shared.runtime.clock import stopwatch

HOMES, RATE = 200, 2.0
BETWEEN_S, IMPORTED_S, SERVED_S = 1.0, 4.0, 8.0
OURS = SPARED | {"broker", "postgres"}


@dataclass
class Crossing:
    """One data folder, and whose code runs on it."""

    folder: Path
    before: Path
    link: Path
    history: History
    ports: tuple[str, ...]
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def begin(self) -> Instance:
        """The version before serves."""
        return await self.stack.enter_async_context(started(self.folder, HOMES, *self.ports, tree=self.before))

    async def cross(self) -> None:
        """All of it; each step stands in the history."""
        it = Instance(self.folder)
        chaos = Chaos(it, self.history, CLOCK)
        await CLOCK.sleep(SERVED_S)
        async with chaos.noted("N-1 stopped, N started on its folder"):
            await self.stack.aclose()
            self._turn_to(ROOT)
            environment = {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(self.link)}
            on = started(self.folder, HOMES, *self.ports, tree=self.link, environment=environment)
            await self.stack.enter_async_context(on)
        for name, tree in (("N-1", self.before), ("N", ROOT)):
            await CLOCK.sleep(SERVED_S)
            async with chaos.noted(f"each process replaced by {name}"):
                self._turn_to(tree)
                await self._replaced(it, chaos)
        await CLOCK.sleep(SERVED_S)

    def _turn_to(self, tree: Path) -> None:
        """What is started from now on is started from there."""
        fresh = self.link.with_name("next")
        fresh.symlink_to(tree)
        fresh.replace(self.link)

    async def _replaced(self, it: Instance, chaos: Chaos) -> None:
        for name in [name for name in it.processes() if name not in OURS]:
            before = it.processes()
            os.kill(before[name], signal.SIGTERM)
            await chaos.back(before)
            await CLOCK.sleep(BETWEEN_S)
        await CLOCK.sleep(IMPORTED_S)


def main(
    *, seed: int = 1, revision: str | None = None, history: Path | None = None, as_json: bool = False
) -> int:  # fmt: skip
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    path = history or Path(tempfile.gettempdir()) / "yinling-upgrade-history.jsonl"
    try:
        report = uvloop.run(prove(seed, revision, path))
    except NoHistoryError as none:
        report = {"ok": False, "seed": seed, "left_out": [f"no version before this one: {none}"], "offences": []}
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(seed: int, revision: str | None, path: Path) -> dict[str, Any]:
    """Cross there and back, and check what is left."""
    before, history, took = machine(), History(path), stopwatch()
    ports = own_ports()
    with before_this(revision) as (commit, tree), fresh_folder() as folder, fresh_folder() as aside:
        it = Crossing(folder, tree, aside / "current", history, ports)
        try:
            instance, begun = await it.begin(), CLOCK.now()
            names = tuple(device["id"] for device in instance.demo.devices)
            life = Life(instance.demo, names, 1, RATE, seed)
            presses, inboxes = await live_through(instance, life, history, it.cross())
            left = await rows.read(instance.owner_url, begun, inboxes)
        finally:
            await it.stack.aclose()
    history.close()
    return {
        **check(history.entries, left), **speeds(history, presses), "before": commit, "seed": seed,
        "steps": {e["process"]: e["after_s"] for e in history.entries if e["op"] == "back"},
        "seconds": round(stopwatch() - took), "history": str(path), "machine": before,
    }  # fmt: skip


def _readable(report: dict[str, Any]) -> str:
    aside = {"offences", "kills", "machine"}
    lines = [f"{name:>18}  {value}" for name, value in report.items() if name not in aside]
    return "\n".join([*lines, *(f"{'BROKEN':>18}  {offence}" for offence in report["offences"])])
