"""What a county's answers have in common, and how far that is believed."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.matching import consider, first_wave
from services.dispatch.domain.policy import SHIPPED
from services.dispatch.domain.willing import ALONE, ENOUGH, LEAST_P, MOST_P, Circumstance, Willing, fit
from tests.unit.test_matching import SOS, someone

TRUTH = Willing((0.2, 0.8, -0.9, -1.5, 0.5, -0.4))
CIRCUMSTANCES = st.builds(
    Circumstance, own=st.floats(LEAST_P, MOST_P), arrival_s=st.floats(0, 7200), night=st.booleans(),
    life=st.booleans(), pending=st.integers(0, 4),
)  # fmt: skip


def town(many: int, seed: int = 1) -> list[Circumstance]:
    """People asked at all hours, near and far."""
    draw = Random(seed)
    return [
        Circumstance(draw.uniform(0.1, 0.8), draw.uniform(60, 1500), draw.random() < 0.3, draw.random() < 0.5,
                     draw.randrange(3))
        for _ in range(many)
    ]  # fmt: skip


def answers(asked: list[Circumstance], seed: int = 2) -> list[bool]:
    """What they say if the truth is the truth."""
    draw = Random(seed)
    return [draw.random() < TRUTH.p(one) for one in asked]


def test_a_thousand_answers_are_needed() -> None:
    """One fewer, and everybody is known by her own answers alone."""
    asked = town(ENOUGH)
    assert fit(asked[1:], answers(asked)[1:]) == ALONE
    assert fit(asked, answers(asked)) != ALONE


def test_five_thousand_answers_show_the_custom_of_the_county() -> None:
    """The weights come near the truth, and what they foretell of others nearer than what each one's own counts say."""
    asked, others = town(5_000), town(2_000, seed=3)
    found = fit(asked, answers(asked))
    off = sum(abs(found.p(one) - TRUTH.p(one)) for one in others) / len(others)
    alone = sum(abs(one.own - TRUTH.p(one)) for one in others) / len(others)
    assert off < 0.03 < 5 * off < alone
    assert found.weights[3] == pytest.approx(TRUTH.weights[3], abs=0.3)


@settings(max_examples=40)
@given(st.lists(st.tuples(CIRCUMSTANCES, st.booleans()), min_size=1, max_size=30), CIRCUMSTANCES)
def test_whatever_was_answered_nobody_is_sure(some: list[tuple[Circumstance, bool]], one: Circumstance) -> None:
    """Even where everybody always said the same under the same circumstances."""
    asked, yes = zip(*(some * ENOUGH)[:ENOUGH], strict=True)
    assert LEAST_P <= fit(asked, yes).p(one) <= MOST_P
    assert ALONE.p(one) == one.own


def test_the_custom_is_a_part_of_the_score_and_widens_the_wave() -> None:
    """Where people seldom come at night, more are asked at night; the parts still add up."""
    people = [someone(n, accepts=6) for n in range(10)]
    night = replace(SOS, night=True)
    plain, known = consider(night, people), consider(night, people, TRUTH)
    for one in (*plain.ranking, *known.ranking):
        assert one.total == pytest.approx(sum(v for k, v in one.score.items() if k != "total"))
    assert {one.score["learned"] for one in plain.ranking} == {0.0}
    assert min(one.score["learned"] for one in known.ranking) > 0
    rule = SHIPPED.rule(1)
    assert len(first_wave(known.ranking, rule)) > len(first_wave(plain.ranking, rule))
