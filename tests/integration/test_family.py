"""Families: what an elder agreed to is seen, everything else does not exist; it ends at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from shared.contracts import family as contract
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, START, STREET, World, world
from tests.integration.test_gateway_orders import ORDER, PRICE

PHONES = {"red": "13900000002", "blue": "13900000009"}
ACCOUNT = """
INSERT INTO gateway.account (id, username, name, role, division, phone) VALUES ($1, $1, '', 'family', '00', $2)
"""
DEVICE = """
INSERT INTO devices.device (id, county, division, model, kind, secret_sha256, home_id, elder_id, added_at)
VALUES ($1, '360733', $2, 'button', 'button', '\\x00', 'H1', $3, $4)
"""
AT_THE_DOOR = """
UPDATE dispatch.service_order SET arrived_at = $1, state = 'dispatched' WHERE id = $2 RETURNING id
"""
ORDERS = ("O-2026-000001", "O-2026-000002")
WISH = {"service": "meal", "window_from": "2026-11-23T03:00:00Z", "window_to": "2026-11-23T05:00:00Z"}
DONE: dict[str, Any] = {"status": 200, "body": {}}


@asynccontextmanager
async def families(settings: Settings) -> AsyncIterator[World]:
    """E1 and E2 share a home, each with a button and a meal."""
    async with world(settings) as it:
        db = await asyncpg.connect(settings.owner_database)
        price = await db.fetchval(PRICE, START)
        for elder, device, order in (("E1", "B-1", ORDERS[0]), ("E2", "B-2", ORDERS[1])):
            await db.execute(DEVICE, device, STREET, elder, START)
            at = START + timedelta(hours=4)
            hers = ORDER.replace("'E1'", f"'{elder}'")
            await db.execute(hers, order, STREET, "scheduled", at, ["R1"], price, None, at + timedelta(days=1))
        await db.close()
        yield it


async def enter(it: World, settings: Settings, who: str) -> str:
    """One of a family logs in with the digits that were made for her; answers her token."""
    it.answers.append(DONE)
    sent = await it.http.post("/api/v1/family/login-codes", json={"phone": PHONES[who]})
    assert sent.status_code == 202, sent.text
    command = it.commands.pop()
    assert (command.name, command.args, PHONES[who] in command.model_dump_json()) == (
        "send_login_code", {"by": "text"}, False,
    )  # fmt: skip
    code = await value(settings, "SELECT code FROM gateway.login_code WHERE id = $1::text::uuid", command.target)
    answer = await it.http.post("/api/v1/family/sessions", json={"phone": PHONES[who], "code": code})
    it.http.cookies.clear()
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def value(settings: Settings, sql: str, *args: object) -> Any:
    """Look into the database."""
    db = await asyncpg.connect(settings.owner_database)
    try:
        return await db.fetchval(sql, *args)
    finally:
        await db.close()


async def agreed(it: World, desk: str, child: str, elder: str, *may: str) -> dict[str, Any]:
    """The desk writes down that an elder agrees; the one it is for agrees too."""
    given = {"relation": "son", "may": may, "how": "in_person"}
    made = await it.post(f"/elders/{elder}/kin-codes", desk, given)
    assert made.status_code == 201, made.text
    bound = await it.post("/family/kin", child, {"code": made.json()["code"], "name": "李小军"})
    assert bound.status_code == 201, bound.text
    found: dict[str, Any] = (await it.get(f"/elders/{elder}/kin", desk)).json()["items"][-1]
    return found


async def test_a_family_sees_its_own_elder_and_nothing_else(settings: Settings) -> None:
    """Every read of every other elder, and every door of those who work here, is shut: as if nobody were there."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        blue = await enter(it, settings, "blue")
        await agreed(it, desk, red, "E1", "health", "devices", "orders")
        await it.city.open("I-1")
        await it.city.open("I-2", elder="E2")
        mine = ("/family/calls/I-1", "/family/elders/E1/calls", "/family/elders/E1/devices", "/family/elders/E1/orders",
                "/family/elders/E1/services", f"/family/orders/{ORDERS[0]}")  # fmt: skip
        others = ("/family/calls/I-2", "/family/elders/E2/calls", "/family/elders/E2/devices",
                  "/family/elders/E2/orders", "/family/elders/E2/services", f"/family/orders/{ORDERS[1]}")  # fmt: skip
        for path in mine:
            assert (await it.get(path, red)).status_code == 200, path
            assert (await it.get(path, blue)).status_code == 404, path
        for path in others:
            assert (await it.get(path, red)).status_code == 404, path
        for path in ("/incidents", "/incidents/I-1", "/elders", "/homes", "/orders", "/orders/mine", "/devices",
                     "/responders", "/elders/E1/kin", "/complaints", "/duty", "/services", "/elder/home"):  # fmt: skip
            assert (await it.get(path, red)).status_code in (403, 404), path
        devices = (await it.get("/family/elders/E1/devices", red)).json()["items"]
        assert [one["id"] for one in devices] == ["B-1"]
        orders = (await it.get("/family/elders/E1/orders", red)).json()["items"]
        assert [one["line"]["order"] for one in orders] == [ORDERS[0]]
        for path, body in (
            ("/family/elders/E2/orders", WISH), ("/family/elders/E2/devices/B-2/test", None),
            ("/family/elders/E1/devices/B-2/test", None), (f"/family/orders/{ORDERS[1]}/cancel", {}),
            ("/family/elders/E2/complaints", {"text": "x"}), ("/elders/E1/kin-codes", {"relation": "son"}),
            ("/incidents/I-1/note", {"text": "x"}), ("/incidents", {"elder": "E1", "kind": "sos"}),
        ):  # fmt: skip
            assert (await it.post(path, red, body)).status_code in (403, 404), path
        assert it.commands == []


