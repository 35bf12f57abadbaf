"""A press is answered, and within seconds the figures of every level above count it: its times, its place, its list."""

import asyncio
from typing import Any

from shared.runtime.clock import woken
from tests.story.town import COUNTY, STREET, VILLAGE, Console, Town

WITHIN_S = 5


async def counts(desk: Console, query: str, n: int, stage: str) -> dict[str, Any]:
    """Ask until so many have reached the stage; no longer than a supervisor should have to wait."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            found: dict[str, Any] = await desk.read(f"/reports/response-times?{query}")
            if reached(found["total"], stage) == n:
                return found
            await woken(asyncio.Event(), 0.05)


def reached(line: dict[str, Any], stage: str) -> int:
    """How many of a line."""
    return int(next(one["n"] for one in line["stages"] if one["stage"] == stage))


async def test_supervisor_counts(town: Town) -> None:
    """Stage by stage as it happens, up to the province; a drill beside it is in no figure, another county sees none."""
    button, desk, wang = await town.button("B-1"), await town.console("desk1"), await town.console("wang")
    elsewhere = await town.console("elsewhere")
    drill = await desk.act("/drills", {"elder": "E-2", "kind": "fall", "people": ["li"]})
    assert drill.status_code == 200, drill.text
    button.press()
    row = await desk.sees("incident.opened", drill=False)
    for division in (COUNTY, STREET, VILLAGE):
        shown = await counts(desk, f"division={division}&by=division", 1, "offered")
        assert (shown["total"]["n"], shown["path"][-1]["code"]) == (1, division)
    for office in ("bureau", "province"):
        above = await town.console(office)
        shown = await counts(above, "by=division", 1, "offered")
        assert [line["rest"] for line in shown["groups"]] == [1], "one alone is not told by its county"
    offer = await wang.sees("job.offered", drill=False)
    await town.wait(20)
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    for step, seconds in (("depart", 40), ("arrive", 240), ("start", 30), ("complete", 600)):
        await town.wait(seconds)
        assert (await wang.act(f"/jobs/{offer['job']}/{step}")).status_code == 200
    shown = await counts(desk, f"division={COUNTY}", 1, "with_elder")
    stages = {one["stage"]: one for one in shown["total"]["stages"]}
    assert 300 <= stages["arrived"]["p50_s"] <= 310
    assert [target["within"] for target in stages["arrived"]["targets"]] == [1, 1, 1]
    assert stages["with_elder"]["p50_s"] > stages["arrived"]["p50_s"] > stages["accepted"]["p50_s"] >= 19.8
    behind = await desk.read(shown["total"]["incidents"].removeprefix("/api/v1") + "&stage=arrived")
    [line] = behind["items"]
    assert (line["incident"], line["responder"], line["name_masked"]) == (row["incident"], "wang", "李*国")
    assert 300 <= line["seconds"]["arrived"] <= 310
    assert (await elsewhere.read("/reports/response-times"))["total"]["n"] == 0
