"""The county's canary presses every twenty seconds: it comes back to the canary's own inbox, no desk hears of it."""

from tests.story.town import Town


async def test_a_canary_there_and_back(town: Town) -> None:
    """Two rounds side by side, the receipts as for anybody, gone after a minute."""
    button = await town.button("Y-1")
    desk, wang, canary = [await town.console(name) for name in ("desk1", "wang", "canary")]
    for _ in range(2):
        eid = button.press()
        await button.told("recorded", eid=eid)
        offer = await canary.sees("job.offered", kind="sos", offer=await newest(town))
        await button.told("seen", eid=eid)
        assert (await canary.act(f"/offers/{offer['offer']}/accept")).status_code == 200
        await button.told("accepted", eid=eid)
        await town.wait(20)
    await town.wait(20)
    await button.told("closed")
    await town.wait(20)
    await town.becomes("SELECT count(*) FROM dispatch.incident WHERE outcome = 'canary'", 2)
    assert await town.value("SELECT count(*) FROM dispatch.incident WHERE presses = 1 AND linked_to IS NULL") == 2
    hers = await town.button("B-1")
    hers.press()
    await desk.sees("incident.opened", name_masked="李*国")
    await wang.sees("job.offered")
    assert {f["d"]["name_masked"] for f in desk.frames} == {"李*国"}
    assert len(wang.offers) == 1
    assert (await desk.read("/incidents?state=closed"))["items"] == []


async def newest(town: Town) -> str:
    """The offer of the round that has just begun."""
    offers = "SELECT count(*) > (SELECT count(*) FROM dispatch.assignment) FROM dispatch.offer"
    await town.becomes(offers, wanted=True)
    return str(await town.value("SELECT id FROM dispatch.offer ORDER BY sent_at DESC LIMIT 1"))
