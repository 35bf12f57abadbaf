"""Many things silent at once are one thing: a power cut, a network down, a broken mast.

Whoever falls silent in a county waits a few seconds for company. In company it is one outage, and one report; alone it
is a fault of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from shared.vocabulary.divisions import Level

MANY = 20
AT_ONCE = timedelta(seconds=60)
GATHER = timedelta(seconds=10)
"""How long a silent thing waits for company."""

JOIN = timedelta(minutes=5)
"""How long after the last one that joined an outage another may join it."""

LONGEST = timedelta(minutes=30)
"""From here on nobody joins: whoever falls silent later has a reason of its own."""

TELL_EVERY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Silent:
    """A device found silent at `at`. `warned`: its last will had announced it, so it has waited already."""

    device: str
    at: datetime
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Sorted:
    """What becomes of those that wait; whoever is in neither list goes on waiting."""

    alone: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


def sort_out(
    waiting: Sequence[Silent], before: Iterable[datetime], coming: int, *, joining: bool, now: datetime
) -> Sorted:
    """Sort the silent things of one county.

    `before` is when those of the last minute were found silent that were told alone; `coming` counts hubs whose will
    has come and who may still return; `joining` says that an outage is there to be joined.
    """
    if joining or many_at_once([*(it.at for it in waiting), *before]):
        return Sorted(together=tuple(it.device for it in waiting))
    crowd = len(waiting) + coming >= MANY
    return Sorted(alone=tuple(it.device for it in waiting if it.at + GATHER <= now or (it.warned and not crowd)))


def many_at_once(instants: Iterable[datetime]) -> bool:
    """Whether so many lie within a minute."""
    ordered = sorted(instants)
    return any(last - first <= AT_ONCE for first, last in zip(ordered, ordered[MANY - 1 :], strict=False))


def open_to_others(opened_at: datetime, joined_at: datetime, now: datetime) -> bool:
    """Whether whoever falls silent now belongs to this outage."""
    return now <= joined_at + JOIN and now <= opened_at + LONGEST


def is_over(members: int, silent: int) -> bool:
    """Whether four in five are back."""
    return silent * 5 <= members


def area(divisions: Iterable[str]) -> str:
    """The smallest division that holds them all."""
    codes = sorted(set(divisions))
    shared = len(codes[0]) if codes else 0
    for one, other in pairwise(codes):
        shared = min(shared, _shared(one, other))
    return codes[0][: max((level for level in Level if level <= shared), default=0)] if codes else ""


def _shared(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
