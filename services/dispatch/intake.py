"""What dispatch hears from the log: alarms, what consoles report, what becomes of things and of messages.

A follower each, since a transaction must take all its stream locks before its first write. None of them waits for the
disk: what they decide is seen outside only when gateway or devices have committed what they made of it, or a message
has been taken in hand.
"""

from functools import partial

from services.dispatch.flow import mass_news, order_news, seats, telling
from services.dispatch.flow.house import House
from shared.runtime.log import Follower

LOST = ("message.failed", "message.expired")
HELPERS = ("assignment.made", "assignment.stood_down")
UNCOVERED = ("post.uncovered", "post.rung")
DESKS = ("account.made", "account.changed")
MASS = ("device.fault", "call.attempted", "job.completed", *mass_news.MOVES)
THINGS = ("device.fault", "device.mended", "device.outage", "device.outage_grew", "device.outage_over")


def followers(house: House) -> tuple[tuple[Follower, tuple[str, ...]], ...]:
    """Who follows, with the streams each listens for; of each name only one worker is active at a time."""
    cases, database, clock = house.cases, house.database, house.clock
    follower = partial(Follower, lasting=False)
    alarms = follower("dispatch.alarms", ("alarm.raised",), cases.alarms, database, clock, ahead=cases.look_ahead)
    screens = follower(
        "dispatch.screens", ("screen.seen", "screen.reachable"), cases.screens, database, clock, hasty=False
    )
    things = follower(
        "dispatch.devices", THINGS, cases.things, database, clock, ahead=cases.look_at_things, hasty=False
    )
    lost = follower("dispatch.messages", LOST, cases.undelivered, database, clock, hasty=False)
    posts = follower("dispatch.posts", UNCOVERED, partial(telling.ring_above, house), database, clock, hasty=False)
    helpers = follower("dispatch.helpers", HELPERS, partial(telling.tell_helpers, house), database, clock, hasty=False)
    desks = follower("dispatch.desks", DESKS, partial(seats.desks_made, house), database, clock, hasty=False)
    mass = follower("dispatch.mass", MASS, partial(mass_news.hear, house), database, clock, hasty=False)
    orders = follower("dispatch.orders", order_news.TAGS, order_news.News(house).hear, database, clock, hasty=False)
    return (
        (lost, ("message",)),
        (posts, ("duty",)),
        (desks, ("account",)),
        (helpers, ("incident",)),
        (alarms, ("device",)),
        (screens, ("screen",)),
        (things, ("device", "outage")),
        (mass, ("device", "incident")),
        (orders, ("incident", "device")),
    )
