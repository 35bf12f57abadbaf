"""`./yinling bench rls`: what row-level security costs the statements that the gateway runs most.

Each statement runs in turn as the gateway does, within a county's scope, and as a superuser, whom no policy holds up;
with the same plans, on the same rows, in the same minute. Kept when all of them together take at most a fifth longer.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
import uvloop

from bench.figures import percentile
from bench.hamlet import COUNTY, DIVISION, DIVISIONS, ELDER, HOME, LAT, LON, PERSON, PLACE, VILLAGE
from bench.machine import machine
from bench.matching import database
from bench.past import FILL
from bench.ring import FIELDS
from deploy.local.sealing import seal
from services.gateway.domain.sealing import START
from services.gateway.store import incidents, lists, seals, views
from shared.runtime.clock import SystemClock, stopwatch
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Division

PIECE, WARM_UP = 10_000, 20
MOST = 1.2
SOME = "P-1000"
CREW = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon)
SELECT 'R-' || n, $1, 'caregiver', '甲', '1', 25.6, 115.8 FROM generate_series(1, 2000) AS n
"""

Query = Callable[[Connection, datetime], Awaitable[Any]]
Way = Callable[[], AbstractAsyncContextManager[Connection]]
QUERIES: dict[str, Query] = {
    "a desk's row": lambda it, _: incidents.load(it, [SOME]),
    "a page of incidents": lambda it, _: incidents.listed(it, 50, closed=True, division=COUNTY, after=""),
    "whom it is about": lambda it, now: views.place(it, SOME, Division(VILLAGE), now),
    "its time line": lambda it, _: views.timeline(it, SOME, {}),
    "people who may go": lambda it, _: lists.page(it, "responders", "", "", 50),
    "elders by a name": lambda it, _: lists.found(it, "elders", "试验", FIELDS.wanted("试验"), "", 50),
    "the next events of the log": lambda it, _: seals.unsealed(it, START, 200),
}


def main(*, incidents: int, rounds: int, as_json: bool = False) -> int:
    """Measure and print; 1 when it costs more than a fifth."""
    found = uvloop.run(measure(incidents, rounds))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def measure(many: int, rounds: int) -> dict[str, Any]:
    """Fill, and run each statement both ways so many times."""
    before, now = machine(), SystemClock().now()
    async with database() as urls:
        await _filled(urls["owner"], many, now)
        free_url = urls["owner"].replace("yl_owner", "postgres")
        held, free = (Database(url, name="rls", size=1, fields=FIELDS) for url in (urls["gateway"], free_url))
        await held.open()
        await free.open()
        try:
            ways = (partial(held.reading, Division(COUNTY)), partial(free.reading, Division(COUNTY)))
            lines = [await _both(name, query, *ways, rounds, now) for name, query in QUERIES.items()]
        finally:
            await held.close()
            await free.close()
    with_ms, without_ms = (sum(line[part] for line in lines) for part in ("with_ms", "without_ms"))
    share = with_ms / without_ms
    return {
        "with_ms": round(with_ms, 3), "without_ms": round(without_ms, 3), "times": round(share, 3),
        "kept": share <= MOST, "statements": lines, "incidents": many, "rounds": rounds, "machine": before,
    }  # fmt: skip


async def _both(name: str, query: Query, held: Way, free: Way, rounds: int, now: datetime) -> dict[str, Any]:
    took: dict[str, list[float]] = {"with": [], "without": []}
    for number in range(WARM_UP + rounds):
        for how, way in (("with", held), ("without", free)):
            async with way() as connection:
                begun = stopwatch()
                await query(connection, now)
                if number >= WARM_UP:
                    took[how].append((stopwatch() - begun) * 1000)
    middle = {how: percentile(times, 0.5) for how, times in took.items()}
    return {
        "statement": name, "with_ms": round(middle["with"], 3), "without_ms": round(middle["without"], 3),
        "times": round(middle["with"] / middle["without"], 3),
    }  # fmt: skip


async def _filled(url: str, many: int, now: datetime) -> None:
    owner = await asyncpg.connect(url)
    await owner.execute(f"SET work_mem = '64MB'; SELECT log.make_partitions('{now:%Y-%m-%d}'::timestamptz, 1)")
    await owner.executemany(DIVISION, DIVISIONS)
    await owner.execute(PLACE, HOME, VILLAGE, LAT, LON)
    await owner.execute(PERSON, ELDER, HOME, VILLAGE)
    await owner.execute(CREW, VILLAGE)
    for first in range(1, many + 1, PIECE):
        for statement in FILL[:-1]:
            await owner.execute(statement, first, min(many, first + PIECE - 1), now)
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    await seal(url, FIELDS)


def _readable(found: dict[str, Any]) -> str:
    lines = [
        f"{line['statement']:<28} {line['with_ms']:>8} ms with, {line['without_ms']:>8} without, {line['times']} times"
        for line in found["statements"]
    ]
    return "\n".join([*lines, f"together {found['times']} times (at most {MOST})"])
