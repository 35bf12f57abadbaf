"""An elder's record over the desk's door: written, read, agreed to, taken back, asked again; and what a card opens."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import httpx
import pytest_asyncio

import services.dispatch.main
from shared.runtime.clock import FakeClock
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.conftest import RING
from tests.integration.gateway_world import (
    COUNTY,
    OTHER_COUNTY,
    START,
    STREET,
    City,
    World,
    ended,
    gateway,
    seed,
)
from tests.integration.test_regulation import account

KEYS = count()
HEAD = "编号,姓名,行政区划,住址,纬度,经度,电话"
CARD = {
    "name": "陈桂英", "division": STREET, "address": "文武坝镇红旗路9号", "lat": 25.6, "lon": 115.79, "sex": "f",
    "born": 1938, "phone": "13900000077", "lives_alone": True, "door_code": "99#", "health": "糖尿病", "risk": "high",
    "last_wishes": "不插管", "id_number": "11010519491231002X",
}  # fmt: skip


@pytest_asyncio.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """The county with its own dispatch instead of a stand-in."""
    await seed(settings)
    clock = FakeClock(START)
    database = Database(settings.dispatch_database, name="test", size=3, fields=RING)
    await database.open()
    ready = asyncio.Event()
    serving = asyncio.create_task(services.dispatch.main.serve(settings, clock, ready.set))
    await ready.wait()
    url = f"http://127.0.0.1:{settings.gateway_port}"
    async with gateway(settings, clock), httpx.AsyncClient(base_url=url, trust_env=False, timeout=30) as http:
        yield World(settings, clock, City(database, clock), http, [], [])
    await ended(serving)
    await database.close()


class Desk:
    """Somebody at a desk who acts, each time under a key of its own."""

    def __init__(self, world: World, token: str) -> None:
        """Log in beforehand."""
        self.world, self.token = world, token

    async def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"k{next(KEYS)}"}
        return await self.world.http.request(method, f"/api/v1{path}", json=body, headers=headers)

    async def ok(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """One that is obeyed."""
        answer = await self(method, path, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def table(self, sheet: str, content: str, **asked: str) -> httpx.Response:
        """A list from this desk's own disk."""
        query = {"area": COUNTY, **asked}
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "text/csv"}
        return await self.world.http.post(
            f"/api/v1/imports/{sheet}", params=query, content=content.encode(), headers=headers
        )


async def desk(world: World, name: str = "desk") -> Desk:
    """A desk."""
    return Desk(world, await world.log_in(name))


async def test_a_record_is_written_and_read(world: World) -> None:
    """Card, contacts, assessments; what is left out of the card is empty from then on; the log is told no name."""
    it = await desk(world)
    made = await it.ok("PUT", "/elders/E7", CARD)
    assert {name: made[name] for name in CARD} == CARD
    assert (made["placed"], made["assessment"], made["contacts"], len(made["code"])) == ("given", None, [], 12)
    assert made["division_names"][-2:] == ["会昌县", "文武坝镇"]
    again = await it.ok("PUT", "/elders/E7", {**CARD, "health": None, "division": COUNTY})
    assert (again["health"], again["home"], again["code"]) == (None, made["home"], made["code"])

    await world.city.write(sql=(("UPDATE dispatch.home SET placed = 'division' WHERE id = $1", made["home"]),))
    assert (await it.ok("PUT", "/elders/E7", CARD))["placed"] == "division"
    assert (await it.ok("PUT", "/elders/E7", {**CARD, "lat": 25.601}))["placed"] == "given"

    contact = {"name": "陈强", "relation": "儿子", "phone": "13900000078", "has_key": True, "from_h": 22, "until_h": 6}
    first = (await it.ok("PUT", "/elders/E7/contacts/1", contact))["contacts"][0]
    assert first == {**contact, "ord": 1, "confirmed_at": None, "due": True}
    confirmed = (await it.ok("POST", "/elders/E7/contacts/1/confirm"))["contacts"][0]
    assert (confirmed["due"], confirmed["confirmed_at"] is not None) == (False, True)
    world.clock.advance(181 * 86400)
    world_desk = await desk(world)
    assert (await world_desk.ok("GET", "/elders/E7"))["contacts"][0]["due"] is True
    changed = (await world_desk.ok("PUT", "/elders/E7/contacts/1", {**contact, "phone": "13900000079"}))["contacts"][0]
    assert changed["confirmed_at"] is None
    assert (await world_desk.ok("DELETE", "/elders/E7/contacts/1"))["contacts"] == []
    assert (await world_desk("POST", "/elders/E7/contacts/1/confirm")).status_code == 404

    logged = [str(body) for tag in ("elder.saved", "elder.contact_saved") for body in await world.city.logged(tag)]
    assert len(logged) == 6
    assert not [word for word in ("陈", "1390000", "红旗", "糖尿", "插管") if word in "".join(logged)]


