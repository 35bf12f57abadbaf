"""Borders from a file: what is wrong is said by feature and field; the synthetic county's own are sound."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from deploy.local.shapes import BadShapesError, read
from shared.vocabulary.crs import wgs84_to_gcj02
from simulators.places import COUNTY, villages
from simulators.shapes import landmarks, shapes

SQUARE = [[[115.7, 25.5], [115.8, 25.5], [115.8, 25.6], [115.7, 25.6], [115.7, 25.5]]]


def feature(geometry: Any, **about: Any) -> dict[str, Any]:
    """One feature of a file."""
    return {"type": "Feature", "properties": about, "geometry": geometry}


def polygon(rings: Any = SQUARE, **about: Any) -> dict[str, Any]:
    """A border."""
    return feature({"type": "Polygon", "coordinates": rings}, **({"code": "360733100"} | about))


def point(at: Any = (115.79, 25.6), **about: Any) -> dict[str, Any]:
    """A place."""
    return feature({"type": "Point", "coordinates": list(at) if isinstance(at, tuple) else at}, **about)


def written(folder: Path, *features: Any) -> Path:
    """A file with these features."""
    path = folder / "shapes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def test_borders_and_places_are_read(tmp_path: Path) -> None:
    """A code may be a number with its zeros, a place may leave out what it is and where it belongs."""
    whole = polygon(code=None, adcode=360733000000)
    del whole["properties"]["code"]
    found = read(written(tmp_path, polygon(), whole, point(name="会昌县人民医院", kind="hospital")), COUNTY)
    assert [shape.code for shape in found.shapes] == ["360733100", "360733"]
    assert found.shapes[0].bounds == (115.7, 25.5, 115.8, 25.6)
    [place] = found.landmarks
    assert (place.code, place.kind, place.name, place.place.lat) == (COUNTY, "hospital", "会昌县人民医院", 25.6)


def test_a_file_in_map_coordinates_is_put_where_it_belongs(tmp_path: Path) -> None:
    """GCJ-02 in, WGS-84 kept."""
    lat, lon = wgs84_to_gcj02((25.6, 115.79))
    found = read(written(tmp_path, point((lon, lat), name="县政府")), COUNTY, "gcj02")
    assert (found.landmarks[0].place.lat, found.landmarks[0].place.lon) == pytest.approx((25.6, 115.79), abs=2e-6)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (feature(None, code="360733100"), "feature 2: geometry: missing"),
        (feature({"type": "LineString", "coordinates": []}), "feature 2: geometry.type: 'LineString'"),
        (polygon(code="36073310"), "feature 2: code: '36073310' is no code"),
        (polygon(code="360734100"), "feature 2: code: '360734100' does not lie in 360733"),
        (polygon([]), "feature 2: coordinates: nothing is drawn"),
        (polygon([SQUARE[0][:-1]]), "feature 2: coordinates: a line that is not closed"),
        (polygon([[[200, 25], [1, 1], [2, 2], [200, 25]]]), "feature 2: coordinates: .200, 25. is no place"),
        (polygon([[["x", 25]] * 4]), "feature 2: coordinates: .'x', 25. is not longitude"),
        (point(name=""), "feature 2: name: ''"),
        (point(name="桥", kind="bridge"), "feature 2: kind: 'bridge' is none of"),
        (point([115.79], name="桥"), "feature 2: coordinates: .115.79. is not longitude"),
        (polygon(), "code: 360733100 is there twice"),
        ("text", "feature 2: geometry: missing"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, wrong: Any, said: str) -> None:
    """So that it can be mended; nothing of the file is taken then."""
    with pytest.raises(BadShapesError, match=said):
        read(written(tmp_path, polygon(), wrong), COUNTY)


@pytest.mark.parametrize("text", ["", "[]", '{"features": 3}', "\x00"])
def test_a_file_that_is_none_is_said(tmp_path: Path, text: str) -> None:
    """In words, not with a trace."""
    path = tmp_path / "none.geojson"
    path.write_text(text, "utf-8")
    with pytest.raises(BadShapesError, match=r"none\.geojson"):
        read(path, COUNTY)


def inside(lon: float, lat: float, geometry: Any) -> bool:
    """Whether a place lies in a border, by counting the lines east of it."""
    lines = [pair for rings in geometry["coordinates"] for ring in rings for pair in pairwise(ring)]
    crossed: list[bool] = [
        (c - a) * (lat - b) / (d - b) + a > lon for (a, b), (c, d) in lines if (b > lat) != (d > lat)
    ]
    return sum(crossed) % 2 == 1


def test_every_village_lies_in_its_own_ground_and_in_no_other() -> None:
    """And in its town's and the county's; every line is closed."""
    drawn = shapes()
    assert shapes() == drawn
    there = villages()
    assert {code for code in drawn if len(code) == 12} == {village.code for village in there}
    for village in there:
        lon, lat = village.centre.lon, village.centre.lat
        assert all(inside(lon, lat, drawn[village.code[:digits]]) for digits in (6, 9, 12))
    for village in there[::40]:
        found = [
            code for code in drawn if len(code) == 12 and inside(village.centre.lon, village.centre.lat, drawn[code])
        ]
        assert found == [village.code]
    for geometry in drawn.values():
        rings: Any = geometry["coordinates"]
        assert all(ring[0] == ring[-1] for polygon in rings for ring in polygon)


def test_every_town_has_its_hall_and_clinic() -> None:
    """Within its own border."""
    drawn = shapes()
    found = landmarks()
    assert {kind for _, kind, _, _ in found} == {"hall", "clinic"}
    assert len({name for _, _, name, _ in found}) == len(found) == 2 * len({code for code in drawn if len(code) == 9})
