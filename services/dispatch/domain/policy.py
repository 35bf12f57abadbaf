"""Who is asked, after how long: data, kept in the incident when it opens. Times in seconds, reach in metres."""

from dataclasses import asdict, dataclass
from typing import Any

from shared.vocabulary.alarms import AlarmKind, Priority

COUNTY_M = 200_000
HOURS = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """How one priority is answered.

    `reach` widens until there are three times `most` candidates; `ladder` are seconds after which one more
    level is rung while nobody accepts, the last step repeating every `repeat`.
    """

    confidence: float
    most: int
    one_more_s: int
    respond_s: int
    volunteers_s: int
    reach: tuple[int, ...]
    ladder: tuple[int, ...]
    repeat: int
    backup: bool

    @property
    def early(self) -> bool:
        """Whether the neighbours are asked before silence calls for one more."""
        return self.volunteers_s < self.one_more_s

    def pause_s(self, wave: int) -> int:
        """Seconds from the last asking to the next: neighbours first, then one more each time as from the start."""
        if wave <= 1:
            return self.volunteers_s
        return self.one_more_s - self.volunteers_s if wave == 2 and self.early else self.one_more_s


@dataclass(frozen=True, slots=True)
class Policy:
    """The rule of one incident's priority, with the clocks that hold for all.

    `cover_s` after a fault that takes protection away people stand in; at night, by the division's own clock, what
    can wait asks nobody.
    """

    version: int
    rules: dict[int, Rule]
    stall_s: int = 90
    arrival_s: int = 30 * 60
    entry_s: int = 10 * 60
    check_in_s: int = 15 * 60
    review_s: int = 30 * 60
    cover_s: int = 2 * 3600
    canary_s: int = 60
    night_from_h: int = 22
    night_until_h: int = 8
    zone_min: int = 8 * 60
    """Minutes east of Greenwich: all of China keeps Asia/Shanghai, without summer time."""

    def rule(self, priority: int) -> Rule:
        """Rule of a priority."""
        return self.rules[priority]


SHIPPED = Policy(
    version=1,
    rules={
        1: Rule(0.95, 10, 60, 120, 30, (1000, 1800, COUNTY_M), (45, 60, 180), 300, backup=True),
        2: Rule(0.9, 7, 60, 120, 30, (1500, 3000, COUNTY_M), (120, 240), 300, backup=True),
        3: Rule(0.0, 1, 90, 90, 90, (3000, COUNTY_M), (900,), 900, backup=False),
        4: Rule(0.0, 1, 600, 600, 600, (COUNTY_M,), (3600,), 3600, backup=False),
    },
)

VOLUNTEERS_AT_ONCE = frozenset({AlarmKind.FALL, AlarmKind.SMOKE, AlarmKind.GAS})
NOT_INDOORS = frozenset({AlarmKind.SMOKE, AlarmKind.GAS})
"""Only guards and stations are asked, and nobody is sent inside."""


def to_data(policy: Policy) -> dict[str, Any]:
    """JSON form for the snapshot."""
    return asdict(policy) | {"rules": {str(p): asdict(rule) for p, rule in policy.rules.items()}}


def from_data(data: dict[str, Any]) -> Policy:
    """Read a snapshot back."""
    rules = {
        int(p): Rule(**{**rule, "reach": tuple(rule["reach"]), "ladder": tuple(rule["ladder"])})
        for p, rule in data["rules"].items()
    }
    return Policy(**{**data, "rules": rules})


def holes(policy: Policy) -> list[str]:
    """Say where a path would end in nothing; an empty list is a sound policy."""
    found = [f"priority {p} has no rule" for p in Priority if p not in policy.rules]
    for p, rule in policy.rules.items():
        if not rule.ladder or rule.repeat <= 0:
            found.append(f"priority {p}: nobody is rung when nobody accepts")
        if list(rule.ladder) != sorted(set(rule.ladder)):
            found.append(f"priority {p}: ladder steps must rise")
        if rule.most < 1 or not rule.reach:
            found.append(f"priority {p}: nobody would be asked")
        if min(rule.one_more_s, rule.respond_s) <= 0:
            found.append(f"priority {p}: waits must be longer than nothing")
    return found + _holes_in_the_night(policy)


def _holes_in_the_night(policy: Policy) -> list[str]:
    found = []
    if not 0 < policy.night_until_h < policy.night_from_h < HOURS:
        found.append("the night must begin in the evening and end in the morning")
    if min(policy.cover_s, policy.canary_s) <= 0:
        found.append("people must stand in, and canaries go, after more than nothing")
    return found
