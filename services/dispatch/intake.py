"""What dispatch hears from the log: alarms, and what consoles report.

Two followers, since a transaction must take all its stream locks before its first write.
"""

from services.dispatch.flow import Flow
from shared.runtime.log import Follower

HEARS = ("device", "screen")
"""The stream each of the followers listens for, in their order."""


def followers(flow: Flow) -> tuple[Follower, Follower]:
    """Follow as `dispatch.alarms` and `dispatch.screens`; of each only one worker is active at a time."""
    return (
        Follower("dispatch.alarms", ("alarm.raised",), flow.alarms, flow.database, flow.clock),
        Follower("dispatch.screens", ("screen.seen", "screen.reachable"), flow.screens, flow.database, flow.clock),
    )
