"""`./yinling bench heartbeat`: how many heartbeats one process takes, and what they cost the alarms beside them.

Rounds without and with heartbeats take turns in one instance under the same alarms, so that both meet the same machine.
Heartbeats come in an open loop from a process of its own, one connection a device. What the presence process has heard
is read from its own log, its processor time and memory from the system. Then ten thousand more devices are made known
to it, each with a heartbeat, to see what they weigh.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import uvloop

from bench import press
from bench.figures import median_of
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.tidy import close_all
from bench.watchers import Watcher
from shared.runtime.clock import SystemClock, stopwatch

SHOWN = ("p50_ms", "p99_ms", "opened_p99_ms", "receipt_p50_ms", "receipt_p99_ms", "unreceipted", "cores", "memory_mib",
         "database_grew_mib")  # fmt: skip
ALARMS_A_SECOND = 20.0
CONSOLES = 5
ROUNDS = 3
KNOWN = 10_000
COUNTED_WITHIN_S = 25.0
CLOCK = SystemClock()

ADD = """
INSERT INTO devices.device (id, county, division, model, kind, home_id, elder_id, added_at)
SELECT 'K-' || lpad(n::text, 6, '0'), '360733', '360733100001', 'bench', 'wearable', NULL, NULL, $2
FROM generate_series(1, $1::integer) AS n
"""
SEEN = """
INSERT INTO devices.health (device_id, seen_at, online, changed_at, batt, rssi, mains, fw)
SELECT id, $1, true, $1, 88, -67, false, '1.4.2' FROM devices.device WHERE id LIKE 'K-%'
"""
TAKE_AWAY = ("DELETE FROM devices.health WHERE device_id LIKE 'K-%'", "DELETE FROM devices.device WHERE id LIKE 'K-%'")


def main(
    *, devices: int = 2000, rate: float = 2000, seconds: float = 20, data: Path | None = None, as_json: bool = False
) -> int:
    """Measure, print, and return the exit code: 1 if a heartbeat or an alarm was lost."""
    result = uvloop.run(measure(devices, rate, seconds, data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["alarms_unreceipted"] else 0


async def measure(devices: int, rate: float, seconds: float, data: Path | None) -> dict[str, Any]:
    """Take all rounds against one instance."""
    before = machine()
    order = press.Order(ALARMS_A_SECOND, CONSOLES, seconds, ROUNDS)
    async with instance(data, devices + order.presses + press.SPARE_HOMES) as it:
        process = psutil.Process(it.processes()["presence"])
        beats = await Helper.start("bench.beats", _beats_order(it, devices, rate))
        try:
            if await beats.line() != "ready":
                raise RuntimeError("the devices could not connect")
            rounds = await _rounds(it, order, beats, process)
        finally:
            await beats.end()
        memory = await _memory(it, process)
        broker = broker_of(it)
    return {
        "broker": broker, "devices": devices, "rate": rate, "seconds": seconds, **_figures(rounds), **memory,
        "rounds": rounds, "machine": before,
    }  # fmt: skip


def broker_of(it: Instance) -> str:
    """Name of the broker it was measured with."""
    return "mosquitto" if (it.folder / "mosquitto").is_dir() else "nats-server"


async def _rounds(it: Instance, order: press.Order, beats: Helper, process: psutil.Process) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with press.consoles(it, order.consoles) as (watchers, door):
        for number in range(2 * order.runs):
            await close_all(watchers, door)
            found.append(await _round(it, order, watchers, number, beats, process))
    return found


async def _round(
    it: Instance, order: press.Order, watchers: Sequence[Watcher], number: int, beats: Helper, process: psutil.Process
) -> dict[str, Any]:
    """One round; every other one with heartbeats."""
    beating = number % 2 == 1
    heard, used, begun = _heard(it), _cpu_s(process), stopwatch()
    if beating:
        await beats.tell(str(order.seconds + 2))
    alarms = await press.one_run(it, order, watchers, number)
    said = json.loads(await beats.line()) if beating else {"sent": 0}
    spent, took = _cpu_s(process) - used, stopwatch() - begun
    counted = await _counted(it, heard + said["sent"]) - heard if beating else 0
    return {
        "beating": beating, **said, "counted": counted, "cpu_s": round(spent, 2), "took_s": round(took, 2),
        **{name: alarms[name] for name in SHOWN},
    }  # fmt: skip


def _figures(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    without, with_them = ([r for r in rounds if r["beating"] is beating] for beating in (False, True))
    sent = sum(r["sent"] for r in with_them)
    seconds = sum(r["seconds"] for r in with_them)
    return {
        "sent": sent,
        "lost": max(0, sent - sum(r["counted"] for r in with_them)),
        "sent_a_second": round(sent / seconds, 1),
        "cpu_share": round(sum(r["cpu_s"] for r in with_them) / seconds, 3),
        "alarms_unreceipted": sum(r["unreceipted"] for r in rounds),
        **{f"{name}_without": median_of(without, name) for name in ("p99_ms", "opened_p99_ms", "receipt_p99_ms")},
        **{f"{name}_with": median_of(with_them, name) for name in ("p99_ms", "opened_p99_ms", "receipt_p99_ms")},
        **{name: median_of(with_them, name) for name in ("cores", "database_grew_mib")},
    }


async def _memory(it: Instance, process: psutil.Process) -> dict[str, Any]:
    """What ten thousand more known devices weigh in the presence process."""
    before = process.memory_info().rss
    database = await asyncpg.connect(it.owner_url)
    try:
        await database.execute(ADD, KNOWN, CLOCK.now())
        await database.execute(SEEN, CLOCK.now())
        await CLOCK.sleep(12)
        grown = process.memory_info().rss - before
    finally:
        for statement in TAKE_AWAY:
            await database.execute(statement)
        await database.close()
    return {"known_more": KNOWN, "memory_more_mib": round(grown / 2**20, 1)}


def _heard(it: Instance) -> int:
    """Heartbeats the presence process has heard, by its own last word."""
    lines = (it.folder / "logs" / "presence.log").read_text("utf-8", errors="replace").splitlines()
    said = next((json.loads(line) for line in reversed(lines) if '"presence.heard"' in line), None)
    return int(said["heard"]["states"]) if said else 0


async def _counted(it: Instance, wanted: int) -> int:
    until = stopwatch() + COUNTED_WITHIN_S
    while stopwatch() < until and _heard(it) < wanted:
        await CLOCK.sleep(0.5)
    return _heard(it)


def _cpu_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _beats_order(it: Instance, devices: int, rate: float) -> dict[str, Any]:
    """The last buttons beat, the first ones press."""
    mqtt = it.demo.content["mqtt"]
    buttons = [device for device in it.demo.devices if device["id"].startswith("B-")]
    if len(buttons) < devices:
        raise ValueError(f"this instance has {len(buttons)} buttons")
    return {"host": mqtt["host"], "port": mqtt["port"], "rate": rate, "devices": buttons[-devices:]}


def _readable(result: dict[str, Any]) -> str:
    lines = [f"{name:>22}  {value}" for name, value in result.items() if name not in {"rounds", "machine"}]
    return "\n".join([*lines, f"{'machine':>22}  {result['machine']}"])
