"""What is past its target now, and how the parts of a division stand beside one another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

CLAIM_S: Mapping[int, int] = {1: 30, 2: 60, 3: 900}
"""Taken by a seat or by whoever goes; by priority. What is booked has its own times."""
ACCEPT_S: Mapping[int, int] = {1: 60, 2: 120, 3: 900}
DOOR_S = 900
POLICY_S: Mapping[str, int] = {"stall_s": 90, "entry_s": 600, "check_in_s": 900, "review_s": 1800}
"""What an incident's own policy may say otherwise."""
UNCLAIMED = frozenset({"open", "reopened"})
RANK = ("unclaimed", "unaccepted", "not_departed", "not_at_door", "not_with_elder", "no_check_in", "visit_late",
        "not_closed")  # fmt: skip
FEWEST = 5
"""Fewer than this are not told as a figure."""
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Standing:
    """An open incident as it stands: when each step was made, null where it was not.

    `asked_from`: when people were first to be asked (a night's rest, a desk that speaks with her first). `coming`:
    somebody has accepted and goes. `wanted`: somebody at the door is needed. `window_to` is set for a visit.
    """

    id: str
    priority: int
    state: str
    since: datetime
    asked_from: datetime
    wanted: bool
    coming: bool
    accepted_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    with_elder_at: datetime | None = None
    heard_at: datetime | None = None
    resolved_at: datetime | None = None
    window_to: datetime | None = None
    policy: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A step that should have been made `target_s` after `since`."""

    stage: str
    since: datetime
    target_s: int

    def over_s(self, now: datetime) -> int:
        """Seconds past the target; not positive while there is time."""
        return int((now - self.since).total_seconds()) - self.target_s


def late(it: Standing, now: datetime) -> list[Late]:
    """Every step of an incident that is past its target at this moment."""
    return [one for one in _awaited(it) if one.over_s(now) > 0]


def _awaited(it: Standing) -> Iterable[Late]:
    if it.window_to is not None:
        if it.arrived_at is None:
            yield Late("visit_late", it.window_to, 0)
        return
    if it.state in UNCLAIMED and it.priority in CLAIM_S:
        yield Late("unclaimed", it.since, CLAIM_S[it.priority])
    if it.state == "resolved":
        yield Late("not_closed", it.resolved_at or it.since, _allowed(it, "review_s"))
    elif it.wanted:
        yield from _way(it)


def _way(it: Standing) -> Iterable[Late]:
    """The one next step of whoever goes, and the door beside it."""
    if not it.coming and it.arrived_at is None:
        if it.priority in ACCEPT_S:
            yield Late("unaccepted", it.asked_from, ACCEPT_S[it.priority])
    elif it.departed_at is None and it.arrived_at is None:
        yield Late("not_departed", it.accepted_at or it.since, _allowed(it, "stall_s"))
    if it.arrived_at is None and it.coming and it.priority <= 2:
        yield Late("not_at_door", it.since, DOOR_S)
    if it.arrived_at is not None and it.with_elder_at is None:
        yield Late("not_with_elder", it.arrived_at, _allowed(it, "entry_s"))
    if it.with_elder_at is not None and it.coming:
        yield Late("no_check_in", max(it.with_elder_at, it.heard_at or it.with_elder_at), _allowed(it, "check_in_s"))


def _allowed(it: Standing, name: str) -> int:
    return int((it.policy or {}).get(name) or POLICY_S[name])


def child_of(children: Sequence[str], own: str) -> Callable[[str], str]:
    """Which of the divisions directly below a code belongs to; `own` where none of them does, so that all add up."""
    known = frozenset(children)
    lengths = sorted({len(code) for code in children})

    def find(code: str) -> str:
        return next((code[:size] for size in lengths if code[:size] in known), own)

    return find


def within_month(now: datetime, zone: Any) -> datetime:
    """When the month of `now` began, by a zone's calendar."""
    return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def midnight(now: datetime, zone: Any) -> datetime:
    """When the day of `now` began, by a zone's calendar."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def seconds_since(at: datetime | None, now: datetime) -> int | None:
    """Whole seconds from then to now, never negative."""
    return None if at is None else max(0, int((now - at) / timedelta(seconds=1)))


def interval(hits: int, of: int) -> tuple[float, float] | None:
    """Wilson's interval of 95 % for a share; None of nothing."""
    if of == 0:
        return None
    share = hits / of
    middle = share + Z * Z / (2 * of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def share(part: float, of: float) -> float | None:
    """`part` of `of`, to the tenth of a percent; None of nothing."""
    return round(part / of, 3) if of else None
