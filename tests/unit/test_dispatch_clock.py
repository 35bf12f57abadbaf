"""The clock jumps: whatever it does, nothing raises, nobody is forgotten, and the log tells the same case."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain import answers
from services.dispatch.domain.due import overdue
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.waits import waits
from tests.scenes import Scene, around

HOUR = 3600
STEPS = st.sampled_from(["accept", "decline", "press", "look"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(-2 * HOUR, 2 * HOUR), STEPS), max_size=12))
def test_whatever_the_clock_does_a_live_case_has_a_deadline(jumps: list[tuple[int, str]]) -> None:
    """Back by two hours or on by two, between any two things that happen."""
    it = Scene(around(6))
    it.press()
    for seconds, step in jumps:
        it.now += timedelta(seconds=seconds)
        live = it.case.live_offers
        if step == "press":
            it.press()
        elif step == "look" or not live:
            it.took(overdue(it.moment(), it.case, it.situation))
        elif step == "accept":
            said = answers.accept(it.moment(), it.case, live[0].id, live[0].responder_id, "u")
            assert isinstance(said, Refusal) or it.took(said)
        else:
            it.took(answers.decline(it.moment(), it.case, live[0].id, live[0].responder_id, "busy", it.situation))
        assert it.case.incident.ended or waits(it.case)


def test_a_clock_that_went_back_asks_nobody_twice_and_forgets_nobody() -> None:
    """An hour back: the offers stand, nothing is due, and when the time comes again the next one is asked."""
    it = Scene(around(6))
    it.press()
    asked = set(it.case.offers)
    it.now -= timedelta(hours=1)
    it.took(overdue(it.moment(), it.case, it.situation))
    assert set(it.case.offers) == asked
    it.wait(HOUR + 120)
    assert set(it.case.offers) > asked
