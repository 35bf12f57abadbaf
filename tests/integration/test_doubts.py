"""Visits that are looked at twice: on a database, at the door, and with frauds planted among honest days."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg

from bench.proofs.evidence import ORDER, PRICE, PROOF, WENT, measure
from services.gateway.flow.doubts import AFTER, weigh
from shared.contracts.doubts import DoubtfulVisit, DoubtfulVisits
from shared.runtime.database import Database
from shared.runtime.log import NewEvent
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.conftest import TestDatabase
from tests.integration.gateway_world import COUNTY, START, STREET, World, world

BEGUN = START - timedelta(hours=5)
JOB = "INSERT INTO dispatch.job VALUES ($1, NULL, $2, 'closed', 1, 1, $3, $3, $3)"
ELDER = "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-H1', 'H1', $1, '赵大爷')"


@asynccontextmanager
async def visited(settings: Settings, orders: Sequence[str] = ("O-1",)) -> AsyncIterator[tuple[World, Database]]:
    """R1 has signed for visits of an hour from a kilometre away, after ten minutes each."""
    async with world(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        await owner.execute(ELDER, STREET)
        price = await owner.fetchval(PRICE, START)
        for n, order in enumerate(orders):
            came, job = BEGUN + timedelta(minutes=20 * n), uuid7(START)
            left = came + timedelta(minutes=10)
            await owner.execute(ORDER, order, STREET, "H1", 25.6, 115.79, 60, "R1", came, left, price)
            await owner.execute(JOB, job, STREET, left)
            await owner.execute(WENT, job, order, STREET, "R1", came, left)
            await owner.execute(
                PROOF, uuid7(START), order, STREET, "arrive", "position", False, "R1", 1000, 20, came
            )  # fmt: skip
        await owner.close()
        gateway = Database(settings.gateway_database + "?options=-c%20yl.scope%3D/", name="test", size=2)
        await gateway.open()
        yield it, gateway
        await gateway.close()


async def queue(it: World, token: str, **where: str) -> DoubtfulVisits:
    """The queue as somebody sees it."""
    answer = await it.get("/supervision/visits/doubtful", token, **where)
    assert answer.status_code == 200, answer.text
    return DoubtfulVisits.model_validate(answer.json())


async def test_a_doubtful_visit_waits_for_a_person_and_nothing_follows_by_itself(settings: Settings) -> None:
    """Weighed once, told to the log, decided once with a reason; the order stays as it was; closed to neighbours."""
    async with visited(settings) as (it, gateway):
        done = await it.city.database.pool.fetchval("SELECT to_jsonb(o) FROM dispatch.service_order o")
        assert await weigh(gateway, BEGUN + timedelta(minutes=10) + AFTER - timedelta(seconds=1)) == 0
        assert [await weigh(gateway, START) for _ in range(2)] == [1, 0]
        desk, city, elsewhere = [await it.log_in(name) for name in ("desk", "city", "elsewhere")]
        found = await queue(it, desk)
        [one] = found.items
        assert (found.looked_at, found.waiting, one.order, one.score) == (1, 1, "O-1", 100)
        assert {doubt.code: doubt.params for doubt in one.reasons} == {
            "short_stay": {"minutes": 10, "agreed": 60}, "far": {"metres": 980}, "no_proof": {},
        }  # fmt: skip
        assert (one.name_masked, [who.name_masked for who in one.people]) == ("赵*爷", ["王*士"])
        assert "1室" not in one.place
        [told] = await it.city.logged("visit.doubted")
        assert told == {"order": "O-1", "score": 100, "signs": ["short_stay", "far", "no_proof"]}
        path = "/supervision/visits/O-1/decision"
        for token, given, status, code in (
            (desk, {"sound": False, "why": "核实"}, 403, "forbidden"),
            (city, {"sound": False, "why": "  "}, 422, "invalid_field"),
            (city, {"why": "核实"}, 422, "missing_field"),
        ):
            refused = await it.post(path, token, given)
            assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert (await it.post("/supervision/visits/O-2/decision", city, {"sound": True, "why": "x"})).status_code == 404
        for why, status in (("电话核实，确实没去", 200), ("电话核实，确实没去", 200), ("改判", 409)):
            answer = await it.post(path, city, {"sound": status == 409, "why": why})
            assert answer.status_code == status, answer.text
        assert await it.city.logged("visit.decided") == [{"order": "O-1", "sound": False}]
        assert (await queue(it, desk)).items == ()
        decided = await queue(it, desk, state="decided")
        assert isinstance(decided.items[0], DoubtfulVisit)
        assert (decided.items[0].sound, decided.items[0].decided_by, decided.unsound) == (False, "city", 1)
        assert await weigh(gateway, START + timedelta(minutes=5)) == 0
        assert await it.city.database.pool.fetchval("SELECT to_jsonb(o) FROM dispatch.service_order o") == done
        assert (await queue(it, elsewhere)).items == ()
        assert (await it.get("/supervision/visits/doubtful", elsewhere, division=COUNTY)).status_code == 404
        assert (await it.get("/supervision/visits/doubtful", await it.log_in("wang"))).status_code == 403


async def test_pages_go_on_where_they_ended_and_a_step_told_late_is_seen(settings: Settings) -> None:
    """Three visits, two a page; what was pressed without a network counts by when it was pressed."""
    async with visited(settings, ("O-1", "O-2", "O-3")) as (it, gateway):
        said = (BEGUN - timedelta(minutes=50)).isoformat()
        body = {"incident": "I-O-1", "said_at": said}
        await it.city.write(
            NewEvent(uuid7(START), "incident", "I-O-1", "assignment.arrived", body, STREET, "service:dispatch")
        )
        assert await weigh(gateway, START) == 3
        desk = await it.log_in("desk")
        page = await queue(it, desk, limit="2")
        rest = await queue(it, desk, limit="2", cursor=page.next or "")
        assert [one.order for one in (*page.items, *rest.items)] == ["O-3", "O-2", "O-1"]
        assert rest.next is None
        assert [doubt.code for doubt in rest.items[0].reasons] == ["far", "no_proof", "told_late"]


async def test_planted_frauds_are_found_and_honest_people_are_left_alone(database: TestDatabase) -> None:
    """The proof in small: 95 of 100 frauds found, at most one honest visit of 100 doubted, each kind among them."""
    urls = {role: database.url(role) for role in ("owner", "gateway")}
    found = await measure(urls, 500, 2)
    assert found["looked_at"] == found["visits"] == 500
    assert found["found_share"] >= 0.95, found
    assert found["false_share"] <= 0.01, found
    assert all(planted > 0 for _, planted in found["by_kind"].values())
