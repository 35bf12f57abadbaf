"""`./yinling bench matching`: from a press that dispatch has read to the first offers written, committed to disk.

A county of people about its towns, on a database of its own. Each press is another elder's, somewhere between them;
the time is that of dispatch's own code, from looking round to the end of the transaction. Then the same with many
jobs open at once.
"""

import asyncio
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from math import cos, pi, radians, sin
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import psutil
import uvloop

from bench.figures import summary
from bench.machine import machine, process_seconds
from bench.usage import MIB, SIZE
from deploy.local.migrate import ROLES, bootstrap, migrate
from deploy.local.ports import another
from deploy.local.postgres import cluster, initialise
from services.dispatch.domain.alarms import Pressed
from services.dispatch.flow.house import House, furnished
from shared.runtime.clock import FakeClock, SystemClock, stopwatch
from shared.runtime.database import Database
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7

COUNTY, DATABASE, PASSWORD = "360733", "yinling", "bench"
TOWNS, SPREAD_M, COUNTY_M = 20, 1500.0, 25_000.0
MIDDLE = Position(25.6, 115.79)
METRES_PER_DEGREE = 111_195.0
SIZES = ((2_000, 0, 25.0), (10_000, 200, 60.0))
"""People, jobs open at once, and the milliseconds that nine hundred and ninety of a thousand keep."""
WARM_UP = 30
KINDS = ("caregiver",) * 9 + ("volunteer",) * 6 + ("grid_worker",) * 3 + ("nurse", "guard")
HELPER = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, speed_mps, on_duty, duty_since, reachable,
                                seen_lat, seen_lon, seen_at)