async def test_how_she_is_and_where_she_stays_fit_the_calendar(world: World) -> None:
    """What cannot be meant is refused at its field; a stay is whole or ended; both are ended before their time."""
    it = await desk(world)
    late, later = "2026-11-24T00:00:00.000Z", "2026-11-25T00:00:00.000Z"
    for status, said, field, code in (
        ("hospital", {"until": "2026-11-22T01:00:00Z"}, "until", "in_the_past"),
        ("hospital", {"begins": later, "until": late}, "until", "ends_before"),
        ("hospital", {"until": "2026-11-24T00:00:00"}, "until", "invalid_field"),
        ("hospital", {"source": "  "}, "source", "invalid_field"),
        ("dead", {"until": late}, "until", "no_end"),
        ("home", {"begins": late}, "begins", "in_the_future"),
    ):
        answer = await it("PUT", "/elders/E1/status", {"status": status, "source": "女儿来电", **said})
        assert (answer.status_code, answer.json()["field"], answer.json()["code"]) == (422, field, code), said
    away = {"status": "hospital", "begins": late, "until": later, "source": " 女儿来电 "}
    state = await it.ok("PUT", "/elders/E1/status", away)
    assert (state["status_source"], state["status_from"], state["status_until"]) == ("女儿来电", late, later)
    back = await it.ok("PUT", "/elders/E1/status", {"status": "home", "source": "不住院了"})
    assert (back["status"], back["status_until"]) == ("home", None)

    stay = {"address": "女儿家", "lat": 25.7, "lon": 115.8, "until": late}
    for place, field, code in (
        ({**stay, "address": None}, "address", "missing_field"),
        ({**stay, "lon": None}, "lon", "missing_field"),
        ({**stay, "lat": 0, "lon": 0}, "lat", "invalid_field"),
        ({**stay, "until": "2026-11-22T01:00:00Z"}, "until", "in_the_past"),
    ):
        answer = await it("PUT", "/elders/E1/temporary-address", place)
        assert (answer.status_code, answer.json()["field"], answer.json()["code"]) == (422, field, code), place
    state = await it.ok("PUT", "/elders/E1/temporary-address", stay)
    assert (state["temp_address"], state["temp_until"]) == ("女儿家", late)
    assert (await it.ok("PUT", "/elders/E1/temporary-address", {}))["temp_address"] is None


async def test_the_newest_assessment_is_hers_and_expires(world: World) -> None:
    """One that is older is kept beside it."""
    it = await desk(world)
    await it.ok("POST", "/elders/E1/assessments", {"level": 3, "assessed_on": "2026-03-01", "assessor": "会昌评估"})
    found = await it.ok("POST", "/elders/E1/assessments", {"level": 1, "assessed_on": "2024-01-01"})
    assert (found["assessment"], found["assessed_until"]) == (3, "2028-02-29")
    assert [(a["level"], a["expired"]) for a in found["assessments"]] == [(3, False), (1, True)]
    for wrong, field in (
        ({"level": 5, "assessed_on": "2026-03-01"}, "level"),
        ({"level": 3, "assessed_on": "2027-03-01"}, "assessed_on"),
        ({"level": 3, "assessed_on": "2026-03-01", "until": "2026-02-01"}, "until"),
    ):
        refused = await it("POST", "/elders/E1/assessments", wrong)
        assert (refused.status_code, refused.json()["field"]) == (422, field)
    due = (await it.ok("GET", "/registry/due/assessments"))["items"]
    assert [(line["elder"], line["name_masked"]) for line in due] == [("E2", "王*")]
    contacts = (await it.ok("GET", "/registry/due/contacts?limit=1"))["items"]
    assert [(line["elder"], line["contact"], line["since"]) for line in contacts] == [("E1", 1, None)]


