"""`./yinling bench supervision`: what supervisors of a large county wait for: indicators, and who would not be helped.

A county of elders with three devices each, two contacts, a month of calls and visits is laid out in a database of its
own. Then each figure is asked as the API does it, encoding included: with nothing known yet, again a moment later, and
for one of its streets.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import uvloop

from bench.figures import milliseconds, percentile
from bench.machine import machine
from bench.matching import database
from services.gateway.domain.people import Identity
from services.gateway.flow import indicators, overview, protection
from services.gateway.flow.overview import Shared
from services.gateway.flow.wire import encode
from shared.runtime.clock import FakeClock, stopwatch
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
COUNTY, STREETS, COMMUNITIES = "360733", 20, 15
ROUNDS = 5
MOST_FIRST_MS, MOST_AGAIN_MS = 3000.0, 1000.0
CODE = f"'{COUNTY}' || (100 + n % {STREETS})::text || lpad((n / {STREETS} % {COMMUNITIES})::text, 3, '0')"
LAID_OUT = (
    f"""
    INSERT INTO dispatch.division
    SELECT '{COUNTY}', '县', NULL UNION ALL
    SELECT '{COUNTY}' || (100 + s), '镇' || s, '{COUNTY}' FROM generate_series(0, {STREETS - 1}) AS s UNION ALL
    SELECT '{COUNTY}' || (100 + s) || lpad(c::text, 3, '0'), '村' || c, '{COUNTY}' || (100 + s)
    FROM generate_series(0, {STREETS - 1}) AS s, generate_series(0, {COMMUNITIES - 1}) AS c WHERE $1::integer > 0
        AND $2::timestamptz IS NOT NULL
    """,
    f"""
    INSERT INTO dispatch.home (id, division, address, lat, lon, key_place)
    SELECT 'H' || n, {CODE}, '红旗路', 25.3 + (n % 20) * 0.03 + (n * 7919 % 1000) / 50000.0,
        115.6 + (n % 17) * 0.03 + (n::bigint * 104729 % 1000) / 50000.0, CASE WHEN n % 3 = 0 THEN '门垫下' END
    FROM generate_series(1, $1::integer) AS n WHERE $2::timestamptz IS NOT NULL
    """,
    f"""
    INSERT INTO dispatch.elder (id, home_id, division, name, born, phone, lives_alone, assessment)
    SELECT 'E' || n, 'H' || n, {CODE}, '李', 1930 + n % 36, CASE WHEN n % 9 > 0 THEN '139' END, n % 4 = 0,
        CASE WHEN n % 5 = 0 THEN 2 END
    FROM generate_series(1, $1::integer) AS n WHERE $2::timestamptz IS NOT NULL
    """,
    f"""
    INSERT INTO dispatch.contact (elder_id, division, ord, name, relation, phone, has_key)
    SELECT 'E' || n, {CODE}, k, '李', '儿子', '138', n % 2 = 0
    FROM generate_series(1, $1::integer) AS n, generate_series(1, 2) AS k
    WHERE n % 11 > 0 AND $2::timestamptz IS NOT NULL
    """,
    f"""
    INSERT INTO devices.device (id, county, division, model, kind, elder_id, home_id, added_at)
    SELECT 'B' || n || '-' || k, '{COUNTY}', {CODE}, 'M' || n % 6, (ARRAY['button', 'wearable', 'sensor'])[k],
        CASE WHEN k = 2 THEN 'E' || n END, 'H' || n, $2::timestamptz - interval '1 year'
    FROM generate_series(1, $1::integer) AS n, generate_series(1, 3) AS k
    """,
    """
    INSERT INTO devices.health (device_id, seen_at, online)
    SELECT id, $2::timestamptz - interval '1 minute', abs(hashtext(id)) % 20 > 0 FROM devices.device
    WHERE $1::integer > 0
    """,
    """
    INSERT INTO devices.pressed (device_id, pressed_at)
    SELECT id, $2::timestamptz - abs(hashtext(id)) % 60 * interval '1 day' FROM devices.device WHERE $1::integer > 0
    """,
    """
    INSERT INTO devices.fault (id, device_id, kind, division, opened_at)
    SELECT gen_random_uuid(), id, 'low_batt', division, $2 FROM devices.device
    WHERE abs(hashtext(id)) % 50 = 0 AND $1::integer > 0
    """,
    f"""
    INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill, class,
        flags, presses, elder_id, device_id, policy, rung, rung_at, opened_at, pressed_at, receipt_stage, taken_at,
        arrived_at, with_elder_at, resolved_at, closed_at, outcome, evidence, evidence_by)
    SELECT 'I' || n, {CODE}, 'closed', 9, 9, 'elder:E' || n, 'person', 'sos', 1, false, 'own', '{{}}', 1, 'E' || n,
        'B' || n || '-1', '{{}}', 0, t.at, t.at, t.at, 5, t.at + n % 40 * interval '1 s',
        t.at + (200 + n % 1200) * interval '1 s', t.at + (230 + n % 1200) * interval '1 s', t.at + interval '1 hour',
        t.at + interval '1 hour', CASE WHEN n % 5 = 0 THEN 'false_press' ELSE 'genuine' END, 'seen', '甲'
    FROM generate_series(1, $1::integer) AS n
    CROSS JOIN LATERAL (SELECT $2::timestamptz - n * interval '22 days' / $1 AS at) AS t
    """,
    f"""
    INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, speed_mps, slow, on_duty, duty_since,
        reachable)
    SELECT 'R' || n, {CODE}, 'caregiver', '甲', '1', 25.3 + (n % 20) * 0.03, 115.6 + (n % 17) * 0.03,
        2 + n % 90 / 10.0, 1 + n % 10 / 20.0, true, $2::timestamptz - interval '2 hours', true
    FROM generate_series(1, greatest(20, $1::integer / 50)) AS n
    """,
    f"""
    INSERT INTO dispatch.post (division) SELECT '{COUNTY}' || (100 + n) FROM generate_series(0, {STREETS - 1}) AS n
    WHERE $1::integer > 0 AND $2::timestamptz IS NOT NULL
    """,
    f"""
    INSERT INTO dispatch.seat (account, division, name, since, confirmed_at)
    SELECT 'S' || n, '{COUNTY}' || (100 + n), 'S', $2, $2 FROM generate_series(0, {STREETS - 1}) AS n
    WHERE $1::integer > 0
    """,
)


def main(*, elders: int, as_json: bool = False) -> int:
    """Measure and print; 1 when somebody has to wait for too long."""
    found = uvloop.run(_measured(elders))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def _measured(elders: int) -> dict[str, Any]:
    before = machine()
    async with database() as urls:
        owner = await asyncpg.connect(urls["owner"])
        for statement in LAID_OUT:
            await owner.execute(statement, elders, NOW)
        await owner.execute("VACUUM ANALYZE")
        await owner.close()
        gateway = Database(urls["gateway"], name="bench-supervision", size=2)
        await gateway.open()
        try:
            asked = {name: await _asked(ask(gateway)) for name, ask in QUESTIONS.items()}
        finally:
            await gateway.close()
    first, again = (max(one[which] for one in asked.values()) for which in ("first_ms", "again_ms"))
    kept = first <= MOST_FIRST_MS and again <= MOST_AGAIN_MS
    return {"elders": elders, "first_ms": first, "again_ms": again, "kept": kept, "asked": asked, "machine": before}


Ask = Callable[[Shared, str], Awaitable[dict[str, Any]]]


def _pack(gateway: Database) -> Ask:
    month = (NOW - timedelta(days=22), NOW)
    return lambda shared, code: indicators.pack(gateway, shared, _office(code), Division(code), month, NOW)


def _protection(gateway: Database) -> Ask:
    return lambda shared, code: protection.protection(gateway, shared, _office(code), Division(code), "", "", 50, NOW)


def _one_screen(gateway: Database) -> Ask:
    return lambda shared, code: overview.overview(gateway, shared, _office(code), Division(code), NOW)


QUESTIONS: dict[str, Callable[[Database], Ask]] = {
    "indicators": _pack, "protection": _protection, "one screen": _one_screen,
}  # fmt: skip


async def _asked(ask: Ask) -> dict[str, float]:
    """Middle of some rounds: with nothing known, again a moment later, and one of the streets with nothing known."""
    took: dict[str, list[float]] = {"first_ms": [], "again_ms": [], "street_ms": []}
    for _ in range(ROUNDS):
        shared = Shared(FakeClock(NOW))
        for which, code in (("first_ms", COUNTY), ("again_ms", COUNTY), ("street_ms", f"{COUNTY}100")):
            begun = stopwatch()
            encode(await ask(shared, code))
            took[which].append(stopwatch() - begun)
    return {which: milliseconds(percentile(times, 0.5)) for which, times in took.items()}


def _office(division: str) -> Identity:
    return Identity("bench", "bench", "bench", "supervisor", None, Division(division), None, b"", NOW)


def _readable(found: dict[str, Any]) -> str:
    lines = [f"{name:>12}  {figures}" for name, figures in found["asked"].items()]
    return "\n".join([*lines, f"{'machine':>12}  {found['machine']}"])
