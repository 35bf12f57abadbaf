"""`./yinling prove orders`: any order of placing, moving, giving back, visits, calls and time, many times.

After every step the order must stand in a known state with something due until it has ended, its money must be what was
agreed, and what the log tells, as JSON, must be the row.
"""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bench.proofs import lives
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.orders import decisions, following
from services.dispatch.domain.orders.catalogue import Price, Service
from services.dispatch.domain.orders.decisions import Wish
from services.dispatch.domain.orders.following import Been
from services.dispatch.domain.orders.order import Order, Tale, replay
from services.dispatch.domain.orders.proof import Given, Visitor, pressed, proved
from services.dispatch.domain.orders.states import ENDED, ORDER, OrderState
from services.dispatch.domain.orders.waits import waits
from services.dispatch.domain.orders.windows import Window
from services.dispatch.domain.refusals import Refusal
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)
MEAL = Service("meal", "36", "助餐", "Meal", 10, 1, (), ("position", "home_code"), (), welfare=True)
BATH = Service(
    "bath", "36", "助浴", "Bath", 60, 2, ("bath",), ("home_code", "button"), ("home_code", "button"), welfare=False
)
PRICE = Price(UUID(int=1), "meal", "36", date(2026, 1, 1), None, 1500, 600, 500)
WISH = Wish(
    "O-1", "360733", "E-1", "H-1", HOME.lat, HOME.lon, Window(NOW + timedelta(hours=3), NOW + timedelta(hours=4))
)


def moment(at: datetime = NOW) -> Moment:
    """A moment of the desk's."""
    return Moment(at, "account:desk1", lambda: uuid7(at))