async def test_what_she_did_not_agree_to_stays_hidden(settings: Settings) -> None:
    """Calls without medical notes; no devices, no orders; with the consent they are there."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        await agreed(it, desk, red, "E1")
        await it.city.open("I-1")
        call = contract.FamilyCallView.model_validate((await it.get("/family/calls/I-1", red)).json())
        assert (call.health, call.notes, call.name, call.steps[0].what) == (None, None, "李建国", "incident.opened")
        for path in ("devices", "orders", "services"):
            assert (await it.get(f"/family/elders/E1/{path}", red)).status_code == 404
        await agreed(it, desk, red, "E1", "health", "devices")
        again = (await it.get("/family/calls/I-1", red)).json()
        assert (again["health"], again["notes"]) == ("高血压", [])
        assert len((await it.get("/family", red)).json()["elders"]) == 1


async def test_a_consent_is_recorded_shown_and_ended_at_once(settings: Settings) -> None:
    """The log has who agreed to what, when and how, under ids; its end shuts the door and stops the news."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        line = contract.KinLine.model_validate(await agreed(it, desk, red, "E1", "devices"))
        assert (line.name, line.relation, line.may, line.given_by, line.how) == (
            "李小军", "son", ("calls", "devices"), "worker", "in_person",
        )  # fmt: skip
        [told] = await it.city.logged("kin.bound")
        assert (told["elder"], told["may"], told["wording"]) == ("E1", ["calls", "devices"], line.wording)
        assert "李" not in str(told)
        inbox = (await it.get("/sessions/current", red)).json()["inboxes"][0]
        async with it.console(red, {"id": inbox}) as console, it.console(desk, {"id": f"d:{COUNTY}"}) as seat:
            await console.hear("live")
            await seat.hear("live")
            await it.city.open("I-1")
            while (news := await console.hear("ev"))["type"] == "family.changed":
                pass  # word of the binding may come after she has begun to listen
            assert (news["type"], news["d"]) == ("family.call", {"elder": "E1", "incident": "I-1"})
            far = await it.log_in("elsewhere")
            assert (await it.http.delete(f"/api/v1/kin/{line.kin}", headers=bearer(far))).status_code == 404
            assert (await it.http.delete(f"/api/v1/kin/{line.kin}", headers=bearer(desk))).status_code == 204
            assert (await it.get("/family/calls/I-1", red)).status_code == 404
            assert (await console.hear("ev"))["type"] == "family.changed"
            await it.city.press_again("I-1")
            while (await seat.hear("ev"))["d"].get("presses") != 2:
                pass
            await agreed(it, desk, red, "E1")
            assert (await console.hear("ev"))["type"] == "family.changed"
        assert len(await it.city.logged("kin.ended")) == 1


def bearer(token: str) -> dict[str, str]:
    """The head of a request."""
    return {"Authorization": f"Bearer {token}"}


async def test_a_page_stands_though_the_number_is_gone(settings: Settings) -> None:
    """What is forgotten is empty, and no fault."""
    async with families(settings) as it:
        red = await enter(it, settings, "red")
        await value(settings, "UPDATE gateway.account SET phone = NULL WHERE role = 'family' RETURNING 1")
        page = await it.get("/family", red)
        assert (page.status_code, page.json()["phone_masked"]) == (200, "")


