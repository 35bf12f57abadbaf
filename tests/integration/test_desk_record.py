"""What a desk has at hand while it telephones: the record, guided questions, and somebody found by a few words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from services.dispatch.flow import waits
from shared.contracts.desk import IncidentRecord
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.conftest import RING, TestDatabase
from tests.integration.gateway_world import COUNTY, OTHER_COUNTY, STREET, World, world
from tests.integration.test_dispatch_flow import Desk

DEVICE = """
INSERT INTO devices.device (id, kind, county, division, model, class, home_id, elder_id, added_at)
VALUES ('B-1', 'button', $1, $2, 'YL-B1', 'own', 'H1', 'E1', $3)
"""
HEALTH = "INSERT INTO devices.health (device_id, online, seen_at, batt) VALUES ('B-1', true, $1, 0.15)"
BEFORE = """
INSERT INTO dispatch.incident (id, division, state, ver, decided_ver, subject, family, kind, priority, drill, class,
    flags, presses, elder_id, policy, rung, rung_at, opened_at, pressed_at, receipt_stage, outcome)
SELECT 'P-' || n, $1, 'closed', 1, 1, 'I-1', 'person', 'sos', 1, false, 'own', '{}', 1, 'E1', '{}', 0, at, at, at, 5,
    'false_press' FROM generate_series(1, 7) AS n, LATERAL (SELECT $2::timestamptz - n * interval '1 day' AS at) t
"""
CALLED = """
INSERT INTO dispatch.call_attempt (id, incident_id, division, callee, result, by_account, by_name, at)
VALUES (gen_random_uuid(), $1, $2, 'E1/1', $3, 'desk', 'desk', $4)
"""
ANSWER = """
INSERT INTO dispatch.answer (id, incident_id, division, question, answer, by_account, by_name, at)
VALUES (gen_random_uuid(), 'I-1', $1, 'conscious', $2, 'desk', '席位', $3)
"""


@pytest.fixture
async def desk(database: TestDatabase) -> AsyncIterator[Desk]:
    """Dispatch with an empty county."""
    pools = [Database(database.url(role), name="test", size=5, fields=RING) for role in ("dispatch", "owner")]
    for pool in pools:
        await pool.open()
    yield Desk(*pools)
    for pool in pools:
        await pool.close()


async def test_an_answer_is_a_row_and_the_log_knows_only_that_it_was_given(desk: Desk) -> None:
    """It may say how ill she is; a later answer stands beside the earlier one; what has ended asks nothing."""
    await desk.people(2)
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    for word in ("unsure", "no"):
        said = await desk.say("answer_question", incident, "desk1", question="conscious", answer=word)
        assert said.status == 200
        desk.clock.advance(1)
    rows = await desk.rows("SELECT question, answer, by_account FROM dispatch.answer ORDER BY at, id")
    assert [tuple(row) for row in rows] == [("conscious", "unsure", "desk1"), ("conscious", "no", "desk1")]
    told = await desk.rows("SELECT body FROM log.event WHERE tag = 'incident.questioned'")
    assert [set(row["body"]) for row in told] == [{"incident", "answer"}] * 2
    assert "conscious" not in str(told)
    closing = {"outcome": "genuine", "evidence": "heard", "evidence_by": "席位", "note": ""}
    assert (await desk.say("close", incident, "desk1", **closing)).status == 200
    late = await desk.say("answer_question", incident, "desk1", question="conscious", answer="yes")
    assert (late.status, late.body["code"]) == (409, "wrong_state")


async def test_candidates_tell_what_they_can_and_what_they_have_in_hand(desk: Desk) -> None:
    """Skills, work of the last day, unanswered offers, and since when the position is known."""
    await desk.people(2)
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    answer = await desk.say("list_candidates", incident, "desk1")
    line: dict[str, Any] = answer.body["items"][0]
    assert {"skills", "jobs_24h", "pending", "busy", "seen_at"} <= set(line)
    assert line["jobs_24h"] == 0


async def test_a_seat_that_falls_silent_lets_go(desk: Desk) -> None:
    """After a minute it waits again and another may take it; a seat that goes on saying so keeps it."""
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    assert (await desk.say("claim", incident, "desk1")).status == 200
    assert (await desk.say("hold", "desk2", "desk2", incidents=[incident])).body == {"incidents": []}
    for _ in range(3):
        held = await desk.say("hold", "desk1", "desk1", incidents=[incident, "I-0"])
        assert held.body == {"incidents": [incident]}
        desk.clock.advance(50)
        await waits.overdue(desk.house, ("hold", incident))
        assert await desk.one("SELECT taken_by FROM dispatch.incident") == "desk1"
    desk.clock.advance(11)
    await waits.overdue(desk.house, ("hold", incident))
    row = (await desk.rows("SELECT state, taken_by, taken_at FROM dispatch.incident"))[0]
    assert tuple(row) == ("open", None, None)
    assert await desk.one("SELECT count(*) FROM dispatch.house_wait WHERE kind = 'hold'") == 0
    assert (await desk.say("claim", incident, "desk2")).status == 200
    assert await desk.one("SELECT taken_by FROM dispatch.incident") == "desk2"


async def test_where_somebody_goes_it_stays_taken_though_its_seat_is_silent(desk: Desk) -> None:
    """Another seat may hold it; nobody is asked anew."""
    await desk.people(3)
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    await desk.say("claim", incident, "desk1")
    offer, who = (await desk.rows("SELECT id, responder_id FROM dispatch.offer LIMIT 1"))[0]
    assert (await desk.say("accept_offer", str(offer), who)).status == 200
    await desk.say("hold", "desk1", "desk1", incidents=[incident])
    desk.clock.advance(61)
    await waits.overdue(desk.house, ("hold", incident))
    assert tuple((await desk.rows("SELECT state, taken_by FROM dispatch.incident"))[0]) == ("taken", None)


async def test_seats_that_could_say_nothing_while_we_were_away_have_a_minute_more(desk: Desk) -> None:
    """Dispatch was down: nobody's silence is held against the seat."""
    await desk.press()
    incident = str(await desk.one("SELECT id FROM dispatch.incident"))
    await desk.say("claim", incident, "desk1")
    await desk.say("hold", "desk1", "desk1", incidents=[incident])
    desk.clock.advance(300)
    await waits.overdue(desk.house, ("hold", incident))
    assert await desk.one("SELECT taken_by FROM dispatch.incident") == "desk1"
    desk.clock.advance(61)
    await waits.overdue(desk.house, ("hold", incident))
    assert await desk.one("SELECT taken_by FROM dispatch.incident") is None