async def test_what_she_agreed_to_is_kept_and_taken_back(world: World) -> None:
    """Purpose by purpose, with the guardian; once for each."""
    it = await desk(world)
    given = {"purpose": "recording", "how": "paper", "wording": "2026-01", "guardian": "李红"}
    one = (await it.ok("POST", "/elders/E1/consents", given))["consents"]
    assert [(c["purpose"], c["guardian"], c["ended_at"]) for c in one] == [("recording", "李红", None)]
    twice = await it("POST", "/elders/E1/consents", given)
    assert (twice.status_code, twice.json()["code"]) == (409, "agreed_already")
    back = (await it.ok("DELETE", "/elders/E1/consents/recording"))["consents"]
    assert [c["ended_at"] is None for c in back] == [False]
    assert (await it("DELETE", "/elders/E1/consents/recording")).status_code == 404
    assert len((await it.ok("POST", "/elders/E1/consents", {**given, "guardian": None}))["consents"]) == 2


async def test_nobody_writes_or_reads_beyond_the_division(world: World) -> None:
    """Neither another county's desk, nor a responder, nor an installer; and no elder is taken over."""
    it, other = await desk(world), await desk(world, "elsewhere")
    assert (await other("GET", "/elders/E1")).status_code == 404
    far = {**CARD, "division": OTHER_COUNTY}
    for path, body, status, field in (
        ("/elders/E1", CARD, 422, "division"), ("/elders/E7", far, 422, "division"),
        ("/elders/E1/contacts/1", {"name": "甲", "relation": "子", "phone": "139"}, 404, None),
    ):  # fmt: skip
        answer = await other("PUT", path, body)
        assert (answer.status_code, answer.json().get("field")) == (status, field), path
    assert (await it("PUT", "/elders/E7", far)).json()["field"] == "division"
    assert (await it("PUT", "/elders/E7", {**CARD, "lat": 0, "lon": 0})).json()["field"] == "lat"
    assert (await it("PUT", "/elders/E7", {**CARD, "division": STREET + "999"})).json()["code"] == "unknown_division"
    for name in ("wang", "fitter"):
        someone = await desk(world, name)
        assert (await someone("GET", "/elders/E1")).status_code == 403
        assert (await someone("PUT", "/elders/E1", CARD)).status_code == 403


async def test_a_card_opens_only_what_its_reader_may_see(world: World) -> None:
    """Passers-by and helpers whom to telephone, the desk who she is; a helper on her job the job."""
    it, wang = await desk(world), await desk(world, "wang")
    await it.ok("PUT", "/elders/E1", CARD)
    card = await it.ok("GET", "/elders/E1/card")
    code = card["code"].replace("-", "")
    assert card["address"].endswith(f"/e/{code}")
    assert card["picture"].startswith("data:image/svg+xml")
    assert not [word for word in ("陈", "1390000") if word in card["address"] + code]
    stranger = (await world.http.get(f"/api/v1/cards/{code}")).json()
    assert stranger == {"phone": "12349", "elder": None, "name_masked": None, "job": None}
    page = await world.http.get(f"/e/{code}")
    assert 'href="tel:12349"' in page.text
    assert "陈" not in page.text
    seen = await it.ok("GET", f"/cards/{card['code'].lower()}")
    assert (seen["elder"], seen["name_masked"]) == ("E1", "陈*英")
    for someone in (wang, await desk(world, "elsewhere")):
        assert await someone.ok("GET", f"/cards/{code}") == stranger
    await world.city.open("I-1", elder="E1")
    offer, _ = await world.city.offer("I-1", "R1")
    await world.city.accept("I-1", "R1", offer)
    assert (await wang.ok("GET", f"/cards/{code}"))["job"] == str(world.city.jobs["I-1"])

    fresh = (await it.ok("POST", "/elders/E1/code"))["code"]
    assert fresh != code
    assert (await world.http.get(f"/api/v1/cards/{code}")).status_code == 404
    tries = [(await world.http.get(f"/api/v1/cards/ZZZZZZZZZZ{n:02}")).status_code for n in range(11)]
    assert (tries[0], tries[-1]) == (404, 429)