async def test_digits_are_throttled_and_end(settings: Settings) -> None:
    """Once a minute; five wrong tries void them; five minutes end them; a used one opens nothing again."""
    async with families(settings) as it:
        await enter(it, settings, "red")
        it.answers.append(DONE)
        ask = {"phone": PHONES["red"], "by": "voice"}
        assert (await it.http.post("/api/v1/family/login-codes", json=ask)).status_code == 202
        soon = await it.http.post("/api/v1/family/login-codes", json=ask)
        assert (soon.status_code, soon.json()["code"]) == (429, "too_many_tries")
        code = await value(settings, "SELECT code FROM gateway.login_code")
        wrong = "000000" if code != "000000" else "111111"
        for given in [wrong] * 5 + [code]:
            answer = await it.http.post("/api/v1/family/sessions", json={"phone": PHONES["red"], "code": given})
            assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (401, "wrong_digits", "code")
        it.clock.advance(61)
        it.answers.append(DONE)
        assert (await it.http.post("/api/v1/family/login-codes", json=ask)).status_code == 202
        code = await value(settings, "SELECT code FROM gateway.login_code ORDER BY asked_at DESC LIMIT 1")
        it.clock.advance(301)
        late = await it.http.post("/api/v1/family/sessions", json={"phone": PHONES["red"], "code": code})
        assert late.status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/family/login-codes", {"phone": "12"}, "phone"),
        ("/family/kin", {"code": "12345678", "name": " "}, "name"),
        ("/family/consent", {"code": "1"}, "code"),
        ("/family/elders/E1/complaints", {"text": "  "}, "text"),
    ],
)
async def test_a_wrong_word_is_named(settings: Settings, path: str, body: dict[str, Any], field: str) -> None:
    """Bad input says which field."""
    async with families(settings) as it:
        answer = await it.post(path, await enter(it, settings, "red"), body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_wrong_codes_are_counted(settings: Settings) -> None:
    """Guessing a consent is stopped after ten tries a minute."""
    async with families(settings) as it:
        red = await enter(it, settings, "red")
        tries = [await it.post("/family/consent", red, {"code": f"{n:08}"}) for n in range(11)]
        assert [one.status_code for one in tries] == [404] * 10 + [429]


async def test_an_order_for_her_is_placed_shown_and_called_off(settings: Settings) -> None:
    """The family's account acts where the elder lives; once somebody is at the door it is too late to call it off."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        await agreed(it, desk, red, "E1", "orders")
        services = (await it.get("/family/elders/E1/services", red)).json()["items"]
        assert [one["code"] for one in services] == ["meal"]
        it.answers.append({"status": 200, "body": {"order": ORDERS[0]}})
        placed = await it.post("/family/elders/E1/orders", red, WISH)
        shown = contract.FamilyOrder.model_validate(placed.json())
        assert (placed.status_code, shown.price_cents, shown.own_cents, shown.cancellable) == (201, 1500, 600, True)
        command = it.commands.pop()
        assert (command.name, command.target, command.actor.role, command.actor.division) == (
            "place_order", "E1", "family", STREET,
        )  # fmt: skip
        it.answers.append({"status": 200, "body": {"order": ORDERS[0]}})
        assert (await it.post(f"/family/orders/{ORDERS[0]}/cancel", red, {})).status_code == 200
        assert it.commands.pop().args == {"reason": "family_asks"}
        await value(settings, AT_THE_DOOR, it.clock.now(), ORDERS[0])
        late = await it.post(f"/family/orders/{ORDERS[0]}/cancel", red, {})
        assert (late.status_code, late.json()["code"], it.commands) == (409, "too_late", [])


async def test_a_test_of_her_button(settings: Settings) -> None:
    """The window is opened under the family's name, for three minutes, and no other device's."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        await agreed(it, desk, red, "E1", "devices")
        answer = await it.post("/family/elders/E1/devices/B-1/test", red)
        assert answer.status_code == 503, "devices is not running here; nobody else is asked"
        assert it.commands == []


async def test_what_they_thought_reaches_the_supervisor(settings: Settings) -> None:
    """A rating may be said again; a complaint has a day, waits in the supervisor's list, and is answered once."""
    async with families(settings) as it:
        desk, red = await it.log_in("desk"), await enter(it, settings, "red")
        await agreed(it, desk, red, "E1", "orders")
        await it.city.open("I-1")
        for rating in (2, 5):
            given = {"rating": rating, "text": "来得很快"}
            for path in ("/family/calls/I-1", f"/family/orders/{ORDERS[0]}"):
                done = await it.http.put(f"/api/v1{path}/rating", json=given, headers=bearer(red))
                assert done.status_code == 204, done.text
        assert (await it.get("/family/calls/I-1", red)).json()["line"]["rating"] == 5
        assert (await it.get(f"/family/orders/{ORDERS[0]}", red)).json()["rating"] == 5
        made = await it.post("/family/elders/E1/complaints", red, {"text": "没有敲门就走了", "about": ORDERS[0]})
        line = contract.ComplaintLine.model_validate(made.json())
        assert line.due_at == it.clock.now() + timedelta(days=3)
        assert (await it.get("/complaints", desk)).status_code == 403
        it.clock.advance(timedelta(days=4).total_seconds())
        city, far, red2 = await it.log_in("city"), await it.log_in("elsewhere"), await enter(it, settings, "red")
        [waiting] = (await it.get("/complaints", city)).json()["items"]
        assert (waiting["overdue"], waiting["by"], waiting["name_masked"]) == (True, "李*军", "李*国")
        path = f"/complaints/{line.complaint}/answer"
        assert (await it.post(path, far, {"answer": "x"})).status_code == 403
        assert (await it.post(path, city, {"answer": "已核实，明天补送"})).json()["answer"] == "已核实，明天补送"
        again = await it.post(path, city, {"answer": "x"})
        assert (again.status_code, again.json()["code"]) == (409, "answered")
        assert (await it.get("/complaints", city)).json()["items"] == []
        [mine] = (await it.get("/family/complaints", red2)).json()["items"]
        assert mine["answer"] == "已核实，明天补送"
        assert all("敲门" not in str(body) for body in await it.city.logged("complaint.made"))
