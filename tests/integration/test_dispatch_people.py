"""Who is found for a case, in a real database: by nearness, by rows, by what was learned."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.dispatch.domain.roads import Way
from services.dispatch.registry import rosters
from services.dispatch.registry.rosters import Query
from shared.runtime.database import Database
from shared.vocabulary.geo import Position
from tests.conftest import RING, TestDatabase
from tests.integration.test_dispatch_flow import HOME, STREET, Desk

PLACE = Position(*HOME)
NEW = (
    "INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, on_duty, reachable, nights)"
    " VALUES ($1, $2, $3, '王', '1', $4, $5, $6, true, false)"
)


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """Dispatch with an empty county."""
    pools = [Database(database.url(role), name="test", size=20, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    yield Desk(*pools)
    for pool in pools:
        await pool.close()


async def person(
    desk: Desk, name: str, metres: float = 0, *, kind: str = "caregiver", on: bool = True, there: str = STREET
) -> None:
    """Somebody so many metres north of the home."""
    await desk.owner.pool.execute(NEW, name, there, kind, HOME[0] + metres / 111_195, HOME[1], on)


async def found(desk: Desk, **more: Any) -> dict[str, Any]:
    """Who is around, in order, by name."""
    query = Query(**{"division": STREET, "priority": 1, "place": PLACE, **more})
    async with desk.house.database.pool.acquire() as connection:
        return {c.id: c for c in await rosters.around(connection, query, desk.clock.now())}


async def asked(desk: Desk) -> list[str]:
    """Who has been asked."""
    return [name for _, name in await desk.offers()]


async def test_the_nearest_are_found_ring_by_ring_and_then_wherever_they_are(desk: Desk) -> None:
    """With cells and without, the same order; somebody far beyond the rings is found when there is nobody else."""
    for n in range(12):
        await person(desk, f"N{n:02}", 150 * n)
    await person(desk, "FAR", 60_000)
    before = list(await found(desk))
    await desk.house.cases.situations.settle()
    assert await desk.one("SELECT count(*) FROM dispatch.responder WHERE base_cell IS NULL") == 0
    assert list(await found(desk)) == before == [*(f"N{n:02}" for n in range(12)), "FAR"]


async def test_a_position_of_ten_minutes_ago_counts_as_the_station(desk: Desk) -> None:
    """She told us where she was, and then nothing more."""
    await person(desk, "R1", 5000)
    await desk.say("set_duty", "R1", "R1", on=True, lat=HOME[0], lon=HOME[1])
    await desk.house.cases.situations.settle()
    assert (await found(desk))["R1"].position == PLACE
    desk.clock.advance(601)
    assert (await found(desk))["R1"].position.lat == pytest.approx(HOME[0] + 5000 / 111_195)


async def test_without_a_place_the_people_of_the_community_are_asked_and_nobody_of_another_county(desk: Desk) -> None:
    """No position is no reason for silence."""
    await person(desk, "R1", there="360733100001")
    await person(desk, "R2", there="360733200")
    await person(desk, "OTHER", there="360734100")
    people = await found(desk, place=None, division="360733100001")
    assert set(people) == {"R1", "R2"}
    await desk.press(loc=None)
    assert set(await asked(desk)) == {"R1", "R2"}


async def test_who_is_excluded_or_blocked_is_not_asked_from_this_second_on(desk: Desk) -> None:
    """A row written between two askings holds for the second."""
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H', $1, '一号', $2, $3)", STREET, *HOME
    )
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-1', 'H', $1, '李')", STREET
    )
    for n in range(3):
        await person(desk, f"R{n}", 100 * n)
    await desk.owner.pool.execute(
        "INSERT INTO dispatch.relation (elder_id, responder_id, division, kind, by_account, at)"
        " VALUES ('E-1', 'R0', $1, 'excluded', 'desk1', $2)", STREET, desk.clock.now(),
    )  # fmt: skip
    await desk.owner.pool.execute("UPDATE dispatch.responder SET blocked_at = $1 WHERE id = 'R1'", desk.clock.now())
    await desk.press(elder="E-1")
    assert await asked(desk) == ["R2"]
    told = await desk.one("SELECT body->'passed_over' FROM log.event WHERE tag = 'job.asked'")
    assert {(p["responder"], p["why"]) for p in told} == {("R0", "excluded"), ("R1", "blocked")}


async def test_a_planned_shift_puts_her_on_duty_until_she_says_otherwise(desk: Desk) -> None:
    """Overlapping shifts do no harm; going off duty during one holds."""
    await person(desk, "R1", on=False)
    assert not (await found(desk))["R1"].on_duty
    now = desk.clock.now()
    for n, (begin, end) in enumerate(((-1, 4), (-2, 2))):
        await desk.owner.pool.execute(
            "INSERT INTO dispatch.shift (id, responder_id, division, from_at, until_at)"
            " VALUES (gen_random_uuid(), 'R1', $1, $2, $3)",
            STREET, now + timedelta(hours=begin), now + timedelta(hours=end),
        )  # fmt: skip
        assert (await found(desk))["R1"].on_duty, n
    await desk.say("set_duty", "R1", "R1", on=True)
    await desk.say("set_duty", "R1", "R1", on=False)
    assert not (await found(desk))["R1"].on_duty


async def test_somebody_with_a_lesser_job_not_yet_begun_may_be_asked_for_a_life(desk: Desk) -> None:
    """Under way to it she is not; and for an equal job neither."""
    await person(desk, "R1")
    await desk.press(kind="vital", subject="elder:E-8")
    offer = (await desk.offers())[0][0]
    await desk.say("accept_offer", str(offer), "R1")
    assert (await found(desk))["R1"].busy == 2
    job = str(await desk.one("SELECT id FROM dispatch.job"))
    await desk.say("depart", job, "R1")
    assert (await found(desk))["R1"].busy == 0
    await desk.press(subject="elder:E-9", seq=2)
    assert await asked(desk) == ["R1"]


async def test_an_expired_certificate_is_no_skill(desk: Desk) -> None:
    """Valid to the last day."""
    await person(desk, "R1")
    today = desk.clock.now().date()
    for skill, days in (("bath", 0), ("meal", -1), ("cpr", None)):
        until = None if days is None else today + timedelta(days=days)
        await desk.owner.pool.execute(
            "INSERT INTO dispatch.skill (responder_id, division, skill, valid_until) VALUES ('R1', $1, $2, $3)",
            STREET, skill, until,
        )  # fmt: skip
    assert (await found(desk))["R1"].skills == {"bath", "cpr"}


async def test_answers_and_arrivals_are_learned_but_not_from_a_drill(desk: Desk) -> None:
    """How often yes, how soon the answer, whether later than promised."""
    await person(desk, "R1")
    await desk.press()
    desk.clock.advance(100)
    await desk.say("accept_offer", str((await desk.offers())[0][0]), "R1")
    desk.clock.advance(5000)
    await desk.say("arrive", str(await desk.one("SELECT id FROM dispatch.job")), "R1")
    row = (await desk.rows("SELECT accepts, refusals, answer_s, slow FROM dispatch.responder"))[0]
    assert (row["accepts"], row["refusals"]) == (3, 3.5)
    assert (row["answer_s"], row["slow"]) == (pytest.approx(64.8), pytest.approx(1.08))
    await person(desk, "R2")
    await desk.press(subject="elder:E-2", seq=9, drill=True)
    drill = await desk.rows("SELECT id FROM dispatch.offer WHERE responder_id = 'R2'")
    await desk.say("decline_offer", str(drill[0]["id"]), "R2")
    assert await desk.one("SELECT refusals FROM dispatch.responder WHERE id = 'R2'") == 3.5


async def test_the_way_by_road_is_used_where_a_graph_is_loaded(desk: Desk) -> None:
    """A river between them: near by the straight line, far by the bridge."""
    await person(desk, "R1", 300)
    await person(desk, "R2", -400)
    ways = [
        Way(Position(HOME[0] - 400 / 111_195, HOME[1]), PLACE, 410),
        Way(PLACE, Position(HOME[0], HOME[1] + 0.02), 2100),
        Way(Position(HOME[0], HOME[1] + 0.02), Position(HOME[0] + 300 / 111_195, HOME[1]), 2200),
    ]
    await desk.owner.pool.executemany(
        "INSERT INTO dispatch.road VALUES ('360733', $7, $1, $2, $3, $4, $5, $6, false)",
        [(n, w.begin.lat, w.begin.lon, w.end.lat, w.end.lon, w.metres, desk.clock.now()) for n, w in enumerate(ways)],
    )
    await desk.owner.pool.execute("INSERT INTO dispatch.road_graph VALUES ('360733', 3, $1)", desk.clock.now())
    await desk.press()
    assert await asked(desk) == ["R1", "R2"]
    await desk.house.cases.situations.roads.refresh(desk.house.database)
    desk.clock.advance(1)
    await desk.press(subject="elder:E-2", seq=2)
    rows = await desk.rows("SELECT responder_id, dist_m FROM dispatch.offer ORDER BY sent_at, (score->>'total')::real")
    assert [(r["responder_id"], r["dist_m"]) for r in rows[2:]] == [("R2", 410), ("R1", 4300)]


async def test_the_nearest_station_is_asked_beside_the_others_for_life_and_limb(desk: Desk) -> None:
    """Whoever else is nearer."""
    await desk.people(12)
    await person(desk, "S1", 3000, kind="station")
    await person(desk, "S2", 4000, kind="station")
    await desk.press()
    assert (await asked(desk))[-1] == "S1"
    assert len(await asked(desk)) == 8


async def test_a_station_serves_its_catchment_and_nothing_else(desk: Desk) -> None:
    """Several communities, or a street with all of its own; without any, the whole county."""
    await person(desk, "S")
    for catchment, served in (
        ([f"{STREET}001", "360733101"], [True, False, True]),
        ([STREET], [True, True, False]),
        ([], [True, True, True]),
    ):
        await desk.owner.pool.execute("UPDATE dispatch.responder SET catchment = $1", catchment)
        there = [await found(desk, division=d) for d in (f"{STREET}001", f"{STREET}002", "360733101001")]
        assert [one["S"].serves for one in there] == served
