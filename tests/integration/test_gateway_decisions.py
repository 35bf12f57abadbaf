"""Decisions go to dispatch under the caller's name; what comes back stays within what the caller may see."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.contracts.cases import IncidentView, JobView
from shared.contracts.sessions import DutyState
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from shared.vocabulary.divisions import Division
from tests.conftest import RING
from tests.integration.gateway_world import ADDRESS, COUNTY, START, seed, world

DONE = {"status": 200, "body": {}}


async def test_accepting_shows_the_door_only_to_the_one_who_goes(settings: Settings) -> None:
    """Before: a masked name. After: the address, the key, the telephone. For others: nothing."""
    async with world(settings) as it:
        wang, li = await it.log_in("wang"), await it.log_in("li")
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        job = it.city.jobs["I-1"]
        assert (await it.get(f"/jobs/{job}", wang)).status_code == 404
        await it.city.accept("I-1", "R1", offer)
        it.answers.append({"status": 200, "body": {"job": str(job), "incident": "I-1"}})
        answer = await it.post(f"/offers/{offer}/accept", wang)
        view = JobView.model_validate(answer.json())
        assert view.home is not None
        assert view.elder is not None
        assert view.mine is not None
        assert (view.home.address, view.home.door_code, view.elder.name) == (ADDRESS, "#42", "李建国")
        assert view.home.division_names[-1] == "文武坝镇"
        assert [contact.relation for contact in view.contacts] == ["儿子"]
        [command] = it.commands
        assert (command.name, command.target, command.key) == ("accept_offer", str(offer), "k-1")
        assert (command.actor.responder, command.actor.account) == ("R1", "wang")
        assert (await it.get(f"/jobs/{job}", li)).status_code == 404
        assert (await it.get("/incidents/I-1", wang)).status_code == 404


@pytest.mark.parametrize(
    ("status", "code", "field"),
    [(404, "not_found", None), (409, "offer_taken", None), (412, "stale", None), (422, "bad_value", "callee")],
)
async def test_refusals_keep_their_code(settings: Settings, status: int, code: str, field: str | None) -> None:
    """What dispatch answers is what the screen translates."""
    async with world(settings) as it:
        wang = await it.log_in("wang")
        params = {"who": "王护士", **({"field": field} if field else {})}
        it.answers.append({"status": status, "body": {"code": code, "params": params}})
        answer = await it.post(f"/offers/{uuid4()}/accept", wang)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field)
        assert problem["params"] == params


async def test_dispatch_away_is_503_with_retry(settings: Settings) -> None:
    """The console keeps the command and sends it again under the same key."""
    elsewhere = settings.model_copy(update={"dispatch_url": "http://127.0.0.1:9"})
    async with world(elsewhere) as it:
        answer = await it.post(f"/jobs/{uuid4()}/arrive", await it.log_in("wang"))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["code"] == "service_away"


async def test_the_desk_gets_the_whole_page(settings: Settings) -> None:
    """Version, arguments and key arrive; the answer is the incident as it is now."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        await it.city.open("I-1")
        offer, _ = await it.city.offer("I-1", "R1")
        await it.city.accept("I-1", "R1", offer)
        it.answers.append({"status": 200, "body": {"incident": "I-1"}})
        given = {"priority": 2, "code": "voice_contact", "reason": "说过话了"}
        answer = await it.post("/incidents/I-1/classify", desk, given, **{"If-Match": '"3"'})
        view = IncidentView.model_validate(answer.json())
        assert [line.tag for line in view.timeline] == [
            "incident.opened", "offer.sent", "offer.accepted", "assignment.made",
        ]  # fmt: skip
        assert ([one.state for one in view.offers], [one.name for one in view.others_in_home]) == (
            ["accepted"],
            ["王芳"],
        )
        assert view.row.going[0].responder == "R1"
        [command] = it.commands
        assert (command.if_match, command.args, command.actor.division) == (3, given, COUNTY)
        assert (await it.get(f"/jobs/{it.city.jobs['I-1']}", desk)).status_code == 200


