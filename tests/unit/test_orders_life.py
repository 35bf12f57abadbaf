"""Life of an order: whatever happens in whatever order, it stands in a known state and something is always due."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings

from bench.proofs.order_lives import BATH, MEAL, NOW, PRICE, WISH, OrderLife, moment
from services.dispatch.domain.orders import decisions, following
from services.dispatch.domain.orders.catalogue import Service
from services.dispatch.domain.orders.decisions import Wish
from services.dispatch.domain.orders.following import NOBODY, Been
from services.dispatch.domain.orders.order import Order, Tale, replay
from services.dispatch.domain.orders.proof import Given, Visitor, digest, pressed, proved
from services.dispatch.domain.orders.states import ORDER, OrderState
from services.dispatch.domain.orders.windows import Window
from services.dispatch.domain.refusals import Refusal
from shared.vocabulary.geo import Position


def wish(**more: Any) -> Wish:
    """A meal for noon."""
    return replace(WISH, **more)


def done(outcome: Tale | Refusal) -> Order:
    """What came of a decision that must succeed."""
    assert isinstance(outcome, Tale), outcome
    return outcome.order


def placed(service: Service = MEAL) -> Order:
    """An order that is placed."""
    return done(decisions.place(moment(), done(decisions.draft(moment(), wish(), service)), PRICE))


def sent(service: Service = MEAL) -> Order:
    """An order whose people are asked."""
    order = placed(service)
    return following.dispatched(moment(), order, "O-1-1", ["wang"], order.window_from, 1).order


TestOrderLife = OrderLife.TestCase
TestOrderLife.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)


def test_every_arrow_leads_somewhere_and_every_state_can_be_reached() -> None:
    """From a draft one gets everywhere; only the two ends lead to nothing, but for a complaint."""
    reached, growing = {"draft"}, True
    while growing:
        more = {after for (state, _), after in ORDER.items() if state in reached} - reached
        reached, growing = reached | more, bool(more)
    assert reached == set(OrderState)
    assert {s for s in OrderState if not any(state == s for state, _ in ORDER)} == {"cancelled"}


def test_missed_by_the_helper_costs_nothing_and_by_the_elder_what_was_laid_down() -> None:
    """No-show rules: half of her own share, if somebody stood at her door."""
    late = moment(NOW + timedelta(hours=4, minutes=15))
    nobody = following.overdue(late, sent())
    assert (nobody.order.ended_why, nobody.order.charged_cents) == ("helper_absent", 0)
    at_door = following.follow(moment(), sent(), "O-1-1", "incident.on_scene", {}, NOBODY).order
    shut = following.follow(moment(), at_door, "O-1-1", "job.not_found", {}, NOBODY).order
    assert following.overdue(moment(NOW + timedelta(minutes=9)), shut).facts == []
    gone = following.overdue(moment(NOW + timedelta(minutes=10)), shut).order
    assert (gone.state, gone.ended_why, gone.charged_cents) == ("missed", "elder_absent", 300)


def test_she_opens_after_all() -> None:
    """Somebody who waits at the door is let in: nothing is missed."""
    order = sent()
    for tag in ("incident.on_scene", "job.not_found", "incident.with_elder"):
        order = following.follow(moment(), order, "O-1-1", tag, {}, NOBODY).order
    assert following.overdue(moment(NOW + timedelta(minutes=11)), order).facts == []


@pytest.mark.parametrize(
    ("field", "code", "change"),
    [
        ("window_to", "window_passed", {"window": Window(NOW - timedelta(hours=2), NOW - timedelta(hours=1))}),
        ("window_to", "invalid_field", {"window": Window(NOW + timedelta(hours=2), NOW)}),
        ("window_to", "invalid_field", {"window": Window(NOW, NOW + timedelta(days=8))}),
        ("window_to", "too_far_ahead", {"window": Window(NOW + timedelta(days=400), NOW + timedelta(days=400))}),
    ],
)
def test_a_window_that_cannot_be_is_refused(field: str, code: str, change: dict[str, Any]) -> None:
    """In words that name the field."""
    refusal = decisions.draft(moment(), wish(**change), MEAL)
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code, refusal.params["field"]) == (422, code, field)


def test_nothing_is_placed_without_a_price() -> None:
    """What it costs is known before anybody goes."""
    refusal = decisions.place(moment(), done(decisions.draft(moment(), wish(), MEAL)), None)
    assert refusal == Refusal("no_price", 422, {"field": "service"})


def visitor(state: str, arrived: datetime | None = None, met: datetime | None = None) -> Visitor:
    """The one who goes."""
    return Visitor("wang", state, arrived, met)


NEAR = Given("arrive", "position", Position(25.6005, 115.79), 20)
FAR = Given("arrive", "position", Position(25.61, 115.79), 20)
COARSE = Given("arrive", "position", Position(25.6, 115.79), 500)


@pytest.mark.parametrize(("given", "holds"), [(NEAR, True), (FAR, False), (COARSE, False)])
def test_a_position_holds_at_her_home_and_nowhere_else(given: Given, holds: bool) -> None:  # noqa: FBT001
    """One that does not hold is kept too, and proves nothing."""
    fact = proved(moment(), sent(), visitor("arrived", NOW), given, None)
    assert not isinstance(fact, Refusal)
    assert fact.body["holds"] is holds


def test_the_code_at_home_is_compared() -> None:
    """The right one holds, in small letters too; a wrong one does not; without one set it is refused."""
    code = Given("arrive", "home_code", code="abcd-1")
    right = proved(moment(), sent(), visitor("arrived", NOW), code, digest("ABCD-1"))
    wrong = proved(moment(), sent(), visitor("arrived", NOW), code, digest("other"))
    unset = proved(moment(), sent(), visitor("arrived", NOW), code, None)
    assert not isinstance(right, Refusal)
    assert right.body["holds"]
    assert not isinstance(wrong, Refusal)
    assert not wrong.body["holds"]
    assert isinstance(unset, Refusal)
    assert unset.code == "no_home_code"


@pytest.mark.parametrize(
    ("who", "phase", "code"),
    [
        (visitor("completed", NOW, NOW), "leave", "proof_too_late"),
        (visitor("released"), "arrive", "proof_too_late"),
        (visitor("in_service", NOW - timedelta(minutes=11), NOW - timedelta(minutes=11)), "arrive", "proof_too_late"),
        (visitor("en_route"), "leave", "wrong_state"),
        (None, "arrive", "not_assigned"),
    ],
)
def test_proof_cannot_be_filled_in(who: Visitor | None, phase: str, code: str) -> None:
    """Coming is shown on coming, leaving before one has left, by who is there."""
    refusal = proved(moment(), sent(), who, replace(NEAR, phase=phase), None)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code


def test_her_button_tells_coming_and_leaving() -> None:
    """The first press while somebody is there is the coming; one some minutes later the leaving."""
    tale = Tale(sent(BATH))
    there = visitor("in_service", NOW, NOW)
    for minutes in (0, 2, 50):
        fact = pressed(moment(NOW + timedelta(minutes=minutes)), tale.order, there, "B-1")
        if fact is not None:
            tale.add(fact)
    assert [f.body["phase"] for f in tale.facts] == ["arrive", "leave"]
    over = following.follow(
        moment(), tale.order, "O-1-1", "incident.closed", {"outcome": "helped"}, Been(("wang",), done=True)
    )
    assert over.order.verified is True
    assert pressed(moment(), tale.order, visitor("completed"), "B-1") is None


def test_served_without_proof_is_served_and_says_so() -> None:
    """The work was done; whoever settles sees that nothing shows it."""
    tale = following.follow(
        moment(), sent(BATH), "O-1-1", "incident.closed", {"outcome": "helped"}, Been(("wang",), done=True)
    )
    assert (tale.order.state, tale.order.verified) == ("fulfilled", False)


def test_an_old_attempt_moves_nothing() -> None:
    """What happens to the case of somebody who was replaced is not this order's any more."""
    again = following.dispatched(moment(), sent(), "O-1-2", ["li"], NOW, 1).order
    assert following.follow(moment(), again, "O-1-1", "incident.closed", {}, NOBODY).facts == []


def test_identifiers_survive_the_log() -> None:
    """What is read back from JSON is the same order."""
    series = UUID(int=7)
    tale = decisions.draft(moment(), wish(series=series, day=date(2026, 11, 23)), MEAL)
    assert isinstance(tale, Tale)
    [fact] = tale.facts
    plain = replace(fact, body={k: str(v) if isinstance(v, (UUID, datetime)) else v for k, v in fact.body.items()})
    assert replay([plain]) == tale.order
