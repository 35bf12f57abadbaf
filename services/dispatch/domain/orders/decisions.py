"""What people decide about an order: the order's tale, or a refusal that names the field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Moment
from services.dispatch.domain.orders.catalogue import Price, Service, share
from services.dispatch.domain.orders.order import Order, Tale, drafted
from services.dispatch.domain.orders.states import BEFORE_SERVICE, ORDER, OrderState
from services.dispatch.domain.orders.waits import planned_from
from services.dispatch.domain.orders.windows import Window
from services.dispatch.domain.refusals import Refusal, argument, wrong_state

REASONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "cancel": frozenset({"elder_asks", "family_asks", "hospital", "moved", "died", "mistake", "weather", "other"}),
        "reschedule": frozenset({"elder_asks", "family_asks", "helper_ill", "weather", "overbooked", "other"}),
        "return": frozenset({"nobody_free", "not_our_area", "skill_missing", "unsafe", "refused_at_door", "other"}),
        "dispute": frozenset({"not_served", "too_short", "quality", "damage", "money", "other"}),
    }
)
"""Why, as codes; a person's own words are kept in a note, out of the log."""


FARTHEST = timedelta(days=366)
OVER = frozenset({"reached", "not_wanted"})
"""Ends of a call after which nobody calls again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody orders for an elder; `telephoned` says who called for it."""

    order: str
    division: str
    elder: str
    home: str | None
    lat: float | None
    lon: float | None
    window: Window
    provider: str | None = None
    series: UUID | None = None
    day: date | None = None
    telephoned: str | None = None


def draft(moment: Moment, wish: Wish, service: Service) -> Tale | Refusal:
    """Write an order down; it does nothing until it is placed."""
    wrong = _untimely(moment, wish.window)
    if wrong is not None:
        return wrong
    if not service.offered:
        return argument("service", "not_offered")
    fact = moment.fact(
        "order.drafted", order=wish.order, division=wish.division, elder=wish.elder, home=wish.home, lat=wish.lat,
        lon=wish.lon, service=service.code, window_from=wish.window.first, window_to=wish.window.last,
        minutes=service.minutes, hands=service.hands, skills=list(service.skills),
        evidence_arrive=list(service.evidence_arrive), evidence_leave=list(service.evidence_leave),
        welfare=service.welfare, provider=wish.provider, series=wish.series,
        day=wish.day.isoformat() if wish.day else None, telephoned=wish.telephoned,
    )  # fmt: skip
    return Tale(drafted(fact), (fact,))


def _untimely(moment: Moment, window: Window) -> Refusal | None:
    if not window.sound:
        return argument("window_to", "invalid_field")
    if window.last <= moment.now:
        return argument("window_to", "window_passed")
    return argument("window_to", "too_far_ahead") if window.last > moment.now + FARTHEST else None


def place(moment: Moment, order: Order, price: Price | None) -> Tale | Refusal:
    """Fix price and shares for good, and put it before the planner."""
    if order.state != OrderState.DRAFT:
        return wrong_state(order.state)
    if price is None:
        return argument("service", "no_price")
    if order.window_to <= moment.now:
        return argument("window_to", "window_passed")
    tale, money = Tale(order), share(price)
    tale.add(
        moment.fact(
            "order.placed", order=order.id, plan_at=planned_from(moment.now, order.window_from), price_id=price.id,
            price_cents=money.total, subsidy_cents=money.subsidy, own_cents=money.own, absent_cents=money.absent,
        )
    )  # fmt: skip
    return tale


def reschedule(moment: Moment, order: Order, window: Window, why: str) -> Tale | Refusal:
    """Another time (改约); price and shares stay as they were placed."""
    if why not in REASONS["reschedule"]:
        return argument("reason", "invalid_field")
    wrong = _untimely(moment, window)
    if wrong is not None:
        return wrong
    if not _may(order, "order.rescheduled") or order.begun_at is not None:
        return wrong_state(order.state)
    tale = Tale(order)
    tale.add(
        moment.fact(
            "order.rescheduled", order=order.id, window_from=window.first, window_to=window.last, why=why,
            plan_at=planned_from(moment.now, window.first),
        )
    )  # fmt: skip
    return tale


