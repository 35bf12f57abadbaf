"""这是演练: everybody sees that it is one, nobody is told to ring 120, and a real press is a case of its own."""

from tests.story.town import Town

MESSAGES = (
    "SELECT count(*) FROM dispatch.message WHERE drill AND state NOT IN ('withheld', 'queued', 'sending', 'expired')"
)


async def test_drill(town: Town) -> None:
    """Marked on the desk's row and the helper's card; out of the learning; a real call beside it rings in full."""
    button, desk, wang = await town.button("B-1"), await town.console("desk1"), await town.console("wang")
    before = await town.value("SELECT accepts FROM dispatch.responder WHERE id = 'wang'")
    opened = await desk.act("/drills", {"elder": "E-1", "kind": "fall", "people": ["wang"]})
    assert opened.status_code == 200, opened.text
    row = await desk.sees("incident.opened", drill=True)
    assert row["handoffs"] == {}
    offer = await wang.sees("job.offered", drill=True)
    button.press()
    real = await desk.sees("incident.opened", drill=False)
    assert real["incident"] != row["incident"]
    assert "120" in real["handoffs"]
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    await town.wait(61)
    await town.becomes(MESSAGES, 0)
    assert await town.value("SELECT accepts FROM dispatch.responder WHERE id = 'wang'") == before
    await button.told("seen", incident=real["incident"])
    [line] = (await desk.read("/drills"))["items"]
    assert (line["incident"], line["people"]) == (row["incident"], ["wang"])
