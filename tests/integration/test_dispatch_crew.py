"""The desk keeps the people who go: what it changes holds from that second on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.commands import Answer
from shared.runtime.database import Database
from tests.conftest import RING, TestDatabase
from tests.integration.test_dispatch_flow import HOME, STREET, Desk

CARD: dict[str, Any] = {
    "division": STREET, "kind": "caregiver", "name": "王小明", "phone": "13900000000", "lat": HOME[0], "lon": HOME[1],
    "provider_id": None, "mode": "ebike", "speed_mps": None, "nights": True, "sex": "f", "dialects": ["赣语"],
    "catchment": [], "area": None, "phone_only": False, "skills": [{"skill": "bath", "until": "2027-01-01"}],
}  # fmt: skip


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """Dispatch with an empty county and one elder."""
    pools = [Database(database.url(role), name="test", size=20, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    it = Desk(*pools)
    await it.owner.pool.execute(
        "INSERT INTO dispatch.home (id, division, address, lat, lon) VALUES ('H', $1, '一号', $2, $3)", STREET, *HOME
    )
    await it.owner.pool.execute(
        "INSERT INTO dispatch.elder (id, home_id, division, name) VALUES ('E-1', 'H', $1, '李')", STREET
    )
    yield it
    for pool in pools:
        await pool.close()


async def save(desk: Desk, name: str, **changes: Any) -> Answer:
    """Write a card, and go on duty."""
    done = await desk.say("save_responder", name, "desk1", **{**CARD, **changes})
    await desk.owner.pool.execute("UPDATE dispatch.responder SET on_duty = true, reachable = true WHERE id = $1", name)
    return done


async def live(desk: Desk) -> list[str]:
    """Who is asked at present."""
    sql = "SELECT responder_id FROM dispatch.offer WHERE state IN ('sent', 'shown', 'rang') ORDER BY responder_id"
    return [row["responder_id"] for row in await desk.rows(sql)]


async def test_a_card_is_written_and_a_wrong_one_refused_by_its_field(desk: Desk) -> None:
    """The speed is that of the mode; skills are replaced; the log has no name and no telephone."""
    assert (await save(desk, "R1")).status == 200
    row = (await desk.rows("SELECT * FROM dispatch.responder"))[0]
    assert (row["speed_mps"], row["name"], row["base_cell"] is not None) == (5.0, "王小明", True)
    await save(desk, "R1", skills=[{"skill": "meal", "until": None}])
    assert [r["skill"] for r in await desk.rows("SELECT skill FROM dispatch.skill")] == ["meal"]
    for field, value in (("division", "360734"), ("lat", 0.0), ("provider_id", "P-?")):
        changes = {field: value} | ({"lon": 0.0} if field == "lat" else {})
        answer = await desk.say("save_responder", "R2", "desk1", **{**CARD, **changes})
        assert (answer.status, answer.body["params"]["field"]) == (422, field)
    body = await desk.one("SELECT body::text FROM log.event WHERE tag = 'responder.saved' LIMIT 1")
    assert "王" not in body
    assert "139" not in body
    assert (await desk.say("save_responder", "R9", "R1", **CARD)).body["code"] == "forbidden"


async def test_who_is_blocked_is_taken_off_her_cases_and_somebody_else_is_asked(desk: Desk) -> None:
    """Of those who go as of those who were only asked."""
    for name in ("R1", "R2"):
        await save(desk, name)
    await desk.press()
    offer = next(o for o, r in await desk.offers() if r == "R1")
    await desk.say("accept_offer", str(offer), "R1")
    await save(desk, "R3")
    answer = await desk.say("block_responder", "R1", "desk1", reason="投诉")
    assert answer.status == 200
    assert await desk.one("SELECT state FROM dispatch.assignment") == "released"
    assert "R3" in await live(desk)
    assert await desk.one("SELECT state FROM dispatch.job") == "offering"
    await desk.say("block_responder", "R3", "desk1", reason="休息")
    assert "R3" not in await live(desk)
    await desk.say("unblock_responder", "R1", "desk1")
    assert await desk.one("SELECT blocked_at FROM dispatch.responder WHERE id = 'R1'") is None


async def test_a_responder_deleted_while_asked_leaves_no_job_without_a_wait(desk: Desk) -> None:
    """The desk is rung, and later people are looked for again."""
    await save(desk, "R1")
    await desk.press()
    assert await live(desk) == ["R1"]
    assert (await desk.say("retire_responder", "R1", "desk1")).status == 200
    assert await live(desk) == []
    assert await desk.one("SELECT state FROM dispatch.job") == "escalated"
    assert await desk.one("SELECT count(*) FROM dispatch.deadline") > 0
    assert (await desk.say("set_duty", "R1", "R1", on=True)).status == 404


async def test_a_family_excludes_somebody_from_her_alone(desk: Desk) -> None:
    """He is asked for others all the same."""
    for name in ("R1", "R2"):
        await save(desk, name)
    await desk.press(elder="E-1")
    assert await live(desk) == ["R1", "R2"]
    await desk.press(subject="elder:E-2", seq=2)
    await desk.say("relate", "R1", "desk1", elder="E-1", kind="excluded", why="家属要求")
    rows = await desk.rows(
        "SELECT responder_id, subject FROM dispatch.offer o JOIN dispatch.incident i ON i.id = o.incident_id"
        " WHERE o.state = 'sent' ORDER BY 1, 2"
    )
    assert [tuple(r) for r in rows] == [("R1", "elder:E-2"), ("R2", "elder:E-1"), ("R2", "elder:E-2")]
    assert (await desk.say("relate", "R1", "desk1", elder="E-?", kind="regular")).body["params"]["field"] == "elder"
    assert (await desk.say("unrelate", "R1", "desk1", elder="E-1")).status == 200


async def test_a_shift_is_planned_and_a_senseless_one_refused(desk: Desk) -> None:
    """It must end after it begins, and not last longer than a day."""
    await save(desk, "R1")
    now = desk.clock.now()
    for hours, code in ((-1, "in_the_past"), (30, "shift_too_long")):
        until = (now + timedelta(hours=hours)).isoformat()
        answer = await desk.say("plan_shift", "R1", "desk1", begins=now.isoformat(), until=until)
        assert (answer.status, answer.body["code"]) == (422, code)
    until = (now + timedelta(hours=8)).isoformat()
    answer = await desk.say("plan_shift", "R1", "desk1", begins=now.isoformat(), until=until)
    assert (await desk.say("cancel_shift", "R1", "desk1", shift=answer.body["shift"])).status == 200
    assert (await desk.say("cancel_shift", "R1", "desk1", shift=answer.body["shift"])).status == 404


async def test_an_organisation_accepts_and_names_who_goes(desk: Desk) -> None:
    """From then on the named person reports; the organisation may name another until she is under way."""
    place = {"division": STREET, "name": "康乐", "phone": None, "lat": HOME[0], "lon": HOME[1]}
    await desk.say("save_provider", "P-1", "desk1", **place)
    await save(desk, "ORG", kind="provider", provider_id="P-1")
    await desk.press()
    await desk.say("accept_offer", str((await desk.offers())[0][0]), "ORG")
    for name, provider in (("A", "P-1"), ("B", "P-1"), ("C", None)):
        await save(desk, name, provider_id=provider)
    job = str(await desk.one("SELECT id FROM dispatch.job"))
    assert (await desk.say("name_person", job, "ORG", responder="C")).body["code"] == "unknown_responder"
    assert (await desk.say("name_person", job, "B", responder="A")).status != 200
    assert (await desk.say("name_person", job, "ORG", responder="A")).status == 200
    assert (await desk.say("name_person", job, "ORG", responder="B")).status == 200
    row = (await desk.rows("SELECT responder_id, responder_name, named_by FROM dispatch.assignment"))[0]
    assert tuple(row) == ("B", "王小明", "ORG")
    assert (await desk.say("depart", job, "B")).status == 200
    assert (await desk.say("name_person", job, "ORG", responder="A")).body["code"] == "wrong_state"
    assert (await desk.say("retire_provider", "P-1", "desk1")).body["code"] == "has_members"
