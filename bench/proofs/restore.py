"""`./yinling prove restore`: the database is lost whole, and what was backed up comes back.

People press; while they go on pressing a backup is written by `./yinling server backup`. Then everything is stopped and
the database's folder thrown away, `./yinling server restore` puts the backup in its place, `./yinling up` goes on with
it. Whatever was receipted before the backup began must be there with its incident; what came later is what a backup
cannot know, and is counted. The same backup is rehearsed beside: its whole log is read against its seals.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import asyncpg
import uvloop

from bench.instance import ROOT, Instance, fresh_folder, own_ports, started
from bench.machine import machine
from bench.proofs.folk import CLOCK
from shared.runtime.clock import stopwatch
from simulators.fleet import Fleet
from simulators.press import Press

HOMES, SPARE = 300, 20
RECORDED_WITHIN_S, PRESS_EVERY_S = 60.0, 0.05
RTO_MOST_S = 15 * 60
STORED = """
SELECT e.eid FROM devices.raw_event e JOIN dispatch.alarm a ON a.id = e.id
JOIN dispatch.incident i ON i.id = a.incident_id WHERE e.eid = ANY($1)
"""
ERA = "SELECT era FROM log.era"


@dataclass(frozen=True, slots=True)
class Times:
    """How long each step took, in seconds, and how much the backup could not know."""

    backup_s: float
    restore_s: float
    rto_s: float
    rpo_s: float


class CommandFailedError(Exception):
    """A command of ours did not succeed; the text is what it said."""


def main(*, alarms: int = 200, seed: int = 1, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if anything that was backed up is missing or does not fit."""
    report = uvloop.run(prove(alarms, seed))
    sys.stdout.write((json.dumps(report) if as_json else _readable(report)) + "\n")
    return 0 if report["ok"] else 1


async def prove(alarms: int, seed: int) -> dict[str, Any]:
    """Lose an instance of our own, and bring it back."""
    before, draw = machine(), Random(seed)
    ports = own_ports()
    with fresh_folder() as folder:
        archive = folder / "backup.dump"
        async with started(folder, HOMES, *ports) as it:
            fleet = Fleet(it.demo, CLOCK, draw)
            known = await _pressed(fleet, alarms, draw)
            asked, begun = CLOCK.now(), stopwatch()
            later = asyncio.create_task(_pressed(fleet, alarms, draw))
            await _command("server", "backup", str(archive), "--data", str(folder))
            backup_s = stopwatch() - begun
            unknown = [*await later, *await _pressed(fleet, alarms // 4, draw)]
        lost_at, begun = CLOCK.now(), stopwatch()
        shutil.rmtree(folder / "postgres")
        (folder / "postgres.made").unlink()
        restored = json.loads(await _command("server", "restore", str(archive), "--data", str(folder), "--json"))
        async with started(folder, HOMES, *ports) as it:
            rto_s = stopwatch() - begun
            after = await _pressed(fleet, alarms // 2, draw)
            await fleet.stop()
            times = Times(round(backup_s, 1), restored["seconds"], round(rto_s, 1), _seconds(asked, lost_at))
            found = await _found(it, [*known, *unknown, *after])
            era = await _value(it, ERA)
        rehearsed = json.loads(await _command("server", "rehearse", str(archive), "--json"))
    figures = judged(known, unknown, after, found)
    return {
        **figures, "backup_s": times.backup_s, "restore_s": times.restore_s, "rto_s": times.rto_s,
        "rpo_s": times.rpo_s, "era": era, "faults_in_the_log": rehearsed["faults"],
        "ok": not figures["lost"] and not rehearsed["faults"] and era == 2 and times.rto_s <= RTO_MOST_S,
        "seed": seed, "machine": before,
    }  # fmt: skip


def judged(
    known: Collection[Press], unknown: Collection[Press], after: Collection[Press], found: Collection[str]
) -> dict[str, int]:
    """Lost is what was receipted before the backup began or after the return, and is not there with its incident."""
    due = [press for press in (*known, *after) if press.recorded]
    return {
        "receipted_before": sum(press.recorded for press in known),
        "receipted_after": sum(press.recorded for press in after),
        "lost": sum(press.eid not in found for press in due),
        "unreceipted": sum(not press.recorded for press in (*known, *after)),
        "since_the_backup": sum(press.recorded and press.eid not in found for press in unknown),
    }


async def _pressed(fleet: Fleet, alarms: int, draw: Random) -> list[Press]:
    """Presses of any devices, all receipted."""
    names, presses = list(fleet), list[Press]()
    for _ in range(alarms):
        await CLOCK.sleep(PRESS_EVERY_S)
        presses.append(fleet.press(draw.choice(names), "sos"))
    until = stopwatch() + RECORDED_WITHIN_S
    while stopwatch() < until and not all(press.recorded for press in presses):
        await CLOCK.sleep(0.1)
    return presses


async def _found(it: Instance, presses: Collection[Press]) -> set[str]:
    """Which of them are stored with an incident, once dispatch has had time."""
    wanted, found = [press.eid for press in presses], set[str]()
    owner = await asyncpg.connect(it.owner_url)
    try:
        await CLOCK.sleep(5)
        found = {row["eid"] for row in await owner.fetch(STORED, wanted)}
    finally:
        await owner.close()
    return found


async def _value(it: Instance, query: str) -> Any:
    owner = await asyncpg.connect(it.owner_url)
    try:
        return await owner.fetchval(query)
    finally:
        await owner.close()


async def _command(*arguments: str) -> str:
    """One of `./yinling`'s; what it wrote to standard output."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.local.cli", *arguments, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, complained = await process.communicate()
    if process.returncode and not said.strip():
        raise CommandFailedError(complained.decode(errors="replace")[-2000:])
    return said.decode()


def _seconds(since: datetime, until: datetime) -> float:
    return round((until - since).total_seconds(), 1)


def _readable(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:>18}  {value}" for name, value in report.items())
