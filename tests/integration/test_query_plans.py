"""Hot statements find their rows by an index, however much has happened before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.dispatch.domain.matching import Candidate
from services.dispatch.registry import crew, responders, rosters, situations, willing
from services.dispatch.registry.rosters import Query
from services.dispatch.store import cases, orders
from services.gateway.store import access, heard, incidents, views
from shared.runtime.database import Connection, Database
from shared.vocabulary.geo import Position
from tests.conftest import TestDatabase

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)
PEOPLE, PAST = 20_000, 20_000
BIG = ("responder", "incident", "job", "offer", "assignment", "deadline", "service_order", "order_wait",
       "elder", "home", "note", "account", "call_attempt")  # fmt: skip
"""Tables that grow with the county and with time: none may be read from end to end."""
FILL = (
    f"""INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty, reachable)
    SELECT 'R' || n, '360733' || lpad((100 + n % 20)::text, 3, '0'), 'caregiver', '甲', '1',
        25.4 + (n % 141) * 0.003, 115.6 + (n / 141) * 0.003, true, true FROM generate_series(1, {PEOPLE}) AS n""",
    f"""INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill,
        class, flags, presses, policy, rung, rung_at, opened_at, pressed_at, receipt_stage)
    SELECT 'P-' || n, '360733100', CASE WHEN n % 100 = 0 THEN 'open' ELSE 'closed' END, 1, 1, 'elder:' || n, 'person',
        'sos', 1, false, 'own', '{{}}', 1, '{{}}', 0, $1, $1::timestamptz - n * interval '1 hour', $1, 5
    FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.job SELECT md5('j' || n)::uuid, 'P-' || n, '360733100',
        CASE WHEN n % 100 = 0 THEN 'offering' ELSE 'closed' END, 1, 1, $1, $1, $1
    FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.offer (id, job_id, incident_id, division, responder_id, responder_name, responder_kind,
        state, wave, dist_m, eta_s, score, sent_at, respond_by)
    SELECT md5('o' || n || '-' || k)::uuid, md5('j' || n)::uuid, 'P-' || n, '360733100',
        'R' || (n * 7 + k) % {PEOPLE}, '甲', 'caregiver', CASE WHEN n % 100 = 0 THEN 'sent' ELSE 'declined' END, 1, 1,
        1, '{{}}', $1, $1 FROM generate_series(1, {PAST}) AS n CROSS JOIN generate_series(1, 3) AS k""",
    f"""INSERT INTO dispatch.assignment (id, job_id, incident_id, division, offer_id, responder_id, responder_name,
        responder_kind, role, slot, state, eta_s, accepted_at)
    SELECT md5('a' || n)::uuid, md5('j' || n)::uuid, 'P-' || n, '360733100', md5('o' || n || '-1')::uuid,
        'R' || n % {PEOPLE}, '甲', 'caregiver', 'first', 0, CASE WHEN n % 100 = 0 THEN 'accepted' ELSE 'completed' END,
        1, $1::timestamptz - n * interval '1 hour' FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.deadline SELECT 'P-' || n, 'wave', '', $1::timestamptz + n * interval '1 second'
    FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.home (id, division, address, lat, lon)
    SELECT 'H-' || n, '360733100', '红旗路', 25.6, 115.79 FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.elder (id, home_id, division, name)
    SELECT 'E-' || n, 'H-' || n % {PAST} + 1, '360733100', '李' FROM generate_series(1, 2 * {PAST}) AS n""",
    f"""INSERT INTO dispatch.service_order (id, division, state, ver, elder_id, home_id, service, window_from,
        window_to, minutes, hands, skills, evidence_arrive, evidence_leave, welfare, created_at, people, attempt,
        incident_id, proofs_arrive, proofs_leave, callback_tries)
    SELECT 'O-' || n, '360733100', CASE WHEN n % 100 = 0 THEN 'draft' ELSE 'cancelled' END, 1, 'E-' || n % 2000 + 1,
        'H-1', 'meal', $1::timestamptz - n * interval '1 hour', $1, 10, 1, '{{}}', '{{}}', '{{}}', false, $1, '{{}}', 0,
        'O-' || n || '-1', '{{}}', '{{}}', 0 FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.note SELECT md5('n' || n)::uuid, 'P-' || n, '360733100', '电话通了', 'a', 'a', $1
    FROM generate_series(1, {PAST}) AS n""",
    f"""INSERT INTO dispatch.call_attempt (id, incident_id, division, callee, result, by_account, by_name, at)
    SELECT md5('c' || n)::uuid, 'P-' || n, '360733100', 'R1', 'answered', 'a', 'a', $1
    FROM generate_series(1, {PAST}) AS n""",
    """INSERT INTO gateway.account (id, username, password_hash, name, role, division)
    SELECT 'A-' || n, 'a' || n, '', '甲', 'desk', '360733' FROM generate_series(1, 5000) AS n""",
    """INSERT INTO dispatch.order_wait SELECT 'O-' || n * 100, 'plan', '360733', $1::timestamptz + n * interval '1 s'
    FROM generate_series(1, 200) AS n""",
)  # fmt: skip


@dataclass
class Filled:
    """A county with a past, and the service's own pool with its own settings."""

    database: Database
    gateway: Database

    async def plan(self, sql: str, *arguments: object, doors: bool = False) -> dict[str, Any]:
        """How the server runs it for the service: one plan for all arguments."""
        nothing = ", ".join(["NULL"] * len(arguments))
        async with (self.gateway if doors else self.database).pool.acquire() as connection:
            assert await connection.fetchval("SHOW plan_cache_mode") == "force_generic_plan"
            await connection.execute(f"PREPARE hot AS {sql}")
            rows: Any = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE hot({nothing})")
            await connection.execute("DEALLOCATE hot")
        found: dict[str, Any] = rows[0]["Plan"]
        return found