class OrderLife(RuleBasedStateMachine):
    """Anybody does anything at any time."""

    def __init__(self) -> None:
        """Nothing is ordered yet."""
        super().__init__()
        self.now = NOW
        self.facts: list[Fact] = []
        self.order: Order

    @initialize(service=st.sampled_from([MEAL, BATH]))
    def drafts(self, service: Service) -> None:
        """Somebody writes an order down."""
        self._take(decisions.draft(self._moment(), WISH, service))

    def _moment(self) -> Moment:
        return moment(self.now)

    def _take(self, outcome: Tale | Refusal) -> None:
        if isinstance(outcome, Tale):
            self.order = outcome.order
            self.facts += outcome.facts

    @rule()
    def places(self) -> None:
        """It is placed."""
        self._take(decisions.place(self._moment(), self.order, PRICE))

    @rule(minutes=st.integers(-60, 300))
    def reschedules(self, minutes: int) -> None:
        """Another time is wished."""
        first = self.now + timedelta(minutes=minutes)
        self._take(
            decisions.reschedule(self._moment(), self.order, Window(first, first + timedelta(hours=1)), "elder_asks")
        )

    @rule()
    def cancels(self) -> None:
        """It is not wanted any more."""
        self._take(decisions.cancel(self._moment(), self.order, "elder_asks"))

    @rule()
    def returns(self) -> None:
        """The provider gives it back."""
        self._take(decisions.give_back(self._moment(), self.order, "nobody_free"))

    @rule(people=st.lists(st.sampled_from(["li", "wang"]), max_size=2))
    def books(self, people: list[str]) -> None:
        """Somebody is named for it."""
        self._take(decisions.book(self._moment(), self.order, self.order.window_from, people, "plan"))

    @rule()
    def dispatches(self) -> None:
        """Its time has come."""
        if (self.order.state, "order.dispatched") in ORDER:
            number = following.case_number(self.order)
            start = self.order.starts_at or self.order.window_from
            self._take(following.dispatched(self._moment(), self.order, number, ["li"], start, 1))

    @rule(
        tag=st.sampled_from(
            ["incident.on_scene", "incident.with_elder", "incident.closed", "incident.false_alarm", "job.not_found"]
        ),
        attempt=st.integers(1, 3),
        outcome=st.sampled_from(["helped", "refused", "hospital"]),
        done=st.booleans(),
    )
    def hears(self, tag: str, attempt: int, outcome: str, done: bool) -> None:  # noqa: FBT001
        """Something becomes of one of its cases, perhaps of an old one."""
        body = {"outcome": outcome}
        self._take(following.follow(self._moment(), self.order, f"O-1-{attempt}", tag, body, Been(("li",), done)))

    @rule(
        state=st.sampled_from(["accepted", "arrived", "in_service", "completed"]),
        phase=st.sampled_from(["arrive", "leave"]),
    )
    def proves(self, state: str, phase: str) -> None:
        """Somebody shows where she is, or the button is pressed; it counts for what it is worth at that moment."""
        if self.order.state != OrderState.DISPATCHED:
            return
        there = Visitor("li", state, self.now, self.now if state == "in_service" else None)
        given = Given(phase, "position", HOME, 10)
        for fact in (proved(self._moment(), self.order, there, given, None),
                     pressed(self._moment(), self.order, there, "B-1")):  # fmt: skip
            if isinstance(fact, Fact):
                tale = Tale(self.order)
                tale.add(fact)
                self._take(tale)

    @rule(going=st.lists(st.sampled_from(["li", "wang"]), unique=True), out=st.lists(st.sampled_from(["li"])))
    def answers(self, going: list[str], out: list[str]) -> None:
        """People say yes and no."""
        self._take(following.staffed(self._moment(), self.order, "O-1-1", going, out))

    @rule(result=st.sampled_from(["reached", "no_answer", "not_wanted"]))
    def calls_back(self, result: str) -> None:
        """She is asked how it was."""
        self._take(decisions.called_back(self._moment(), self.order, result, None))

    @rule()
    def disputes(self) -> None:
        """Somebody complains."""
        self._take(decisions.dispute(self._moment(), self.order, "quality"))

    @rule(charged=st.integers(0, 2000))
    def settles(self, charged: int) -> None:
        """The complaint is decided."""
        self._take(decisions.settle(self._moment(), self.order, charged))

    @rule(minutes=st.integers(1, 3000))
    def time_passes(self, minutes: int) -> None:
        """Whatever is due by then is applied."""
        self.now += timedelta(minutes=minutes)
        self._take(following.overdue(self._moment(), self.order))

    @invariant()
    def something_is_due(self) -> None:
        """Until it has ended; and what is over by now needed planning or sending, which is done elsewhere."""
        if not hasattr(self, "order"):
            return
        due = waits(self.order)
        assert bool(due) == (self.order.state not in ENDED)

    @invariant()
    def the_log_tells_the_same(self) -> None:
        """Rows are what the facts say."""
        if self.facts:
            told = replay(_read(orjson.loads(orjson.dumps(asdict(fact)))) for fact in self.facts)
            assert told == self.order

    @invariant()
    def money_is_fixed(self) -> None:
        """Shares add up to the price for ever, and nobody is charged more."""
        if self.facts and self.order.placed_at is not None:
            assert (self.order.price_cents, self.order.subsidy_cents, self.order.own_cents) == (1500, 900, 600)
            assert (self.order.charged_cents or 0) <= 1500

    @invariant()
    def who_is_booked_is_booked_for_a_time(self) -> None:
        """Nobody's time is held by an order that is not to be served."""
        if self.facts and self.order.booked:
            assert self.order.state in (OrderState.SCHEDULED, OrderState.DISPATCHED)
            assert self.order.starts_at is not None


def _read(line: dict[str, Any]) -> Fact:
    return Fact(line["tag"], line["body"], datetime.fromisoformat(line["at"]), line["actor"])


def main(*, examples: int = 10_000, steps: int = 40, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if a rule was broken."""
    return lives.main(examples=examples, steps=steps, as_json=as_json, machine_of=OrderLife)
