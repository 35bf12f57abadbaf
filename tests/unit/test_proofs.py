"""What the proofs judge by is pure, and finds what is planted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.proofs import deadlines, silence, surge
from bench.proofs.everything import BEGIN, END, PROOFS, Ran, block, main, write
from bench.proofs.restore import judged as restored
from bench.proofs.silence import Groups
from bench.proofs.timers import judged as kept_in_time
from simulators.press import Press

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
MACHINE = {"cpu": "a", "cores": 2, "memory_mib": 1, "system": "Linux", "load_before": [0, 0, 0]}
INCIDENT = {
    "id": "I-1", "opened_at": 100.0, "priority": 1,
    "policy": {"rules": {"1": {"ladder": [{"after_s": 5}, {"after_s": 9}], "repeat": 8}}},
}  # fmt: skip


def climbed(*at: float) -> list[dict[str, Any]]:
    """The rungs of the incident, one after the other."""
    return [
        {"incident": "I-1", "at": instant, "why": "nobody_accepted", "rung": number}
        for number, instant in enumerate(at, 1)
    ]


def test_each_rung_is_due_after_the_one_before() -> None:
    """Late ones move those that follow; after the last it is rung again and again."""
    found = deadlines.kept([INCIDENT], climbed(105.1, 109.2, 117.2), until=120.0)
    assert [one.due for one in found] == [105.0, 109.1, 117.2]
    assert [round(one.late_s, 3) for one in found] == [0.1, 0.1, 0.0]


def test_what_is_not_kept_is_missed_once_there_was_time() -> None:
    """A deadline that is just over may still be kept."""
    found = deadlines.kept([INCIDENT], climbed(105.1), until=120.0)
    assert [one.due for one in deadlines.missed(found, 120.0, 10.0)] == [109.1]
    assert deadlines.missed(found, 115.0, 10.0) == []


def test_what_comes_before_its_time_is_early() -> None:
    """To the millisecond that the log keeps."""
    found = deadlines.kept([INCIDENT], climbed(104.9, 108.898), until=108.9)
    assert [one.due for one in deadlines.early(found)] == [105.0]


@pytest.mark.parametrize(("at", "holds"), [(105.1, True), (105.6, False), (104.0, False), (None, False)])
def test_timers_hold_only_when_all_are_kept_in_time(at: float | None, holds: bool) -> None:  # noqa: FBT001
    """Undisturbed a quarter of a second."""
    one = deadlines.Kept("I-1", 105.0, at)
    assert kept_in_time([one], [], until=130.0)["ok"] is holds


def groups() -> Groups:
    """One of each."""
    return Groups([{"id": "B-1"}], [{"id": "B-2"}], [{"id": "B-3"}])


@pytest.mark.parametrize(
    ("missed", "reports", "holds"),
    [
        ({"B-1": 41, "B-2": 20}, [2], True),
        ({"B-1": 41, "B-2": 20, "B-3": 50}, [2], False),
        ({"B-1": 41}, [2], False),
        ({"B-1": 20, "B-2": 20}, [2], False),
        ({"B-1": 50, "B-2": 20}, [2], False),
        ({"B-1": 41, "B-2": 95}, [2], False),
        ({"B-1": 41, "B-2": 20}, [1, 1], False),
    ],
)
def test_silence_is_noticed_in_time_and_only_silence(missed: dict[str, int], reports: list[int], holds: bool) -> None:  # noqa: FBT001
    """Not wrongly, not early, not late, and as one thing."""
    found = {name: AT + timedelta(seconds=after) for name, after in missed.items()}
    assert silence.judged(groups(), {"B-1": AT}, AT, found, reports)["ok"] is holds


@pytest.mark.parametrize("what", ["lost", "duplicates", "unreceipted"])
def test_a_storm_holds_only_without_loss(what: str) -> None:
    """In every round."""
    late = {"p50_ms": 5.0, "p99_ms": 90.0, "opened_p50_ms": 30.0, "opened_p99_ms": 200.0, "receipt_p99_ms": 30.0}
    good = {"lost": 0, "duplicates": 0, "unreceipted": 0, **late}
    rounds = [{"beating": False, **good}, {"beating": True, **good}]
    assert surge.judged(rounds)["ok"]
    assert not surge.judged([*rounds, {**rounds[0], what: 1}])["ok"]
    assert not surge.judged([rounds[0], {**rounds[1], "p99_ms": 3001.0}])["ok"]


def press(number: int, *, recorded: bool) -> Press:
    """A press with or without its receipt."""
    it = Press("B-1", "sos", 1, number, AT, due=None)
    if recorded:
        it.heard({"rev": 1, "stage": "recorded"})
    return it


def test_lost_is_what_was_receipted_before_the_backup() -> None:
    """What came after it is counted apart; what never was receipted is not lost, but told."""
    known = [press(1, recorded=True), press(2, recorded=True), press(3, recorded=False)]
    found = restored(known, [press(4, recorded=True)], [press(5, recorded=True)], {"B-1:1:1", "B-1:1:5"})
    assert (found["lost"], found["since_the_backup"], found["unreceipted"]) == (1, 1, 1)


def test_an_unknown_proof_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is run."""
    assert main(quick=True, only=["chaos", "miracles"], page=None, as_json=True) == 2
    assert capsys.readouterr().err == "no such proof: miracles\n"


def test_the_page_keeps_its_words_and_gets_what_was_found(tmp_path: Path) -> None:
    """A proof that said nothing does not hold; what it said last is shown."""
    page = tmp_path / "proof.md"
    page.write_text(f"# Words\n\n{BEGIN}\nyesterday\n{END}\n\nMore words.\n", "utf-8")
    done = [
        Ran(PROOFS[0], 3.0, holds=True, report={"examples": 300, "seed": 7}),
        Ran(PROOFS[1], 1.0, holds=False, report={}, fault="it fell"),
    ]
    write(page, block(done, MACHINE, quick=True, took=61.0, at=AT))
    text = page.read_text("utf-8")
    assert text.startswith("# Words\n")
    assert text.endswith("\n\nMore words.\n")
    assert "yesterday" not in text
    assert f"| {PROOFS[0].name} | {PROOFS[0].keeps} | examples 300 | 3 | yes |" in text
    assert f"| {PROOFS[1].name} | {PROOFS[1].keeps} | it fell | 1 | **no** |" in text
    assert f"Seeds: {PROOFS[0].name} 7." in text
