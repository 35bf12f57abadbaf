"""`./yinling bench search`: how long a seat waits for an elder by a few words, with everything about her sealed.

Elders of a city's eighteen counties are written as the import writes them. Then each kind of search is made as the
gateway makes it: tokens of what was typed, the rows that have them, opened and looked through, within the scope of a
county or of the whole city.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import asyncpg
import uvloop

from bench.figures import percentile, summary
from bench.machine import machine
from bench.matching import database
from bench.ring import FIELDS
from services.gateway.store import lists
from shared.runtime.clock import stopwatch
from shared.runtime.database import Connection, Database, speak
from shared.vocabulary.divisions import Division
from simulators.names import adult_name, elder_name

CITY, COUNTIES, STREETS, ROADS = "3607", 18, 20, "红旗解放人民建设和平文明东方胜利滨江学府"
MOST_MS = 300.0
PIECE = 20_000
HOMES = ("id", "division", "address", "lat", "lon")
ELDERS = ("id", "home_id", "division", "name", "phone")
CONTACTS = ("elder_id", "division", "ord", "name", "relation", "phone")
INDEXES = """
SELECT format('%I.%I', schemaname, indexname) AS name, indexdef FROM pg_indexes
WHERE schemaname = 'dispatch' AND indexname LIKE '%\\_tokens'
"""
SIZE = """
SELECT sum(pg_total_relation_size(('dispatch.' || t)::regclass)) FROM unnest(ARRAY['home', 'elder', 'contact']) AS t
"""

Person = tuple[str, str, str, str, str]
"""Division, name, telephone, address, a contact's telephone."""


def main(*, elders: int, rounds: int, as_json: bool = False) -> int:
    """Measure and print; 1 when some kind of search takes longer than 300 ms at the 95th percentile."""
    found = uvloop.run(measure(elders, rounds))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def measure(elders: int, rounds: int) -> dict[str, Any]:
    """Fill, and make every kind of search so many times."""
    before = machine()
    async with database() as urls:
        begun = stopwatch()
        size = await _filled(urls["owner"].replace("yl_owner", "postgres"), elders)
        filled = stopwatch() - begun
        pool = Database(urls["gateway"], name="bench", size=1, fields=FIELDS)
        await pool.open()
        try:
            kinds = {kind: await _searched(pool, kind, elders, rounds) for kind in KINDS}
        finally:
            await pool.close()
    p95 = max(line["p95_ms"] for line in kinds.values())
    return {
        "elders": elders, "p95_ms": p95, "kept": p95 <= MOST_MS, "kinds": kinds, "filled_s": round(filled, 1),
        "bytes_per_elder": size // elders, "machine": before,
    }  # fmt: skip


def _people(elders: int) -> Iterator[Person]:
    draw = Random(1)
    for n in range(elders):
        division = f"{CITY}{n % COUNTIES + 21:02}{draw.randrange(100, 100 + STREETS)}{draw.randrange(1, 15):03}"
        road = "".join(draw.sample(ROADS, 2))
        address = f"{road}路{draw.randrange(1, 400)}号{draw.randrange(1, 30)}栋{draw.randrange(101, 999)}室"
        yield division, elder_name(draw.choice("fm"), draw), f"139{n:08}", address, f"137{n:08}"


async def _filled(url: str, elders: int) -> int:
    """As somebody whom no policy holds up: COPY can't be checked row by row."""
    owner = await asyncpg.connect(url)
    await speak(owner, FIELDS)
    indexes = await owner.fetch(INDEXES)
    for index in indexes:
        await owner.execute(f"DROP INDEX {index['name']}")
    piece: list[tuple[int, Person]] = []
    for n, person in enumerate(_people(elders)):
        piece.append((n, person))
        if len(piece) == PIECE or n == elders - 1:
            await _written(owner, piece)
            piece = []
    for index in indexes:
        await owner.execute(index["indexdef"])
    await owner.execute("VACUUM ANALYZE dispatch.home, dispatch.elder, dispatch.contact")
    size = int(await owner.fetchval(SIZE))
    await owner.close()
    return size


async def _written(owner: Connection, piece: list[tuple[int, Person]]) -> None:
    draw = Random(piece[0][0])
    homes = [(f"H{n}", division, address, 25.6, 115.8) for n, (division, _, _, address, _) in piece]
    elders = [(f"E{n}", f"H{n}", division, name, phone) for n, (division, name, phone, _, _) in piece]
    kin = [(f"E{n}", one[0], 1, adult_name("f", draw), "女儿", one[4]) for n, one in piece]
    for table, rows, columns in (("home", homes, HOMES), ("elder", elders, ELDERS), ("contact", kin, CONTACTS)):
        await owner.copy_records_to_table(table, schema_name="dispatch", records=rows, columns=columns)


KINDS: Mapping[str, Callable[[Person], str]] = {
    "name": lambda one: one[1],
    "given name": lambda one: one[1][-2:],
    "surname": lambda one: one[1][0],
    "phone": lambda one: one[2],
    "begin of phone": lambda one: one[2][:7],
    "end of phone": lambda one: one[2][-4:],
    "contact's phone": lambda one: one[4],
    "address": lambda one: one[3],
    "road": lambda one: one[3][:3],
}


async def _searched(pool: Database, kind: str, elders: int, rounds: int) -> dict[str, float]:
    draw, some = Random(3), list(_people(min(elders, 5000)))
    took: list[float] = []
    hits = 0
    for n in range(rounds):
        one = draw.choice(some)
        q, scope = KINDS[kind](one), Division(one[0][:6] if n % 2 else CITY)
        begun = stopwatch()
        async with pool.reading(scope) as connection:
            hits += bool(await lists.found(connection, "elders", q, pool.fields.wanted(q), "", 51))
        took.append(stopwatch() - begun)
    return {**summary(took), "p95_ms": _p95(took), "found": hits / rounds}


def _p95(took: list[float]) -> float:
    return round(percentile(took, 0.95) * 1000, 2)


def _readable(found: dict[str, Any]) -> str:
    lines = [
        f"{kind:<16} p50 {line['p50_ms']:>8} ms, p95 {line['p95_ms']:>8} ms, found {line['found']:.0%}"
        for kind, line in found["kinds"].items()
    ]
    return "\n".join([*lines, f"{found['elders']} elders, {found['bytes_per_elder']} bytes each with indexes"])
