"""Who may be asked, who is best, and why the others are not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.matching import (
    Candidate,
    Need,
    Ranked,
    Roster,
    barred,
    consider,
    eligible,
    first_wave,
    ranked,
    safely,
    within_reach,
)
from services.dispatch.domain.policy import SHIPPED
from shared.vocabulary.geo import Position

HOME = Position(25.6, 115.79)
SOS = Need("sos", 1, HOME)
VISIT = Need("order", 4, HOME, skills=("bath",), sex="f")


def someone(n: int, kind: str = "caregiver", *, accepts: float = 2, reachable: bool = True, **more: Any) -> Candidate:
    """A candidate n hundred metres north."""
    at = Position(25.6 + n / 1000, 115.79)
    return replace(Candidate(f"R{n:02}", f"王{n}", kind, at, 1.2, accepts, 2, reachable), **more)


def ids(ranking: list[Ranked]) -> list[str]:
    """Who, in order."""
    return [r.candidate.id for r in ranking]


def test_the_first_wave_is_as_small_as_confidence_allows() -> None:
    """With even odds five people make 95 %; with better odds fewer."""
    rule = SHIPPED.rule(1)
    assert ids(first_wave(ranked([someone(n) for n in range(20)], HOME), rule)) == ["R00", "R01", "R02", "R03", "R04"]
    assert len(first_wave(ranked([someone(n, accepts=18) for n in range(20)], HOME), rule)) == 2
    assert len(first_wave(ranked([someone(n, accepts=0.1) for n in range(20)], HOME), rule)) == 10


def test_reach_widens_until_there_are_enough() -> None:
    """Nobody far away is looked at while enough are near; everybody when not."""
    rule = SHIPPED.rule(1)
    near = [replace(someone(n % 9), id=f"N{n}") for n in range(35)]
    crowd = within_reach(ranked([someone(200), *near], HOME), rule)
    assert {r.candidate.id for r in crowd} == {c.id for c in near}
    assert len(within_reach(ranked([someone(1), someone(200)], HOME), rule)) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"blocked": True}, "blocked"), ({"relation": "excluded"}, "excluded"), ({"serves": False}, "elsewhere"),
        ({"on_duty": False}, "off_duty"), ({"busy": 0}, "busy"), ({"busy": 1}, "busy"), ({"kind": "canary"}, "canary"),
        ({"kind": "volunteer", "nights": False}, "night"), ({"busy": 3}, None), ({"reachable": False}, None),
        ({"skills": frozenset()}, None), ({"sex": "m"}, None), ({"hours": 20.0}, None),
    ],
)  # fmt: skip
def test_each_reason_not_to_be_asked_has_a_name(change: dict[str, Any], why: str | None) -> None:
    """For an SOS at night; what may be missing in an emergency bars nobody."""
    assert barred(replace(someone(1), **change), replace(SOS, night=True)) == why


def test_booked_work_obeys_skills_and_wishes() -> None:
    """A bath is given by somebody who has learned it, and by a woman where one is wished for."""
    fit = someone(1, skills=frozenset({"bath", "meal"}), sex="f")
    assert barred(fit, VISIT) is None
    assert barred(replace(fit, skills=frozenset({"meal"})), VISIT) == "skills"
    assert barred(replace(fit, sex="m"), VISIT) == "wish"


def test_in_an_emergency_the_one_who_lacks_a_skill_comes_later_but_comes() -> None:
    """Her language, her wish and the skill cost seconds."""
    need = Need("sos", 1, HOME, skills=("cpr",), sex="f", dialect="赣语")
    able = someone(1, skills=frozenset({"cpr"}), sex="f", dialects=frozenset({"赣语"}))
    other = replace(able, id="R99", skills=frozenset(), sex="m", dialects=frozenset({"粤语"}))
    found = consider(need, [other, able])
    assert ids(list(found.ranking)) == ["R01", "R99"]
    assert found.ranking[1].score["skill"] == 120


def test_gas_sends_nobody_inside() -> None:
    """Only guards and stations are asked for smoke and gas."""
    people = [someone(n, kind) for n, kind in enumerate(("caregiver", "guard", "station", "volunteer", "nurse"))]
    found = consider(Need("gas", 1, HOME), people)
    assert {r.candidate.kind for r in found.ranking} == {"guard", "station"}
    assert {p.why for p in found.passed} == {"not_inside"}


def test_people_off_duty_are_called_in_where_the_policy_says_so() -> None:
    """In a disaster, by their kind."""
    off = [someone(1, "nurse", on_duty=False), someone(2, "guard", on_duty=False)]
    assert ids(list(consider(replace(SOS, call_in=("nurse",)), off).ranking)) == ["R01"]


def test_neighbours_who_agreed_to_nights_are_asked_at_night_for_life_and_limb_alone() -> None:
    """Nobody else's night is broken."""
    willing = someone(1, "volunteer", nights=True)
    assert barred(willing, Need("sos", 1, night=True)) is None
    assert barred(willing, Need("vital", 2, night=True)) == "night"
    assert barred(replace(willing, nights=False), Need("sos", 1, night=False)) is None


