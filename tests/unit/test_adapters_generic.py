"""Families that are described in a file: what may stand there, and what is told when something may not."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.devices.adapters import hear, load, names, topics
from services.devices.adapters.generic import FAMILIES
from services.devices.adapters.reading import opened

GOOD = """
[[family]]
name = "good"
topics = ["good/+/up"]
address = "good/{topic.1}"
word = "press"
"""


@pytest.fixture(autouse=True)
def no_families() -> Iterator[None]:
    """Nothing of one test is left for the next."""
    yield
    load(None)


def described(folder: Path, text: str) -> list[str]:
    """Load this text as an installation's file."""
    path = folder / "adapters.toml"
    path.write_text(text, "utf-8")
    return load(path)


HEAD = '[[family]]\nname = "bad"\n'
WHOLE = HEAD + 'topics = ["x/#"]\naddress = "x/{id}"\n'
SLIPS = {
    "wrod: is no field of this table": WHOLE + 'wrod = "press"\n',
    "topics: Field required": HEAD + 'address = "x/{id}"\n',
    "word: Value error, is no path: ": WHOLE + 'word = "a..["\n',
    "topics.0: Value error, is no topic filter ": HEAD + 'topics = ["#"]\naddress = "x"\n',
    "state.0.word: Field required": WHOLE + '[[family.state]]\npath = "a"\n',
    "position.datum: Input should be ": WHOLE + '[family.position]\nlat = "a"\nlon = "b"\ndatum = "mars"\n',
    "name: another family has it": WHOLE.replace("bad", "good"),
}


@pytest.mark.parametrize(("told", "table"), SLIPS.items())
def test_a_slip_is_told_with_file_table_and_field(
    told: str, table: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """At the start, in the log; and the other families of the file work."""
    with caplog.at_level(logging.ERROR):
        wrong = described(tmp_path, GOOD + table)
    name = "good" if "another" in told else "bad"
    assert any(complaint.startswith(f"adapters.toml, table 2 ({name}), field {told}") for complaint in wrong), wrong
    assert [record.message for record in caplog.records].count("adapters.refused") >= 1
    assert [family.name for family in FAMILIES] == ["good"]


def test_broken_toml_costs_only_its_own_table(tmp_path: Path) -> None:
    """A forgotten quotation mark at three in the morning must not silence the other makers."""
    broken = '[[family]]\nname = "bad\ntopics = ["x/#"]\n'
    wrong = described(tmp_path, broken + GOOD)
    assert len(wrong) == 1
    assert wrong[0].startswith("adapters.toml, table 1 (bad), is no TOML: ")
    assert hear("good/a/up", b'{"press":"x"}', {"press": "x"}).happenings[0].addresses == ("good/a",)


def test_a_field_outside_every_family_and_a_missing_file_are_told(tmp_path: Path) -> None:
    """Nothing is silently without effect."""
    assert described(tmp_path, "colour = 1\n" + GOOD) == [
        "adapters.toml, table 1, field colour: stands in no [[family]]"
    ]
    assert load(tmp_path / "none.toml") == ["none.toml: cannot be read: FileNotFoundError"]
    assert load(None) == []


def test_a_described_family_is_heard_and_can_be_bound(tmp_path: Path) -> None:
    """Its topics are subscribed to, its name may stand in a binding."""
    assert described(tmp_path, GOOD) == []
    assert "good/+/up" in topics()
    assert "good" in names()
    assert hear("good/a/down", b'{"press":"x"}', {"press": "x"}).happenings == ()


def test_without_an_address_a_press_is_heard_under_its_topic(tmp_path: Path) -> None:
    """It will lie in quarantine, where somebody sees that the description is wrong."""
    described(tmp_path, GOOD.replace("{topic.1}", "{serial}"))
    [happening] = hear("good/a/up", b'{"press":"x"}', {"press": "x"}).happenings
    assert happening.addresses == ("good/a/up",)


def test_idle_values_are_no_press(tmp_path: Path) -> None:
    """Some buttons report a zero between presses."""
    described(tmp_path, GOOD + 'idle = ["none", 0]\n')
    said = [hear("good/a/up", b"x", {"press": it}).happenings for it in ("none", 0, None, "", 1)]
    assert [len(it) for it in said] == [0, 0, 0, 0, 1]


def test_a_position_in_whole_numbers_and_in_another_system(tmp_path: Path) -> None:
    """Scaled to degrees, with the system it is in; how far it may be off goes with it."""
    described(
        tmp_path,
        GOOD + '[family.position]\nlat = "p[0]"\nlon = "p[1]"\nacc_m = "r"\ndatum = "gcj02"\nscale = 1e-6\n',
    )
    payload = b'{"press":"x","p":[25600300,115786000],"r":30}'
    [happening] = hear("good/a/up", payload, opened(payload)).happenings
    assert happening.position is not None
    assert (happening.position["acc_m"], happening.position["crs"]) == (30, "gcj02")
    assert (happening.position["lat"], happening.position["lon"]) == pytest.approx((25.6003, 115.786))


def test_volts_become_percent(tmp_path: Path) -> None:
    """In a straight line from empty to full, never beyond either."""
    described(tmp_path, GOOD + 'batt = { path = "v", empty = 2.0, full = 3.0 }\n')
    found = [hear("good/a/up", b"x", {"v": volts}).signs[0].batt for volts in (2.5, 1.0, 9, None)]
    assert found == [50.0, 0.0, 100.0, None]
