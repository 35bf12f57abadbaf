"""A daughter in another city: her father agrees, she logs in by telephone, and sees his call as it happens."""

import re
from typing import Any

import httpx

from tests.faces import face
from tests.story.telephones import Telephones
from tests.story.town import COUNTY, Console, Town, until

DAUGHTER, STRANGER, HIS = "13900000001", "13800000009", "13700000005"
PRICE = """
INSERT INTO dispatch.price VALUES (gen_random_uuid(), 'cleaning', '36', '2026-01-01', NULL, 6000, 500, 0, 'story', $1)
RETURNING 1
"""

WORKS_FOR = f"""
WITH made AS (INSERT INTO dispatch.provider VALUES ('P-1', '{COUNTY}', '安康服务', '1', 25.6, 115.79) RETURNING id)
UPDATE dispatch.responder SET provider_id = made.id FROM made WHERE responder.id = 'wang' RETURNING 1
"""


async def logged_in(phones: Telephones, number: str, by: str = "text") -> Console:
    """Digits come to a telephone, and open the page."""
    town = phones.town
    base = f"http://127.0.0.1:{town.settings.gateway_port}"
    http = await town.stack.enter_async_context(httpx.AsyncClient(base_url=base, timeout=10, trust_env=False))
    sent = await http.post("/api/v1/family/login-codes", json={"phone": number, "by": by})
    assert sent.status_code == 202, sent.text
    told = await phones.rings(number, "call" if by == "voice" else "sms", "验证码")
    digits = "".join(re.findall(r"[0-9]", told.text.split("5分钟", maxsplit=1)[0]))[:6]
    session = (await http.post("/api/v1/family/sessions", json={"phone": number, "code": digits})).json()
    http.cookies.clear()
    ws = base.replace("http", "ws", 1) + "/ws"
    it = Console(number, http, ws, session["token"], list(session["account"]["inboxes"]))
    await town.show(it)
    return it


async def agreed(desk: Console, child: Console, *may: str) -> None:
    """He tells the desk on the telephone that she may; she reads what it says, and agrees in turn."""
    given = {"relation": "daughter", "may": may, "how": "telephone"}
    code = (await desk.act("/elders/E-1/kin-codes", given)).json()["code"]
    shown = (await child.act("/family/consent", {"code": code})).json()
    assert (shown["name_masked"], shown["given_by"], shown["how"]) == ("李*国", "worker", "telephone")
    bound = await child.act("/family/kin", {"code": code, "name": "李红"})
    assert bound.status_code == 201, bound.text
    again = await child.act("/family/kin", {"code": code, "name": "李红"})
    assert (again.status_code, again.json()["code"]) == (404, "wrong_code")


async def call_of(child: Console, incident: str) -> dict[str, Any]:
    """The call as she sees it now."""
    found: dict[str, Any] = await child.read(f"/family/calls/{incident}")
    return found


async def looks_at(child: Console, portrait: str) -> int:
    """Whether she is shown a helper's face."""
    path, head = f"/api/v1/family/portraits/{portrait}", {"Authorization": f"Bearer {child.token}"}
    return (await child.http.get(path, headers=head)).status_code


async def come(town: Town, wang: Console) -> None:
    """Wang accepts, goes, and is with him."""
    offer = await wang.sees("job.offered", kind="sos")
    for path in (f"/offers/{offer['offer']}/accept", f"/jobs/{offer['job']}/depart", f"/jobs/{offer['job']}/arrive"):
        assert (await wang.act(path)).status_code == 200
    await town.becomes("SELECT state FROM dispatch.incident", "on_scene")


