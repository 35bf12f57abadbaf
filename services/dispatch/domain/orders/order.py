"""The order as it stands. Only facts change it (`evolve`), so the log tells the same story again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Fact, identifier, instant
from services.dispatch.domain.orders.states import BOOKED, MOVING, ORDER, OrderState
from services.dispatch.domain.orders.windows import Window
from services.dispatch.domain.states import IllegalMoveError


@dataclass(frozen=True, slots=True)
class Order:
    """One service for one elder. What it costs and what must be shown never change once it is placed.

    `people` are booked from `starts_at` for `minutes`; `attempt` counts how often people were sent. `proofs_arrive`
    and `proofs_leave` are the kinds of proof that held. Money in fen.
    """

    id: str
    division: str
    state: str
    ver: int
    elder_id: str
    home_id: str | None
    lat: float | None
    lon: float | None
    service: str
    window_from: datetime
    window_to: datetime
    minutes: int
    hands: int
    skills: tuple[str, ...]
    evidence_arrive: tuple[str, ...]
    evidence_leave: tuple[str, ...]
    welfare: bool
    created_at: datetime
    provider_id: str | None = None
    series_id: UUID | None = None
    day: date | None = None
    price_id: UUID | None = None
    price_cents: int | None = None
    subsidy_cents: int | None = None
    own_cents: int | None = None
    absent_cents: int | None = None
    charged_cents: int | None = None
    placed_at: datetime | None = None
    plan_at: datetime | None = None
    starts_at: datetime | None = None
    people: tuple[str, ...] = ()
    attempt: int = 0
    incident_id: str | None = None
    dispatched_at: datetime | None = None
    absent_at: datetime | None = None
    arrived_at: datetime | None = None
    begun_at: datetime | None = None
    fulfilled_at: datetime | None = None
    proofs_arrive: tuple[str, ...] = ()
    proofs_leave: tuple[str, ...] = ()
    verified: bool | None = None
    ended_why: str | None = None
    missed_at: datetime | None = None
    returned_at: datetime | None = None
    disputed_at: datetime | None = None
    callback_at: datetime | None = None
    callback_tries: int = 0
    callback_result: str | None = None
    nudged_at: datetime | None = None
    rating: int | None = None
    closed_at: datetime | None = None

    @property
    def window(self) -> Window:
        """When it may begin."""
        return Window(self.window_from, self.window_to)

    @property
    def ends_at(self) -> datetime | None:
        """End of what is booked."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def booked(self) -> tuple[str, ...]:
        """Whose time it holds at present."""
        return self.people if self.state in BOOKED and self.starts_at else ()


Changes = dict[str, Any]


def drafted(fact: Fact) -> Order:
    """The order that `order.drafted` begins."""
    body = fact.body
    return Order(
        id=body["order"], division=body["division"], state=OrderState.DRAFT, ver=1, elder_id=body["elder"],
        home_id=body["home"], lat=body["lat"], lon=body["lon"], service=body["service"],
        window_from=instant(body["window_from"]), window_to=instant(body["window_to"]), minutes=body["minutes"],
        hands=body["hands"], skills=tuple(body["skills"]), evidence_arrive=tuple(body["evidence_arrive"]),
        evidence_leave=tuple(body["evidence_leave"]), welfare=body["welfare"], created_at=fact.at,
        provider_id=body["provider"], series_id=identifier(body["series"]) if body["series"] else None,
        day=date.fromisoformat(body["day"]) if body["day"] else None,
    )  # fmt: skip


def evolve(order: Order, fact: Fact) -> Order:
    """The order after one more fact. IllegalMoveError when the state table forbids it."""
    changes = _CHANGES.get(fact.tag, _nothing)(order, fact)
    if fact.tag in MOVING:
        changes["state"] = _after(order.state, fact.tag)
    return replace(order, ver=order.ver + 1, **changes)


def _after(state: str, tag: str) -> str:
    try:
        return ORDER[state, tag]
    except KeyError:
        message = f"{state} has no arrow {tag}"
        raise IllegalMoveError(message) from None


def replay(facts: Iterable[Fact]) -> Order:
    """Tell the whole story again, from `order.drafted` on."""
    story = iter(facts)
    order = drafted(next(story))
    for fact in story:
        order = evolve(order, fact)
    return order


def _nothing(_: Order, __: Fact) -> Changes:
    return {}


def _placed(_: Order, fact: Fact) -> Changes:
    body = fact.body
    money = ("price_cents", "subsidy_cents", "own_cents", "absent_cents")
    return {
        "placed_at": fact.at, "plan_at": instant(body["plan_at"]), "price_id": identifier(body["price_id"]),
        **{name: body[name] for name in money},
    }  # fmt: skip


def _planned(_: Order, fact: Fact) -> Changes:
    return {
        "starts_at": instant(fact.body["starts_at"]), "people": tuple(fact.body["people"]), "plan_at": None,
    }  # fmt: skip


