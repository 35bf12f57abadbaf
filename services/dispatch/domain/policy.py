"""Who is asked, after how long: data, kept in the incident when it opens. Times in seconds, reach in metres."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from shared.vocabulary.alarms import AlarmKind

COUNTY_M = 200_000
LADDER = ("community", "street", "county", "city")
"""The four levels (社区 街道 县 市), each above the last."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: after so many seconds without anybody, this level is rung, in these ways.

    `level` is community, street, county or city: the desks of that level and of those below it. `by` are channels:
    the console always, voice or sms beside it.
    """

    after_s: int
    level: str
    by: tuple[str, ...] = ("console",)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one priority is answered.

    `reach` widens until there are three times `most` candidates; `ladder` names who is rung while nobody accepts,
    the last step repeating every `repeat`. An offer that is not seen for `unseen_s` also goes by the `second`
    channel, after `louder_s` the console sounds louder, and one seen but not taken for `untaken_s` goes by the
    second channel too.
    """

    confidence: float
    most: int
    one_more_s: int
    respond_s: int
    volunteers_s: int
    reach: tuple[int, ...]
    ladder: tuple[Rung, ...]
    repeat: int
    backup: bool
    unseen_s: int = 5
    louder_s: int = 7
    untaken_s: int = 20
    second: str = "voice"

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
class War:
    """What a switch to disaster mode (平战结合) lays over the rules: further, sooner, and people off duty too."""

    reach_times: float = 2.0
    one_more_s: int = 30
    volunteers_s: int = 10
    call_in: tuple[str, ...] = ("volunteer", "grid_worker", "guard", "caregiver", "nurse")


@dataclass(frozen=True, slots=True)
class Policy:
    """The rule of one incident's priority, with the clocks that hold for all.

    `cover_s` after a fault that takes protection away people stand in; at night, by the division's own clock, what
    can wait asks nobody. `at_once` are the kinds for which neighbours and family need not wait; `voice_s` is how long
    the desk may take to speak with her before people are asked, where it speaks first; `late_times` how far an
    arrival may slip; `lost_s` how long a helper's console may be silent; `access_s` how long each keyholder has.
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
    at_once: tuple[str, ...] = (AlarmKind.FALL, AlarmKind.SMOKE, AlarmKind.GAS)
    volunteers_from_h: int = 6
    volunteers_until_h: int = 22
    voice_s: int = 30
    confirm_s: int = 60
    late_times: float = 1.5
    lost_s: int = 45
    access_s: int = 60
    searchers: int = 10
    call_back_s: int = 24 * 3600
    war: War = War()
    mode: str = "peace"
    call_in: tuple[str, ...] = ()
    """Kinds of people who may be asked though off duty."""

    def rule(self, priority: int) -> Rule:
        """Rule of a priority."""
        return self.rules[priority]


DESK, LOUD, VOICE = ("console",), ("console", "sms"), ("console", "voice")
SHIPPED = Policy(
    version=1,
    rules={
        1: Rule(
            0.95, 10, 60, 120, 30, (1000, 1800, COUNTY_M),
            (Rung(45, "community", DESK), Rung(60, "county", LOUD), Rung(180, "city", VOICE)), 300, backup=True,
        ),
        2: Rule(
            0.9, 7, 60, 120, 30, (1500, 3000, COUNTY_M),
            (Rung(120, "street", DESK), Rung(240, "county", LOUD), Rung(600, "city", VOICE)), 300, backup=True,
        ),
        3: Rule(
            0.0, 1, 90, 90, 90, (3000, COUNTY_M), (Rung(900, "street", DESK), Rung(1800, "county", DESK)), 900,
            backup=False, unseen_s=30, louder_s=45, untaken_s=60, second="sms",
        ),
        4: Rule(
            0.0, 1, 600, 600, 600, (COUNTY_M,), (Rung(3600, "street", DESK), Rung(7200, "county", DESK)), 3600,
            backup=False, unseen_s=120, louder_s=300, untaken_s=300, second="sms",
        ),
    },
)  # fmt: skip


def with_mode(policy: Policy, *, war: bool) -> Policy:
    """The policy as it holds in that mode; in peace it is what was laid down."""
    if not war:
        return policy
    over = policy.war
    rules = {p: _at_war(rule, over) for p, rule in policy.rules.items()}
    return replace(policy, rules=rules, mode="war", call_in=over.call_in)


def _at_war(rule: Rule, over: War) -> Rule:
    reach = tuple(min(round(metres * over.reach_times), COUNTY_M) for metres in rule.reach)
    return replace(
        rule, reach=tuple(dict.fromkeys(reach)), one_more_s=min(rule.one_more_s, over.one_more_s),
        volunteers_s=min(rule.volunteers_s, over.volunteers_s),
    )  # fmt: skip


NOT_INDOORS = frozenset({AlarmKind.SMOKE, AlarmKind.GAS})
"""Only guards and stations are asked, and nobody is sent inside."""


def to_data(policy: Policy) -> dict[str, Any]:
    """JSON form for the snapshot."""
    rules = {
        str(p): _fields(rule) | {"ladder": [_fields(rung) for rung in rule.ladder]} for p, rule in policy.rules.items()
    }
    return _fields(policy) | {"rules": rules, "war": _fields(policy.war)}


_NAMES = {kind: tuple(f.name for f in fields(kind)) for kind in (Rung, Rule, War, Policy)}


def _fields(thing: Rung | Rule | War | Policy) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _NAMES[type(thing)]}


def from_data(data: Mapping[str, Any]) -> Policy:
    """Read a snapshot back, of the first version too. Thousands of cases stand under the same few policies."""
    return _read(json.dumps(data))


@lru_cache(maxsize=256)
def _read(text: str) -> Policy:
    data: dict[str, Any] = json.loads(text)
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    if "war" in known:
        known["war"] = War(**{**known["war"], "call_in": tuple(known["war"]["call_in"])})
    return Policy(**{**known, "rules": {int(p): _rule(rule) for p, rule in data["rules"].items()}})


def _rule(data: Mapping[str, Any]) -> Rule:
    ladder = tuple(_rung(n, step) for n, step in enumerate(data["ladder"]))
    return Rule(**{**data, "reach": tuple(data["reach"]), "ladder": ladder})


def _rung(n: int, step: Mapping[str, Any] | int) -> Rung:
    """The first version knew only seconds; the levels follow one another."""
    if isinstance(step, int):
        return Rung(step, LADDER[min(n, len(LADDER) - 1)])
    return Rung(**{**step, "by": tuple(step["by"])})
