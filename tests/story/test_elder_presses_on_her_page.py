"""She presses on her own telephone in the garden: paired once, no login, the network fails, she presses again."""

import orjson

from services.devices.domain.mac import body_tag, key_of
from tests.story.town import Town


async def test_elder_presses_on_her_page(town: Town) -> None:
    """Her telephone rings the desk as hers, hears who comes, and one call stays one however often it is sent."""
    desk, wang = await town.console("desk1"), await town.console("wang")
    code = (await desk.act("/elders/E-1/pairing")).json()["code"]
    phone = (await desk.http.post("/api/v1/elder/pairing", json={"code": code})).json()
    desk.http.cookies.clear()

    async def press(seq: int, **more: object) -> dict[str, object]:
        eid = f"{phone['device']}:1:{seq}"
        body = orjson.dumps({"v": 1, "eid": eid, "kind": "sos", "boot": 1, "seq": seq, "path": "page", **more})
        tag = body_tag(key_of(phone["secret"]), phone["device"], body)
        headers = {"X-Yinling-Device": phone["device"], "X-Yinling-Signature": tag}
        answer = await desk.http.post("/device/v1/alarms", content=body, headers=headers)
        assert answer.status_code == 200, answer.text
        receipt: dict[str, object] = answer.json()
        return receipt

    place = {"lat": 25.601, "lon": 115.791, "acc_m": 12, "src": "page", "crs": "wgs84"}
    assert (await press(1, loc=place))["stage"] == "recorded"
    row = await desk.sees("incident.opened", kind="sos", priority=1, device=phone["device"])
    assert (row["name_masked"], row["flags"]) == ("李*国", [])
    offer = await wang.sees("job.offered", kind="sos")
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    await desk.sees("incident.updated", state="taken")
    await town.becomes("SELECT stage::int FROM devices.told", 3)
    told = await press(1, loc=place, attempt=2)
    assert (told["stage"], told["who"]) == ("accepted", "王护士")
    assert str(told["say"]).endswith("分钟到")

    again = await press(2)
    assert again["eid"] == f"{phone['device']}:1:2"
    await desk.sees("incident.updated", presses=2)
    assert await town.value("SELECT count(*) FROM dispatch.incident") == 1
