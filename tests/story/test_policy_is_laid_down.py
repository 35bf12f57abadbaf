"""A supervisor lays a policy down: a hole is refused in words, a sound one holds for the next press."""

from typing import Any

from tests.story.town import COUNTY, STREET, VILLAGE, Console, Town


async def put(console: Console, path: str, body: dict[str, Any], ver: int | None = None) -> Any:
    """Write something over HTTP."""
    headers = {"Authorization": f"Bearer {console.token}", "Idempotency-Key": f"{path}-{ver}-{len(str(body))}"}
    if ver is not None:
        headers["If-Match"] = str(ver)
    return await console.http.put(f"/api/v1{path}", json=body, headers=headers)


async def test_a_policy_is_laid_down(town: Town) -> None:
    """What was shipped holds until then; the desk reads what holds, but only a supervisor changes it."""
    await town.value("UPDATE gateway.account SET role = 'supervisor' WHERE id = 'desk2'")
    desk, boss = await town.console("desk1"), await town.console("desk2")
    shipped = await desk.read(f"/policies/{VILLAGE}")
    assert (shipped["laid_down_for"], shipped["version"], shipped["holds"]["mode"]) == (None, 0, "peace")
    policy = {k: v for k, v in shipped["policy"].items() if k not in ("version", "mode", "call_in")}
    holey = {**policy, "rules": {k: v for k, v in policy["rules"].items() if k != "2"}}
    checked = (await desk.act("/policies/check", {"policy": holey})).json()
    assert checked["holes"][0]["field"] == "rules.2"
    refused = await put(boss, f"/policies/{COUNTY}", {"policy": holey, "reason": "试"}, 0)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, "policy_hole", "rules.2")
    assert "没有规则" in refused.json()["params"]["holes"][0]["zh"]
    assert (await put(desk, f"/policies/{COUNTY}", {"policy": policy, "reason": "试"}, 0)).status_code == 403
    assert (await put(boss, "/policies/3607", {"policy": policy, "reason": "试"}, 0)).status_code == 404
    assert (await put(boss, f"/policies/{COUNTY}", {"policy": policy, "reason": "试"})).status_code == 428
    policy["rules"]["1"]["volunteers_s"] = 10
    laid = await put(boss, f"/policies/{COUNTY}", {"policy": policy, "reason": "县里邻居近"}, 0)
    assert (laid.status_code, laid.json()["history"][0]["by"]) == (200, "刘值班")
    button, sun = await town.button("B-1"), await town.console("sun")
    button.press()
    await desk.sees("incident.opened")
    await town.wait(10)
    await sun.sees("job.offered")
    assert (await desk.read(f"/policies/{STREET}"))["laid_down_for"] == COUNTY


async def test_how_she_is_and_who_was_telephoned(town: Town) -> None:
    """In hospital: the desk sees it on her card, speaks first, hands over to 120, and clears it by her own voice."""
    desk, button = await town.console("desk1"), await town.button("B-1")
    where = {"status": "hospital", "source": "女儿来电"}
    state = await put(desk, "/elders/E-1/status", where)
    assert (state.status_code, state.json()["status"]) == (200, "hospital")
    half = await put(desk, "/elders/E-1/temporary-address", {"address": "女儿家"})
    assert (half.status_code, half.json()["field"]) == (422, "lat")
    button.press()
    row = await desk.sees("incident.opened")
    assert row["held_until"] is not None
    view = await desk.read(f"/incidents/{row['incident']}")
    assert (view["elder"]["status"], view["offers"]) == ("hospital", [])
    assert view["row"]["handoffs"]["120"]["area"] == "0797"
    told = {"service": "120", "result": "not_needed", "note": "人在医院"}
    assert (await desk.act(f"/incidents/{row['incident']}/handoff", told)).status_code == 200
    call = {"callee": "elder", "result": "answered", "cleared": True}
    cleared = await desk.act(f"/incidents/{row['incident']}/call", call)
    assert (cleared.json()["row"]["priority"], cleared.json()["row"]["cleared_at"] is not None) == (2, True)
    assert cleared.json()["row"]["handoffs"]["120"]["result"] == "not_needed"
    assert (await desk.act(f"/incidents/{row['incident']}/confirm")).json()["row"]["priority"] == 1
    assert (await desk.read("/call-backs"))["items"] == []
