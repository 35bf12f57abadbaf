"""`./yinling prove evidence`: which planted frauds are found, and who is accused wrongly.

Days of visits are played (simulators/frauds.py) and written as the services would have written them; then the gateway's
own work looks at them day by day, photos decoded and all. Kept when 95 of 100 frauds lie in the queue and at most one
honest visit of 100 does.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import uvloop

from bench.machine import machine
from bench.matching import database
from services.gateway.flow.doubts import PIECE, weigh
from services.gateway.flow.looks import seen
from shared.runtime.clock import stopwatch
from shared.runtime.database import Database
from simulators.frauds import FRAUDS, Days, Played

BEGIN = datetime(2026, 11, 2, 0, tzinfo=UTC)
FOUND, FALSE = 0.95, 0.01
COUNTY = "360733"
NAMES = UUID("8a3b6a1c-53f5-4c8e-9a53-2f0d5f0c7b11")
WHOLE_CELL = "?options=-c%20yl.scope%3D/"
PEOPLE = (
    """
    INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon)
    VALUES ($1, $2, 'caregiver', '甲', '1', 25.6, 115.8)
    """,
    """
    INSERT INTO gateway.account (id, username, password_hash, name, role, kind, division, responder_id)
    VALUES ($1::text, $1::text, '-', $1::text, 'responder', 'caregiver', $2, $1::text)
    """,
)
HOME = "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ($1, $2, '红旗路', $3, $4)"
ELDER = "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-' || $1::text, $1, $2, '李')"
PRICE = """
INSERT INTO dispatch.price (id, service, division, since, cents, subsidy_permille, absent_permille, by_account, at)
VALUES (gen_random_uuid(), 'visit', '', '2026-01-01', 0, 0, 0, 'x', $1) RETURNING id
"""
ORDER = """
INSERT INTO dispatch.service_order (id, division, state, ver, elder_id, home_id, lat, lon, service, window_from,
    window_to, minutes, hands, skills, evidence_arrive, evidence_leave, welfare, created_at, people, attempt,
    proofs_arrive, proofs_leave, verified, callback_tries, incident_id, arrived_at, fulfilled_at, price_id,
    price_cents, subsidy_cents, own_cents)
VALUES ($1, $2, 'fulfilled', 1, 'E-' || $3::text, $3, $4, $5, 'visit', $8, $9, $6, 1, '{}',
    '{position,home_code,button}', '{position,home_code,button}', false, $8, ARRAY[$7], 1, '{}', '{}', true, 0,
    'I-' || $1::text, $8, $9, $10, 0, 0, 0)
"""
JOB = "INSERT INTO dispatch.job VALUES ($1, NULL, $2, 'closed', 1, 1, $3, $3, $3)"
WENT = """
INSERT INTO dispatch.assignment (id, job_id, incident_id, division, offer_id, responder_id, responder_name,
    responder_kind, role, slot, state, eta_s, accepted_at, arrived_at, ended_at)
