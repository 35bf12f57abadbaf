"""Every wait of an order, as a pure function of the order: none that is not over is without one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from services.dispatch.domain.orders.order import Order
from services.dispatch.domain.orders.states import ENDED, TO_PLAN, OrderState

BATCH = timedelta(seconds=45)
"""Orders are gathered so long before they are planned together."""
HORIZON = timedelta(hours=48)
"""Nothing is planned longer ahead."""
LEAD = timedelta(minutes=45)
"""People are asked so long before they are to begin."""
GRACE = timedelta(minutes=15)
"""So late after the window's end it is missed."""
ABSENT = timedelta(minutes=10)
"""So long somebody waits at a door that stays shut."""
OVERRUN = timedelta(hours=1)
CALL_BACK = timedelta(hours=24)
SETTLE = timedelta(hours=24)
DISPUTE = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class OrderWait:
    """Something is due for an order if nothing happens before."""

    kind: str
    due_at: datetime


def planned_from(now: datetime, first: datetime) -> datetime:
    """When an order joins the next batch: at once, but not two days ahead."""
    return max(now + BATCH, first - HORIZON)


def goes_at(order: Order) -> datetime:
    """When people are asked: a lead before they are to begin, planned or not."""
    return (order.starts_at or order.window_from) - LEAD


def missed_at(order: Order) -> datetime:
    """When it counts as missed if nobody has come."""
    return max(order.window_to, order.starts_at or order.window_to) + GRACE


def waits(order: Order) -> frozenset[OrderWait]:
    """All that is due for it; empty only when it has ended."""
    if order.state in ENDED:
        return frozenset()
    return frozenset(_waits(order))


def _waits(order: Order) -> list[OrderWait]:
    one = _WAITS.get(order.state)
    return [one(order)] if one is not None else _ahead(order)


def _callback(order: Order) -> OrderWait:
    tried = order.nudged_at + CALL_BACK if order.nudged_at else None
    return OrderWait("callback", max(t for t in (order.callback_at, tried, order.created_at) if t))


def _settle(order: Order) -> OrderWait:
    return OrderWait("settle", (order.missed_at or order.window_to) + SETTLE)


def _dispute(order: Order) -> OrderWait:
    return OrderWait("dispute", (order.nudged_at or order.disputed_at or order.created_at) + DISPUTE)


def _ahead(order: Order) -> list[OrderWait]:
    found = [OrderWait("missed", missed_at(order)), OrderWait("dispatch", goes_at(order))]
    if order.state in TO_PLAN and order.plan_at is not None and order.plan_at < goes_at(order):
        found.append(OrderWait("plan", order.plan_at))
    return found


def _under_way(order: Order) -> OrderWait:
    if order.absent_at is not None:
        return OrderWait("absent", order.absent_at + ABSENT)
    if order.arrived_at is None:
        return OrderWait("missed", missed_at(order))
    since = max(order.arrived_at, order.begun_at or order.arrived_at) + timedelta(minutes=order.minutes)
    return OrderWait("overrun", max(since, order.nudged_at or since) + OVERRUN)


_WAITS: Mapping[str, Callable[[Order], OrderWait]] = MappingProxyType(
    {
        OrderState.DRAFT: lambda order: OrderWait("lapse", order.window_to),
        OrderState.DISPATCHED: _under_way,
        OrderState.FULFILLED: _callback,
        OrderState.MISSED: _settle,
        OrderState.DISPUTED: _dispute,
        OrderState.RETURNED: lambda order: OrderWait("missed", missed_at(order)),
    }
)
