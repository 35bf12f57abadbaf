"""Distances by road: never shorter than they can be, and the same as a plain search finds."""

from heapq import heappop, heappush

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.roads import METRES_PER_DEGREE, NEAR_ROAD_M, Roads, Way
from shared.vocabulary.geo import Position

BLOCK = 100 / METRES_PER_DEGREE
FAR = 1e6

crossings = st.tuples(st.integers(0, 4), st.integers(0, 4))
streets = st.lists(
    st.tuples(crossings, crossings, st.floats(100, 900), st.booleans()).filter(lambda s: s[0] != s[1]),
    min_size=1, max_size=40,
)  # fmt: skip


def at(crossing: tuple[int, int]) -> Position:
    """A crossing of a small town on the equator, blocks of a hundred metres."""
    return Position(1 + crossing[0] * BLOCK, 100 + crossing[1] * BLOCK)


def plainly(
    given_streets: list[tuple[tuple[int, int], tuple[int, int], float, bool]], goal: tuple[int, int]
) -> dict[tuple[int, int], float]:
    """Dijkstra by hand, backwards from the goal."""
    found: dict[tuple[int, int], float] = {}
    queue = [(0.0, goal)]
    while queue:
        metres, here = heappop(queue)
        if here in found:
            continue
        found[here] = metres
        for begin, end, length, one_way in given_streets:
            if end == here:
                heappush(queue, (metres + length, begin))
            if begin == here and not one_way:
                heappush(queue, (metres + length, end))
    return found


@settings(max_examples=200)
@given(streets, st.data())
def test_the_way_is_the_shortest(
    given_streets: list[tuple[tuple[int, int], tuple[int, int], float, bool]], data: st.DataObject
) -> None:
    """One-way streets too: people drive towards her, not away from her."""
    roads = Roads(Way(at(a), at(b), metres, one_way) for a, b, metres, one_way in given_streets)
    corners = sorted({corner for a, b, _, _ in given_streets for corner in (a, b)})
    goal = data.draw(st.sampled_from(corners))
    expected = plainly(given_streets, goal)
    found = roads.metres_to(at(goal), [at(corner) for corner in corners], FAR)
    for corner, metres in zip(corners, found, strict=True):
        if corner in expected:
            assert metres == pytest.approx(expected[corner], abs=0.5)
        else:
            assert metres is None


def test_who_stands_beside_the_road_walks_to_it() -> None:
    """Both ends add their straight steps; who is too far from any road is not on the graph."""
    roads = Roads([Way(at((0, 0)), at((0, 4)), 400)])
    beside = Position(at((0, 0)).lat + BLOCK / 2, at((0, 0)).lon)
    off = Position(at((0, 0)).lat + 2 * NEAR_ROAD_M / METRES_PER_DEGREE, at((0, 0)).lon)
    assert roads.metres_to(at((0, 4)), [beside], FAR)[0] == pytest.approx(450, abs=1)
    assert roads.metres_to(at((0, 4)), [off], FAR) == [None]
    assert roads.metres_to(off, [beside], FAR) == [None]


def test_an_empty_graph_says_nothing() -> None:
    """The straight line is used then."""
    assert Roads([]).metres_to(at((0, 0)), [at((1, 1))], FAR) == [None]


def test_beyond_the_limit_nothing_is_said() -> None:
    """The search stops there."""
    roads = Roads([Way(at((0, 0)), at((0, 4)), 400)])
    assert roads.metres_to(at((0, 4)), [at((0, 0))], 399) == [None]