VALUES ($1, $1, 'I-' || $2::text, $3, $1, $4, $4::text, 'caregiver', 'first', 1, 'completed', 60, $5, $5, $6)
"""
PROOF = """
INSERT INTO dispatch.order_proof (id, order_id, division, phase, kind, holds, responder_id, dist_m, accuracy_m, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
PHOTO = """
INSERT INTO gateway.evidence (id, incident_id, job_id, division, kind, media, content, sha256, by_account, taken_at,
                              look, at)
VALUES ($1, 'I-' || $2::text, $1, $3, 'photo', 'image/jpeg', $4, $5, $6, $7, $8, $9)
"""
SESSION = """
INSERT INTO gateway.session (token_sha256, account_id, created_at, expires_at, used_at, browser_sha256)
VALUES ($1, $2, $3, $4, $4, $5) ON CONFLICT DO NOTHING
"""
LATE = """
INSERT INTO log.event (era, id, stream, stream_id, stream_seq, tag, body, division, recorded_at, actor)
VALUES (1, $1, 'incident', 'I-' || $2::text, $3, $4, jsonb_build_object('said_at', $5::timestamptz), $6, $7, 'dispatch')
"""
CHECKED = "SELECT order_id, score, reasons FROM gateway.visit_check"


def main(*, visits: int, seed: int, as_json: bool = False) -> int:
    """Play, look, and return the exit code: 1 when too few were found or too many accused."""
    found = uvloop.run(_alone(visits, seed))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["kept"] else 1


async def _alone(visits: int, seed: int) -> dict[str, Any]:
    before = machine()
    async with database() as urls:
        return {**await measure(urls, visits, seed), "machine": before}


async def measure(urls: Mapping[str, str], visits: int, seed: int) -> dict[str, Any]:
    """Play so many visits into a migrated database, look at them all, and count."""
    played = Days(seed, BEGIN).visits(visits)
    owner = await asyncpg.connect(urls["owner"])
    await _written(owner, played)
    gateway = Database(urls["gateway"] + WHOLE_CELL, name="proof", size=2)
    await gateway.open()
    begun, day = stopwatch(), BEGIN
    while day < played[-1].left_at + timedelta(days=1):
        day += timedelta(hours=12)
        while await weigh(gateway, day) == PIECE:
            pass
    took = stopwatch() - begun
    rows = {row["order_id"]: row for row in await owner.fetch(CHECKED)}
    await gateway.close()
    await owner.close()
    return {**_judged(played, rows), "visits": len(played), "seed": seed, "visits_per_s": round(len(played) / took)}


def _judged(played: Sequence[Played], rows: Mapping[str, Any]) -> dict[str, Any]:
    doubted = {one.id for one in played if one.id in rows and rows[one.id]["score"] >= 50}
    planted = [one for one in played if one.planted]
    caught = [one for one in planted if one.id in doubted]
    false = [one for one in played if not one.planted and one.id in doubted]
    signs = Counter(reason["code"] for one in false for reason in json.loads(rows[one.id]["reasons"]))
    found, wrong = len(caught) / max(1, len(planted)), len(false) / max(1, len(played) - len(planted))
    return {
        "planted": len(planted), "found": len(caught), "found_share": round(found, 4), "false": len(false),
        "false_share": round(wrong, 4), "looked_at": len(rows),
        "by_kind": {
            kind: [sum(one.planted == kind for one in caught), sum(one.planted == kind for one in planted)]
            for kind in FRAUDS
        },
        "false_signs": dict(signs), "kept": found >= FOUND and wrong <= FALSE and len(rows) == len(played),
    }  # fmt: skip


async def _written(owner: "asyncpg.Connection[asyncpg.Record]", played: Sequence[Played]) -> None:
    """Rows as dispatch and gateway would have them."""
    now = played[-1].left_at
    async with owner.transaction():
        for person in sorted({one.person for one in played}):
            for statement in PEOPLE:
                await owner.execute(statement, person, COUNTY)
        price = await owner.fetchval(PRICE, now)
        homes = {one.home.id: one.home for one in played}.values()
        await owner.executemany(HOME, [(it.id, it.division, it.lat, it.lon) for it in homes])
        await owner.executemany(ELDER, [(it.id, it.division) for it in homes])
        await owner.executemany(ORDER, [
            (it.id, it.home.division, it.home.id, it.home.lat, it.home.lon, it.minutes, it.person, it.arrived_at,
             it.left_at, price) for it in played
        ])  # fmt: skip
        await owner.executemany(JOB, [(_id(it), it.home.division, it.left_at) for it in played])
        await owner.executemany(WENT, [
            (_id(it), it.id, it.home.division, it.person, it.arrived_at, it.left_at) for it in played
        ])  # fmt: skip
        await owner.executemany(PROOF, [
            (_id(it, f"proof{n}"), it.id, it.home.division, one.phase, one.kind, one.holds, it.person, one.dist_m,
             one.accuracy_m, it.arrived_at if one.phase == "arrive" else it.left_at)
            for it in played for n, one in enumerate(it.proofs)
        ])  # fmt: skip
        await owner.executemany(PHOTO, [
            (_id(it), it.id, it.home.division, it.photo, hashlib.sha256(it.photo).digest(), it.person, it.taken_at,
             seen(it.photo), it.left_at) for it in played
        ])  # fmt: skip
        await owner.executemany(SESSION, [line for it in played for line in _sessions(it)])
        await owner.executemany(LATE, [line for it in played if it.told_late for line in _late(it)])


def _sessions(it: Played) -> list[tuple[Any, ...]]:
    """Her own telephone since the first day; another's from the moment she signs with it."""
    owner = it.phone.removeprefix("phone of ")
    since = BEGIN - timedelta(days=1) if owner == it.person else it.arrived_at
    token, phone = (hashlib.sha256(text.encode()).digest() for text in (f"{it.person} {it.phone} {since}", it.phone))
    until = BEGIN + timedelta(days=60) if owner == it.person else it.left_at
    return [(token, it.person, since, until, phone)]


def _late(it: Played) -> list[tuple[Any, ...]]:
    steps = (("assignment.arrived", it.arrived_at), ("assignment.completed", it.left_at))
    return [
        (_id(it, tag), it.id, n, tag, at, it.home.division, it.left_at) for n, (tag, at) in enumerate(steps, 1)
    ]  # fmt: skip


def _id(it: Played, what: str = "") -> UUID:
    return uuid5(NAMES, it.id + what)


def _readable(found: Mapping[str, Any]) -> str:
    return "\n".join(f"{name:>14}  {value}" for name, value in found.items())
