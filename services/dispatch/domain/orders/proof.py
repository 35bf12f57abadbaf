"""Proof that somebody was there: looked at when it comes, by our own clock. What comes too late is no proof."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.orders.order import Order
from services.dispatch.domain.refusals import NOT_YOURS, Refusal, argument, wrong_state
from services.dispatch.domain.states import GOING, AssignmentState
from shared.vocabulary.geo import Position, distance_m

AT_HOME_M = 150
COARSE_M = 100
"""A position less exact than this proves nothing."""
ARRIVING = timedelta(minutes=10)
"""So long after she was met, arrival can still be shown."""
LEAST_STAY = timedelta(minutes=5)
"""Two presses of her button so far apart are a coming and a leaving."""

PHASES = ("arrive", "leave")
INSIDE = frozenset({AssignmentState.ARRIVED, AssignmentState.IN_SERVICE})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who shows it: the own assignment as it stands."""

    responder: str
    state: str
    arrived_at: datetime | None
    with_elder_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """What was shown: a position with its accuracy in metres, or the code read at home."""

    phase: str
    kind: str
    position: Position | None = None
    accuracy_m: float | None = None
    code: str | None = None


def digest(code: str) -> bytes:
    """What is kept of a home's code."""
    return hashlib.sha256(code.strip().upper().encode()).digest()


def proved(moment: Moment, order: Order, visitor: Visitor | None, given: Given, code: bytes | None) -> Fact | Refusal:
    """Judge a proof at the moment it comes. One that does not hold is stored too, and says so."""
    refusal = untimely(moment.now, visitor, given.phase)
    if refusal is not None or visitor is None:
        return refusal or NOT_YOURS
    if given.kind == "home_code":
        return _by_code(moment, order, visitor, given, code)
    if given.position is None or given.accuracy_m is None:
        return argument("accuracy_m" if given.position else "lat", "missing_field")
    return _by_position(moment, order, visitor, given, given.position, given.accuracy_m)


def untimely(now: datetime, visitor: Visitor | None, phase: str) -> Refusal | None:
    """Arrival is shown on arriving, leaving before one has left; nothing is filled in afterwards."""
    if visitor is None:
        return NOT_YOURS
    if visitor.state not in GOING:
        return Refusal("proof_too_late", params={"state": visitor.state})
    if phase == "leave":
        return None if visitor.state in INSIDE else wrong_state(visitor.state)
    since = visitor.with_elder_at or visitor.arrived_at
    late = since is not None and now > since + ARRIVING
    return Refusal("proof_too_late", params={"state": visitor.state}) if late else None


def _by_code(moment: Moment, order: Order, visitor: Visitor, given: Given, code: bytes | None) -> Fact | Refusal:
    if not given.code:
        return argument("code", "missing_field")
    if code is None:
        return argument("code", "no_home_code")
    holds = hmac.compare_digest(digest(given.code), code)
    return _fact(moment, order, given.phase, "home_code", visitor.responder, holds=holds)


def _by_position(
    moment: Moment, order: Order, visitor: Visitor, given: Given, at: Position, accuracy_m: float
) -> Fact | Refusal:
    if order.lat is None or order.lon is None:
        return argument("lat", "home_unknown")
    metres = distance_m(at, Position(order.lat, order.lon))
    holds = accuracy_m <= COARSE_M and metres <= AT_HOME_M + accuracy_m
    return _fact(
        moment, order, given.phase, "position", visitor.responder, holds=holds, dist_m=round(metres),
        accuracy_m=round(accuracy_m),
    )  # fmt: skip


def pressed(moment: Moment, order: Order, visitor: Visitor, device: str) -> Fact | None:
    """Her own button, pressed while somebody is there: first a coming, later a leaving."""
    if visitor.state not in GOING:
        return None
    came = visitor.arrived_at or visitor.with_elder_at
    if "button" not in order.proofs_arrive:
        return _fact(moment, order, "arrive", "button", visitor.responder, holds=True, device=device)
    if came is None or visitor.state not in INSIDE or moment.now < came + LEAST_STAY:
        return None
    return _fact(moment, order, "leave", "button", visitor.responder, holds=True, device=device)


def _fact(moment: Moment, order: Order, phase: str, kind: str, responder: str, *, holds: bool, **more: object) -> Fact:
    return moment.fact(
        "order.proved", order=order.id, proof=moment.mint(), phase=phase, kind=kind, responder=responder,
        incident=order.incident_id, holds=holds, **more,
    )  # fmt: skip
