"""Counts that are added up: percentiles within their error, shares exact, small lines merged, periods read."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.domain import sketch
from services.gateway.domain.recount import Told, exact, last_month
from services.gateway.domain.response_times import PeriodError, Question, lines, period, question
from services.gateway.domain.sketch import Kept

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECONDS = st.floats(0.002, 900_000)


def told(seconds: float, stage: str) -> Told:
    """An incident that reached one stage."""
    return Told("I", "360733", NOW, "sos", 1, "own", None, None, "open", None, {stage: seconds})


def keys(took: dict[str, float]) -> bytes:
    """What an incident adds, written down once more from the description."""
    slots = [sketch.EVERY]
    met = [(stage, seconds) for stage, some in sketch.TARGETS.items() for seconds, _ in some]
    for stage, value in took.items():
        slot = int(np.ceil(np.log(max(value, 0.001)) / np.log(1.02))) + 350
        slots.append(1200 * sketch.STAGES.index(stage) + min(slot, 1199))
        slots += [sketch.EVERY + 1 + n for n, (of, most) in enumerate(met) if of == stage and value <= most]
    return np.array(slots, ">u2").tobytes()


@settings(max_examples=60)
@given(st.lists(SECONDS, min_size=1, max_size=300), st.integers(1, 4))
def test_percentiles_of_parts_added_up_are_within_one_per_cent_and_shares_exact(took: list[float], parts: int) -> None:
    """However the incidents are dealt to cells, and whether kept as rows or packed."""
    shares = [took[n::parts] for n in range(parts)]
    rows = [sketch.of_rows(b"".join(keys({"taken": one}) for one in some)) for some in shares]
    packed = b"".join(sketch.packed(counts) for counts in rows)
    found = sketch.reached(sketch.of_cells(packed))[sketch.STAGES.index("taken")]
    whole = sketch.reached(sum(rows, sketch.nothing()))[sketch.STAGES.index("taken")]
    right = exact(told(one, "taken") for one in took)["taken"]
    assert found == whole
    assert (found.n, found.within) == (right.n, right.within)
    for value, true in zip(found.percentiles, right.percentiles, strict=True):
        assert value is not None
        assert true is not None
        assert abs(value - true) <= true * 0.01


def test_nothing_has_no_percentiles() -> None:
    """No cell, no rows: nobody reached anything."""
    assert sketch.incidents(sketch.of_cells(b"")) == sketch.incidents(sketch.of_rows(b"")) == 0
    assert sketch.reached(sketch.nothing())[0].percentiles == (None,) * 4


def test_lines_under_five_become_one_and_take_in_the_next_while_they_are_few() -> None:
    """Nobody can tell a small line from the total and the others; the sum stays."""
    small = {"a": 9, "b": 1, "c": 6, "d": 2}
    many: dict[str | None, Kept] = {name: Kept(keys=keys({"taken": 3.0}) * n) for name, n in small.items()}
    found = lines(many)
    assert [(one.key, one.n, one.merged) for one in found] == [("a", 9, ()), (None, 9, ("b", "d", "c"))]
    assert sum(one.n for one in found) == 18
    assert found[-1].kept.incidents == found[-1].kept.counts()[sketch.EVERY] == 9
    assert [one.n for one in lines({str(n): Kept(keys=keys({}) * 6) for n in range(503)})] == [6] * 500 + [18]
    hours = lines({str(hour): Kept(keys=keys({}) * 5) for hour in (10, 9, 0)})
    assert [one.key for one in hours] == ["0", "9", "10"]


def test_a_period_is_two_days_or_two_instants() -> None:
    """Dates are of Asia/Shanghai and both included; whole days and months within are known."""
    asked = period("2026-09-15", "2026-11-22", NOW)
    assert asked.since == datetime(2026, 9, 14, 16, tzinfo=UTC)
    assert asked.until == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert asked.days == (date(2026, 9, 15), date(2026, 11, 23))
    assert asked.months == (date(2026, 10, 1), date(2026, 11, 1))
    assert period("2026-11-22T01:00:00Z", "", NOW).days == (date(2026, 11, 23), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("since", "until", "code", "field"),
    [
        ("2026-11-02", "2026-10-01", "period_reversed", "to"),
        ("2027-01-01", "", "period_reversed", "to"),
        ("1990-01-01", "2026-10-01", "period_too_long", "from"),
        ("yesterday", "", "invalid_field", "from"),
        ("", "2026-02-30", "invalid_field", "to"),
        ("0001-01-01", "0001-01-02", "invalid_field", "from"),
        ("2026-01-01", "9999-12-31", "invalid_field", "to"),
    ],
)  # fmt: skip
def test_a_period_nobody_can_mean_is_refused(since: str, until: str, code: str, field: str) -> None:
    """Named, and with the field that is wrong."""
    with pytest.raises(PeriodError) as wrong:
        period(since, until, NOW)
    assert (wrong.value.code, wrong.value.field) == (code, field)


def test_cells_answer_one_dimension_and_rows_the_rest() -> None:
    """By division with a kind needs one; two filters, or a street, need the rows."""
    year = period("2025-12-01", "2026-11-22", NOW)
    assert Question("36", year, "division").dim == ""
    assert Question("36", year, "division", {"kind": "sos", "priority": "1"}).dim == "case"
    assert Question("360733", year, "division").dim == "street"
    assert Question("360733", year, "division", {"kind": "sos"}).dim is None
    assert Question("360733100", year, "division").dim is None
    assert Question("36", year, "month").dim == ""
    assert Question("36", year, "hour", {"cls": "own"}).dim is None
    assert Question("36", year, "month").narrowed(["2026-02"]).period == period("2026-02-01", "2026-02-28", NOW)
    assert Question("36", year, "division").narrowed(["3607"]).division == "3607"
    for value in ("36", "37", ""):
        assert Question("36", year, "division").narrowed([value]).by == "division"
    assert question("36", year, None, {"day": "2026-02-28", "kind": "sos"}).dim == "case"
    outside = question("36", year, None, {"month": "2024-02"}).period
    assert outside.since == outside.until
    with pytest.raises(PeriodError):
        question("36", year, None, {"month": "2026-13"})


def test_last_month_is_the_calendars() -> None:
    """By the clock of Asia/Shanghai."""
    assert last_month(datetime(2026, 11, 30, 17, tzinfo=UTC)) == (
        datetime(2026, 10, 31, 16, tzinfo=UTC), datetime(2026, 11, 30, 16, tzinfo=UTC),
    )  # fmt: skip
