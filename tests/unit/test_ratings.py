"""Ratings: lines add up to the whole, and no handful is told or can be reckoned from the others."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.ratings import CONTENT, STARS, lines, table
from services.gateway.domain.supervision import FEWEST

ANSWERS = st.dictionaries(st.sampled_from(STARS), st.integers(1, 9), min_size=1).map(Counter)
FOUND = st.dictionaries(st.sampled_from(["", "P1", "P2", "P3", "P4", "P5"]), ANSWERS)


@given(FOUND)
def test_lines_add_up_and_none_is_of_a_handful(found: dict[str, Counter[str]]) -> None:
    """Each part stands in one line; only everything together may be fewer than five."""
    told = lines(found)
    assert sum((one.answers for one in told), Counter()) == sum(found.values(), Counter())
    assert sum(one.merged or 1 for one in told) == len(found)
    assert all(one.n >= FEWEST for one in told) or len(told) == 1
    for one in told:
        assert (one.key is None) == (one.merged > 0)
        assert one.merged or one.answers == found[one.key or ""]


@given(FOUND)
def test_a_whole_is_told_from_five_on(found: dict[str, Counter[str]]) -> None:
    """Shares and counts of five and more; of fewer nothing but that there are some."""
    made = table(found, {"P1": "甲"}, STARS, CONTENT)
    n = sum(one.total() for one in found.values())
    whole = made["total"]
    assert (whole["few"], whole["n"]) == (0 < n < FEWEST, n if n >= FEWEST else None)
    for line in (whole, *made["groups"]):
        assert (line["n"] is None) == (line["answers"] == {}) == (line["good"] is None)
        if line["n"]:
            assert sum(line["answers"].values()) == line["n"]
            assert line["good"] == round((line["answers"]["4"] + line["answers"]["5"]) / line["n"], 3)
            assert line["low"] <= line["good"] <= line["high"]
    assert [line["name"] for line in made["groups"] if line["key"] == "P1"] in ([], ["甲"])
