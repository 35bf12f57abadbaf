"""One contiguous stream an inbox, whatever happens to the line."""

from typing import Any

from shared.contracts.console import OfferNotice
from shared.contracts.http import IncidentRow
from shared.runtime.settings import Settings
from tests.integration.gateway_world import COUNTY, World, world


async def test_a_press_reaches_desk_and_responder(settings: Settings) -> None:
    """Snapshot first, then live events with contiguous numbers."""
    async with world(settings) as it:
        desk, wang = await it.log_in("desk"), await it.log_in("wang")
        async with it.console(desk) as seat, it.console(wang) as phone:
            welcome = await seat.hear("welcome")
            assert [one["mode"] for one in welcome["inboxes"]] == ["snapshot", "snapshot"]
            await seat.hear("live")
            await seat.hear("live")
            await phone.hear("live")
            opened = await it.city.open("I-1")
            event = await seat.hear("ev")
            assert (event["i"], event["seq"], event["type"]) == (f"d:{COUNTY}", 1, "incident.opened")
            assert event["id"] == str(opened.id)
            row = IncidentRow.model_validate(event["d"])
            assert (row.name_masked, row.presses) == ("李*国", 1)
            await it.city.offer("I-1", "R1")
            offered = await phone.hear("ev")
            notice = OfferNotice.model_validate(offered["d"])
            assert (offered["type"], notice.place) == ("job.offered", "会昌县文武坝镇红旗路5号3栋2单元")
            assert (await seat.hear("ev"))["seq"] == 2
