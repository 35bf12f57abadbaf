"""Roads from a file: what is wrong is said by line and field, and nothing is taken in then."""

from pathlib import Path

import pytest

from deploy.local.roads import BadRoadsError, read
from services.dispatch.domain.roads import Roads, Way
from shared.vocabulary.geo import Position
from simulators.county import county
from simulators.roads import roads

HEAD = "from_lat,from_lon,to_lat,to_lon,metres,one_way\n"


def written(folder: Path, text: str) -> Path:
    """A file with this in it."""
    path = folder / "roads.csv"
    path.write_text(text, "utf-8")
    return path


def test_metres_and_direction_may_be_left_out(tmp_path: Path) -> None:
    """Then it is the straight line, both ways."""
    rows = read(written(tmp_path, HEAD + "25.6,115.79,25.601,115.79,150,1\n25.6,115.79,25.601,115.79,,\n"))
    assert [(row[4], row[5]) for row in rows] == [(150, True), (pytest.approx(111.2, abs=0.1), False)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from_lat,from_lon,to_lat\n", "line 1: no column to_lon"),
        (HEAD + "x,115,25,115,,\n", "line 2: from_lat: 'x'"),
        (HEAD + "95,115,25,115,,\n", "line 2: from_lat: no place"),
        (HEAD + "25,115,25,115,-4,\n", "line 2: metres: -4"),
        (HEAD + "25,115,26,115,nan,\n", "line 2: metres: nan"), (HEAD + "25,115\n", "line 2: to_lat: None"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named(tmp_path: Path, text: str, said: str) -> None:
    """So that it can be mended."""
    with pytest.raises(BadRoadsError, match=said):
        read(written(tmp_path, text))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """In words, not with a trace."""
    with pytest.raises(BadRoadsError, match="roads"):
        read(tmp_path / "roads.csv")


def test_the_synthetic_county_has_a_way_from_everybody_to_every_home() -> None:
    """And the way is never shorter than the straight line."""
    graph = Roads(Way(Position(*row[:2]), Position(*row[2:4]), row[4], row[5]) for row in roads())
    it = county()
    people = [Position(one.lat, one.lon) for one in it.responders]
    for home in it.homes[::30]:
        found = graph.metres_to(home.position, people, 1e6)
        assert sum(metres is not None for metres in found) >= 0.9 * len(people)
