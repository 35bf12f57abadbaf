"""docs/security.md: every requirement has its line, and what a line names to show it is there."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
LEVELS_1_AND_2 = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2  2.1:3 2.2:3 2.3:4 2.4:1  3.2:2 3.3:4 3.4:6 3.5:5 3.7:2  4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3  6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4  7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1  9.1:3 9.2:4  10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3  11.1:2 11.2:3 11.3:3 11.4:4
11.5:1 11.6:1  12.1:3 12.2:2 12.3:4  13.1:1 13.2:5 13.3:2 13.4:5  14.1:2 14.2:4 14.3:3  15.1:3 15.2:3 15.3:7
16.1:1 16.2:5 16.3:4 16.4:3 16.5:3  17.1:1 17.2:4 17.3:2
"""
"""Sections of OWASP ASVS 5.0.0 with how many requirements of levels 1 and 2 each has; those of level 3 come after."""
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
OPERATORS = "运营"


def _rows(heading: str) -> list[list[str]]:
    """Cells of the lines of every table below a heading, without their heads."""
    text = re.split(r"^## ", PAGE.split(f"\n## {heading}", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    tables = re.findall(r"^\|[-| ]+\|\n((?:\|.*\|\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for table in tables for line in table.splitlines()]


def _checklist() -> list[list[str]]:
    return [row for row in _rows("OWASP ASVS") if re.match(r"\d+\.\d+\.\d+", row[0])]


def _wanted() -> Iterator[str]:
    for section in LEVELS_1_AND_2.split():
        name, _, many = section.partition(":")
        yield from (f"{name}.{n}" for n in range(1, int(many) + 1))


def test_every_requirement_of_levels_1_and_2_has_one_line() -> None:
    """253 of them, none twice, none that there is not."""
    wanted = list(_wanted())
    assert len(wanted) == 253
    assert Counter(number for row in _checklist() for number in row[0].split(", ")) == Counter(wanted)


def test_every_line_says_what_shows_it() -> None:
    """A tick names a test, the other signs say where to look, what is missing, or that there is nothing of the kind."""
    for number, what, sign, *shown in _checklist():
        said = " ".join(shown).strip(" |")
        assert what, number
        match sign:
            case "✓":
                assert NAMED.search(said), number
            case "□" | "◐":
                assert said, number
            case _:
                assert sign == "–", number


@pytest.mark.parametrize(("heading", "least"), [("等保三级", 15), ("Threats", 15)])
def test_every_control_and_every_threat_names_a_test(heading: str, least: int) -> None:
    """Or is for the operator, and says so."""
    rows = _rows(heading)
    assert len(rows) >= least
    assert [row for row in rows if not NAMED.search(row[-1]) and OPERATORS not in row[-1]] == []


def test_what_is_named_is_there() -> None:
    """Files, tests in them, and pages."""
    named = NAMED.findall(PAGE)
    assert len(named) > 150
    for path, test in named:
        source = ROOT / path
        assert source.is_file(), path
        assert not test or f"def {test}(" in source.read_text("utf-8"), f"{path}::{test}"
    for page in re.findall(r"\]\(([\w/.-]+\.md)\)", PAGE):
        assert (ROOT / "docs" / page).is_file(), page
    for source in re.findall(r"`((?:services|shared|deploy|web)/[\w/.-]+)`", PAGE):
        assert (ROOT / source).exists(), source