async def _around(it: World, settings: Settings) -> None:
    now = it.clock.now()
    owner = await asyncpg.connect(settings.owner_database)
    await owner.execute(DEVICE, COUNTY, STREET, now)
    await owner.execute(HEALTH, now)
    await owner.execute(BEFORE, STREET, now)
    for n, result in enumerate(("no_answer", "answered", "busy")):
        await owner.execute(CALLED, f"P-{n + 1}", STREET, result, now - timedelta(days=n))
    for n, word in enumerate(("unsure", "no")):
        await owner.execute(ANSWER, STREET, word, now + timedelta(seconds=n))
    await owner.close()


async def test_the_record_opens_with_the_call(settings: Settings) -> None:
    """The last five calls, her devices, who could be reached before, and what was answered; for its own desk alone."""
    async with world(settings) as it:
        await it.city.open("I-1")
        await _around(it, settings)
        found = await it.get("/incidents/I-1/record", await it.log_in("desk"))
        record = IncidentRecord.model_validate(found.json())
        assert [one.incident for one in record.past] == ["P-1", "P-2", "P-3", "P-4", "P-5"]
        assert record.past[0].outcome == "false_press"
        [button] = record.devices
        assert (button.device, button.online, button.tested_at) == ("B-1", True, None)
        assert button.batt is not None
        assert button.batt < 0.2
        [son] = record.reached
        assert (son.callee, son.tries, son.answered) == ("E1/1", 3, 1)
        assert son.answered_at == it.clock.now() - timedelta(days=1)
        assert [one.answer for one in record.answers] == ["unsure", "no"]
        for stranger, status in (("elsewhere", 404), ("wang", 403)):
            answer = await it.get("/incidents/I-1/record", await it.log_in(stranger))
            assert answer.status_code == status


async def test_an_answer_is_passed_on_and_a_wrong_one_named(settings: Settings) -> None:
    """Codes alone: somebody's own words belong into a note."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        await it.city.open("I-1")
        it.answers.append({"status": 200, "body": {"incident": "I-1"}})
        body = {"question": "conscious", "answer": "no"}
        assert (await it.post("/incidents/I-1/answers", desk, body)).status_code == 200
        assert (it.commands[-1].name, it.commands[-1].args) == ("answer_question", body)
        wrong = await it.post("/incidents/I-1/answers", desk, {"question": "conscious", "answer": "她说没事"})
        assert (wrong.status_code, wrong.json()["field"]) == (422, "answer")


async def test_an_elder_is_found_by_any_few_words(settings: Settings) -> None:
    """Name, telephone with or without marks, a relative's telephone, address or number; never beyond the scope."""
    async with world(settings) as it:
        owner = await asyncpg.connect(settings.owner_database)
        home = "INSERT INTO dispatch.home VALUES ('H9', $1, '于都县长征路9号', 1, false, '', '', 25.9, 115.4)"
        elder = "INSERT INTO dispatch.elder VALUES ('E9', 'H9', $1, '李建国', 'm', 1940, '13911112222')"
        for statement in (home, elder):
            await owner.execute(statement, OTHER_COUNTY)
        await owner.close()
        desk = await it.log_in("desk")

        async def found(q: str) -> list[str]:
            answer = await it.get("/elders", desk, q=q)
            return [line["id"] for line in answer.json()["items"]]

        assert await found("李建国") == ["E1"]
        assert await found("建国") == ["E1"]
        assert await found("国建") == []
        assert await found("139 0000 0001") == ["E1", "E2"]
        assert await found("13900000002") == ["E1"]
        assert await found("红旗路5号") == ["E1", "E2"]
        assert await found("E2") == ["E2"]
        assert await found("长征路") == []
        assert await found("13911112222") == []
        assert await found("李") == ["E1"]
