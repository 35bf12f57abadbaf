"""Holes in a policy: where a path would end in nothing. Said in words when somebody wants to save one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.dispatch.domain.policy import LADDER, Policy, Rule
from shared.vocabulary.alarms import Priority

HOURS = 24
CHANNELS = frozenset({"console", "sms", "voice", "push"})
LONGEST_LADDER_S: Mapping[int, int] = MappingProxyType({Priority.P1: 180, Priority.P2: 600})
"""By then more than one desk must have been rung."""
MOST = 50


@dataclass(frozen=True, slots=True)
class Hole:
    """What is wrong, where: `field` is a path into the policy, the words are for the person who wrote it."""

    field: str
    zh: str
    en: str


def holes(policy: Policy) -> list[Hole]:
    """Everything that must be mended before the policy may hold; an empty list is a sound policy."""
    found = [
        Hole(f"rules.{p:d}", f"{p:d} 级没有规则，这一级的求助将无人处理", f"priority {p:d} has no rule")
        for p in Priority
        if p not in policy.rules
    ]
    for p, rule in sorted(policy.rules.items()):
        found.extend(_of_rule(f"rules.{p}", p, rule))
    return [*found, *_of_clocks(policy), *_of_the_night(policy)]


def _of_rule(at: str, p: int, rule: Rule) -> Iterator[Hole]:
    yield from _of_ladder(f"{at}.ladder", p, rule)
    if not 1 <= rule.most <= MOST:
        yield Hole(
            f"{at}.most", f"{p} 级每轮要邀请 1 到 {MOST} 人", f"priority {p}: each wave must ask 1 to {MOST} people"
        )
    if not rule.reach or list(rule.reach) != sorted(set(rule.reach)) or rule.reach[0] <= 0:
        yield Hole(f"{at}.reach", f"{p} 级的范围要由近到远", f"priority {p}: the reach must widen step by step")
    if not 0 <= rule.confidence < 1:
        yield Hole(
            f"{at}.confidence", f"{p} 级的把握要在 0 和 1 之间", f"priority {p}: confidence lies between 0 and 1"
        )
    for name in ("one_more_s", "respond_s", "unseen_s", "louder_s", "untaken_s", "repeat"):
        if getattr(rule, name) <= 0:
            yield Hole(f"{at}.{name}", f"{p} 级的等待时间要大于零", f"priority {p}: waits must be longer than nothing")
    if rule.volunteers_s < 0:
        yield Hole(
            f"{at}.volunteers_s", f"{p} 级的等待时间不能小于零", f"priority {p}: a wait can't be less than nothing"
        )
    if rule.second not in CHANNELS - {"console"}:
        yield Hole(f"{at}.second", f"{p} 级的第二通道不存在", f"priority {p}: there is no such second channel")


def _of_ladder(at: str, p: int, rule: Rule) -> Iterator[Hole]:
    if not rule.ladder:
        yield Hole(at, f"{p} 级无人接单时没有人会被叫到", f"priority {p}: nobody is rung when nobody accepts")
        return
    steps = [rung.after_s for rung in rule.ladder]
    if steps[0] <= 0 or steps != sorted(set(steps)):
        yield Hole(at, f"{p} 级的升级时间要依次变长", f"priority {p}: ladder steps must rise")
    levels = [LADDER.index(rung.level) if rung.level in LADDER else -1 for rung in rule.ladder]
    if min(levels) < 0 or levels != sorted(levels):
        yield Hole(
            at,
            f"{p} 级的升级要从社区到街道、县、市",
            f"priority {p}: levels must climb: community, street, county, city",
        )
    if any(not rung.by or not CHANNELS.issuperset(rung.by) for rung in rule.ladder):
        yield Hole(at, f"{p} 级有一步没有可用的通道", f"priority {p}: a step has no channel to ring by")
    longest = LONGEST_LADDER_S.get(p)
    if longest is not None and not any(rung.after_s <= longest for rung in rule.ladder):
        yield Hole(at, f"{p} 级最迟 {longest} 秒要叫到值守席", f"priority {p}: a desk must be rung within {longest} s")
    if rule.ladder[-1].level not in ("county", "city"):
        yield Hole(at, f"{p} 级要能升级到县或市", f"priority {p}: the ladder must reach the county or the city")


def _of_clocks(policy: Policy) -> Iterator[Hole]:
    for name in ("stall_s", "arrival_s", "entry_s", "check_in_s", "review_s", "voice_s", "confirm_s", "lost_s",
                 "access_s", "call_back_s"):  # fmt: skip
        if getattr(policy, name) <= 0:
            yield Hole(name, "等待时间要大于零", "waits must be longer than nothing")
    if policy.lost_s > 60:
        yield Hole("lost_s", "接单人失联最迟 60 秒要另找人", "a helper who can't be reached is replaced within 60 s")
    if policy.voice_s > 120:
        yield Hole("voice_s", "先由坐席通话不能超过 120 秒", "the desk may not keep people waiting for more than 120 s")
    if policy.late_times <= 1:
        yield Hole("late_times", "到达时间的宽限要大于 1", "an arrival may slip by something before it counts as late")
    if policy.searchers < 1:
        yield Hole("searchers", "走失至少要留一名搜寻人员", "at least one searcher must be kept")
    if policy.war.reach_times < 1:
        yield Hole("war.reach_times", "战时范围不能缩小", "in disaster mode the reach may not shrink")


def _of_the_night(policy: Policy) -> Iterator[Hole]:
    if not 0 < policy.night_until_h < policy.night_from_h < HOURS:
        yield Hole(
            "night_from_h", "夜间要从晚上开始、早晨结束", "the night must begin in the evening and end in the morning"
        )
    if not 0 <= policy.volunteers_from_h < policy.volunteers_until_h <= HOURS:
        yield Hole("volunteers_from_h", "志愿者的时段不对", "volunteers' hours must begin before they end")
    if min(policy.cover_s, policy.canary_s) <= 0:
        yield Hole("cover_s", "等待时间要大于零", "people must stand in, and canaries go, after more than nothing")
