"""Gas: 119 before anything else, and nobody is sent who would go inside."""

from tests.story.newcomers import helper
from tests.story.town import Town

ASKED = "SELECT array_agg(DISTINCT responder_kind ORDER BY responder_kind) FROM dispatch.offer"


async def test_gas_nobody_inside(town: Town) -> None:
    """Guard and station are asked, at once and ever after; nurse, caregiver and neighbour, however near, never are."""
    await helper(town, "bao", "包保安", "guard", far=0.004)
    await helper(town, "zhan", "詹驿站", "station", far=0.005)
    button, desk = await town.button("B-1"), await town.console("desk1")
    guard, wang = await town.console("bao"), await town.console("wang")
    button.press("gas")
    row = await desk.sees("incident.opened", kind="gas", priority=1)
    assert row["handoffs"]["119"].get("made_at") is None
    offer = await guard.sees("job.offered", kind="gas")
    for seconds, rung in ((46, 1), (15, 2), (121, 3), (301, 4)):
        await town.wait(seconds)
        await desk.sees("incident.updated", rung=rung)
    await town.becomes(ASKED, ["guard", "station"])
    assert wang.offers == []
    accepted = await guard.act(f"/offers/{offer['offer']}/accept")
    assert accepted.status_code == 200, accepted.text
    path = f"/incidents/{row['incident']}/handoff"
    told = await desk.act(path, {"service": "119", "result": "connected", "ref": "119-3"})
    assert told.json()["row"]["handoffs"]["119"]["result"] == "connected"
    assert await town.value(ASKED) == ["guard", "station"]
