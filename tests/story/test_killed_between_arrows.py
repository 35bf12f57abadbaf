"""A process is away between any two arrows: the work is done when it is back, and shown once."""

from typing import Any

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


async def test_the_desk_hears_of_her_though_dispatch_is_away(town: Town) -> None:
    """Who calls and where is on the desk's screen from the moment it is stored; the incident takes its place."""
    button, desk, elsewhere = await town.button("B-1"), await town.console("desk1"), await town.console("elsewhere")
    await town.stop("dispatch")
    button.press()
    await button.told("recorded")
    word = await until(lambda: _heard(desk), "the desk heard nothing")
    assert (word["kind"], word["device"], word["name_masked"]) == ("sos", "B-1", "李*国")
    assert "红旗路" in word["place"]
    assert await town.value("SELECT count(*) FROM dispatch.incident") == 0
    await town.start("dispatch")
    assert word["alarm"] in (await desk.sees("incident.opened", device="B-1"))["alarms"]
    assert _heard(elsewhere) is None


def _heard(console: Console) -> dict[str, Any] | None:
    """What this screen was told of an alarm without an incident."""
    return next((d for key, d in console.words.items() if key.startswith("alarm/")), None)


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
