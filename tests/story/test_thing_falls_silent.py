"""Her hub falls silent, her battery runs low: who is woken, who is let sleep, who stands in, who is told it is over."""

from typing import Any
from uuid import UUID

from tests.story.town import COUNTY, Town

TO_THREE_AT_NIGHT = 17 * 3600
TO_EIGHT = 5 * 3600
OFFERS = "SELECT count(*) FROM dispatch.offer"


def fault(kind: str, *, protects: bool) -> dict[str, Any]:
    """What presence writes of her hub."""
    return {
        "fault": str(UUID(int=1)), "device": "HUB-1", "kind": kind, "subject": "elder:E-1", "county": COUNTY,
        "home": "H-1", "elder": "E-1", "protects": protects, "since": "2026-11-22T18:58:00Z",
    }  # fmt: skip


async def test_without_protection_at_three_in_the_morning(town: Town) -> None:
    """Somebody is asked at once; after two hours people stand in for the hub; then it is back, and all are told."""
    await town.wait(TO_THREE_AT_NIGHT)
    desk, wang, li = [await town.console(name) for name in ("desk1", "wang", "li")]
    await town.happens("device/HUB-1", "device.fault", fault("offline", protects=True))
    row = await desk.sees("incident.opened", kind="offline", priority=3, name_masked="李*国")
    await wang.sees("job.offered", kind="offline", incident=row["incident"])
    assert await town.value(OFFERS) == 1
    await town.wait(2 * 3600)
    await desk.sees("incident.updated", incident=row["incident"], priority=2)
    await town.becomes("SELECT count(*) FROM log.event WHERE tag = 'incident.cover_opened'", 1)
    offer = (await li.sees("job.offered", priority=2))["offer"]
    assert (await li.act(f"/offers/{offer}/accept")).status_code == 200
    await desk.sees("incident.updated", state="taken")
    mended = {"fault": str(UUID(int=1)), "device": "HUB-1", "kind": "offline", "subject": "elder:E-1"}
    await town.happens("device/HUB-1", "device.mended", mended)
    await desk.sees("incident.closed", incident=row["incident"], state="closed")
    await li.sees("offer.closed", offer=offer, why="mended")
    await li.sees("job.updated", my_state="stood_down", note="mended")


async def test_a_low_battery_at_three_in_the_morning(town: Town) -> None:
    """The desk has it on the screen; nobody is asked until eight, then one."""
    await town.wait(TO_THREE_AT_NIGHT)
    desk, wang = await town.console("desk1"), await town.console("wang")
    await town.happens("device/HUB-1", "device.fault", fault("low_batt", protects=False))
    row = await desk.sees("incident.opened", kind="low_batt", rung=0, asked=0)
    assert row["next_due"] == "2026-11-23T00:00:00.000Z"
    await town.wait(TO_EIGHT - 1)
    assert await town.value("SELECT string_agg(kind, '') FROM dispatch.deadline") == "morning"
    assert await town.value(OFFERS) == 0
    await town.wait(1)
    await wang.sees("job.offered", kind="low_batt")
    assert await town.value(OFFERS) == 1
    await desk.sees("incident.updated", incident=row["incident"], asked=1)
