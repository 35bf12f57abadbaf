"""Who is asked: the right people, at once, and never nobody. Scores are seconds; lower is better.

`consider` splits those around into the ones who may be asked, best first, and the others with the reason. It depends
on nothing but its arguments, so it can be done beforehand and in another thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import isfinite, log

from services.dispatch.domain.policy import NOT_INDOORS, Rule
from services.dispatch.domain.willing import ALONE, Circumstance, Willing, bounded
from shared.vocabulary.alarms import Priority
from shared.vocabulary.geo import Position, distance_m
from shared.vocabulary.people import ResponderKind

DETOUR = 1.3
LEAVING_S = 90.0
FLOOR_S = 20.0
SLOWEST_MPS = 0.5
WALKING_MPS = 1.2
ANSWER_P80_S = 60.0
P_ACCEPT_WEIGHT_S = 45.0
PENDING_S = 30.0
SKILL_S = 60.0
WISH_S = 30.0
TIRED_AFTER_JOBS, TIRED_AFTER_H = 4, 8.0
JOB_S, HOUR_S, WEARY_S = 10.0, 15.0, 120.0
MOST_JOBS, MOST_H = 12, 12.0
"""More than this in a day, and only life and limb is a reason to ask."""
RELATION_S = {"keyholder": 60.0, "regular": 40.0, "family": 30.0, "neighbour": 20.0}
ENOUGH = 3
TOLD = 30
POSTS = frozenset({ResponderKind.GUARD, ResponderKind.STATION, ResponderKind.FIRE_POST})
"""Manned by people who take turns; smoke and gas are for them alone, and even they are not sent inside."""
NEVER_TIRED = POSTS | {ResponderKind.PROVIDER, ResponderKind.CANARY}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be asked, as known a moment ago.

    `accepts` and `refusals` are the Beta counts learned from every answer; `slow` how many times the expected time is
    kept on eight ways of ten, `answer_s` within how long eight answers of ten come. `busy` is the most urgent priority
    of the jobs in hand, 0 for one under way. `relation` is what she is to the elder; `road_m` the way there if a road
    graph knows it; `preference` seconds that a plan adds to the score.
    """

    id: str
    name: str
    kind: str
    position: Position
    speed_mps: float
    accepts: float
    refusals: float
    reachable: bool
    pending: int = 0
    phone_only: bool = False
    on_duty: bool = True
    nights: bool = True
    blocked: bool = False
    serves: bool = True
    busy: int | None = None
    relation: str | None = None
    skills: frozenset[str] = frozenset()
    sex: str | None = None
    dialects: frozenset[str] = frozenset()
    slow: float = 1.0
    answer_s: float = ANSWER_P80_S
    hours: float = 0.0
    jobs_24h: int = 0
    road_m: float | None = None
    preference: float = 0.0

    @property
    def p_own(self) -> float:
        """Expected share of offers accepted, by her own answers."""
        return bounded(self.accepts / (self.accepts + self.refusals))

    @property
    def can_be_reached(self) -> bool:
        """A console that rings, or a telephone that was always the way to this person."""
        return self.reachable or self.phone_only

    @property
    def tired(self) -> bool:
        """Over the limits of a day's work."""
        return self.kind not in NEVER_TIRED and (self.jobs_24h >= MOST_JOBS or self.hours >= MOST_H)