@pytest.fixture
async def filled(database: TestDatabase) -> AsyncIterator[Filled]:
    """Twenty thousand people and as many incidents."""
    owner, own, doors = (Database(database.url(role), name="test", size=2) for role in ("owner", "dispatch", "gateway"))
    for pool in (owner, own, doors):
        await pool.open()
    for statement in FILL:
        await owner.pool.execute(statement, *([NOW] if "$1" in statement else []))
    async with own.pool.acquire() as connection:
        while await responders.put_into_cells(connection):
            pass
    await owner.pool.execute("ANALYZE")
    yield Filled(own, doors)
    for pool in (owner, own, doors):
        await pool.close()


def read_whole(plan: dict[str, Any]) -> set[str]:
    """Tables that the plan reads from end to end."""
    own = {plan["Relation Name"]} if plan["Node Type"] == "Seq Scan" else set()
    return own.union(*(read_whole(part) for part in plan.get("Plans", [])))


async def test_no_hot_statement_reads_a_table_from_end_to_end(filled: Filled) -> None:
    """Looking for people ring by ring, by nearness, by division; loading a case; its waits; who is taken off."""
    near = Query("360733100", 1, HOME, elder="E-1", out=("R1", "R2"))
    bare = Query("360733100001", 1)
    sql = {
        **{f"ring {n}": (step[0], step[1], *rosters._arguments(near, NOW), step[2], 60)
           for n, step in enumerate(rosters._steps(near)) if n < 5},
        "community": (rosters.ON_THE_SPOT[0], "360733100001", *rosters._arguments(bare, NOW), None, 60),
        "canary": (rosters.A_CANARY, "360733", *rosters._arguments(bare, NOW), None, 60),
        "case": (cases.LOAD, ["P-100"]),
        "around": (situations.OF_INCIDENTS, ["P-100"]),
        "waiting": ("SELECT incident_id, due_at FROM dispatch.deadline ORDER BY due_at LIMIT $1", 50),
        "of offer": (cases.TARGETS[True, False], "00000000-0000-0000-0000-000000000000"),
        "of job": (cases.TARGETS[False, True], "00000000-0000-0000-0000-000000000000"),
        "taken off": (crew.BUSY_WITH, "R1", None),
        "on duty": (responders.DUTY, "R1", True, None, None, NOW, NOW, None),
        "surroundings": (
            cases.SURROUNDINGS, ["elder:1"], ["H-1"], ["person"], [False], NOW - timedelta(minutes=30),
            ["person/elder:1"],
        ),
        "visited": (orders.UNDER_WAY, ["E-1"], ["H-1"]),
        "orders waiting": (orders.WAITING, 50),
        "orders to plan": (orders.BATCH, "360733", NOW, 60),
        "order": (orders.LOAD, ["O-100"]),
        "visitor": (orders.VISITOR, "P-100", None),
        "been there": (orders.BEEN_THERE, "P-100"),
        "staff": (orders.STAFF, "P-100"),
        "answers": (willing.ANSWERS, "360733"),
    }  # fmt: skip
    for name, (statement, *arguments) in sql.items():
        plan = await filled.plan(statement, *arguments)
        assert not read_whole(plan) & set(BIG), (name, plan)


async def test_no_look_at_one_person_reads_a_table_from_end_to_end(filled: Filled) -> None:
    """What the desk is shown of one incident, and whose it was, for the record of who looked."""
    sql: dict[str, tuple[Any, ...]] = {
        "whose": (access.ABOUT, ["incident"], ["P-1"], [None]),
        "row": (incidents.BY_ID, ["P-1"], []),
        "queue": (incidents.LISTED.format(where=incidents.IS_LIVE), 500),
        "going": (incidents.MINE, "R1"),
        "asked": (incidents.MY_OFFERS, "R1", NOW, NOW),
        "place": (views.PLACE, "P-1", ["36"]),
        "offers": (views.OFFERS, "00000000-0000-0000-0000-000000000000"),
        "calls": (views.CALLS, "P-1"),
        "timeline": (views.TIMELINE, "P-1"),
        "heard": (heard.UNANSWERED, [], 200),
    }  # fmt: skip
    for name, (statement, *arguments) in sql.items():
        plan = await filled.plan(statement, *arguments, doors=True)
        assert not read_whole(plan) & set(BIG), (name, plan)


async def found(connection: Connection, query: Query) -> tuple[Candidate, ...]:
    """Who is around."""
    return await rosters.around(connection, query, NOW)


async def test_of_twenty_thousand_the_nearest_are_found(filled: Filled) -> None:
    """The same as measuring the way to everybody."""
    async with filled.database.pool.acquire() as connection:
        people = await found(connection, Query("360733100", 1, HOME))
        nearest = await connection.fetch(
            "SELECT id FROM dispatch.responder r WHERE NOT EXISTS (SELECT FROM dispatch.assignment a"
            " WHERE a.responder_id = r.id AND a.state = 'accepted')"
            " ORDER BY power(lat - $1, 2) + power((lon - $2) * cos(radians($1)), 2), id LIMIT 30", HOME.lat, HOME.lon,
        )  # fmt: skip
    assert [c.id for c in people[:30]] == [row["id"] for row in nearest]
