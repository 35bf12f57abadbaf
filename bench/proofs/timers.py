"""`./yinling prove timers`: nobody answers, and every rung of every ladder is climbed at its second.

A county's policy is laid down with a short ladder; people press and nobody comes. First undisturbed, then while
dispatch is killed and held, and while the hosts' wall clocks are two hours off before and behind. The instants are
those of the decisions as the log keeps them, against those that the policy of each incident asks for.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

import asyncpg

from bench.figures import percentile
from bench.instance import Instance, fresh_folder, started
from bench.machine import machine
from bench.proofs import rows
from bench.proofs.case import Row
from bench.proofs.deadlines import Kept, early, kept, missed
from bench.proofs.faults import Chaos, Fault
from bench.proofs.folk import CLOCK
from bench.proofs.ground import Tremors, ground
from bench.proofs.history import History
from simulators.fleet import Fleet

COUNTY = "360733"
LADDER_S, REPEAT_S = (5, 9, 14), 8
HOMES_SPARE = 20
PATIENCE_S, PAUSE_S, FOLLOWED_S = 10.0, 8.0, 30.0
LATE_S, LATE_AMID_FAULTS_S = 0.25, 5.0
HELD_S = 2.0
FIRST = "SELECT policy FROM dispatch.incident WHERE NOT canary LIMIT 1"
LAY_DOWN = """
INSERT INTO dispatch.policy (division, version, body, by_account, by_name, reason, at)
VALUES ($1, 1, $2::text::jsonb, 'proof', 'proof', 'proof', $3)
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """So many incidents, so many a second, once undisturbed and once amid faults."""

    incidents: int
    rate: float
    seed: int


def main(*, incidents: int = 1000, rate: float = 10, seed: int = 1, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if a deadline was kept early, far too late or not at all."""
    # not uvloop's loop: it cannot start a process as another user, which PostgreSQL needs under root
    report = asyncio.run(prove(Plan(incidents, rate, seed)))
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(plan: Plan) -> dict[str, Any]:
    """Press, break, and read the log."""
    before = machine()
    with fresh_folder() as folder:
        history, homes = History(folder / "history.jsonl"), plan.incidents + HOMES_SPARE
        async with (
            ground(folder) as under,
            started(folder, homes, environment=under.environment()) as it,
        ):
            fleet = Fleet(it.demo, CLOCK, Random(plan.seed))
            try:
                begun = CLOCK.now()
                await _lay_down(it, fleet)
                chaos = Chaos(it, history, CLOCK)
                faults, left_out = _faults(chaos, *Tremors(under, it, chaos, CLOCK).faults())
                calm = await _pressed(it, fleet, plan, 0)
                await CLOCK.sleep(FOLLOWED_S)
                amid = CLOCK.now().timestamp()
                pressing = asyncio.create_task(_pressed(it, fleet, plan, calm))
                await chaos.go_on(faults, PAUSE_S, lambda: True)
                await pressing
                await CLOCK.sleep(FOLLOWED_S)
                left, until = await rows.read(it.owner_url, begun, []), CLOCK.now().timestamp()
            finally:
                await fleet.stop()
        history.close()
    escalations = [event for event in left.events if event["tag"] == "incident.escalated"]
    short = [row for row in left.incidents if _is_short(row)]
    found = kept(short, escalations, until)
    return {
        **judged([one for one in found if one.due < amid], [one for one in found if one.due >= amid], until),
        "incidents": len(short), "seed": plan.seed, "left_out": left_out,
        "faults": [entry["process"] for entry in history.entries if entry["op"] == "killed"], "machine": before,
    }  # fmt: skip


def judged(calm: Sequence[Kept], amid: Sequence[Kept], until: float) -> dict[str, Any]:
    """Early and missed over all; late apart, since a dispatch that is dead climbs nothing."""
    both = [*calm, *amid]
    broken = {"early": len(early(both)), "missed": len(missed(both, until, PATIENCE_S))}
    quiet, loud = _late_s(calm), _late_s(amid)
    worst = max(loud, default=0.0)
    return {
        "deadlines": len(both),
        **broken,
        "late_p50_ms": round(percentile(quiet, 0.5) * 1000, 1),
        "late_p99_ms": round(percentile(quiet, 0.99) * 1000, 1),
        "late_max_ms": round(max(quiet, default=0.0) * 1000, 1),
        "amid_faults_late_p99_ms": round(percentile(loud, 0.99) * 1000, 1),
        "amid_faults_late_max_ms": round(worst * 1000, 1),
        "ok": bool(quiet) and not any(broken.values()) and percentile(quiet, 0.99) <= LATE_S
        and worst <= LATE_AMID_FAULTS_S,
    }  # fmt: skip


def _late_s(some: Sequence[Kept]) -> list[float]:
    return [max(0.0, one.late_s) for one in some if one.at is not None]


def _faults(chaos: Chaos, tremors: Sequence[Fault], left_out: list[str]) -> tuple[list[Fault], list[str]]:
    skewed = [fault for fault in tremors if fault.name.startswith("clock")]
    mine = [chaos.killed("dispatch"), chaos.held("dispatch", HELD_S), chaos.hung_up(), chaos.killed("dispatch")]
    return [*mine, *skewed], [word for word in left_out if word.startswith("clock")]


async def _pressed(it: Instance, fleet: Fleet, plan: Plan, first: int) -> int:
    """Half of the presses, each in another home; the number of the next device."""
    buttons = [device["id"] for device in it.demo.devices if device["id"].startswith("B-")]
    draw = Random(plan.seed + first)
    for device in buttons[first + 1 : first + 1 + plan.incidents // 2]:
        await CLOCK.sleep(draw.expovariate(plan.rate))
        fleet.press(device, "sos")
    return first + plan.incidents // 2


async def _lay_down(it: Instance, fleet: Fleet) -> None:
    """The policy that the first press meets, with a short ladder from then on."""
    fleet.press(next(device["id"] for device in it.demo.devices if device["id"].startswith("B-")), "sos")
    owner = await asyncpg.connect(it.owner_url)
    try:
        async with asyncio.timeout(20):
            while (body := await owner.fetchval(FIRST)) is None:
                await CLOCK.sleep(0.1)
        await owner.execute(LAY_DOWN, COUNTY, json.dumps(_short(json.loads(body))), CLOCK.now())
    finally:
        await owner.close()


def _short(policy: dict[str, Any]) -> dict[str, Any]:
    it = deepcopy(policy)
    for rule in it["rules"].values():
        for step, after_s in zip(rule["ladder"], LADDER_S, strict=False):
            step["after_s"] = after_s
        rule["repeat"] = REPEAT_S
    return it


def _is_short(row: Row) -> bool:
    rule = row["policy"]["rules"][str(row["priority"])]
    return bool(rule["repeat"] == REPEAT_S) and row["state"] == "open"


def _readable(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:>24}  {value}" for name, value in report.items())
