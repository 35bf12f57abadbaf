"""Rules of dispatch that a table can tell."""

import re
from pathlib import Path

import pytest

from deploy import diagrams
from services.dispatch.domain import states
from services.dispatch.domain.receipts import called, minutes, spoken


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "一"), (420, "七"), (421, "八"), (600, "十"), (720, "十二"), (1800, "三十"), (99999, "九十九")],
)
def test_minutes_are_said_as_people_say_them(seconds: int, said: str) -> None:
    """Rounded up, in Chinese."""
    assert spoken(minutes(seconds)) == said


def test_she_is_told_a_family_name_and_a_title() -> None:
    """Not the whole name."""
    assert called("王小明", "nurse") == "王护士"
    assert called("詹小驿", "station") == "詹驿站老师"
    assert called("晓龙乡养老服务站", "station") == "晓龙乡养老服务站"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("incident", states.IncidentState), ("job", states.JobState), ("offer", states.OfferState),
        ("assignment", states.AssignmentState),
    ],
)  # fmt: skip
def test_the_database_knows_the_same_states(table: str, words: type[states.IncidentState]) -> None:
    """The CHECK as it stands after every migration and the enum agree."""
    folder = Path(diagrams.__file__).parent / "migrations" / "sql"
    sql = "".join(path.read_text("utf-8") for path in sorted(folder.glob("0*.sql")))
    own = sql.split(f"CREATE TABLE dispatch.{table} (", 1)[1]
    first = re.search(r"state text NOT NULL CHECK \(state IN \((.*?)\)\)", own, re.DOTALL)
    later = re.findall(rf"CONSTRAINT {table}_state_check\s+CHECK \(state IN \((.*?)\)\)", sql, re.DOTALL)
    assert first is not None
    assert set(re.findall(r"'(\w+)'", [first[1], *later][-1])) == {str(w) for w in words}


def test_the_drawn_diagrams_are_today_s_tables() -> None:
    """Run `python -m deploy.diagrams` when this fails."""
    assert diagrams.TARGET.read_text("utf-8") == diagrams.page()
