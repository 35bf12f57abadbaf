"""A process is away between any two arrows: the work is done when it is back, and shown once."""

import pytest

from tests.story.town import Console, Town, until


def _incidents(desk: Console) -> set[str]:
    """Incidents on the screen, from snapshots and events."""
    rows = [row["incident"] for snap in desk.snaps for row in snap["d"].get("incidents", [])]
    return {*rows, *(frame["d"]["incident"] for frame in desk.frames)}


@pytest.mark.parametrize("away", ["dispatch", "gateway"])
async def test_a_press_while_a_service_is_away(town: Town, away: str) -> None:
    """Stored and receipted at once; the rest happens on return."""
    button = await town.button("B-1")
    await town.stop(away)
    eid = button.press()
    assert (await button.told("recorded"))["eid"] == eid
    await town.start(away)
    desk = await town.console("desk1")
    row = "SELECT count(*) FROM gateway.inbox_event WHERE inbox = 'd:360733' AND type = 'incident.opened'"
    await town.becomes(row, 1)
    assert await town.value("SELECT count(*) FROM dispatch.incident") == 1
    drawn = await until(lambda: _incidents(desk), "the desk drew nothing")
    assert len(drawn) == 1


async def test_a_press_while_devices_is_away(town: Town) -> None:
    """The broker keeps it for the worker's session; nothing is receipted before it is stored."""
    button = await town.button("B-1")
    desk = await town.console("desk1")
    await town.stop("devices")
    button.press()
    assert button.receipts == []
    await town.start("devices")
    await button.told("recorded")
    await desk.sees("incident.opened")
    assert await town.value("SELECT count(*) FROM devices.raw_event") == 1


async def test_the_watch_rings_the_desk_when_dispatch_does_not(town: Town) -> None:
    """An alarm without an incident after two seconds is shown straight from the log."""
    await town.start("watch")
    button, desk = await town.button("B-1"), await town.console("desk1")
    await town.stop("dispatch")
    button.press()
    await button.told("recorded")
    await town.wait(3)
    breach = await desk.sees("platform.breach", check="alarm_without_incident")
    assert breach["kind"] == "sos"
    assert "红旗路" in breach["place"]
