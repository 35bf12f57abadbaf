"""What elders and families thought of it: how many gave each answer, never of a handful."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.domain.supervision import FEWEST, interval

STARS = ("1", "2", "3", "4", "5")
CONTENT = frozenset({"4", "5"})
RESULTS = ("well", "reached", "needs_help", "not_wanted", "no_answer")
WELL = frozenset({"well", "reached"})
"""Of a call-back: she is well, or what there was to say of a visit was said."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many gave each answer. `key` is None for `merged` lines together."""

    key: str | None
    answers: Counter[str]
    merged: int = 0

    @property
    def n(self) -> int:
        """Answers in all."""
        return self.answers.total()


def lines(found: Mapping[str, Counter[str]]) -> list[Line]:
    """In order of their keys; those of fewer than five become one, which takes in the next while it is small too."""
    known = sorted((Line(key, answers) for key, answers in found.items()), key=lambda one: (one.n, one.key))
    small = [one for one in known if one.n < FEWEST]
    while small and sum(one.n for one in small) < FEWEST and len(small) < len(known):
        small.append(known[len(small)])
    large = sorted(known[len(small) :], key=lambda one: one.key or "")
    return [*large, _together(small)] if small else large


def _together(some: Sequence[Line]) -> Line:
    return Line(None, sum((one.answers for one in some), Counter()), len(some))


def table(
    found: Mapping[str, Counter[str]], names: Mapping[str, str], codes: Sequence[str], good: Collection[str]
) -> dict[str, Any]:
    """The whole, and line by line; `good` are the answers one wants to hear."""
    total = Line(None, sum(found.values(), Counter()))
    return {
        "total": _told(total, None, codes, good),
        "groups": [_told(one, names.get(one.key or ""), codes, good) for one in lines(found)],
    }


def _told(line: Line, name: str | None, codes: Sequence[str], good: Collection[str]) -> dict[str, Any]:
    few = line.n < FEWEST
    hits = sum(line.answers[code] for code in good)
    low, high = interval(hits, line.n) or (None, None) if not few else (None, None)
    return {
        "key": line.key, "name": name, "rest": line.merged, "few": 0 < line.n < FEWEST, "n": None if few else line.n,
        "answers": {} if few else {code: line.answers[code] for code in codes},
        "good": None if few else round(hits / line.n, 3), "low": None if low is None else round(low, 3),
        "high": None if high is None else round(high, 3),
    }  # fmt: skip
