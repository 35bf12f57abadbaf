"""What a person's own figures say."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any

from shared.vocabulary.geo import Position, distance_m

STARS = 5


def spread(seconds: Iterable[int | None]) -> dict[str, int | None]:
    """How many, the middle one, and what nine of ten stay within (nearest rank)."""
    known = sorted(s for s in seconds if s is not None)
    return {"n": len(known), "median_s": _rank(known, 0.5), "p90_s": _rank(known, 0.9)}


def _rank(ordered: Sequence[int], share: float) -> int | None:
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def stars(ratings: Iterable[int | None]) -> tuple[int, ...]:
    """How often one to five stars were given."""
    given = list(ratings)
    return tuple(given.count(n) for n in range(1, STARS + 1))


def legs(stops: Sequence[Mapping[str, Any]]) -> list[int | None]:
    """Metres as the crow flies to each stop from the one before; None for the first, and where a place is unknown."""
    places = [_place(stop) for stop in stops]
    return [_metres(*pair) for pair in zip([None, *places], places, strict=False)]


def _metres(a: Position | None, b: Position | None) -> int | None:
    return None if a is None or b is None else round(distance_m(a, b))


def _place(stop: Mapping[str, Any]) -> Position | None:
    return None if stop["lat"] is None or stop["lon"] is None else Position(stop["lat"], stop["lon"])
