"""The indicator pack: handfuls are not told, intervals and targets are right, and the page says what the code does."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.indicators import BY_CODE, PACK, Kind, value
from services.gateway.domain.legends import LEGENDS, legend
from services.gateway.domain.protection import FAULTS, Alike, faults, guarded, score
from services.gateway.domain.supervision import DOOR_S, FEWEST, POLICY_S, RANK
from services.gateway.store.indicators import MISSED_DEVICES, MISSED_ELDERS, TIMED
from shared.contracts.regulation import Finding, HazardKind, Source, SubjectKind
from shared.vocabulary.alarms import AlarmKind

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
OUTCOMES = ("false_press", "test", "device_fault")
PAGE = (Path(__file__).parents[2] / "docs" / "indicators.md").read_text("utf-8")


@given(st.sampled_from(PACK), st.integers(0, 300), st.integers(0, 300))
def test_a_figure_is_whole_or_not_told(kind: Kind, hits: int, of: int) -> None:
    """Nothing of fewer than five; else the share itself, its interval round it, and whether the target is met."""
    hits = min(hits, of)
    found = value(kind, hits, of)
    if of < FEWEST:
        assert (found["value"], found["numerator"], found["met"], found["few"]) == (None, None, None, of > 0)
        return
    assert found["denominator"] == of
    assert found["value"] == pytest.approx(hits / of, abs=0.05 if kind.unit == "score" else 5e-5)
    assert (found["low"] is not None) == kind.events
    if kind.target is not None:
        assert found["met"] == (hits / of >= kind.target if kind.better == "high" else hits / of <= kind.target)


@given(st.lists(st.tuples(st.integers(0, 1023), st.integers(1, 50)), max_size=10))
def test_a_score_is_what_is_left_of_a_hundred(groups: list[tuple[int, int]]) -> None:
    """Between 0 and 100, less with every further fault, the mean between the worst and the best."""
    for mask, _ in groups:
        assert 0 <= score(mask) <= 100
        assert score(mask) == max(0, 100 - sum(one.weight for one in FAULTS if one.code in faults(mask)))
        assert all(score(mask | one.bit) <= score(mask) for one in FAULTS)
    elders_of = [[f"E{n}-{k}" for k in range(many)] for n, (_, many) in enumerate(groups)]
    everybody = guarded([Alike("36", mask, ids) for (mask, _), ids in zip(groups, elders_of, strict=True)], NOON)
    points, elders = everybody.mean()
    assert elders == sum(many for _, many in groups)
    if elders:
        assert min(score(mask) for mask, _ in groups) <= points / elders <= max(score(mask) for mask, _ in groups)


@given(st.lists(st.tuples(st.integers(0, 1023), st.integers(1, 9)), max_size=10), st.integers(1, 7))
def test_pages_are_the_list_of_the_worst_in_pieces(groups: list[tuple[int, int]], size: int) -> None:
    """Nobody twice, nobody left out, whoever lacks nothing not among them; a fault narrows to whom it concerns."""
    alike = [Alike("36", mask, [f"E{n}-{k}" for k in range(many)]) for n, (mask, many) in enumerate(groups)]
    everybody = guarded(alike, NOON)
    for bits in (-1, 2, 4):
        found, after = [], (-1, "")
        while piece := everybody.page(bits, after, size):
            found += piece
            after = piece[-1][:2]
        wanted = [(score(one.mask), elder, one.mask) for one in alike if one.mask & bits for elder in one.elders]
        assert found == sorted(wanted)


def test_every_bit_is_one_fault() -> None:
    """The database's sum can be taken apart."""
    assert sorted(one.bit for one in FAULTS) == [2**n for n in range(len(FAULTS))]
    assert faults(0) == ()
    assert len(faults(2 ** len(FAULTS) - 1)) == len(FAULTS)


def test_the_page_tells_every_indicator_as_it_is_counted() -> None:
    """Code, both names, both formulas and the target of each; weights of each fault."""
    for kind in PACK:
        told = [line for line in PAGE.splitlines() if line.startswith(f"| `{kind.code}` |")]
        assert len(told) == 1, kind.code
        for part in (kind.zh, kind.en, kind.formula_zh, kind.formula_en, kind.source):
            assert part in told[0]
        if kind.target is not None:
            assert f"{kind.target * (100 if kind.unit == 'share' else 1):g}" in told[0]
    for fault in FAULTS:
        assert f"| `{fault.code}` | {fault.zh} · {fault.en} | {fault.weight} |" in PAGE


def test_every_list_that_is_promised_can_be_made() -> None:
    """An indicator with cases has a statement for them."""
    lists = {*TIMED, *MISSED_ELDERS, *MISSED_DEVICES, "false_alarm", "protection"}
    assert {kind.code for kind in PACK if kind.cases} == lists
    assert BY_CODE["circle_15"].cases is False
    assert TIMED["door_15"] == ("door", DOOR_S)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_legend_tells_every_code_that_a_file_may_hold(lang: Literal["zh", "en"]) -> None:
    """Stages with how long each may take, kinds, faults with their weights, the indicator, what a complaint can be."""
    breaches = "\n".join(legend("breaches", lang, ""))
    assert [code for code in (*RANK, *AlarmKind, *map(str, POLICY_S.values())) if code not in breaches] == []
    protection = "\n".join(legend("protection", lang, ""))
    told = [f"{one.code} {one.zh if lang == 'zh' else one.en} {one.weight}" for one in FAULTS]
    assert [one for one in told if one not in protection] == []
    for kind in PACK:
        first, *lines = legend("cases", lang, kind.code)
        assert first.startswith(f"{kind.zh}: {kind.formula_zh}" if lang == "zh" else f"{kind.en}: {kind.formula_en}")
        assert all(code in "\n".join(lines) for code in ("few_contacts", "no_way_in", *OUTCOMES))
    complaints, hazards = ("\n".join(legend(what, lang, "")) for what in ("complaints", "hazards"))
    assert [code for kind in (Source, SubjectKind, Finding) for code in get_args(kind) if code not in complaints] == []
    assert [code for code in get_args(HazardKind) if code not in hazards] == []
    assert all(line and "{" not in line for what in LEGENDS for line in legend(what, lang, "contacts"))
