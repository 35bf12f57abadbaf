"""`./yinling bench reports`: what a year of incidents costs to ask, to keep and to read from the log.

Rows of a year are made in the database, as the reader would have written them (that these are what the log tells is
shown by tests/integration/test_reports.py), and summed up by the product's own code. Then every level is asked in turn,
as the API does it under that level's own scope, encoding included: city by counties, county by streets, street by
communities, community; and the lists behind the figures. Ingest is measured on a log of whole lives that the reader
reads from its beginning.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import uvloop

from bench.figures import milliseconds, percentile
from bench.machine import machine
from bench.matching import database
from services.gateway.domain.people import Identity
from services.gateway.domain.response_times import Period, Question
from services.gateway.flow.wire import encode
from services.gateway.reports import answers, behind
from services.gateway.reports.behind import Pick
from services.gateway.reports.reader import Reader
from services.gateway.reports.settling import settle
from shared.runtime.clock import FakeClock, stopwatch
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Division

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
CITY, COUNTIES, STREETS, COMMUNITIES = "3607", 20, 15, 10
KINDS, PIECE = 4000, 100_000
ROUNDS, LIVES = 12, 2000
MOST_MS, MOST_LIST_MS, LEAST_EVENTS = 300.0, 500.0, 2000.0
WHOLE_CELL = "?options=-c%20yl.scope%3D/"
KIND = """
CREATE TEMP TABLE life AS
SELECT n AS kind, x, report.keys(x) AS keys FROM generate_series(1, $1) AS n
CROSS JOIN LATERAL (SELECT ARRAY[
    0.2 * exp(random() + n * 0), 0.5 * exp(random()), 4 * exp(2 * random()), exp(random()), 30 * exp(2 * random()),
    60 * exp(2 * random()), 300 * exp(1.5 * random()), 350 * exp(1.5 * random()), 2000 * exp(2 * random())
]::double precision[] AS x) AS s
"""
LATER = ", ".join(f"t.at + l.x[{n}] * interval '1 s'" for n in range(2, 10))
FILL = f"""
INSERT INTO report.incident
SELECT 'R-' || n, d.code, left(d.code, 6), t.at, report.local(t.at)::date, t.at - l.x[1] * interval '1 s', {LATER},
    (ARRAY['sos', 'sos', 'sos', 'fall', 'smoke', 'inactivity', 'vital', 'gas'])[1 + n % 8], 1 + n % 3,
    CASE WHEN n % 10 = 0 THEN 'relayed' ELSE 'own' END, 'B-' || n % 50000, 'R' || n % 20 || '-' || n % 250,
    'M' || n % 6, 'P' || n % 20 || '-' || n % 30, 'closed', 'genuine', l.keys
FROM generate_series($1::bigint, $2::bigint) AS n JOIN life l ON l.kind = 1 + n % {KINDS}
CROSS JOIN LATERAL (SELECT '{CITY}' || lpad((n % {COUNTIES})::text, 2, '0') ||
    lpad((100 + n / {COUNTIES} % {STREETS})::text, 3, '0') ||
    lpad((n / {COUNTIES * STREETS} % {COMMUNITIES})::text, 3, '0') AS code) AS d
CROSS JOIN LATERAL (SELECT $4::timestamptz + ($5::timestamptz - $4) * (n::double precision / $3::bigint) AS at) AS t
"""
DAYS = "INSERT INTO report.day (county, day) SELECT DISTINCT county, day FROM report.incident"
SIZES = """
SELECT (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c
        WHERE c.relnamespace = 'report'::regnamespace AND c.relkind = 'r')::bigint AS kept,
       (SELECT sum(pg_total_relation_size(i.inhrelid)) FROM pg_inherits i
        WHERE i.inhparent = 'log.event'::regclass)::bigint AS log
"""
TOLD = f"""
INSERT INTO log.event (era, id, stream, stream_id, stream_seq, tag, body, division, recorded_at, actor)
SELECT 1, gen_random_uuid(), 'incident', 'I-' || n, k, f.tag,
    f.body || jsonb_build_object('incident', 'I-' || n, 'responder', 'R-' || n % 250, 'offer', gen_random_uuid())
    || CASE WHEN k = 1 THEN jsonb_build_object('pressed_at', t.at, 'division', '{CITY}01' || lpad((100 + n % 15)::text,
        3, '0') || '001', 'policy', $4::jsonb) ELSE '{{}}' END,
    '{CITY}01', t.at + f.s * interval '1 s', 'dispatch'