VALUES ($1, $2, $3, '甲', '1', $4, $5, $6, true, $7, true, $4, $5, $7)
"""
FLOOR = """
INSERT INTO dispatch.idempotency (account, key, digest, status, body, at) VALUES ('floor', $1, '', 200, '{}', $2)
"""


def main(*, presses: int, as_json: bool = False) -> int:
    """Measure and print; 1 when a limit is not kept."""
    found = uvloop.run(_measured(presses))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def _measured(presses: int) -> dict[str, Any]:
    before = machine()
    async with database() as urls:
        runs = [await _run(urls, people, jobs, limit, presses) for people, jobs, limit in SIZES]
    return {"machine": before, "runs": runs, "kept": all(run["p99_ms"] <= run["limit_ms"] for run in runs)}


async def _run(urls: dict[str, str], people: int, jobs: int, limit: float, presses: int) -> dict[str, Any]:
    draw, clock = Random(people), FakeClock(SystemClock().now())
    await _settle(urls["owner"], people, draw, clock)
    database = Database(urls["dispatch"], name="bench", size=8)
    await database.open()
    try:
        house = furnished(database, clock)
        await house.cases.situations.settle()
        await _counted(urls["owner"])
        for _ in range(max(WARM_UP, jobs)):
            await _press(house, clock, draw)
        size, used = await database.pool.fetchval(SIZE), process_seconds()
        both = [(await _press(house, clock, draw), await _floor(house, clock)) for _ in range(presses)]
        used, grown = process_seconds() - used, await database.pool.fetchval(SIZE) - size
        offers = await database.pool.fetchval("SELECT count(*) FROM dispatch.offer")
    finally:
        await database.close()
    taken, floor = ([pair[n] for pair in both] for n in (0, 1))
    about = {
        "people": people, "jobs": jobs, "limit_ms": limit, "offers": offers,
        "cpu_ms_a_press": round(1000 * used / presses, 2),
        "memory_mib": psutil.Process().memory_info().rss // MIB, "database_grew_mib": round(grown / MIB, 1),
    }  # fmt: skip
    return {**about, **summary(taken), **summary(floor, "floor_")}


async def _press(house: House, clock: FakeClock, draw: Random) -> float:
    clock.advance(0.5)
    pressed = _pressed(clock, uuid7(clock.now()), draw)
    begun = stopwatch()
    await house.cases.look_round([pressed])
    async with house.database.transaction() as connection:
        await house.cases.place(connection, [pressed])
    return stopwatch() - begun


async def _floor(house: House, clock: FakeClock) -> float:
    """One small row written and committed, on the same machine in the same minute."""
    begun = stopwatch()
    async with house.database.transaction() as connection:
        await connection.execute(FLOOR, str(begun), clock.now())
    return stopwatch() - begun


def _pressed(clock: FakeClock, alarm: UUID, draw: Random) -> Pressed:
    return Pressed(
        alarm=alarm, device=None, eid=None, kind=AlarmKind.SOS, cls="own", subject=f"elder:{alarm}",
        division=f"{COUNTY}100", home=None, elder=None, flags=(), drill=False, place=_somewhere(draw), at=clock.now(),
    )  # fmt: skip


def _somewhere(draw: Random) -> Position:
    """About one of the towns; the first holds every third of all."""
    town = 0 if draw.random() < 1 / 3 else draw.randrange(1, TOWNS)
    angle, far = town * pi * (3 - 5**0.5), COUNTY_M * (town / TOWNS) ** 0.5
    north = far * cos(angle) + draw.gauss(0, SPREAD_M)
    east = far * sin(angle) + draw.gauss(0, SPREAD_M)
    lon = MIDDLE.lon + east / METRES_PER_DEGREE / cos(radians(MIDDLE.lat))
    return Position(MIDDLE.lat + north / METRES_PER_DEGREE, lon)


async def _settle(owner: str, people: int, draw: Random, clock: FakeClock) -> None:
    """An empty county with so many people on duty."""
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute("TRUNCATE dispatch.incident, dispatch.responder CASCADE")
        await connection.executemany(HELPER, list(_helpers(people, draw, clock)))
    finally:
        await connection.close()


async def _counted(owner: str) -> None:
    """What the server does by itself within a minute of an import."""
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute("ANALYZE dispatch.responder")
    finally:
        await connection.close()


def _helpers(people: int, draw: Random, clock: FakeClock) -> Iterator[tuple[Any, ...]]:
    for n in range(people):
        at = _somewhere(draw)
        speed = draw.choice((1.2, 1.4, 5.0, 6.0))
        yield f"R-{n:05}", f"{COUNTY}100", draw.choice(KINDS), at.lat, at.lon, speed, clock.now()


@asynccontextmanager
async def database() -> AsyncIterator[dict[str, str]]:
    """A server of our own, as safe as in service, with every role's address."""
    folder = Path(tempfile.mkdtemp(prefix="yinling-bench-"))
    folder.chmod(0o711)  # noqa: ASYNC240  another user may have to get through
    it = cluster(folder / "pg")
    await asyncio.to_thread(initialise, it, PASSWORD)
    port = another(set())
    process = subprocess.Popen(  # noqa: ASYNC220  it answers when asked
        it.command(port), user=it.user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        admin = f"postgresql://postgres:{PASSWORD}@127.0.0.1:{port}/postgres"
        await _answering(admin)
        await bootstrap(admin, DATABASE, dict.fromkeys(ROLES, PASSWORD))
        urls = {role: f"postgresql://yl_{role}:{PASSWORD}@127.0.0.1:{port}/{DATABASE}" for role in ROLES}
        await asyncio.to_thread(migrate, urls["owner"])
        yield urls
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


async def _answering(url: str) -> None:
    clock = SystemClock()
    async with asyncio.timeout(30):
        while True:
            try:
                await (await asyncpg.connect(url, timeout=1)).close()
            except (OSError, asyncpg.PostgresError, TimeoutError):
                await clock.sleep(0.1)
            else:
                return


def _readable(found: dict[str, Any]) -> str:
    lines = [
        f"{run['people']:>6} people, {run['jobs']:>3} jobs open:  p50 {run['p50_ms']} ms  p99 {run['p99_ms']} ms"
        f"  max {run['max_ms']} ms  (limit {run['limit_ms']:.0f} ms; one small commit meanwhile: p50"
        f" {run['floor_p50_ms']} ms  p99 {run['floor_p99_ms']} ms)"
        for run in found["runs"]
    ]
    return "\n".join(lines)