async def test_duty_is_set_and_read(settings: Settings) -> None:
    """Only responders are on duty as responders; a planned shift is told as long as it lasts."""
    async with world(settings) as it:
        wang, desk = await it.log_in("wang"), await it.log_in("desk")
        it.answers.append(DONE)
        headers = {"Authorization": f"Bearer {wang}"}
        answer = await it.http.put("/api/v1/duty", json={"on": True, "lat": 25.6, "lon": 115.8}, headers=headers)
        assert DutyState.model_validate(answer.json()).shift_until is None
        shifts = "INSERT INTO dispatch.shift VALUES ($1, 'R1', $2, $3, $4)"
        hour = timedelta(hours=1)
        rows = [(uuid4(), COUNTY, START + n * hour, START + (n + 2) * hour) for n in (-2, -1, 0, 3)]
        await it.city.write(sql=tuple((shifts, *row) for row in rows))
        assert DutyState.model_validate((await it.get("/duty", wang)).json()).shift_until == START + 2 * hour
        assert (it.commands[0].name, it.commands[0].target) == ("set_duty", "R1")
        assert (await it.get("/duty", desk)).json()["code"] == "not_a_responder"
        outside = await it.http.put("/api/v1/duty", json={"on": True, "lat": 91}, headers=headers)
        assert (outside.status_code, outside.json()["field"]) == (422, "lat")


async def test_a_desk_sees_its_division_and_nothing_else(settings: Settings) -> None:
    """The neighbour county gets empty lists and 404; responders get no lists at all."""
    async with world(settings) as it:
        desk, city, elsewhere = [await it.log_in(name) for name in ("desk", "city", "elsewhere")]
        await it.city.open("I-1")
        for token, seen in ((desk, ["I-1"]), (city, ["I-1"]), (elsewhere, [])):
            page = (await it.get("/incidents", token, state="live")).json()
            assert [row["incident"] for row in page["items"]] == seen
        assert (await it.get("/incidents/I-1", elsewhere)).status_code == 404
        assert (await it.get(f"/jobs/{it.city.jobs['I-1']}", elsewhere)).status_code == 404
        for path in ("/elders", "/responders", "/devices", "/providers", "/unplaced"):
            assert (await it.get(path, elsewhere)).json()["items"] == []
        wang = await it.log_in("wang")
        assert (await it.get("/elders", wang)).json()["code"] == "forbidden"


async def test_lists_are_searched_paged_and_masked(settings: Settings) -> None:
    """A cursor goes on where the page ended."""
    async with world(settings) as it:
        desk = await it.log_in("desk")
        first = (await it.get("/elders", desk, limit=1)).json()
        assert [one["name_masked"] for one in first["items"]] == ["李*国"]
        second = (await it.get("/elders", desk, limit=1, cursor=first["next"])).json()
        assert ([one["id"] for one in second["items"]], second["next"]) == (["E2"], None)
        assert [one["id"] for one in (await it.get("/elders", desk, q="王芳")).json()["items"]] == ["E2"]
        assert [one["code"] for one in (await it.get("/divisions", desk, q="会昌")).json()["items"]] == [COUNTY]
        for name in ("I-1", "I-2", "I-3"):
            await it.city.open(name, elder=None)
            it.clock.advance(1)
        page = (await it.get("/incidents", desk, limit=2)).json()
        rest = (await it.get("/incidents", desk, limit=2, cursor=page["next"])).json()
        assert [row["incident"] for row in page["items"] + rest["items"]] == ["I-3", "I-2", "I-1"]


async def test_reading_without_a_scope_is_an_error(settings: Settings) -> None:
    """Never zero rows, and never all of them, by accident: the database refuses."""
    await seed(settings)
    database = Database(settings.gateway_database, name="test", size=1, fields=RING)
    await database.open()
    with pytest.raises(asyncpg.PostgresError):
        await database.pool.fetch("SELECT * FROM dispatch.elder")
    async with database.reading(Division("36")) as connection:
        assert len(await connection.fetch("SELECT * FROM dispatch.elder")) == 2
    with pytest.raises(asyncpg.PostgresError):
        await database.pool.fetch("SELECT * FROM dispatch.elder")
    await database.close()
