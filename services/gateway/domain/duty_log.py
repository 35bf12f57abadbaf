"""值班日志: turns at desks and gaps between them, told from what seats have said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

ENDS: Mapping[str, str] = {"seat.left": "left", "seat.handed_over": "handed_over", "seat.lapsed": "lapsed"}
TAGS = ("seat.confirmed", "seat.asked", *ENDS, "post.uncovered", "post.covered")


@dataclass(frozen=True, slots=True)
class Said:
    """Something about one desk: what, about whom or to whom, when."""

    division: str
    tag: str
    at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One seat's watch; null where it has not ended."""

    account: str
    division: str
    since: datetime
    until: datetime | None = None
    ended: str | None = None
    handed_to: str | None = None
    asked: int = 0
    answered: int = 0
    slowest_s: int | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody of a division was there."""

    division: str
    since: datetime
    until: datetime | None = None


def told(said: Iterable[Said]) -> tuple[list[Turn], list[Gap]]:
    """Turns and gaps in the order in which they began; `said` is in order of time."""
    turns: dict[int, Turn] = {}
    gaps: dict[int, Gap] = {}
    sitting: dict[tuple[str, str], int] = {}
    empty: dict[str, int] = {}
    for n, one in enumerate(said):
        if one.tag == "post.uncovered":
            gaps.setdefault(empty.setdefault(one.division, n), Gap(one.division, one.at))
        elif one.tag == "post.covered":
            begun = empty.pop(one.division, None)
            if begun is not None:
                gaps[begun] = replace(gaps[begun], until=one.at)
        else:
            _about_seat(one, n, turns, sitting)
    return list(turns.values()), list(gaps.values())


def _about_seat(one: Said, n: int, turns: dict[int, Turn], sitting: dict[tuple[str, str], int]) -> None:
    who = (one.division, str(one.body["account"]))
    if one.tag == "seat.confirmed":
        begun = sitting.setdefault(who, n)
        turns[begun] = _answered(turns.get(begun) or Turn(who[1], one.division, one.at), one.at)
    elif who in sitting and one.tag == "seat.asked":
        turn = turns[sitting[who]]
        turns[sitting[who]] = replace(turn, asked=turn.asked + 1, asked_at=turn.asked_at or one.at)
    elif who in sitting:
        begun = sitting.pop(who)
        turns[begun] = replace(turns[begun], until=one.at, ended=ENDS[one.tag], handed_to=one.body.get("to"))
        if one.tag == "seat.handed_over":
            _taken_over(one, n, turns, sitting)


def _taken_over(one: Said, n: int, turns: dict[int, Turn], sitting: dict[tuple[str, str], int]) -> None:
    """Whoever takes over sits there from then on, at the desk she was at or at this one."""
    whom = (str(one.body.get("to_division") or one.division), str(one.body["to"]))
    if sitting.setdefault(whom, n) == n:
        turns[n] = Turn(whom[1], whom[0], one.at)


def _answered(turn: Turn, at: datetime) -> Turn:
    if turn.asked_at is None:
        return turn
    took = int((at - turn.asked_at).total_seconds())
    return replace(turn, answered=turn.answered + 1, asked_at=None, slowest_s=max(took, turn.slowest_s or 0))
