"""`./yinling prove storm`: two thousand people press within ten seconds, while everybody's devices go on beating.

Rounds without and with heartbeats take turns in one instance, so that both meet the same machine. Nothing may be lost
or shown twice, and heartbeats may not be what an alarm waits for. `p99_ms` is until a desk can ring and say who calls
and where; `opened_p99_ms` until it has the incident, with people asked.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import uvloop

from bench import press
from bench.figures import median_of
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.tidy import close_all

LATE_MS = 3000.0
CONSOLES = 20
MEDIANS = ("p50_ms", "p99_ms", "opened_p50_ms", "opened_p99_ms", "receipt_p99_ms")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for; heartbeats come from devices that do not press."""

    alarms: int
    seconds: float
    beats: int
    rounds: int

    @property
    def order(self) -> press.Order:
        """One round's presses."""
        return press.Order(self.alarms / self.seconds, CONSOLES, self.seconds, 2 * self.rounds)


def main(*, alarms: int = 2000, seconds: float = 10, beats: int = 1780, rounds: int = 3, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if anything was lost, shown twice or too late."""
    report = uvloop.run(prove(Plan(alarms, seconds, beats, rounds)))
    sys.stdout.write((json.dumps(report) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(plan: Plan) -> dict[str, Any]:
    """All rounds against one instance."""
    before = machine()
    async with instance(None, plan.alarms + plan.beats + press.SPARE_HOMES) as it:
        beats = await Helper.start("bench.beats", _beats(it, plan))
        try:
            if await beats.line() != "ready":
                raise RuntimeError("the devices could not connect")
            rounds = await _rounds(it, plan, beats)
        finally:
            await beats.end()
    return {**judged(rounds), "alarms": plan.alarms, "seconds": plan.seconds, "beats": plan.beats, "machine": before}


async def _rounds(it: Instance, plan: Plan, beats: Helper) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with press.consoles(it, CONSOLES) as (watchers, door):
        for number in range(2 * plan.rounds):
            beating = number % 2 == 1
            await close_all(watchers, door)
            if beating:
                await beats.tell(str(plan.seconds + 2))
            run = await press.one_run(it, plan.order, watchers, number)
            said = json.loads(await beats.line()) if beating else {"sent": 0}
            found.append({"beating": beating, **run, "beats_sent": said["sent"]})
    return found


def judged(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What all rounds came to; each is kept."""
    without, with_them = ([r for r in rounds if r["beating"] is beating] for beating in (False, True))
    broken = {name: sum(r[name] for r in rounds) for name in ("lost", "duplicates", "unreceipted")}
    beside, alone = (median_of(some, "p99_ms") for some in (with_them, without))
    return {
        **broken,
        **{name: median_of(with_them, name) for name in MEDIANS},
        "p99_ms_without": alone,
        "times_slower": round(beside / alone, 2),
        "ok": not any(broken.values()) and beside <= LATE_MS,
        "rounds": list(rounds),
    }


def _beats(it: Instance, plan: Plan) -> dict[str, Any]:
    mqtt = it.demo.content["mqtt"]
    buttons = [device for device in it.demo.devices if device["id"].startswith("B-")]
    return {"host": mqtt["host"], "port": mqtt["port"], "rate": plan.beats, "devices": buttons[-plan.beats :]}


def _readable(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:>18}  {value}" for name, value in report.items() if name != "rounds")
