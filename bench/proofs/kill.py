"""`./yinling prove kill`: real buttons and people at work, every process killed in turn, then the histories are read.

Buttons repeat until their receipt, responders answer and go, seats take and close. The supervisor starts again what
was killed. When all is quiet, the independent checker says which promise was broken, if any.
"""

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench.figures import summary
from bench.instance import instance
from bench.machine import machine
from bench.proofs import rows
from bench.proofs.checker import check
from bench.proofs.folk import CLOCK, Life, live_through
from bench.proofs.history import History
from bench.proofs.killer import kill_in_turn, victims
from simulators.press import Press

HOMES = 300


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for; `pause_s` lies between the return of one victim and the end of the next."""

    alarms: int
    faults: int
    pause_s: float
    seed: int
    two: bool = False

    @property
    def seconds(self) -> float:
        """How long alarms come: about as long as the killing."""
        return (self.faults or 7) * (self.pause_s + 3) + self.pause_s


def main(
    *, alarms: int = 500, faults: int = 7, pause_s: float = 5.0, seed: int = 1, two: bool = False,
    data: Path | None = None, history: Path | None = None, as_json: bool = False,
) -> int:  # fmt: skip
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    path = history or Path(tempfile.gettempdir()) / "yinling-kill-history.jsonl"
    report = uvloop.run(prove(Plan(alarms, faults, pause_s, seed, two), data, path))
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(plan: Plan, data: Path | None, path: Path) -> dict[str, Any]:
    """Run the plan against an instance and check what is left of it."""
    before = machine()
    history = History(path)
    async with instance(data, HOMES, *(("--two",) if plan.two else ())) as it:
        begun, names = CLOCK.now(), tuple(device["id"] for device in it.demo.devices)
        killing = kill_in_turn(it, victims(it, plan.faults), plan.pause_s, history, CLOCK)
        life = Life(it.demo, names, plan.alarms, plan.alarms / plan.seconds, plan.seed)
        presses, inboxes = await live_through(it, life, history, killing)
        left = await rows.read(it.owner_url, begun, inboxes)
    history.close()
    return {
        **check(history.entries, left), **speeds(history, presses), "seed": plan.seed, "history": str(path),
        "machine": before,
    }  # fmt: skip


def speeds(history: History, presses: list[Press]) -> dict[str, Any]:
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