async def test_a_list_leaves_the_house_when_another_allows_it(world: World) -> None:
    """With a reason, once, within a day; each line says whose copy it is."""
    it, city, other = await desk(world), await desk(world, "city"), await desk(world, "elsewhere")
    wish = {"sheet": "elders", "within": COUNTY, "reason": "县民政局季度核对"}
    assert (await it("POST", "/registry/exports", {**wish, "within": OTHER_COUNTY})).json()["field"] == "within"
    assert (await it("POST", "/registry/exports", {**wish, "reason": ""})).json()["field"] == "reason"
    name = (await it("POST", "/registry/exports", wish)).json()["export"]
    own, path = (await city("POST", "/registry/exports", wish)).json()["export"], f"/registry/exports/{name}"
    assert (await city("POST", f"/registry/exports/{own}/decision", {"allowed": True})).json()["code"] == "own_export"
    assert (await it("POST", f"{path}/decision", {"allowed": True})).status_code == 403
    assert (await it("POST", f"{path}/file")).json()["code"] == "not_allowed"
    assert (await other("POST", f"{path}/file")).status_code == 404
    await city.ok("POST", f"{path}/decision", {"allowed": True})
    assert (await city("POST", f"{path}/decision", {"allowed": False})).json()["code"] == "decided_already"
    line = next(e for e in (await it.ok("GET", "/registry/exports"))["items"] if e["id"] == name)
    assert (line["allowed"], line["decided_by"], line["mine"], line["taken_at"]) == (True, "city", True, None)
    assert (await city("POST", f"{path}/file")).status_code == 404

    file = (await it("POST", f"{path}/file?format=csv")).content.decode("utf-8-sig").splitlines()
    assert file[0].endswith(",水印")
    assert [row.split(",")[:2] for row in file[1:3]] == [["E1", "李建国"], ["E2", "王芳"]]
    assert all(row.endswith(f"desk 经 city 批准 2026-11-22 10:00 {name[-8:]}") for row in file[1:3])
    assert (await it("POST", f"{path}/file")).json()["code"] == "export_over"
    assert [len(await world.city.logged(f"export.{tag}")) for tag in ("asked", "decided", "taken")] == [2, 1, 1]


async def test_a_supervisors_list_is_looked_at_and_taken_in(world: World, settings: Settings) -> None:
    """Bad lines have their reasons in words; nothing is written before it is asked for; again changes nothing."""
    await account(settings, "first", COUNTY)
    boss, seat = await desk(world, "first"), await desk(world)
    bad = f"{HEAD}\nE7,陈桂英,{STREET},红旗路9号,25.6,115.79,13900000077\nE8,,{STREET},红旗路9号,25.6,115.79,12\n"
    looked = (await boss.table("elders", bad)).json()
    assert [looked[name] for name in ("rows", "added", "refused", "written")] == [2, 1, 1, False]
    assert [(fault["line"], fault["code"]) for fault in looked["faults"]] == [(3, "missing"), (3, "bad_phone")]
    assert "第 3 行 姓名没有填写" in looked["faults"][0]["zh"]
    assert (await boss("GET", "/elders/E7")).status_code == 404
    good = (await boss.table("elders", bad, dry_run="false", good_rows="true")).json()
    assert (good["written"], good["added"]) == (True, 1)
    assert (await boss.ok("GET", "/elders/E7"))["phone"] == "13900000077"
    world.clock.advance(1)
    again = (await boss.table("elders", bad, dry_run="false", good_rows="true")).json()
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 1)
    (told, _) = await world.city.logged("registry.imported")
    assert (told["sheet"], told["added"], "陈" in str(told)) == ("elders", 1, False)
    line = (await boss.ok("GET", "/imports"))["items"][-1]
    assert (line["by"], line["added"]) == ("account:first", 1)

    refused = await boss.table("elders", 'a,"b\nc')
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "bad_csv", "file")
    assert (await boss.table("elders", bad, area=OTHER_COUNTY)).status_code == 404
    assert (await boss.table("elders", "x" * (4 * 1024 * 1024 + 1))).status_code == 413
    assert (await seat.table("elders", bad)).status_code == 403
    two = await asyncio.gather(boss.table("elders", bad), boss.table("elders", bad))
    assert sorted(one.status_code for one in two) == [200, 409]
