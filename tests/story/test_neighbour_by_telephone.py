"""A neighbour without a smartphone: the daughter rings, the desk sends the neighbour and writes everything down."""

from tests.story.town import Town, until

DAUGHTER = "+86 139 0000 0001"


async def test_neighbour_by_telephone(town: Town) -> None:
    """From the call that announces itself to the closed incident, without one console but the desk's."""
    desk = await town.console("desk1")
    announced = await desk.act("/calls", {"from": DAUGHTER, "line": "12349", "call_id": "pbx-1", "seat": "desk1"})
    assert announced.status_code == 201, announced.text
    call = announced.json()["call"]
    hint = (await desk.sees("call.incoming", call=call, number_masked="139****0001"))["elders"][0]
    assert (hint["elder"], hint["name_masked"]) == ("E-1", "李*国")
    opened = (await desk.act(f"/calls/{call}/open")).json()
    assert (opened["elders"][0]["elder"]["name"], opened["number"]) == ("李建国", DAUGHTER)

    made = await desk.act("/incidents", {"elder": "E-1", "kind": "fall", "call": call, "note": "父亲电话没人接"})
    assert made.status_code == 200, made.text
    incident, job = made.json()["row"]["incident"], made.json()["row"]["job"]
    found = await desk.read(f"/incidents/{incident}/candidates")
    assert "sun" in {one["responder"] for one in found["items"]}
    sent = await desk.act(f"/incidents/{incident}/order", {"responder": "sun", "reason": "住对门"})
    assert sent.status_code == 200, sent.text
    await desk.sees("incident.updated", incident=incident, job_state="accepted")

    for act in ("depart", "arrive", "start", "complete"):
        said = await desk.act(f"/jobs/{job}/act-for", {"responder": "sun", "act": act})
        assert said.status_code == 200, (act, said.text)
    page = await desk.read(f"/incidents/{incident}")
    phoned = [line["tag"] for line in page["timeline"] if line["params"].get("by_phone")]
    assert "assignment.completed" in phoned
    closed = await desk.act(
        f"/incidents/{incident}/close", {"outcome": "genuine", "note": "已扶起"}, ver=page["row"]["ver"]
    )
    assert closed.status_code == 200, closed.text
    assert await until(lambda: [f for f in desk.frames if f["type"] == "incident.closed"], "never closed")
    assert [c["incident"] for c in (await desk.read(f"/calls?incident={incident}"))["items"]] == [incident]
