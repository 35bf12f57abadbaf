"""Complaints with their clocks, hazards with their owners, the month's table, and who may do what with them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.runtime.settings import Settings
from tests.integration.gateway_world import CHEAP, COUNTY, OTHER_COUNTY, PASSWORD, STREET, World, world
from tests.integration.test_supervision import sql

ACCOUNT = """
INSERT INTO gateway.account (id, username, password_hash, name, role, division)
VALUES ($1, $1, $2, $4, 'supervisor', $3)
"""
HOTLINE = {
    "source": "hotline", "number": "GZ20261122-0001", "division": STREET, "caller": "陈女士 13900007777",
    "text": "上门人员迟到一个小时",
}  # fmt: skip
RISK = {
    "division": STREET,
    "kind": "device",
    "grade": "major",
    "text": "三号楼按铃大面积低电",
    "measure": "一周内换完电池",
}


async def owned(settings: Settings, statement: str, *values: Any) -> Any:
    """As the owner of every table; what the statement returns."""
    owner = await asyncpg.connect(settings.owner_database)
    try:
        return await owner.fetchval(statement, *values)
    finally:
        await owner.close()


async def account(settings: Settings, name: str, division: str) -> None:
    """A supervisor of a division."""
    await owned(settings, ACCOUNT, name, CHEAP.hash(PASSWORD), division, name)


async def supervisors(it: World, settings: Settings) -> tuple[str, str]:
    """Two supervisors of the county."""
    for name in ("first", "second"):
        await account(settings, name, COUNTY)
    return await it.log_in("first"), await it.log_in("second")


async def put(it: World, path: str, token: str, body: dict[str, Any]) -> Any:
    """Send a PUT."""
    return await it.http.put(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"}, json=body)


async def test_a_complaint_goes_its_three_steps(settings: Settings) -> None:
    """Taken up, replied to, settled, each by its working day; words stay in rows, a number is written down once."""
    async with world(settings) as it:
        first, second = await supervisors(it, settings)
        made = await it.post("/supervision/complaints", first, HOTLINE)
        assert made.status_code == 201, made.text
        case = made.json()
        assert (case["step"], case["overdue"], case["handler"]) == ("accept", False, None)
        # it came on a Sunday: one, five and fifteen working days later, at midnight in China
        assert [case[name] for name in ("accept_by", "reply_by", "settle_by")] == [
            "2026-11-23T16:00:00.000Z", "2026-11-27T16:00:00.000Z", "2026-12-11T16:00:00.000Z",
        ]  # fmt: skip
        again = await it.post("/supervision/complaints", second, HOTLINE)
        assert (again.status_code, again.json()["code"], again.json()["field"]) == (409, "number_taken", "number")
        path = f"/supervision/complaints/{case['complaint']}"
        early = await it.post(f"{path}/reply", first, {"text": "已联系"})
        assert (early.status_code, early.json()["code"]) == (409, "not_accepted")
        it.clock.advance(timedelta(days=2).total_seconds())
        first, second = await it.log_in("first"), await it.log_in("second")
        (late,) = (await it.get("/supervision/complaints", second)).json()["items"]
        assert (late["step"], late["overdue"], late["due_at"]) == ("accept", True, case["accept_by"])
        taken = (await it.post(f"{path}/accept", first, {"handler": "second"})).json()
        assert (taken["step"], taken["handler_name"], taken["overdue"]) == ("reply", "second", False)
        assert (await it.post(f"{path}/reply", second, {"text": "已致电致歉"})).json()["step"] == "settle"
        over = (await it.post(f"{path}/settle", second, {"finding": "partly", "text": "已换人上门"})).json()
        assert (over["step"], over["finding"], over["reply"], over["answer"]) == (
            None, "partly", "已致电致歉", "已换人上门",
        )  # fmt: skip
        assert (await it.post(f"{path}/settle", second, {"finding": "upheld", "text": "再来"})).status_code == 409
        assert (await it.get("/supervision/complaints", first)).json()["items"] == []
        (settled,) = (await it.get("/supervision/complaints", first, state="settled")).json()["items"]
        assert settled["settled_at"] is not None
        tags = ("complaint.registered", "complaint.accepted", "complaint.replied", "complaint.settled")
        told = str([await it.city.logged(tag) for tag in tags])
        assert told.count(case["complaint"]) == len(tags)
        assert not any(word in told for word in ("陈女士", "13900007777", "迟到", "致歉"))
        table = await it.get("/supervision/export/complaints", first, format="csv")
        assert "GZ20261122-0001" in table.text
        assert "hotline 12345等热线" in table.text
        assert not any(word in table.text for word in ("陈女士", "迟到", "致歉"))


async def test_nobody_handles_what_is_about_them(settings: Settings) -> None:
    """Whoever took the call, went to it, or is named: neither in person, nor by being given it, nor in the table."""
    async with world(settings) as it:
        first, second = await supervisors(it, settings)
        await it.city.open("I-1")
        await sql(it, "UPDATE dispatch.incident SET state = 'taken', taken_by = 'first' WHERE id = 'I-1'")
        about = {**HOTLINE, "number": None, "about": "I-1", "elder": "E1"}
        case = (await it.post("/supervision/complaints", second, about)).json()
        assert case["name_masked"] == "李*国"
        path = f"/supervision/complaints/{case['complaint']}"
        assert (await it.get("/supervision/complaints", first)).json()["items"][0]["barred"]
        for token, body in ((first, {}), (second, {"handler": "first"})):
            refused = await it.post(f"{path}/accept", token, body)
            assert (refused.status_code, refused.json()["code"]) == (409, "own_complaint"), body
        with pytest.raises(asyncpg.CheckViolationError):
            await owned(settings, "UPDATE gateway.complaint SET handler = 'first', accepted_at = at WHERE id = $1",
                      UUID(case["complaint"]))  # fmt: skip
        assert (await it.post(f"{path}/accept", second, {})).json()["handler"] == "second"
        named = {**about, "about": None, "subject": {"kind": "seat", "id": "second"}}
        mine = (await it.post("/supervision/complaints", first, named)).json()
        refused = await it.post(f"/supervision/complaints/{mine['complaint']}/settle", second,
                                {"finding": "not_upheld", "text": "没有此事"})  # fmt: skip
        assert refused.json()["code"] == "own_complaint"
        goes = {**about, "about": None, "subject": {"kind": "responder", "id": "R1"}}
        one = (await it.post("/supervision/complaints", first, goes)).json()["complaint"]
        row = await owned(settings, "SELECT involved FROM gateway.complaint WHERE id = $1", UUID(one))
        assert row == ["wang"]


async def test_clocks_are_laid_down_by_division(settings: Settings) -> None:
    """A street follows its county; what came before keeps its days; days in the wrong order are named."""
    async with world(settings) as it:
        first, _ = await supervisors(it, settings)
        before = (await it.post("/supervision/complaints", first, HOTLINE)).json()
        assert (await it.get("/supervision/clocks", first, division=STREET)).json()["laid_down_in"] is None
        wrong = await put(it, f"/supervision/clocks/{COUNTY}", first, {"accept_days": 3, "reply_days": 2})
        assert wrong.status_code == 422
        laid = await put(it, f"/supervision/clocks/{COUNTY}", first, {"accept_days": 2, "reply_days": 3,
                                                                       "settle_days": 5})  # fmt: skip
        assert laid.status_code == 200, laid.text
        street = (await it.get("/supervision/clocks", first, division=STREET)).json()
        assert (street["accept_days"], street["settle_days"], street["laid_down_in"]) == (2, 5, COUNTY)
        after = (await it.post("/supervision/complaints", first, {**HOTLINE, "number": "2"})).json()
        assert after["accept_by"] > before["accept_by"]
        assert after["settle_by"] < before["settle_by"]
        assert (await put(it, f"/supervision/clocks/{OTHER_COUNTY}", first, {})).status_code == 404
        assert (await put(it, f"/supervision/clocks/{COUNTY}", await it.log_in("desk"), {})).status_code == 403


async def test_a_hazard_is_fixed_and_judged_by_others(settings: Settings) -> None:
    """Measure, owner and day; its owner does not inspect it, nor who fixed it; given back it is open again."""
    async with world(settings) as it:
        first, second = await supervisors(it, settings)
        day = "2026-11-24"
        past = await it.post("/supervision/hazards", first, {**RISK, "owner": "first", "due_on": "2026-11-21"})
        assert (past.status_code, past.json()["field"]) == (409, "due_on")
        nobody = await it.post("/supervision/hazards", first, {**RISK, "owner": "elsewhere", "due_on": day})
        assert (nobody.status_code, nobody.json()["field"]) == (404, "owner")
        made = await it.post("/supervision/hazards", second, {**RISK, "owner": "first", "due_on": day})
        assert made.status_code == 201, made.text
        path = f"/supervision/hazards/{made.json()['hazard']}"
        assert (await it.post(f"{path}/close", second, {})).json()["code"] == "not_fixed"
        it.clock.advance(timedelta(days=3).total_seconds())
        first, second = await it.log_in("first"), await it.log_in("second")
        (late,) = (await it.get("/supervision/hazards", first)).json()["items"]
        assert (late["state"], late["overdue"], late["mine"], late["judge"]) == ("open", True, True, False)
        (owner,) = (await it.get("/supervision/hazards/owners", first)).json()["items"]
        assert (owner["account"], owner["open"], owner["overdue"]) == ("first", 1, 1)
        assert (await it.post(f"{path}/fix", first, {"note": "已更换四十二只"})).json()["state"] == "fixed"
        assert (await it.post(f"{path}/close", first, {})).json()["code"] == "not_yours_to_judge"
        back = (await it.post(f"{path}/return", second, {"remark": "五楼漏换"})).json()
        assert (back["state"], back["returned"], back["remark"]) == ("open", 1, "五楼漏换")
        await it.post(f"{path}/fix", first, {"note": "五楼已换"})
        assert (await it.post(f"{path}/close", second, {})).json()["state"] == "closed"
        assert (await it.get("/supervision/hazards", first)).json()["items"] == []
        assert len((await it.get("/supervision/hazards", first, state="closed")).json()["items"]) == 1
        told = str([await it.city.logged(f"hazard.{tag}") for tag in ("found", "fixed", "returned", "closed")])
        assert "电池" not in told
        assert "漏换" not in told


async def test_the_months_table_counts_what_happened(settings: Settings) -> None:
    """A line a division below and one for the whole; counts are what the rows say, in the file as on the screen."""
    async with world(settings) as it:
        first, _ = await supervisors(it, settings)
        await it.city.open("I-1")
        await it.city.open("I-2")
        await sql(it, "UPDATE dispatch.incident SET state = 'taken', taken_at = opened_at + interval '20 s' "
                      "WHERE id = 'I-1'")  # fmt: skip
        await it.post("/supervision/complaints", first, HOTLINE)
        await it.post("/supervision/hazards", first, {**RISK, "owner": "first", "due_on": "2026-11-24"})
        await sql(it, "INSERT INTO dispatch.call_back (incident_id, division, due_at, made_at) "
                      "SELECT id, division, opened_at + interval '30 s', CASE id WHEN 'I-1' THEN opened_at END "
                      "FROM dispatch.incident")  # fmt: skip
        await owned(settings, "INSERT INTO gateway.rating SELECT id, 'first', division, 'E1', 4, '', opened_at "
                              "FROM dispatch.incident WHERE id = 'I-2'")  # fmt: skip
        it.clock.advance(60)
        found = (await it.get("/supervision/monthly", first)).json()
        codes = [one["code"] for one in found["columns"]]
        total = dict(zip(codes, found["total"]["values"], strict=True))
        expected = {"elders": 2, "special": 2, "visited": 0, "visit_rate": None, "calls": 2, "answered_30": 1,
                    "call_backs": 2, "called_back": 1, "call_back_rate": None, "rated": 1, "content": 1,
                    "complaints": 1, "settled": 0, "late": 0, "hazards": 1, "hazards_late": 0}  # fmt: skip
        assert {code: total[code] for code in expected} == expected
        for at, column in enumerate(found["columns"]):
            if not column["share"]:
                assert sum(line["values"][at] for line in found["items"]) == total[column["code"]]
        street = next(one for one in found["items"] if one["division"] == STREET)
        assert dict(zip(codes, street["values"], strict=True))["calls"] == 2
        table = (await it.get("/supervision/export/monthly", first, format="csv")).content.decode("utf-8-sig")
        assert table.splitlines()[0].startswith("区划代码,区划,在家老年人")
        assert "合计" in table


async def test_a_neighbour_and_the_wrong_roles_see_nothing(settings: Settings) -> None:
    """Beyond the scope it is not there; a desk reads hazards and no complaints; bad input is told by its field."""
    async with world(settings) as it:
        first, _ = await supervisors(it, settings)
        case = (await it.post("/supervision/complaints", first, HOTLINE)).json()["complaint"]
        risk = (await it.post("/supervision/hazards", first,
                              {**RISK, "owner": "first", "due_on": "2026-11-24"})).json()["hazard"]  # fmt: skip
        await account(settings, "far", OTHER_COUNTY)
        far, desk = await it.log_in("far"), await it.log_in("desk")
        assert (await it.get("/supervision/complaints", far)).json()["items"] == []
        assert (await it.get("/supervision/complaints", far, division=COUNTY)).status_code == 404
        assert (await it.post(f"/supervision/complaints/{case}/accept", far, {})).status_code == 404
        assert (await it.get("/supervision/hazards", far)).json()["items"] == []
        assert (await it.post(f"/supervision/hazards/{risk}/fix", far, {"note": "没有"})).status_code == 404
        assert (await it.get("/supervision/complaints", desk)).status_code == 403
        assert (await it.post("/supervision/complaints", desk, HOTLINE)).status_code == 403
        assert len((await it.get("/supervision/hazards", desk)).json()["items"]) == 1
        assert {one["account"] for one in (await it.get("/supervision/colleagues", first)).json()["items"]} == {
            "desk", "first", "second",
        }  # fmt: skip
        for field, value, named in (
            ("division", OTHER_COUNTY, "division"), ("elder", "nobody", "elder"), ("about", "I-9", "about"),
            ("subject", {"kind": "provider", "id": "P-9"}, "subject.id"),
        ):  # fmt: skip
            refused = await it.post("/supervision/complaints", first, {**HOTLINE, "number": None, field: value})
            assert (refused.status_code, refused.json()["field"]) == (404, named)
        for body, named in (({**HOTLINE, "text": " "}, "text"), ({**HOTLINE, "source": "family"}, "source")):
            refused = await it.post("/supervision/complaints", first, body)
            assert (refused.status_code, refused.json()["field"]) == (422, named)
