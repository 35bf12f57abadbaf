"""What dispatch hears from the log: alarms, what consoles report, what becomes of things.

Three followers, since a transaction must take all its stream locks before its first write.
"""

from services.dispatch.flow import Flow
from shared.runtime.log import Follower

HEARS = (("device",), ("screen",), ("device", "outage"))
"""The streams each of the followers listens for, in their order."""
THINGS = ("device.fault", "device.mended", "device.outage", "device.outage_grew", "device.outage_over")


def followers(flow: Flow) -> tuple[Follower, Follower, Follower]:
    """Follow as `dispatch.alarms`, `.screens` and `.devices`; of each only one worker is active at a time."""
    return (
        Follower("dispatch.alarms", ("alarm.raised",), flow.alarms, flow.database, flow.clock),
        Follower("dispatch.screens", ("screen.seen", "screen.reachable"), flow.screens, flow.database, flow.clock),
        Follower("dispatch.devices", THINGS, flow.things, flow.database, flow.clock),
    )
