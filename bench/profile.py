"""`./yinling bench profile`: what one alarm costs, process by process and statement by statement.

The load of `bench press` against an instance whose PostgreSQL, which must be the embedded one, counts every statement
it is sent: every round trip. What the house does while nobody presses is measured first and taken off.
"""

import json
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from bench import press
from bench.instance import Instance, instance
from bench.machine import machine
from bench.press import CLOCK, Order
from bench.tidy import close_all
from bench.usage import usage
from shared.runtime.clock import stopwatch

IDLE_S, WARM_UP_S, BACK_WITHIN_S = 10.0, 5.0, 60.0
ROLES = ("devices", "dispatch", "gateway", "watch")
MOST = 40
COUNT = "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'"
COUNTER = "CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public"
READ = """
SELECT substr(r.rolname, 4) AS role, s.query, sum(s.calls)::float8 AS calls,
       sum(s.total_exec_time) AS ms, sum(s.wal_bytes)::float8 AS wal
FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = ANY($1) GROUP BY 1, 2
"""

Statement = tuple[str, str]
"""Role and text."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a statement, or of several: executions, the database's milliseconds, bytes of its journal."""

    calls: float = 0.0
    ms: float = 0.0
    wal: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        """Both."""
        return Cost(self.calls + other.calls, self.ms + other.ms, self.wal + other.wal)

    def less(self, other: "Cost", times: float = 1.0) -> "Cost":
        """What is left without so many times the other; never less than nothing."""
        mine, others = (self.calls, self.ms, self.wal), (other.calls, other.ms, other.wal)
        return Cost(*(max(0.0, a - times * b) for a, b in zip(mine, others, strict=True)))


def main(*, rate: float, consoles: int, seconds: float, data: Path | None, as_json: bool) -> int:
    """Measure, print, and return the exit code: 1 if an alarm was lost, not answered or shown twice."""
    result = uvloop.run(measure(Order(rate, consoles, seconds, 1), data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["unreceipted"] or result["duplicates"] else 0


async def measure(order: Order, data: Path | None) -> dict[str, Any]:
    """One run, after a warm-up and some seconds of quiet."""
    before = machine()
    async with instance(data, order.presses + press.SPARE_HOMES) as it:
        await _counting(it)
        async with press.consoles(it, order.consoles) as (watchers, door):
            warm = press.load_order(it, replace(order, seconds=min(WARM_UP_S, order.seconds)), 0)
            await press.pressed(it, warm, watchers)
            await close_all(watchers, door)
            for watcher in watchers:
                watcher.forget()
            quiet, idle = await _idle(it)
            begun = await _statements(it)
            presses, used = await press.pressed(it, press.load_order(it, order, 1), watchers)
            ended = await _statements(it)
    found = press.figures(presses, watchers, ())
    times = used["took_s"] / quiet["took_s"]
    costs = {one: ended[one].less(begun.get(one, Cost())).less(idle.get(one, Cost()), times) for one in ended}
    cpu = {name: s - times * quiet["cpu_s"].get(name, 0.0) for name, s in used["cpu_s"].items()}
    return {
        "rate": order.rate, "consoles": order.consoles, **found, **costly(costs, cpu, found["sent"]),
        "idle_cores": quiet["cores"], "cores": used["cores"], "machine": before,
    }  # fmt: skip


def costly(costs: Mapping[Statement, Cost], cpu_s: Mapping[str, float], alarms: int) -> dict[str, Any]:
    """Costs of one alarm: in all, by part, and the statements that cost most."""
    by_role: dict[str, Cost] = defaultdict(Cost)
    for (role, _), cost in costs.items():
        by_role[role] += cost
    whole = sum(by_role.values(), Cost())
    dear = sorted(costs.items(), key=lambda item: -item[1].ms)[:MOST]
    return {
        "cpu_ms_an_alarm": round(1000 * sum(cpu_s.values()) / alarms, 1),
        "cpu_ms_by_part": {name: round(1000 * s / alarms, 1) for name, s in cpu_s.items()},
        "round_trips_an_alarm": round(whole.calls / alarms, 1),
        "round_trips_by_role": {role: round(cost.calls / alarms, 1) for role, cost in by_role.items()},
        "database_ms_an_alarm": round(whole.ms / alarms, 1),
        "database_ms_by_role": {role: round(cost.ms / alarms, 1) for role, cost in by_role.items()},
        "journal_kib_an_alarm": round(whole.wal / 1024 / alarms, 1),
        "statements": [
            {
                "role": role, "calls_an_alarm": round(cost.calls / alarms, 2),
                "ms_an_alarm": round(cost.ms / alarms, 2), "text": text,
            } for (role, text), cost in dear
        ],
    }  # fmt: skip


async def _idle(it: Instance) -> tuple[dict[str, Any], dict[Statement, Cost]]:
    before, begun = await usage(it), await _statements(it)
    await CLOCK.sleep(IDLE_S)
    ended = await _statements(it)
    quiet = (await usage(it)).since(before)
    return quiet, {one: ended[one].less(begun.get(one, Cost())) for one in ended}


async def _counting(it: Instance) -> None:
    """Start PostgreSQL anew with its counters; everything of ours comes back by itself."""
    database = await asyncpg.connect(it.admin_url)
    await database.execute(COUNT)
    await database.close()
    os.kill(it.processes()["postgres"], signal.SIGINT)
    until = stopwatch() + BACK_WITHIN_S
    while not await _counts(it):
        if stopwatch() > until:
            raise TimeoutError("PostgreSQL did not come back")
        await CLOCK.sleep(0.2)


async def _counts(it: Instance) -> bool:
    try:
        database = await asyncpg.connect(it.admin_url)
        try:
            await database.execute(COUNTER)
            await database.fetchval("SELECT count(*) FROM pg_stat_statements")
        finally:
            await database.close()
    except (OSError, StopIteration, TimeoutError, asyncpg.PostgresError):
        return False
    return True


async def _statements(it: Instance) -> dict[Statement, Cost]:
    database = await asyncpg.connect(it.admin_url)
    try:
        rows = await database.fetch(READ, [f"yl_{role}" for role in ROLES])
    finally:
        await database.close()
    found: dict[Statement, Cost] = defaultdict(Cost)
    for row in rows:
        found[row["role"], " ".join(row["query"].split())[:160]] += Cost(row["calls"], row["ms"], row["wal"])
    return found


def _readable(result: dict[str, Any]) -> str:
    lines = [f"{name:>22}  {value}" for name, value in result.items() if name != "statements"]
    dear = [
        f"{one['ms_an_alarm']:>8} ms  {one['calls_an_alarm']:>6}  {one['role']:>8}  {one['text'][:100]}"
        for one in result["statements"]
    ]
    return "\n".join([*lines, *dear])