@dataclass(frozen=True, slots=True)
class Need:
    """What a case asks of whoever goes. `floors` are to be climbed on foot; `night`: neighbours sleep.

    `call_in` are kinds that may be asked though off duty; `booked` work obeys wishes and limits that nobody waits for
    in an emergency.
    """

    kind: str
    priority: int
    place: Position | None = None
    canary: bool = False
    night: bool = False
    skills: tuple[str, ...] = ()
    sex: str | None = None
    dialect: str | None = None
    floors: int = 0
    call_in: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether no wish and no weariness keeps anybody back."""
        return self.priority <= Priority.P2


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the distance, the arrival time and the parts of the score.

    `off_m` is the straight line, `p_accept` the probability that she says yes to this.
    """

    candidate: Candidate
    dist_m: int
    eta_s: int
    score: dict[str, float]
    off_m: float
    p_accept: float

    @property
    def total(self) -> float:
        """The score; lower is better."""
        return self.score["total"]


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody who was looked at and may not be asked, and why."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What looking round for a need has shown; `plain`: only nearness counted, as the rest made no sense."""

    need: Need
    ranking: tuple[Ranked, ...]
    passed: tuple[Passed, ...] = ()
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is around one case; `found` is what has been worked out about them beforehand, by the county's `willing`."""

    people: tuple[Candidate, ...] = ()
    found: Found | None = field(default=None, repr=False)
    willing: Willing = ALONE

    def about(self, need: Need) -> Found:
        """Who may be asked for this need, whatever was wrong with the figures."""
        if self.found is not None and self.found.need == need:
            return self.found
        return safely(need, self.people, self.willing)


NOBODY = Roster()


def barred(one: Candidate, need: Need) -> str | None:
    """Why this person may not be asked for this, whatever happens; None when there is no reason."""
    if need.canary or one.kind == ResponderKind.CANARY:
        return None if need.canary and one.kind == ResponderKind.CANARY else "canary"
    return _off(one, need) or _unfit(one, need)


def _off(one: Candidate, need: Need) -> str | None:
    if one.blocked:
        return "blocked"
    if one.relation == "excluded":
        return "excluded"
    if not one.serves:
        return "elsewhere"
    if not (one.on_duty or one.kind in need.call_in):
        return "off_duty"
    return "busy" if one.busy is not None and one.busy <= need.priority else None


def _unfit(one: Candidate, need: Need) -> str | None:
    if need.kind in NOT_INDOORS and one.kind not in POSTS:
        return "not_inside"
    if one.kind == ResponderKind.VOLUNTEER and need.night and (need.priority > Priority.P1 or not one.nights):
        return "night"
    if need.urgent:
        return None
    if not one.skills.issuperset(need.skills):
        return "skills"
    if need.sex is not None and one.sex is not None and one.sex != need.sex:
        return "wish"
    return None


def consider(need: Need, people: Iterable[Candidate], willing: Willing = ALONE) -> Found:
    """Those who may be asked, best first, and the others with the reason.

    Without a place everybody is equally near, so acceptance decides.
    """
    passed: list[Passed] = []
    fit: list[Candidate] = []
    for one in people:
        why = barred(one, need)
        if why is None:
            fit.append(one)
        else:
            passed.append(Passed(one.id, why))
    return Found(need, tuple(sorted((_scored(c, need, willing) for c in fit), key=_rank)), tuple(passed))


def safely(need: Need, people: Sequence[Candidate], willing: Willing = ALONE) -> Found:
    """As `consider`; where a figure makes no sense the nearest comes first, so that nobody waits for arithmetic."""
    try:
        return consider(need, people, willing)
    except (ArithmeticError, ValueError, TypeError):
        return plainly(need, people)


def plainly(need: Need, people: Iterable[Candidate]) -> Found:
    """Those who may be asked by nearness alone; somebody at no sensible place comes last."""
    fit = [c for c in people if barred(c, need) is None]
    return Found(need, tuple(sorted((_plain(c, need) for c in fit), key=_rank)), plain=True)


def _rank(one: Ranked) -> tuple[float, str]:
    return one.total, one.candidate.id


def ranked(candidates: Iterable[Candidate], place: Position | None) -> list[Ranked]:
    """These people for an SOS at this place, best first."""
    return list(consider(Need("sos", Priority.P1, place), candidates).ranking)


