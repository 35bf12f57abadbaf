"""Pressed again after 61 s: counted and rung again on the same row; a retry of the same press is not a second one."""

from tests.story.town import Town


async def test_pressed_again(town: Town) -> None:
    """The second press is never dropped as a duplicate."""
    button = await town.button("B-1")
    desk, wang = await town.console("desk1"), await town.console("wang")
    button.press()
    row = await desk.sees("incident.opened", presses=1)
    offer = await wang.sees("job.offered")
    await wang.act(f"/offers/{offer['offer']}/accept")
    await button.told("accepted")
    await town.wait(61)
    again = button.press()
    await desk.sees("incident.updated", incident=row["incident"], presses=2)
    await wang.sees("job.updated", presses=2)
    await button.told("accepted", eid=again)
    button.repeat()
    await town.becomes("SELECT max(copies) FROM devices.raw_event", 2)
    assert await town.value("SELECT presses FROM dispatch.incident") == 2
    assert await town.value("SELECT count(*) FROM dispatch.incident") == 1
