"""Pressed and answered: she presses, the desk sees, somebody goes, the button says who, it is closed."""

from tests.story.town import Town


async def test_pressed_and_answered(any_town: Town) -> None:
    """Every stage is told to the button and shown to the desk."""
    button = await any_town.button("B-1")
    desk, wang = await any_town.console("desk1"), await any_town.console("wang")
    eid = button.press()
    assert (await button.told("recorded"))["eid"] == eid
    row = await desk.sees("incident.opened", kind="sos", priority=1, state="open")
    assert row["name_masked"] == "李*国"
    await button.told("seen")

    offer = await wang.sees("job.offered", kind="sos")
    accepted = await wang.act(f"/offers/{offer['offer']}/accept")
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["home"]["door_code"] == "2580#"
    told = await button.told("accepted")
    assert told["who"] == "王护士"
    assert told["say"].endswith("分钟到")
    await desk.sees("incident.updated", state="taken")

    for step, state in (("depart", "taken"), ("arrive", "on_scene"), ("start", "with_elder"), ("complete", "resolved")):
        assert (await wang.act(f"/jobs/{offer['job']}/{step}")).status_code == 200
        await desk.sees("incident.updated", state=state)
    await button.told("arrived")

    incident = await desk.read(f"/incidents/{row['incident']}")
    closing = {"outcome": "genuine", "evidence": "seen", "evidence_by": "王护士"}
    closed = await desk.act(f"/incidents/{row['incident']}/close", closing, ver=incident["row"]["ver"])
    assert closed.status_code == 200, closed.text
    await desk.sees("incident.closed", state="closed")
    await button.told("closed")
    assert [r["rev"] for r in button.receipts] == sorted({r["rev"] for r in button.receipts})
