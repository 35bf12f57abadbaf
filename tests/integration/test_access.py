"""Every look at people's data is written down; behind masks only with a reason; beyond the division only in danger."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute

from services.gateway.api.application import ROOT
from services.gateway.api.noted import NOT_PEOPLE, UNDESCRIBED, kinds_of
from services.gateway.api.reads import router as doors
from shared.runtime.clock import woken
from shared.runtime.settings import Settings
from tests.integration.gateway_world import OTHER_COUNTY, PATIENCE_S, STREET, World, world

WHY = {"reason": "visit", "note": "助浴前核对门牌"}


@pytest.fixture
async def it(settings: Settings) -> AsyncIterator[World]:
    """A county with one incident."""
    async with world(settings.model_copy(update={"demo": True})) as found:
        await found.city.open("I-1")
        yield found


async def reads(it: World, tag: str = "person.read") -> list[dict[str, Any]]:
    """What the log has of a kind."""
    return await it.city.logged(tag)


async def test_a_look_is_written_before_the_answer_is_given(it: World) -> None:
    """Who, what, why, when; once a minute for a page that stays open; a list is a look too, a refusal is none."""
    desk = await it.log_in("desk")
    assert (await it.get("/incidents/I-1", desk)).status_code == 200
    assert await reads(it) == [
        {"what": "incident", "target": "I-1", "shown": ["phone", "address", "health"], "why": "case", "elder": "E1"}
    ]
    await it.get("/incidents/I-1", desk)
    assert len(await reads(it)) == 1
    it.clock.advance(61)
    await it.get("/incidents/I-1", desk)
    assert len(await reads(it)) == 2
    assert (await it.get("/incidents/I-1", await it.log_in("elsewhere"))).status_code == 404
    assert len(await reads(it)) == 2
    await it.get("/elders", desk, q="李建国")
    assert (await reads(it))[-1] == {"what": "list/elders", "target": "desk", "shown": ["address"], "why": "duty"}
    row = await it.city.database.pool.fetchrow("SELECT * FROM log.event WHERE stream = 'access' AND stream_seq = 1")
    assert row is not None
    assert (row["actor"], row["division"], row["stream_id"]) == ("account:desk", STREET, "incident/I-1")


async def test_behind_the_mask_with_a_reason(it: World) -> None:
    """A list shows a mask; the card wants a reason, words stay in the row, and neighbours are told of nobody."""
    desk = await it.log_in("desk")
    listed = (await it.get("/elders", desk)).json()["items"]
    assert {one["name_masked"] for one in listed} == {"李*国", "王*"}
    assert "李建国" not in str(listed)
    assert (await it.post("/elders/E1/reveal", desk, {"reason": "curious", "note": "看看"})).status_code == 422
    assert (await it.post("/elders/E1/reveal", desk, {"reason": "visit", "note": ""})).json()["field"] == "note"
    card = (await it.post("/elders/E1/reveal", desk, WHY)).json()
    assert (card["elder"]["name"], card["home"]["door_code"], card["contacts"][0]["phone"], card["review_by"]) == (
        "李建国", "#42", "13900000002", None,
    )  # fmt: skip
    (told,) = await reads(it, "person.revealed")
    assert (told["elder"], told["why"]) == ("E1", "visit")
    assert "核对" not in str(await it.city.database.pool.fetch("SELECT body::text FROM log.event"))
    assert (await it.post("/elders/E1/reveal", await it.log_in("elsewhere"), WHY)).status_code == 404
    assert (await it.post("/elders/E1/reveal", await it.log_in("wang"), WHY)).status_code == 403
    assert len(await reads(it, "person.revealed")) == 1


async def test_the_glass_is_broken_and_judged(it: World) -> None:
    """Beyond the division by id or whole number, in danger only; her own supervisors judge it, nobody herself."""
    away, city = await it.log_in("elsewhere"), await it.log_in("city")
    note = {"note": "邻县来电称老人倒地"}
    own = await it.post("/break-glass", await it.log_in("desk"), {"elder": "E1", **note})
    assert (own.status_code, own.json()["code"]) == (409, "own_division")
    assert (await it.post("/break-glass", away, {"elder": "nobody", **note})).status_code == 404
    assert (await it.post("/break-glass", away, {"phone": "139", **note})).status_code == 404
    assert (await it.post("/break-glass", away, note)).status_code == 422
    seen = (await it.post("/break-glass", away, {"elder": "E1", **note})).json()
    assert seen["elder"]["name"] == "李建国"
    assert len(await reads(it, "person.glass_broken")) == 1
    (waiting,) = (await it.get("/access/openings", city, waiting="true")).json()["items"]
    assert (waiting["kind"], waiting["elder"], waiting["account_division"], waiting["overdue"]) == (
        "break_glass", "E1", OTHER_COUNTY, False,
    )  # fmt: skip
    assert (await it.get("/access/openings", away)).status_code == 403
    it.clock.advance(timedelta(hours=24, seconds=1).total_seconds())
    assert (await it.city.until_logged("access.overdue"))[0]["opening"] == seen["opening"]
    city = await it.log_in("city")
    assert (await it.get("/access/openings", city, waiting="true")).json()["items"][0]["overdue"]
    judged = f"/access/openings/{seen['opening']}/review"
    verdict = {"right": True, "remark": "属实，已转会昌县处置"}
    assert (await it.post(judged, await it.log_in("desk"), verdict)).status_code == 403
    assert (await it.post(judged, city, verdict)).status_code == 204
    assert (await it.post(judged, city, verdict)).json()["code"] == "judged"
    assert (await it.get("/access/openings", city, waiting="true")).json()["items"] == []


async def test_who_has_read_is_found_by_reader_and_by_elder(it: World) -> None:
    """Those who answer for a division read who has read, as far as it is about their own people."""
    desk, city = await it.log_in("desk"), await it.log_in("city")
    await it.get("/incidents/I-1", desk)
    it.clock.advance(1)
    await it.post("/elders/E1/reveal", desk, WHY)
    of_her = (await it.get("/access/reads", city, elder="E1")).json()["items"]
    assert [(one["tag"], one["account"]) for one in of_her] == [("person.revealed", "desk"), ("person.read", "desk")]
    first = (await it.get("/access/reads", city, account="desk", limit=1)).json()
    rest = (await it.get("/access/reads", city, account="desk", limit=1, cursor=first["next"])).json()
    assert [first["items"][0]["tag"], rest["items"][0]["tag"], rest["next"]] == ["person.revealed", "person.read", None]
    assert (await it.get("/access/reads", city, account="desk", cursor="gestern~1")).json()["field"] == "cursor"
    assert (await it.get("/access/reads", city)).status_code == 422
    assert (await it.get("/access/reads", desk, elder="E1")).status_code == 403


async def test_a_neighbour_reads_until_the_grant_ends(it: World) -> None:
    """What is lent is the call for help and whom it is about; by itself, or taken back, the sight of it ends."""
    away, city = await it.log_in("elsewhere"), await it.log_in("city")
    until = (it.clock.now() + timedelta(hours=1)).isoformat()
    wish = {"division": STREET, "to_division": OTHER_COUNTY, "until": until, "reason": "洪水，邻县代接"}
    assert (await it.get("/incidents/I-1", away)).status_code == 404
    assert (await it.post("/aid", await it.log_in("desk"), wish)).status_code == 403
    assert (await it.post("/aid", city, {**wish, "to_division": "3607"})).json()["field"] == "to_division"
    assert (await it.post("/aid", city, {**wish, "until": "2027-01-01T00:00:00Z"})).json()["field"] == "until"
    assert (await it.post("/aid", city, wish)).status_code == 404, "the neighbour must be a division we know"
    await it.city.database.pool.execute("INSERT INTO dispatch.division VALUES ($1, '寻乌县', '3607')", OTHER_COUNTY)
    assert (await it.post("/aid", city, wish)).status_code == 201
    assert (await it.get("/incidents/I-1", away)).json()["elder"]["name"] == "李建国"
    assert (await it.get("/responders", away)).json()["items"], "who can go there is seen too"
    assert (await it.get("/devices", away)).json()["items"] == []
    it.clock.advance(3601)
    async with asyncio.timeout(PATIENCE_S):
        while (await it.get("/incidents/I-1", away)).status_code != 404:
            await woken(asyncio.Event(), 0.05)
    grant = (await it.post("/aid", city, {**wish, "until": (it.clock.now() + timedelta(hours=1)).isoformat()})).json()
    assert (await it.get("/incidents/I-1", away)).status_code == 200
    answer = await it.http.delete(f"{ROOT}/aid/{grant['id']}", headers={"Authorization": f"Bearer {city}"})
    assert answer.status_code == 204
    assert (await it.get("/incidents/I-1", away)).status_code == 404
    assert [one["ended_at"] is not None for one in (await it.get("/aid", away)).json()["items"]] == [True, True]


def test_every_door_that_shows_people_is_noted() -> None:
    """What an endpoint shows is taken from what it declares, so only these words have to be kept true."""
    kinds = {route.path: kinds_of(route, ROOT) for route in doors.routes if isinstance(route, APIRoute)}
    assert kinds["/incidents/{incident}"] == ("phone", "address", "health")
    assert kinds["/jobs/{job}"] == ("phone", "address", "health")
    assert kinds["/elders"] == ("address",)
    assert kinds["/divisions"] == kinds["/providers"] == ()
    assert set(UNDESCRIBED).isdisjoint(NOT_PEOPLE)
