"""A console is offline and comes back: it gets what it missed, in order, once; old offers don't ring."""

from tests.story.town import Town, until


async def test_console_offline_and_back(town: Town) -> None:
    """The connection drops, she presses meanwhile, and the screen catches up."""
    button, hers = await town.button("B-1"), await town.button("B-2")
    desk = await town.console("desk1")
    button.press()
    await desk.sees("incident.opened", name_masked="李*国")
    await desk.close()
    hers.press()
    await hers.told("recorded")
    missed = "SELECT count(*) FROM gateway.inbox_event WHERE inbox = 'd:360733' AND type = 'incident.opened'"
    await town.becomes(missed, 2)
    before, snaps = len(desk.frames), len(desk.snaps)
    await town.show(desk)
    await desk.sees("incident.opened", name_masked="张*英")
    assert all(f["replay"] for f in desk.frames[before:])
    seqs = [f["seq"] for f in desk.frames]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    assert len(desk.snaps) == snaps


async def test_another_county_sees_nothing(town: Town) -> None:
    """Not by socket, not by page."""
    button = await town.button("B-1")
    desk, other = await town.console("desk1"), await town.console("elsewhere")
    button.press()
    row = await desk.sees("incident.opened")
    refused = await other.act(f"/incidents/{row['incident']}/claim", ver=99)
    assert refused.status_code == 404
    assert other.frames == []
    assert await other.read("/incidents?state=live") == {"items": [], "next": None}


async def test_a_screen_that_is_not_there_keeps_the_button_waiting_for_seen(town: Town) -> None:
    """`seen` is a person's screen, not the server's send."""
    button = await town.button("B-1")
    desk = await town.console("desk1", says_seen=False)
    button.press()
    event = await desk.sees("incident.opened")
    assert event["state"] == "open"
    assert button.stages == ["recorded"]
    await desk.send({"t": "seen", "i": "d:360733", "ids": [desk.frames[0]["id"]], "ring": "ok"})
    await button.told("seen")
    await until(lambda: button.stages[-1] == "seen", "nothing further is told")
