"""What becomes of an order: people are sent, its case goes on, a wait is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.dispatch.domain.facts import Moment
from services.dispatch.domain.orders.order import Order, Tale
from services.dispatch.domain.orders.states import ORDER, OrderState
from services.dispatch.domain.orders.waits import CALL_BACK, waits

ABSENT = "elder_absent"
HELPER = "helper_absent"
UNPLANNED = "nobody_free"
NOT_SERVED: Mapping[str, str] = {"refused": "refused_at_door", "hospital": "hospital"}
"""Ends of a visit after which it was not served."""


@dataclass(frozen=True, slots=True)
class Been:
    """Who has been at the door, and whether one of them has ended the visit."""

    there: tuple[str, ...] = ()
    done: bool = False


NOBODY = Been()


def dispatched(
    moment: Moment, order: Order, incident: str, people: Sequence[str], starts_at: datetime, policy: int
) -> Tale:
    """People are asked for it: the case `incident` has been opened."""
    tale = Tale(order)
    tale.add(
        moment.fact(
            "order.dispatched", order=order.id, incident=incident, attempt=order.attempt + 1, people=list(people),
            starts_at=starts_at, policy=policy,
        )
    )  # fmt: skip
    return tale


def case_number(order: Order) -> str:
    """Name of the next case of an order: the n-th attempt to serve it."""
    return f"{order.id}-{order.attempt + 1}"


def follow(moment: Moment, order: Order, incident: str, tag: str, body: Mapping[str, Any], been: Been) -> Tale:
    """What a fact of the order's own case means to the order; an earlier attempt's means nothing.

    A case that is closed though nobody has served her was closed by the desk.
    """
    tale = Tale(order)
    if order.incident_id != incident:
        return tale
    match tag:
        case "incident.on_scene" if _running(order):
            tale.add(moment.fact("order.arrived", order=order.id))
        case "incident.with_elder" if _running(order):
            tale.add(moment.fact("order.begun", order=order.id))
        case "job.not_found" | "job.no_access" if order.state == OrderState.DISPATCHED:
            tale.add(moment.fact("order.absent", order=order.id, how=tag.removeprefix("job.")))
        case "incident.closed" if been.done and _running(order):
            _over(moment, tale, str(body.get("outcome", "helped")), been.there)
        case "incident.closed" | "incident.false_alarm" if order.state == OrderState.DISPATCHED:
            tale.add(moment.fact("order.returned", order=order.id, why="closed_by_desk"))
        case _:
            pass
    return tale


def staffed(moment: Moment, order: Order, incident: str, going: Sequence[str], out: Sequence[str]) -> Tale:
    """Who comes, as far as we know: those who have said yes, and those planned who have not said no.

    Their time is taken; the time of who has declined is free again.
    """
    tale = Tale(order)
    planned = [p for p in order.people if p not in out and p not in going]
    people = (*going, *planned)[: max(order.hands, len(going))]
    if order.incident_id == incident and order.state == OrderState.DISPATCHED and people != order.people:
        tale.add(moment.fact("order.staffed", order=order.id, people=list(people)))
    return tale


def _running(order: Order) -> bool:
    """Late is better than never: who comes after it was missed still serves it."""
    return order.state in (OrderState.DISPATCHED, OrderState.MISSED)


def _over(moment: Moment, tale: Tale, outcome: str, there: Sequence[str]) -> None:
    order = tale.order
    if outcome in NOT_SERVED:
        if (order.state, "order.returned") in ORDER:
            tale.add(moment.fact("order.returned", order=order.id, why=NOT_SERVED[outcome]))
        return
    tale.add(
        moment.fact(
            "order.fulfilled", order=order.id, people=list(there), verified=shown(order),
            charged_cents=order.price_cents, callback_at=moment.now + CALL_BACK,
        )
    )  # fmt: skip


def shown(order: Order) -> bool:
    """Whether there is proof of coming and of leaving, of a kind that the service wants."""
    came = not order.evidence_arrive or not set(order.evidence_arrive).isdisjoint(order.proofs_arrive)
    left = not order.evidence_leave or not set(order.evidence_leave).isdisjoint(order.proofs_leave)
    return came and left


def missed(moment: Moment, order: Order, why: str) -> Tale:
    """Nobody came, or she was not there; only who was there in vain may be owed something."""
    tale = Tale(order)
    charged = order.absent_cents if why == ABSENT and order.arrived_at is not None else 0
    tale.add(moment.fact("order.missed", order=order.id, why=why, charged_cents=charged))
    return tale


def why_missed(order: Order) -> str:
    """Whose fault it is, as far as we know."""
    if order.absent_at is not None:
        return ABSENT
    return HELPER if order.people else UNPLANNED


def overdue(moment: Moment, order: Order) -> Tale:
    """Apply the waits that are over and need nothing else looked up: not planning, not sending."""
    tale = Tale(order)
    for kind in sorted(w.kind for w in waits(order) if w.due_at <= moment.now):
        match kind:
            case "lapse":
                tale.add(moment.fact("order.cancelled", order=order.id, why="never_placed"))
            case "missed" | "absent":
                return missed(moment, order, why_missed(order))
            case "settle":
                tale.add(moment.fact("order.closed", order=order.id))
            case "callback" | "dispute" | "overrun":
                tale.add(moment.fact("order.nudged", order=order.id, why=kind))
            case _:
                pass
    return tale
