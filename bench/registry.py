"""`./yinling bench registry`: a large county's file of elders is taken in, with events of other transactions beside it.

The import is a process of its own, as when an operator runs it. Meanwhile something small is committed each few
milliseconds, and it is measured how long it takes until every follower of the log may read it: that is what an alarm
would have waited. The same file is then taken in again, which changes nothing.
"""

import asyncio
import csv
import json
import os
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import uvloop

from bench.figures import summary
from bench.machine import machine
from bench.matching import database
from bench.ring import KEYS
from shared.runtime.clock import SystemClock, stopwatch
from shared.runtime.database import Connection

COUNTY, STREETS, VILLAGES = "360733", 20, 14
MOST_S, MOST_PIECE_MS, MOST_WAIT_MS = 90.0, 100, 150.0
EVERY_S, LOOK_S = 0.02, 0.001
HEAD = (
    "编号", "姓名", "性别", "出生日期", "行政区划", "住址", "纬度", "经度", "电话", "楼层", "电梯", "门禁密码", "独居",
    "能力等级", "评估日期", "健康状况", "联系人1", "联系人1关系", "联系人1电话", "联系人1有钥匙", "联系人2",
    "联系人2关系", "联系人2电话",
)  # fmt: skip
SIGNS = "建国芳秀英明丽华强军平桂兰玉珍海燕春梅志刚"
COMMITTED = """
INSERT INTO dispatch.idempotency (account, key, digest, status, body, at)
VALUES ('beat', $1, '', 200, '{}', $2) RETURNING pg_current_xact_id()::text
"""
READABLE = "SELECT $1::text::xid8 < pg_snapshot_xmin(pg_current_snapshot())"


def main(*, elders: int, as_json: bool = False) -> int:
    """Measure and print; 1 when a limit is not kept."""
    found = uvloop.run(_measured(elders))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def _measured(elders: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="yinling-bench-") as folder:
        table = Path(folder) / "elders.csv"
        await asyncio.to_thread(_write, table, elders)
        async with database() as urls:
            await _divisions(urls["owner"])
            first = await _taken(urls, table)
            again = await _taken(urls, table)
    kept = (
        first["added"] == again["same"] == elders
        and first["seconds"] <= MOST_S * max(1, elders / 100_000)
        and first["longest_piece_ms"] <= MOST_PIECE_MS
        and first["wait_p99_ms"] <= MOST_WAIT_MS
    )
    return {"machine": machine(), "elders": elders, "first": first, "again": again, "kept": kept}


async def _taken(urls: dict[str, str], table: Path) -> dict[str, Any]:
    begun = stopwatch()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.local.cli", "import", "elders", str(table), "--area", COUNTY,
        "--database", urls["owner"], "--json", stdout=asyncio.subprocess.PIPE, env=os.environ | KEYS,
    )  # fmt: skip
    ended = asyncio.Event()
    waits = asyncio.create_task(_waits(urls["dispatch"], ended))
    told, _ = await process.communicate()
    seconds = stopwatch() - begun
    ended.set()
    return {"seconds": round(seconds, 1), **json.loads(told), **summary(await waits, "wait_")}


async def _waits(url: str, ended: asyncio.Event) -> list[float]:
    """Seconds from the commit of something small until followers may read it."""
    connection = await asyncpg.connect(url)
    clock = SystemClock()
    waits: list[float] = []
    try:
        while not ended.is_set():
            waits.append(await _wait(connection, clock, len(waits)))
            await clock.sleep(EVERY_S)
    finally:
        await connection.close()
    return waits


async def _wait(connection: Connection, clock: SystemClock, n: int) -> float:
    number = await connection.fetchval(COMMITTED, f"{clock.now().timestamp()}-{n}", clock.now())
    begun = stopwatch()
    while not await connection.fetchval(READABLE, number):
        await clock.sleep(LOOK_S)
    return stopwatch() - begun


async def _divisions(url: str) -> None:
    connection = await asyncpg.connect(url)
    streets = [f"{COUNTY}{n:03}" for n in range(100, 100 + STREETS)]
    codes = ["36", "3607", COUNTY, *streets, *(f"{s}{n:03}" for s in streets for n in range(1, VILLAGES + 1))]
    rows = [(code, f"第{code}区") for code in codes]
    await connection.executemany("INSERT INTO dispatch.division (code, name) VALUES ($1, $2)", rows)
    await connection.close()


def _write(path: Path, elders: int) -> None:
    draw = Random(1)
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        writer.writerows(_line(n, draw) for n in range(elders))


def _line(n: int, draw: Random) -> tuple[Any, ...]:
    def name() -> str:
        return draw.choice("王李张刘陈杨黄赵") + "".join(draw.choices(SIGNS, k=2))

    village = f"{COUNTY}{draw.randrange(100, 100 + STREETS)}{draw.randrange(1, VILLAGES + 1):03}"
    return (
        f"E{n:07}", name(), draw.choice("男女"), f"{draw.randrange(1930, 1965)}/{draw.randrange(1, 13)}/7", village,
        f"红旗路{n // 2}号{draw.randrange(1, 30)}栋{n % 2 + 101}室", 25.6 + draw.uniform(-0.2, 0.2),
        115.79 + draw.uniform(-0.2, 0.2), f"139{n:08}", draw.randrange(1, 20), draw.choice("是否"),
        f"{draw.randrange(10_000):04}#", draw.choice("是否"), draw.choice("01234"), "2026-03-05", "高血压，糖尿病",
        name(), "儿子", f"138{n:08}", draw.choice("是否"), name(), "女儿", f"137{n:08}",
    )  # fmt: skip


def _readable(found: dict[str, Any]) -> str:
    def line(name: str) -> str:
        it = found[name]
        return (
            f"{name}: {it['rows']} rows in {it['seconds']} s, {it['added']} new, {it['same']} the same; "
            f"longest piece {it['longest_piece_ms']} ms; an event beside it waits p50 {it['wait_p50_ms']} ms, "
            f"p99 {it['wait_p99_ms']} ms, at most {it['wait_max_ms']} ms"
        )

    return "\n".join((line("first"), line("again")))