def _not_planned(_: Order, fact: Fact) -> Changes:
    return {"plan_at": instant(fact.body["again_at"])}


def _dispatched(order: Order, fact: Fact) -> Changes:
    return {
        "attempt": fact.body["attempt"], "incident_id": fact.body["incident"], "dispatched_at": fact.at,
        "starts_at": instant(fact.body["starts_at"]), "people": tuple(fact.body["people"]), "plan_at": None,
        "absent_at": None, "begun_at": order.begun_at, "ended_why": None, "returned_at": None,
    }  # fmt: skip


def _staffed(_: Order, fact: Fact) -> Changes:
    return {"people": tuple(fact.body["people"])}


def _rescheduled(_: Order, fact: Fact) -> Changes:
    fresh = dict.fromkeys(("starts_at", "absent_at", "arrived_at", "begun_at", "missed_at", "returned_at", "nudged_at"))
    return {
        **fresh, "window_from": instant(fact.body["window_from"]), "window_to": instant(fact.body["window_to"]),
        "plan_at": instant(fact.body["plan_at"]), "people": (), "ended_why": fact.body["why"], "charged_cents": None,
        "proofs_arrive": (), "proofs_leave": (), "incident_id": None,
    }  # fmt: skip


def _arrived(order: Order, fact: Fact) -> Changes:
    return {"arrived_at": order.arrived_at or fact.at, "nudged_at": None}


def _begun(order: Order, fact: Fact) -> Changes:
    return {"begun_at": order.begun_at or fact.at, "arrived_at": order.arrived_at or fact.at, "absent_at": None}


def _absent(_: Order, fact: Fact) -> Changes:
    return {"absent_at": fact.at}


def _proved(order: Order, fact: Fact) -> Changes:
    name = f"proofs_{fact.body['phase']}"
    held = {*getattr(order, name), fact.body["kind"]} if fact.body["holds"] else set(getattr(order, name))
    return {name: tuple(sorted(held))}


def _fulfilled(_: Order, fact: Fact) -> Changes:
    body = fact.body
    return {
        "fulfilled_at": fact.at, "verified": body["verified"], "charged_cents": body["charged_cents"],
        "callback_at": instant(body["callback_at"]), "people": tuple(body["people"]), "nudged_at": None,
    }  # fmt: skip


def _missed(_: Order, fact: Fact) -> Changes:
    return {"missed_at": fact.at, "ended_why": fact.body["why"], "charged_cents": fact.body["charged_cents"]}


def _cancelled(_: Order, fact: Fact) -> Changes:
    return {"closed_at": fact.at, "ended_why": fact.body["why"], "charged_cents": 0}


def _returned(_: Order, fact: Fact) -> Changes:
    return {"returned_at": fact.at, "ended_why": fact.body["why"], "starts_at": None, "people": (), "plan_at": None}


def _disputed(_: Order, fact: Fact) -> Changes:
    return {"disputed_at": fact.at, "ended_why": fact.body["why"], "nudged_at": None, "closed_at": None}


def _called_back(order: Order, fact: Fact) -> Changes:
    return {
        "callback_tries": order.callback_tries + 1, "callback_result": fact.body["result"],
        "rating": fact.body["rating"] or order.rating, "nudged_at": fact.at,
    }  # fmt: skip


def _closed(order: Order, fact: Fact) -> Changes:
    return {"closed_at": fact.at, "charged_cents": fact.body.get("charged_cents", order.charged_cents)}


def _nudged(_: Order, fact: Fact) -> Changes:
    return {"nudged_at": fact.at}


_CHANGES: Mapping[str, Callable[[Order, Fact], Changes]] = MappingProxyType(
    {
        "order.placed": _placed,
        "order.planned": _planned,
        "order.not_planned": _not_planned,
        "order.dispatched": _dispatched,
        "order.staffed": _staffed,
        "order.rescheduled": _rescheduled,
        "order.arrived": _arrived,
        "order.begun": _begun,
        "order.absent": _absent,
        "order.proved": _proved,
        "order.fulfilled": _fulfilled,
        "order.missed": _missed,
        "order.cancelled": _cancelled,
        "order.returned": _returned,
        "order.disputed": _disputed,
        "order.called_back": _called_back,
        "order.closed": _closed,
        "order.nudged": _nudged,
    }
)


class Tale:
    """Facts of one order, told one by one; each is applied at once."""

    def __init__(self, order: Order, told: tuple[Fact, ...] = ()) -> None:
        """Begin with an order; `told` are facts it already contains (its draft)."""
        self.order = order
        self.facts: list[Fact] = list(told)

    def add(self, fact: Fact) -> None:
        """Add a fact about this order."""
        self.order = evolve(self.order, fact)
        self.facts.append(fact)