FROM generate_series($1::integer, $2::integer) AS n
CROSS JOIN LATERAL (SELECT $3::timestamptz + n * interval '7 s' AS at) AS t
CROSS JOIN ROWS FROM (jsonb_to_recordset($5::jsonb) AS (tag text, s double precision, body jsonb))
    WITH ORDINALITY AS f(tag, s, body, k)
ORDER BY t.at + f.s * interval '1 s', n, k
"""
STREAMS = "INSERT INTO log.stream SELECT 'incident', 'I-' || n, 99 FROM generate_series($1::integer, $2::integer) AS n"


Fact = tuple[str, float, dict[str, Any]]
"""Tag, seconds after the press, body."""


def main(*, incidents: int, as_json: bool = False) -> int:
    """Measure and print; 1 when a limit is not kept."""
    found = uvloop.run(_measured(incidents))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def _measured(incidents: int) -> dict[str, Any]:
    before = machine()
    async with database() as urls:
        owner = await asyncpg.connect(urls["owner"])
        await owner.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        whole = Database(urls["gateway"] + WHOLE_CELL, name="bench-reader", size=1)
        scoped = Database(urls["gateway"], name="bench-reports", size=2)
        for pool in (whole, scoped):
            await pool.open()
        try:
            ingest = await _ingest(owner, whole)
            filled = await _filled(owner, whole, incidents)
            asked = await _asked(scoped)
        finally:
            for pool in (whole, scoped):
                await pool.close()
            await owner.close()
    kept = (
        asked["p95_ms"] <= MOST_MS and asked["list_p95_ms"] <= MOST_LIST_MS and ingest["events_per_s"] >= LEAST_EVENTS
    )
    return {"incidents": incidents, **asked, **ingest, **filled, "kept": kept, "machine": before}


async def _ingest(owner: Connection, whole: Database) -> dict[str, Any]:
    """Whole lives in the log, read from the beginning; how long the longest look took."""
    log_before = (await _sizes(owner))["log"]
    for first in range(1, LIVES + 1, 500):
        last = min(first + 499, LIVES)
        await owner.execute(STREAMS, first, last)
        await owner.execute(TOLD, first, last, NOW - timedelta(days=3), {"rules": "x" * 2500}, _life())
    log_bytes = (await _sizes(owner))["log"] - log_before
    reader = Reader(whole, FakeClock(NOW))
    looks, more, begun = [], True, stopwatch()
    while more:
        look = stopwatch()
        more = await reader.look() > 0
        looks.append(stopwatch() - look)
    took, events = stopwatch() - begun, LIVES * len(_life())
    return {
        "events": events, "events_per_s": round(events / took), "look_p95_ms": milliseconds(percentile(looks, 0.95)),
        "log_bytes_per_incident": round(log_bytes / LIVES),
    }  # fmt: skip


def _life() -> list[dict[str, Any]]:
    """A life as dispatch tells it: four people asked, one goes, three are withdrawn."""
    opened: dict[str, Any] = {
        "alarm": None, "device": None, "family": "person", "kind": "sos", "priority": 1, "drill": False,
        "canary": False, "cls": "own", "flags": [],
    }  # fmt: skip
    asked: list[Fact] = [("offer.sent", 1.0, {}), ("message.wanted", 1.0, {}), ("offer.rang", 1.6, {})] * 4
    rest: list[Fact] = [
        ("receipt.changed", 1.7, {"stage": "seen"}), ("job.offering", 1.0, {}), ("incident.claimed", 6.0, {}),
        ("incident.taken", 6.0, {}), ("offer.accepted", 20.0, {}), ("assignment.made", 20.0, {}),
        *[("offer.withdrawn", 20.0, {})] * 3, ("receipt.changed", 20.0, {"stage": "accepted"}),
        ("assignment.en_route", 60.0, {}), ("assignment.arrived", 400.0, {}), ("incident.on_scene", 400.0, {}),
        ("assignment.in_service", 430.0, {}), ("incident.with_elder", 430.0, {}), ("job.completed", 1800.0, {}),
        ("assignment.completed", 1800.0, {}), ("incident.resolved", 1800.0, {}), ("job.closed", 2400.0, {}),
        ("incident.closed", 2400.0, {"outcome": "genuine"}),
    ]  # fmt: skip
    return [{"tag": tag, "s": s, "body": body} for tag, s, body in [("incident.opened", 0.05, opened), *asked, *rest]]


async def _filled(owner: Connection, whole: Database, incidents: int) -> dict[str, Any]:
    """A year of rows, summed up."""
    begun = stopwatch()
    await owner.execute("TRUNCATE report.incident, report.day, report.month, report.cell")
    await owner.execute(KIND, KINDS)
    for first in range(1, incidents + 1, PIECE):
        last = min(first + PIECE - 1, incidents)
        await owner.execute(FILL, first, last, incidents, NOW - timedelta(days=365), NOW)
    await owner.execute(DAYS)
    await owner.execute("VACUUM ANALYZE report.incident")
    filled, begun = stopwatch() - begun, stopwatch()
    while await settle(whole, NOW):
        pass
    for table in ("cell", "day", "month"):
        await owner.execute(f"VACUUM ANALYZE report.{table}")
    return {
        "filled_s": round(filled, 1), "summed_up_s": round(stopwatch() - begun, 1),
        "bytes_per_incident": round((await _sizes(owner))["kept"] / incidents),
    }  # fmt: skip


async def _sizes(owner: Connection) -> dict[str, int]:
    row = await owner.fetchrow(SIZES)
    return {"kept": int(row["kept"]), "log": int(row["log"])} if row else {}


async def _asked(scoped: Database) -> dict[str, Any]:
    """Every level in turn, some rounds of it, the year never quite the same."""
    took: dict[str, list[float]] = {}
    lists: list[float] = []
    chance = Random(1)
    for number in range(ROUNDS + 2):
        for name, asked, pick in _questions(chance):
            who = _office(asked.division)
            begun = stopwatch()
            if pick is None:
                encode(await answers.response_times(scoped, who, asked))
            else:
                encode(await behind.incidents(scoped, who, asked, pick, None, 50))
            seconds = stopwatch() - begun
            if number >= 2:
                (took.setdefault(name, []) if pick is None else lists).append(seconds)
    roll_up = [seconds for name in ("city", "county", "street", "community") for seconds in took[name]]
    return {
        "p95_ms": milliseconds(percentile(roll_up, 0.95)), "p50_ms": milliseconds(percentile(roll_up, 0.5)),
        "list_p95_ms": milliseconds(percentile(lists, 0.95)),
        "by_p95_ms": {name: milliseconds(percentile(seconds, 0.95)) for name, seconds in took.items()},
    }  # fmt: skip


def _questions(chance: Random) -> Iterator[tuple[str, Question, Pick | None]]:
    year = Period(NOW - timedelta(days=365) + timedelta(hours=chance.randrange(24)), NOW)
    county = f"{CITY}{chance.randrange(COUNTIES):02}"
    street = f"{county}{100 + chance.randrange(STREETS)}"
    community = f"{street}{chance.randrange(COMMUNITIES):03}"
    yield "city", Question(CITY, year, "division"), None
    yield "county", Question(county, year, "division"), None
    yield "street", Question(street, year, "division"), None
    yield "community", Question(community, year), None
    for by in ("hour", "weekday", "month", "kind", "provider", "model", "cls"):
        yield f"city by {by}", Question(CITY, year, by), None
    yield "city, one kind", Question(CITY, year, "division", {"kind": "sos"}), None
    yield "county by responder", Question(county, year, "responder"), None
    yield "county by hour, one kind", Question(county, year, "hour", {"kind": "sos"}), None
    for place in (CITY, county, street, community):
        yield "list", Question(place, year), Pick()
        yield "list", Question(place, year, "kind"), Pick(("fall",), "arrived", 900)


def _office(division: str) -> Identity:
    return Identity("bench", "bench", "bench", "supervisor", None, Division(division), None, b"", NOW)


def _readable(found: dict[str, Any]) -> str:
    lines = [f"{name:>26}  p95 {ms} ms" for name, ms in found["by_p95_ms"].items()]
    whole = {name: value for name, value in found.items() if name not in ("by_p95_ms", "machine")}
    return "\n".join([*lines, *(f"{name:>26}  {value}" for name, value in whole.items()), str(found["machine"])])
