"""Life of an order, as data. The same states stand in the database's CHECK."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class OrderState(StrEnum):
    """订单."""

    DRAFT = "draft"
    PLACED = "placed"
    SCHEDULED = "scheduled"
    DISPATCHED = "dispatched"
    FULFILLED = "fulfilled"
    CLOSED = "closed"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    MISSED = "missed"
    RETURNED = "returned"
    DISPUTED = "disputed"


O = OrderState  # noqa: E741  the table below is read across
TO_PLAN = frozenset({O.PLACED, O.RESCHEDULED})
BOOKED = frozenset({O.SCHEDULED, O.DISPATCHED})
BEFORE_SERVICE = frozenset({O.PLACED, O.RESCHEDULED, O.SCHEDULED, O.DISPATCHED, O.RETURNED})
ENDED = frozenset({O.CLOSED, O.CANCELLED})

_ARROWS = (
    ("order.placed", (O.DRAFT,), O.PLACED),
    ("order.planned", (O.PLACED, O.RESCHEDULED, O.SCHEDULED, O.RETURNED), O.SCHEDULED),
    ("order.dispatched", (O.PLACED, O.RESCHEDULED, O.SCHEDULED, O.DISPATCHED), O.DISPATCHED),
    ("order.fulfilled", (O.DISPATCHED, O.MISSED), O.FULFILLED),
    ("order.closed", (O.FULFILLED, O.MISSED, O.DISPUTED), O.CLOSED),
    ("order.rescheduled", (*sorted(BEFORE_SERVICE), O.MISSED), O.RESCHEDULED),
    ("order.cancelled", (O.DRAFT, *sorted(BEFORE_SERVICE), O.MISSED), O.CANCELLED),
    ("order.missed", tuple(sorted(BEFORE_SERVICE)), O.MISSED),
    ("order.returned", (O.PLACED, O.RESCHEDULED, O.SCHEDULED, O.DISPATCHED, O.MISSED), O.RETURNED),
    ("order.disputed", (O.FULFILLED, O.CLOSED, O.MISSED), O.DISPUTED),
)

ORDER: Mapping[tuple[str, str], str] = MappingProxyType(
    {(state, tag): after for tag, states, after in _ARROWS for state in states}
)
"""Which state follows, by state and tag; a tag that is in no arrow changes no state."""

MOVING = frozenset(tag for tag, _, _ in _ARROWS)
