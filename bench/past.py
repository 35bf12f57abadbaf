"""`./yinling bench history`: how long a change of state takes with more and more incidents behind it.

The past is filled in by SQL: closed incidents over three years with their jobs, offers, assignments, alarms, facts in
the log and letters in an inbox. At each size the same visit is made again and again over HTTP, from the call to the
close, and every step of it is timed; in turn with a twin instance that keeps a thousand, so that both meet the same
machine. Flat means: the middle change at the largest size within a fifth of the twin's.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from bench.figures import milliseconds, percentile
from bench.hamlet import CLOCK, COUNTY, DESK, ELDER, HOME, VILLAGE, Hamlet, hamlet
from bench.instance import Instance, instance
from bench.machine import machine
from shared.runtime.clock import stopwatch

FEW, SIZES = 1_000, (10_000, 100_000, 1_000_000)
HOMES, CREW = 20, 12
PIECE = 10_000
WARM_UP = 5
FLAT = 1.2
STEPS = ("depart", "arrive", "start", "complete")

PAST = "SELECT count(*) FROM dispatch.incident WHERE id LIKE 'P-%'"
MONTHS = "SELECT log.make_partitions($1::timestamptz - interval '3 years', 36)"
SPAN = "CROSS JOIN LATERAL (SELECT $3::timestamptz - (n * 94 % 94608000) * interval '1 second' AS at) AS t"
WHO = f"CASE WHEN n % 1000 = 0 THEN '{ELDER}' ELSE 'E-past-' || n % 3000 END"
FILL = (
    f"""
    INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill, class,
        flags, presses, home_id, elder_id, device_id, policy, rung, rung_at, opened_at, pressed_at, taken_at,
        arrived_at, with_elder_at, resolved_at, closed_at, outcome, evidence, evidence_by, receipt_stage)
    SELECT 'P-' || n, '{VILLAGE}', 'closed', 20, 18, 'elder:' || {WHO}, 'person', 'sos', 1, false, 'own', '{{}}', 1,
        CASE WHEN n % 1000 = 0 THEN '{HOME}' ELSE 'H-past-' || n % 2000 END, {WHO}, 'B-past-' || n % 3000, '{{}}', 0,
        t.at, t.at, t.at, t.at, t.at, t.at, t.at, t.at, 'genuine', 'seen', '甲护理员', 5
    FROM generate_series($1::bigint, $2::bigint) AS n {SPAN}""",
    f"""
    INSERT INTO dispatch.job (id, incident_id, division, state, ver, wave, wave_at, state_at, created_at)
    SELECT md5('j' || n)::uuid, 'P-' || n, '{VILLAGE}', 'closed', 9, 1, t.at, t.at, t.at
    FROM generate_series($1::bigint, $2::bigint) AS n {SPAN}""",
    f"""
    INSERT INTO dispatch.offer (id, job_id, incident_id, division, responder_id, responder_name, responder_kind, state,
        wave, dist_m, eta_s, score, sent_at, respond_by, answered_at)
    SELECT md5('o' || n || '/' || k)::uuid, md5('j' || n)::uuid, 'P-' || n, '{VILLAGE}',
        'proof-' || lpad(((n + k) % {CREW})::text, 4, '0'), '甲', 'caregiver',
        CASE k WHEN 1 THEN 'accepted' WHEN 2 THEN 'declined' ELSE 'withdrawn' END, 1, 500, 400, '{{"total": 500}}',
        t.at, t.at, t.at
    FROM generate_series($1::bigint, $2::bigint) AS n CROSS JOIN generate_series(1, 4) AS k {SPAN}""",
    f"""
    INSERT INTO dispatch.assignment (id, job_id, incident_id, division, offer_id, responder_id, responder_name,
        responder_kind, role, slot, state, eta_s, accepted_at, departed_at, arrived_at, with_elder_at, ended_at)
    SELECT md5('a' || n)::uuid, md5('j' || n)::uuid, 'P-' || n, '{VILLAGE}', md5('o' || n || '/1')::uuid,
        'proof-' || lpad(((n + 1) % {CREW})::text, 4, '0'), '甲', 'caregiver', 'first', 0, 'completed', 400,
        t.at, t.at, t.at, t.at, t.at
    FROM generate_series($1::bigint, $2::bigint) AS n {SPAN}""",
    f"""
    INSERT INTO dispatch.alarm (id, incident_id, division, device_id, eid, kind, at)
    SELECT md5('p' || n)::uuid, 'P-' || n, '{VILLAGE}', 'B-past-' || n % 3000, 'past:' || n, 'sos', t.at
    FROM generate_series($1::bigint, $2::bigint) AS n {SPAN}""",
    f"""
    INSERT INTO log.event (era, id, stream, stream_id, stream_seq, tag, body, division, recorded_at, actor)
    SELECT 0, md5('e' || n || '/' || k)::uuid, 'incident', 'P-' || n, k, 'past.fact', '{{"incident": "past"}}',
        '{VILLAGE}', t.at, 'past'
    FROM generate_series($1::bigint, $2::bigint) AS n CROSS JOIN generate_series(1, 8) AS k {SPAN}""",
    """
    INSERT INTO log.stream SELECT 'incident', 'P-' || n, 8 FROM generate_series($1::bigint, $2::bigint) AS n
    WHERE $3::timestamptz IS NOT NULL""",
    f"""
    INSERT INTO gateway.inbox_event (inbox, seq, id, type, at, d, division)
    SELECT 'u:{DESK}', -n, md5('i' || n)::uuid, 'past', t.at, '{{}}', '{VILLAGE}'
    FROM generate_series($1::bigint, $2::bigint) AS n {SPAN}""",
)  # fmt: skip
"""Facts of an era before the first: no follower will ever take them. Letters lie below every screen's position."""
KNOWN = (
    "dispatch.incident", "dispatch.job", "dispatch.offer", "dispatch.assignment", "dispatch.alarm", "log.event",
    "log.stream", "gateway.inbox_event",
)  # fmt: skip
FORGET = f"""
UPDATE dispatch.assignment SET accepted_at = accepted_at - interval '3 days', ended_at = ended_at - interval '3 days'
WHERE division LIKE '{COUNTY}%' AND ended_at > $1
"""

