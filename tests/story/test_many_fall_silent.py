"""Five thousand buttons fall silent in one minute: one row at the desk, which is rung until somebody takes it."""

from typing import Any
from uuid import UUID

from tests.story.town import COUNTY, STREET, VILLAGE, Town

OUTAGE = UUID(int=9)


def outage(area: str, devices: int) -> dict[str, Any]:
    """What presence writes of it."""
    return {"outage": str(OUTAGE), "area": area, "devices": devices, "elders": devices, "since": "2026-11-22T02:00:00Z"}


async def test_five_thousand_fall_silent(town: Town) -> None:
    """Nobody is sent from door to door; closing it needs no proof that anybody was seen."""
    desk, wang = await town.console("desk1"), await town.console("wang")
    await town.happens(f"outage/{OUTAGE}", "device.outage", outage(VILLAGE, 40), VILLAGE)
    row = await desk.sees("incident.opened", kind="outage", priority=2, division=VILLAGE)
    for n in range(5):
        body = {
            "fault": str(UUID(int=n)), "device": f"S-{n}", "kind": "offline", "subject": f"device:S-{n}",
            "county": COUNTY, "protects": True, "since": "2026-11-22T02:00:00Z", "outage": str(OUTAGE),
        }  # fmt: skip
        await town.happens(f"device/S-{n}", "device.fault", body)
    await town.happens(f"outage/{OUTAGE}", "device.outage_grew", outage(STREET, 5000), STREET)
    await town.becomes("SELECT outage_devices FROM dispatch.incident", 5000)
    await town.wait(121)
    rung = await desk.sees("incident.updated", incident=row["incident"], rung=1, division=STREET)
    taken = await desk.act(f"/incidents/{row['incident']}/claim", ver=rung["ver"])
    assert taken.status_code == 200, taken.text
    await town.happens(f"outage/{OUTAGE}", "device.outage_over", outage(STREET, 5000), STREET)
    over = await desk.sees("incident.updated", incident=row["incident"], state="resolved")
    closing = {"outcome": "device_fault", "evidence": "none", "evidence_by": ""}
    closed = await desk.act(f"/incidents/{row['incident']}/close", closing, ver=over["ver"])
    assert closed.status_code == 200, closed.text
    assert await town.value("SELECT count(*) FROM dispatch.incident") == 1
    assert await town.value("SELECT count(*) FROM dispatch.offer") == 0
    assert wang.frames == []
