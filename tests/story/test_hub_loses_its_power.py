"""A hub is pulled from the wall: its last will, a minute and a half at the most, and the desk has a job of it."""

from simulators.mqtt import Broker, Link, connect
from tests.story.town import COUNTY, START, VILLAGE, Town

HUB = """
INSERT INTO devices.device (id, county, division, model, class, kind, home_id, added_at)
VALUES ('HUB-1', $1, $2, 'hub', 'hub', 'hub', 'H-1', $3)
"""
ONLINE = "SELECT online FROM devices.health WHERE device_id = 'HUB-1'"
OPEN = "SELECT count(*) FROM devices.fault WHERE ended_at IS NULL"


async def plugged(town: Town) -> Link:
    """The hub comes up: a connection with a last will, and its first heartbeat."""
    service = town.broker.service
    broker = Broker(service.host, service.port, service.user, service.password)
    will = (f"yl/v1/{COUNTY}/HUB-1/up/lwt", b'{"v":1}')
    line = await connect(broker, None, lambda *_: None, "HUB-1", will)
    line.tell(f"yl/v1/{COUNTY}/HUB-1/up/state", b'{"v":1,"ts":1,"mains":true,"batt":100}')
    return line


async def test_the_desk_is_told_when_a_hub_goes_dark_and_when_it_is_back(any_town: Town) -> None:
    """A fault of the home it protects, shown to the desk; over by itself when the plug is back."""
    town = any_town
    await town.value(HUB, COUNTY, VILLAGE, START)
    await town.start("presence")
    desk = await town.console("desk1")
    line = await plugged(town)
    await town.becomes(ONLINE, True)
    await town.wait(60)
    line.close()
    await town.becomes("SELECT count(*) FROM devices.health WHERE device_id = 'HUB-1' AND will_at IS NOT NULL", 1)
    await town.wait(16)
    opened = await desk.sees("incident.opened", kind="offline")
    assert opened["device"] == "HUB-1"
    assert await town.value(OPEN) == 1
    again = await plugged(town)
    await town.becomes(ONLINE, True)
    await town.becomes(OPEN, 0)
    again.close()