Took = dict[str, list[float]]


def main(*, upto: int = 100_000, visits: int = 30, data: Path | None = None, as_json: bool = False) -> int:
    """Measure, print, and return the exit code: 1 if the changes became slower by more than a fifth."""
    result = uvloop.run(measure(upto, visits, data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 0 if result["flat"] else 1


async def measure(upto: int, visits: int, data: Path | None) -> dict[str, Any]:
    """Fill, vacuum and measure, size by size."""
    before, sizes = machine(), [*(size for size in SIZES if size < upto), upto]
    found = []
    async with (
        instance(None, HOMES) as small, instance(data, HOMES) as large, hamlet(small, CREW) as few,
        hamlet(large, CREW) as many,
    ):  # fmt: skip
        await _fill(small, few, FEW)
        for size in sizes:
            filled_s = await _fill(large, many, size)
            found.append({"past": size, "filled_s": filled_s, **await _compared(few, many, visits)})
    return {"sizes": found, "flat": found[-1]["growth"] <= FLAT, "visits": visits, "machine": before}


async def _compared(few: Hamlet, many: Hamlet, visits: int) -> dict[str, Any]:
    """A visit here and a visit there in turn."""
    took: dict[str, Took] = {"few": {}, "many": {}}
    for number in range(WARM_UP + visits):
        kept = took if number >= WARM_UP else {"few": {}, "many": {}}
        await _visit(few, kept["few"])
        await _visit(many, kept["many"])
    here, there = _figures(took["few"]), _figures(took["many"])
    return {**there, "twin_p50_ms": here["change_p50_ms"], "twin_p99_ms": here["change_p99_ms"],
            "growth": round(there["change_p50_ms"] / here["change_p50_ms"], 3)}  # fmt: skip


async def _fill(it: Instance, place: Hamlet, size: int) -> float:
    """Have so many past incidents; seconds it took. The tables are left as a quiet night leaves them."""
    begun = stopwatch()
    await place.owner.execute(MONTHS, CLOCK.now())
    there = int(await place.owner.fetchval(PAST))
    for first in range(there + 1, size + 1, PIECE):
        for statement in FILL:
            await place.owner.execute(statement, first, min(first + PIECE - 1, size), CLOCK.now())
    for table in KNOWN:
        await place.owner.execute(f"VACUUM ANALYZE {table}")
    admin = await asyncpg.connect(it.admin_url)
    await admin.execute("CHECKPOINT")
    await admin.close()
    return round(stopwatch() - begun, 1)


async def _visit(place: Hamlet, took: Took) -> None:
    """Once from the call to the close; seconds of every step are added to `took`."""
    begun = stopwatch()
    incident, offers = await place.incident()
    took.setdefault("open", []).append(stopwatch() - begun)
    offer, job, who = offers[0]
    for step, path in (("accept", f"/offers/{offer}"), *((step, f"/jobs/{job}") for step in STEPS)):
        begun = stopwatch()
        reply = await place.crew[who].act(f"{path}/{step}")
        took.setdefault(step, []).append(stopwatch() - begun)
        if not reply.ok:
            raise RuntimeError(f"{step}: {reply.status} {reply.body}")
    begun = stopwatch()
    await place.over(incident)
    took.setdefault("close", []).append(stopwatch() - begun)
    await place.owner.execute(FORGET, CLOCK.now())


def _figures(took: Took) -> dict[str, Any]:
    changes: Sequence[float] = [seconds for step in ("accept", *STEPS) for seconds in took[step]]
    return {
        "change_p50_ms": milliseconds(percentile(changes, 0.5)),
        "change_p99_ms": milliseconds(percentile(changes, 0.99)),
        **{f"{step}_p50_ms": milliseconds(percentile(seconds, 0.5)) for step, seconds in took.items()},
    }


def _readable(result: dict[str, Any]) -> str:
    lines = [
        f"{size['past']:>10}  p50 {size['change_p50_ms']} ms  p99 {size['change_p99_ms']} ms  "
        f"twin {size['twin_p50_ms']} ms  growth {size['growth']}" for size in result["sizes"]
    ]  # fmt: skip
    return "\n".join([*lines, f"{'machine':>10}  {result['machine']}"])
