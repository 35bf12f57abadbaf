"""Chinese coordinates: published numbers, and there and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.vocabulary.crs import (
    Degrees,
    bd09_to_gcj02,
    bd09_to_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_china,
    to_wgs84,
    wgs84_to_gcj02,
)

TEN_CENTIMETRES = 1e-6
EXACT = 1e-9

EVILTRANSFORM = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]
"""WGS-84 and GCJ-02 of a place in Shanghai, Shenzhen and Beijing, from the tests of github.com/googollee/eviltransform.

Its two places at Baidu are left out: they follow from another constant than Baidu's, 40 m from everybody else's.
"""

COORDTRANSFORM: Degrees = (39.915, 116.404)
"""The place that the README of github.com/wandergis/coordtransform converts; its inverses are first guesses."""

GCOORD: Degrees = (45.0, 123.0)
"""The place that the tests of github.com/hujiulong/gcoord convert, to five decimals."""

china = st.tuples(
    st.floats(18, 53.5, allow_nan=False, allow_infinity=False), st.floats(73.6, 135, allow_nan=False)
)  # fmt: skip


@pytest.mark.parametrize(("wgs", "gcj"), EVILTRANSFORM)
def test_published_places_on_a_chinese_map(wgs: Degrees, gcj: Degrees) -> None:
    """As published, to the last digit that matters; and back."""
    assert wgs84_to_gcj02(wgs) == pytest.approx(gcj, abs=EXACT)
    assert gcj02_to_wgs84(gcj) == pytest.approx(wgs, abs=1e-7)


def test_the_readme_everybody_copies() -> None:
    """The forward ways to the last digit, the way back as near as a first guess is."""
    assert wgs84_to_gcj02(COORDTRANSFORM) == pytest.approx((39.91640428150164, 116.41024449916938), abs=EXACT)
    assert gcj02_to_bd09(COORDTRANSFORM) == pytest.approx((39.92133699351021, 116.41036949371029), abs=EXACT)
    assert bd09_to_gcj02(COORDTRANSFORM) == pytest.approx((39.90865673957631, 116.39762729119315), abs=1e-5)
    assert gcj02_to_wgs84(COORDTRANSFORM) == pytest.approx((39.91359571849836, 116.39775550083061), abs=2e-5)


def test_a_second_library_agrees() -> None:
    """To the five decimals it asks for."""
    assert wgs84_to_gcj02(GCOORD) == pytest.approx((45.00197815, 123.00607541), abs=5e-6)
    assert gcj02_to_wgs84(GCOORD) == pytest.approx((44.99804071, 122.99395597), abs=5e-6)
    assert gcj02_to_bd09(GCOORD) == pytest.approx((45.00636899, 123.00636499), abs=5e-6)
    assert bd09_to_gcj02(GCOORD) == pytest.approx((44.99365430, 122.99363304), abs=5e-6)
    assert bd09_to_wgs84(GCOORD) == pytest.approx((44.99171540, 122.98762210), abs=5e-6)


@given(china)
def test_there_and_back_again(place: Degrees) -> None:
    """Within a centimetre, everywhere in China."""
    assert gcj02_to_wgs84(wgs84_to_gcj02(place)) == pytest.approx(place, abs=1e-7)
    assert bd09_to_gcj02(gcj02_to_bd09(place)) == pytest.approx(place, abs=1e-7)
    assert bd09_to_wgs84(gcj02_to_bd09(wgs84_to_gcj02(place))) == pytest.approx(place, abs=1e-7)


@given(st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
def test_elsewhere_nothing_moves(place: Degrees) -> None:
    """London is where it is, in every system; and nothing raises anywhere."""
    moved = [wgs84_to_gcj02(place), gcj02_to_wgs84(place), bd09_to_wgs84(place), gcj02_to_bd09(place)]
    assert in_china(place) or moved == [place] * 4


def test_a_position_says_where_its_numbers_came_from() -> None:
    """The other fields stay as they were."""
    given_fields: dict[str, object] = {"lat": 22.540796131694766, "lon": 113.9171764808363, "acc_m": 12, "crs": "gcj02"}
    found = to_wgs84(given_fields, "gcj02")
    assert (found["lat"], found["lon"]) == pytest.approx((22.543847, 113.912316), abs=1e-7)
    assert (found["acc_m"], found["crs"], found["crs_from"]) == (12, "wgs84", "gcj02")
    assert to_wgs84(given_fields, "wgs84")["lat"] == given_fields["lat"]
    with pytest.raises(KeyError):
        to_wgs84(given_fields, "mars")
    with pytest.raises(TypeError):
        to_wgs84({"lat": "north", "lon": 1}, "wgs84")
