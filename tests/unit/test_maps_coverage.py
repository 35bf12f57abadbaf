"""Who is near whom: the nearest of those ready counts, sums hold, and a handful of elders is no number."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.domain.coverage import (
    DETOUR,
    LEAVING_S,
    METRES_PER_DEGREE,
    Block,
    Goer,
    arrivals,
    figures,
    holes,
    parts,
)
from services.gateway.domain.tiles import tiles

COUNTY, TOWN, VILLAGE = "360733", "360733100", "360733100001"


def block(lat: float, lon: float = 115.79, elders: int = 10, division: str = VILLAGE) -> Block:
    """Elders somewhere."""
    return Block(division, lat, lon, elders)


def goer(lat: float, speed: float = 1.0, *, ready: bool = True, serves: str = COUNTY, slow: float = 1.0) -> Goer:
    """Somebody on duty."""
    return Goer(TOWN, serves, lat, 115.79, speed, slow, ready)


def test_the_nearest_in_time_counts() -> None:
    """A car from farther away is sooner than a walker near by; whoever is busy does not count."""
    near, far = goer(25.61, 1.0), goer(25.65, 10.0)
    [seconds] = arrivals([block(25.60)], [near, far, goer(25.6, ready=False)])
    assert seconds == pytest.approx(LEAVING_S + 0.05 * METRES_PER_DEGREE * DETOUR / 10.0, rel=1e-3)


def test_somebody_slow_to_come_is_counted_as_slow() -> None:
    """What was learned of her ways."""
    [plain], [slow] = arrivals([block(25.6)], [goer(25.61)]), arrivals([block(25.6)], [goer(25.61, slow=2.0)])
    assert slow - LEAVING_S == pytest.approx(2 * (plain - LEAVING_S))


def test_nobody_is_sent_beyond_where_she_serves() -> None:
    """Then it is a hole, though she is next door."""
    there = [block(25.6), block(25.6, division="360734100001")]
    seconds = arrivals(there, [goer(25.6)])
    assert (seconds[0], seconds[1]) == (LEAVING_S, inf)
    [hole] = holes(there, seconds, 900)
    assert (hole.division, hole.eta_s) == ("360734100001", None)


def test_half_and_nine_of_ten() -> None:
    """Weighted by elders; who is beyond is counted."""
    blocks = [block(25.6, elders=50), block(25.61, elders=45), block(26.5, elders=5)]
    seconds = arrivals(blocks, [goer(25.6)])
    found = figures(blocks, seconds, [goer(25.6), goer(25.6, ready=False)], 3600)
    assert (found.elders, found.on_duty, found.ready, found.beyond) == (100, 2, 1, 5)
    assert (found.p50_s, found.p90_s) == (round(seconds[0]), round(seconds[1]))
    assert found.told()["within"] == 0.95


def test_a_handful_is_no_number() -> None:
    """Fewer than five elders are not counted out; none at all is none."""
    few = figures([block(25.6, elders=4)], [5000.0], [], 900).told()
    assert (few["elders"], few["beyond"], few["within"], few["p50_s"]) == (None, None, None, 5000)
    none = figures([], [], [], 900).told()
    assert (none["elders"], none["beyond"], none["within"], none["p90_s"]) == (0, 0, None, None)


def test_a_hole_lies_where_its_elders_are() -> None:
    """One square kilometre is one hole, the fullest first."""
    blocks = [block(25.6, elders=3), block(25.602, elders=1), block(25.8, elders=2)]
    found = holes(blocks, [1000.0, 2000.0, inf], 900)
    assert [(hole.elders, hole.eta_s) for hole in found] == [(4, 1000), (2, None)]
    assert found[0].lat == pytest.approx(25.6005)


places = st.builds(
    Block, st.sampled_from(["360733100001", "360733101002", "360733"]), st.floats(25, 26), st.floats(115, 116),
    st.integers(1, 40),
)  # fmt: skip
people = st.builds(
    Goer, st.sampled_from(["360733100", "360733101001", "360733"]), st.sampled_from(["360733", "360733100", ""]),
    st.floats(25, 26), st.floats(115, 116), st.floats(0.1, 20), st.floats(0.5, 4), st.booleans(),
)  # fmt: skip


@given(st.lists(places, max_size=20), st.lists(people, max_size=8))
def test_parts_add_up_to_the_whole(blocks: list[Block], goers: list[Goer]) -> None:
    """Elders, people and those beyond, whatever belongs to no part included."""
    seconds = arrivals(blocks, goers)
    whole = figures(blocks, seconds, goers, 900)
    codes = {block.division for block in blocks} | {one.division for one in goers}
    told = []
    for _, mine in parts(COUNTY, ["360733100", "360733101"], codes):
        here = [k for k, one in enumerate(blocks) if one.division in mine]
        there = [one for one in goers if one.division in mine]
        told.append(figures([blocks[k] for k in here], [seconds[k] for k in here], there, 900))
    for name in ("elders", "on_duty", "ready", "beyond"):
        assert sum(getattr(one, name) for one in told) == getattr(whole, name)
    assert sum(hole.elders for hole in holes(blocks, seconds, 900)) == whole.beyond


@given(st.lists(places, min_size=1, max_size=10), st.lists(people, max_size=5), people)
def test_one_more_never_makes_it_later(blocks: list[Block], goers: list[Goer], one: Goer) -> None:
    """Whoever comes on duty."""
    before, after = arrivals(blocks, goers), arrivals(blocks, [*goers, one])
    assert all(b >= a for b, a in zip(before, after, strict=True))


def test_tiles_by_the_operators_choice() -> None:
    """What is missing its key or its file is our own plain drawing; hosts are told to browsers, never our own."""
    assert tiles("tianditu", "", has_file=False).kind == "none"
    assert tiles("pmtiles", "", has_file=False).kind == "none"
    amap = tiles("amap", "", has_file=False)
    assert (amap.crs, amap.hosts) == ("gcj02", ("https://webrd01.is.autonavi.com",))
    assert all("{x}" in layer and "{y}" in layer and "{z}" in layer for layer in amap.layers)
    tianditu = tiles("tianditu", "k&y", has_file=False)
    assert tianditu.hosts == ("https://t0.tianditu.gov.cn",)
    assert all(layer.endswith("tk=k%26y") for layer in tianditu.layers)
    own = tiles("pmtiles", "", has_file=True)
    assert (own.layers, own.hosts) == (("/api/v1/map/tiles.pmtiles",), ())