def test_silent_people_are_asked_again_only_when_nobody_else_is_left() -> None:
    """And those who said no, or are thinking, never."""
    people = ranked([someone(1), someone(2), someone(3, reachable=False)], HOME)
    none: frozenset[str] = frozenset()
    assert ids(eligible(people, frozenset({"R01"}), none)) == ["R02"]
    assert ids(eligible(people, frozenset({"R01", "R02"}), none)) == ["R03"]
    assert ids(eligible(people, frozenset({"R01", "R02", "R03"}), frozenset({"R02"}))) == ["R01", "R03"]


def test_somebody_with_a_plain_telephone_counts_as_reachable() -> None:
    """The desk or a voice call rings it; there was never a console to be away."""
    people = ranked([someone(1, reachable=False, phone_only=True), someone(2, reachable=False)], HOME)
    assert ids(eligible(people, frozenset(), frozenset())) == ["R01"]


def test_weariness_spares_people_what_can_wait() -> None:
    """After twelve hours only an emergency is a reason; a station never tires. It never means nobody."""
    people = ranked([someone(1, hours=13.0), someone(2), someone(3, "station", hours=500.0)], HOME)
    none: frozenset[str] = frozenset()
    assert ids(eligible(people, none, none, spare_tired=True)) == ["R02", "R03"]
    assert "R01" in ids(eligible(people, none, none))
    assert ids(eligible(people[:1], none, none, spare_tired=True)) == ["R01"]


def test_the_seconds_count_stairs_and_what_was_learned_of_her() -> None:
    """Twenty seconds a floor, times how she has kept her times before; so much longer if she answers late."""
    base = consider(SOS, [someone(0)]).ranking[0]
    high = consider(replace(SOS, floors=5), [someone(0, slow=1.5, answer_s=80.0)]).ranking[0]
    assert (base.eta_s, high.eta_s) == (90, 285)
    assert high.score["answer"] - base.score["answer"] == 20


def test_a_keyholder_goes_before_a_stranger_as_near() -> None:
    """Who is known to her, and gets in."""
    ranking = consider(SOS, [someone(1), replace(someone(1), id="R02", relation="keyholder")]).ranking
    assert ids(list(ranking)) == ["R02", "R01"]


def test_a_figure_that_makes_no_sense_leaves_the_nearest_to_be_asked() -> None:
    """Matching that fails is no reason for silence; who may not be asked still isn't."""
    broken = someone(1, slow=float("nan"))
    people = (broken, someone(3), someone(2), someone(4, blocked=True), someone(5, accepts=float("nan")))
    found = Roster(people).about(SOS)
    assert found.plain
    assert ids(list(found.ranking)) == ["R01", "R02", "R03", "R05"]


def test_what_was_worked_out_beforehand_is_used_only_for_the_same_need() -> None:
    """Another place, another ranking."""
    roster = Roster((someone(1), someone(5)), safely(SOS, (someone(1), someone(5))))
    assert roster.about(SOS) is roster.found
    assert ids(list(roster.about(replace(SOS, place=Position(25.606, 115.79))).ranking)) == ["R05", "R01"]


@given(st.lists(st.tuples(st.integers(0, 80), st.floats(0.1, 20)), min_size=1, max_size=40))
def test_the_parts_of_a_score_make_the_same_rank(people: list[tuple[int, float]]) -> None:
    """Adding the stored parts up again gives the order in which people were asked."""
    ranking = ranked([replace(someone(n, accepts=a), id=f"P{i:02}") for i, (n, a) in enumerate(people)], HOME)
    sums = [sum(v for k, v in r.score.items() if k != "total") for r in ranking]
    assert sums == pytest.approx([r.total for r in ranking], abs=0.11)
    assert [r.total for r in ranking] == sorted(r.total for r in ranking)
