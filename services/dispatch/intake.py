"""What dispatch hears from the log: alarms, what consoles report, what becomes of things.

A follower each, since a transaction must take all its stream locks before its first write.
"""

from services.dispatch.flow.house import House
from shared.runtime.log import Follower

THINGS = ("device.fault", "device.mended", "device.outage", "device.outage_grew", "device.outage_over")


def followers(house: House) -> tuple[tuple[Follower, tuple[str, ...]], ...]:
    """Who follows, with the streams each listens for; of each name only one worker is active at a time."""
    cases, database, clock = house.cases, house.database, house.clock
    alarms = Follower("dispatch.alarms", ("alarm.raised",), cases.alarms, database, clock, ahead=cases.look_ahead)
    screens = Follower("dispatch.screens", ("screen.seen", "screen.reachable"), cases.screens, database, clock)
    things = Follower("dispatch.devices", THINGS, cases.things, database, clock)
    return ((alarms, ("device",)), (screens, ("screen",)), (things, ("device", "outage")))