def _scored(one: Candidate, need: Need, willing: Willing) -> Ranked:
    off = distance_m(one.position, need.place) if need.place else 0.0
    metres = off * DETOUR if one.road_m is None else one.road_m
    eta = arrival_s(one, metres, need.floors)
    p = willing.p(Circumstance(one.p_own, eta, need.night, need.priority == Priority.P1, one.pending))
    parts = {
        "arrival": round(eta, 1),
        "answer": round(one.answer_s, 1),
        "accept": round(-P_ACCEPT_WEIGHT_S * log(one.p_own), 1),
        "learned": round(-P_ACCEPT_WEIGHT_S * log(p / one.p_own), 1),
        "skill": _gap_s(one, need),
        "fatigue": round(_weariness_s(one), 1),
        "relation": -RELATION_S.get(one.relation or "", 0.0),
        "pending": PENDING_S * one.pending,
        "planned": round(one.preference, 1),
    }
    total = round(sum(parts.values()), 1)
    if not isfinite(total):
        raise ValueError("a figure of this person is no number")
    return Ranked(one, round(metres), round(eta), {**parts, "total": total}, off, p)


def arrival_s(one: Candidate, metres: float, floors: int) -> float:
    """Seconds until she is at the door on eight ways of ten: to leave, to go, to climb."""
    going = metres / max(SLOWEST_MPS, one.speed_mps)
    return (LEAVING_S + going + FLOOR_S * floors) * one.slow


def _gap_s(one: Candidate, need: Need) -> float:
    """What is missing and may be: a skill, her language, a woman where one is wished for."""
    missing = len(set(need.skills) - one.skills) * SKILL_S
    foreign = WISH_S if need.dialect and one.dialects and need.dialect not in one.dialects else 0.0
    other = WISH_S if need.sex and one.sex and one.sex != need.sex else 0.0
    return missing + foreign + other


def _weariness_s(one: Candidate) -> float:
    if one.kind in NEVER_TIRED:
        return 0.0
    jobs, hours = max(0, one.jobs_24h - TIRED_AFTER_JOBS), max(0.0, one.hours - TIRED_AFTER_H)
    return min(WEARY_S, JOB_S * jobs + HOUR_S * hours)


def _plain(one: Candidate, need: Need) -> Ranked:
    off = distance_m(one.position, need.place) if need.place else 0.0
    off = off if isfinite(off) else 1e6
    eta = round(LEAVING_S + off * DETOUR / WALKING_MPS, 1)
    return Ranked(one, round(off * DETOUR), round(eta), {"arrival": eta, "total": eta}, off, one.p_own)


def within_reach(ranking: Sequence[Ranked], rule: Rule) -> list[Ranked]:
    """Those in the smallest ring that holds enough; all of them when none does."""
    for reach in rule.reach:
        found = [r for r in ranking if r.off_m <= reach]
        if len(found) >= ENOUGH * rule.most:
            return found
    return list(ranking)


def first_wave(ranking: Sequence[Ranked], rule: Rule) -> list[Ranked]:
    """Smallest number of people of whom, with the rule's confidence, at least one accepts."""
    wave: list[Ranked] = []
    nobody = 1.0
    for one in ranking[: rule.most]:
        if wave and 1 - nobody >= rule.confidence:
            break
        wave.append(one)
        nobody *= 1 - one.p_accept
    return wave


def eligible(
    ranking: Sequence[Ranked], asked: frozenset[str], out: frozenset[str], *, spare_tired: bool = False
) -> list[Ranked]:
    """Who of those allowed may be asked, step by step so that the answer is nobody only when nobody is left.

    First people who can be reached, the rested ones where weariness counts; then people whose console is away, since
    a telephone may still ring; last those who were asked before and stayed silent (`asked` but not `out`).
    """
    fit = [r for r in ranking if r.candidate.id not in out]
    fresh = [r for r in fit if r.candidate.id not in asked]
    near = [r for r in fresh if r.candidate.can_be_reached]
    rested = [r for r in near if not r.candidate.tired] if spare_tired else []
    return rested or near or fresh or fit
