"""Husband and wife press: the desk merges, both buttons hear of the one who comes, and who presses again is heard."""

from tests.story.town import Town


async def test_couple_is_merged(town: Town) -> None:
    """Two incidents in one home become one; nobody is rung twice and no button is forgotten."""
    his, hers = await town.button("B-1"), await town.button("B-2")
    desk, wang = await town.console("desk1"), await town.console("wang")
    his.press()
    first = await desk.sees("incident.opened", device="B-1")
    hers.press("fall")
    second = await desk.sees("incident.opened", device="B-2")
    offer = await wang.sees("job.offered", incident=first["incident"])
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    await his.told("accepted", who="王护士")

    page = await desk.read(f"/incidents/{first['incident']}")
    merged = await desk.act(
        f"/incidents/{first['incident']}/merge", {"into": second["incident"], "reason": "同一次跌倒"},
        ver=page["row"]["ver"],
    )  # fmt: skip
    assert merged.status_code == 200, merged.text
    assert merged.json()["row"]["incident"] == second["incident"]
    await desk.sees("incident.closed", incident=first["incident"], state="merged", merged_into=second["incident"])
    await hers.told("accepted", who="王护士", incident=second["incident"])

    his.press()
    await desk.sees("incident.updated", incident=second["incident"], presses=3)
    job = merged.json()["row"]["job"]
    for step in ("arrive", "start", "complete"):
        assert (await wang.act(f"/jobs/{job}/{step}")).status_code == 200
    await his.told("arrived", incident=second["incident"])
    assert await town.value("SELECT count(*) FROM dispatch.incident") == 2
