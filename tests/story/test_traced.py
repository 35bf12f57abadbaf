"""She presses, and afterwards somebody asks what took how long, or reads the lines that were written meanwhile."""

import logging

import asyncpg
import pytest

from deploy.local.trace import way
from shared.runtime.logging import JsonFormatter
from tests.story.town import COUNTY, Town, until

HERS = ("李建国", "李红", "13900000001", "红旗路3栋", "门垫下", "2580#", "王小明", "陈值班")


async def test_traced(town: Town) -> None:
    """Found by the device's own id, by the alarm's and by the incident's; causes lead from the press to the screen."""
    button = await town.button("B-1")
    desk, wang = await town.console("desk1"), await town.console("wang")
    eid = button.press()
    row = await desk.sees("incident.opened")
    offer = await wang.sees("job.offered")
    await button.told("seen")
    assert (await wang.act(f"/offers/{offer['offer']}/accept")).status_code == 200
    await button.told("accepted")

    owner = town.database.url("owner")
    told = await way(owner, eid)
    whats = [step.what for step in told.steps]
    order = ["alarm.stored", "incident.opened", "offer.sent", "screen.seen", "offer.accepted", "receipt"]
    assert sorted(order, key=whats.index) == order
    assert [step.ms for step in told.steps] == sorted(step.ms for step in told.steps)
    assert told.steps[-1].more["stage"] == "accepted"
    assert (await way(owner, told.alarms[0])).steps == (await way(owner, row["incident"])).steps

    connection = await asyncpg.connect(owner)
    rows = await connection.fetch("SELECT id, tag, cause FROM log.event ORDER BY position DESC")
    await connection.close()
    tags, causes = {row["id"]: row["tag"] for row in rows}, {row["tag"]: row["cause"] for row in rows}
    assert str(causes["incident.opened"]) == str(causes["offer.sent"]) == told.alarms[0]
    assert tags[causes["screen.seen"]].startswith(("incident.", "job.", "offer."))


async def test_no_line_names_anybody(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Words in what a device sends, in an address, in an event that cannot be handled: none of them is written down."""
    for ours in ("services", "shared"):
        caplog.set_level(logging.DEBUG, ours)
    button, desk = await town.button("B-1"), await town.console("desk1")
    assert (await desk.act(f"/incidents/{HERS[0]}/nothing", {"text": HERS[2]})).status_code == 404
    button.link.send(f"yl/v1/{COUNTY}/B-1/up/alarm", "、".join(HERS).encode())
    await desk.sees("incident.opened")
    await town.happens("screen/desk1", "screen.seen", {"incident": list(HERS)})

    def lines() -> list[tuple[str, str]]:
        ours = [record for record in caplog.records if record.name.startswith(("services.", "shared."))]
        return [(record.getMessage(), JsonFormatter("story").format(record)) for record in ours]

    await until(lambda: {"request.failed", "follower.failed"} <= dict(lines()).keys(), "nothing went wrong")
    assert [(said, line) for _, line in lines() for said in HERS if said in line] == []