def cancel(moment: Moment, order: Order, why: str) -> Tale | Refusal:
    """Nobody comes, nothing is charged."""
    return _ended(moment, order, "order.cancelled", why, "cancel")


def away(moment: Moment, order: Order, status: str) -> Tale:
    """Visits follow her status: nobody goes to where she is not."""
    tale = Tale(order)
    if _may(order, "order.cancelled"):
        tale.add(moment.fact("order.cancelled", order=order.id, why=status))
    return tale


def give_back(moment: Moment, order: Order, why: str) -> Tale | Refusal:
    """Back to the desk (退单): whoever was to serve it cannot."""
    return _ended(moment, order, "order.returned", why, "return")


def _ended(moment: Moment, order: Order, tag: str, why: str, reasons: str) -> Tale | Refusal:
    if why not in REASONS[reasons]:
        return argument("reason", "invalid_field")
    if not _may(order, tag) or order.begun_at is not None:
        return wrong_state(order.state)
    tale = Tale(order)
    tale.add(moment.fact(tag, order=order.id, why=why))
    return tale


def book(moment: Moment, order: Order, starts_at: datetime, people: Sequence[str], how: str) -> Tale | Refusal:
    """Name who comes and when: the planner (`how` plan), the desk or the provider (`how` named)."""
    if not _may(order, "order.planned"):
        return wrong_state(order.state)
    if len(set(people)) != order.hands:
        return argument("people", "hands_wanted")
    if not order.window_from <= starts_at <= order.window_to:
        return argument("starts_at", "outside_window")
    tale = Tale(order)
    tale.add(moment.fact("order.planned", order=order.id, starts_at=starts_at, people=list(people), how=how))
    return tale


def called_back(moment: Moment, order: Order, result: str, rating: int | None) -> Tale | Refusal:
    """Asked how it was (回访): reached closes it, anything else is tried again."""
    if order.state != OrderState.FULFILLED:
        return wrong_state(order.state)
    tale = Tale(order)
    tale.add(moment.fact("order.called_back", order=order.id, result=result, rating=rating))
    if result in OVER:
        tale.add(moment.fact("order.closed", order=order.id))
    return tale


def dispute(moment: Moment, order: Order, why: str) -> Tale | Refusal:
    """Somebody says that it was not as it should be; it is looked into before anything is paid."""
    if why not in REASONS["dispute"]:
        return argument("reason", "invalid_field")
    if not _may(order, "order.disputed"):
        return wrong_state(order.state)
    tale = Tale(order)
    tale.add(moment.fact("order.disputed", order=order.id, why=why))
    return tale


def settle(moment: Moment, order: Order, charged: int) -> Tale | Refusal:
    """The dispute is over: what is charged in the end, never more than the price."""
    if order.state != OrderState.DISPUTED:
        return wrong_state(order.state)
    if not 0 <= charged <= (order.price_cents or 0):
        return argument("charged_cents", "invalid_field")
    tale = Tale(order)
    tale.add(moment.fact("order.closed", order=order.id, charged_cents=charged))
    return tale


def correct(moment: Moment, order: Order, field: str) -> Tale:
    """Something was reported wrong or too late: said anew, beside what stands, which stays."""
    tale = Tale(order)
    tale.add(moment.fact("order.corrected", order=order.id, note=moment.mint(), field=field))
    return tale


def may_hand_over(order: Order, people: Sequence[str]) -> Refusal | None:
    """Whether others may go on with what has been sent out."""
    if order.state != OrderState.DISPATCHED:
        return wrong_state(order.state)
    return argument("people", "hands_wanted") if len(set(people)) != order.hands else None


def with_people(order: Order, people: Sequence[str]) -> Order:
    """The order as if others had been planned for it."""
    return replace(order, people=tuple(people))


def _may(order: Order, tag: str) -> bool:
    return (order.state, tag) in ORDER


def stoppable(order: Order) -> bool:
    """Whether a case of it may be running that has to be ended with it."""
    return order.incident_id is not None and order.state in {*BEFORE_SERVICE, OrderState.MISSED}


def body_of(order: Order) -> dict[str, Any]:
    """What a caller is told of an order that was changed."""
    return {"order": order.id, "state": order.state, "ver": order.ver}