async def test_daughter_watches(phones: Telephones) -> None:
    """Her father presses: she sees it at once, who comes and when, her face; and nothing once he has had enough."""
    town = phones.town
    desk, wang, child = await town.console("desk1"), await town.console("wang"), await logged_in(phones, DAUGHTER)
    assert (await child.read("/family"))["elders"] == []
    await agreed(desk, child, "devices")
    await child.sees("family.changed", elder="E-1")
    button = await town.button("B-1")
    button.press()
    incident = (await child.sees("family.call", elder="E-1"))["incident"]
    assert (await child.read("/family"))["elders"][0]["live"] == [incident]
    first = await call_of(child, incident)
    assert (first["line"]["state"], first["name"], first["helpers"]) == ("open", "李建国", [])
    assert (first["health"], first["notes"]) == (None, None)

    await town.value(WORKS_FOR)
    head = {"Authorization": f"Bearer {desk.token}"}
    kept = await desk.http.put("/api/v1/responders/wang/portrait", content=face(), headers=head)
    assert kept.status_code == 200, kept.text
    await come(town, wang)
    there = await call_of(child, incident)
    assert [(h["name"], h["kind"], h["state"]) for h in there["helpers"]] == [("王小明", "nurse", "arrived")]
    assert [(h["number"], h["organisation"]) for h in there["helpers"]] == [("wang", "安康服务")]
    [portrait] = [h["portrait"] for h in there["helpers"]]
    assert await looks_at(child, portrait) == 200
    assert [s["what"] for s in there["steps"]][:1] == ["incident.opened"]
    assert {"assignment.made", "assignment.en_route", "assignment.arrived"} <= {s["what"] for s in there["steps"]}

    [line] = (await desk.read("/elders/E-1/kin"))["items"]
    assert (line["name"], line["relation"], line["may"]) == ("李红", "daughter", ["calls", "devices"])
    reply = await desk.http.delete(f"/api/v1/kin/{line['kin']}", headers={"Authorization": f"Bearer {desk.token}"})
    assert reply.status_code == 204
    gone = await child.http.get(f"/api/v1/family/calls/{incident}", headers={"Authorization": f"Bearer {child.token}"})
    assert (gone.status_code, (await child.read("/family"))["elders"]) == (404, [])
    assert await looks_at(child, portrait) == 404
    shown = len(child.frames)
    button.press()
    await desk.sees("incident.updated", presses=2)
    await until(lambda: [f for f in child.frames if f["type"] == "family.changed"][1:], "she is told that it ended")
    assert [f for f in child.frames[shown:] if f["type"] == "family.call"] == []


async def test_digits_are_read_aloud_and_a_stranger_sees_nothing(phones: Telephones) -> None:
    """Who cannot read a text is called; who has no consent sees nobody, and wrong digits open nothing."""
    town = phones.town
    desk, child = await town.console("desk1"), await logged_in(phones, DAUGHTER)
    await agreed(desk, child, "health")
    stranger = await logged_in(phones, STRANGER, "voice")
    (await town.button("B-1")).press()
    incident = (await child.sees("family.call", elder="E-1"))["incident"]
    assert (await call_of(child, incident))["notes"] == []
    head = {"Authorization": f"Bearer {stranger.token}"}
    for path in (f"/family/calls/{incident}", "/family/elders/E-1/calls", "/family/elders/E-1/devices",
                 f"/incidents/{incident}", "/elders", "/elders/E-1/kin", "/orders"):  # fmt: skip
        assert (await stranger.http.get(f"/api/v1{path}", headers=head)).status_code in (403, 404), path
    assert (await stranger.read("/family"))["elders"] == []
    assert [f for f in stranger.frames if f["type"] == "family.call"] == []
    for _ in range(5):
        wrong = await stranger.http.post("/api/v1/family/sessions", json={"phone": DAUGHTER, "code": "000000"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_digits")


async def test_daughter_orders_and_he_is_told(phones: Telephones) -> None:
    """She orders a cleaning for him: his telephone rings and says what and when; she calls it off for nothing."""
    town = phones.town
    await town.value(PRICE, town.clock.now())
    await town.value("UPDATE dispatch.elder SET phone = $1 WHERE id = 'E-1' RETURNING id", HIS)
    desk, child = await town.console("desk1"), await logged_in(phones, DAUGHTER)
    await agreed(desk, child, "orders")
    [service] = (await child.read("/family/elders/E-1/services"))["items"]
    assert (service["code"], service["prices"][0]["cents"]) == ("cleaning", 6000)
    window = {"window_from": "2026-11-23T00:00:00Z", "window_to": "2026-11-23T03:00:00Z"}
    placed = await child.act("/family/elders/E-1/orders", {"service": "cleaning", "note": "狗很乖", **window})
    assert placed.status_code == 201, placed.text
    order = placed.json()
    assert (order["price_cents"], order["own_cents"], order["line"]["state"]) == (6000, 3000, "placed")
    call = await phones.rings(HIS, words="助洁")
    assert "11月23日08:00到11:00" in call.text
    seen = await desk.read(f"/orders/{order['line']['order']}")
    assert (seen["story"][0]["actor"], seen["notes"][0]["text"]) == ("李红", "狗很乖")
    assert (seen["line"]["telephoned"], seen["line"]["written_by"]) == (None, "李红")
    off = await child.act(f"/family/orders/{order['line']['order']}/cancel")
    assert (off.status_code, off.json()["line"]["state"], off.json()["cancellable"]) == (200, "cancelled", False)
