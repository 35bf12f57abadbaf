"""Who is asked: the right people, at once, and never nobody. Scores are seconds; lower is better."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from math import cos, log, radians

from services.dispatch.domain.policy import NOT_INDOORS, Rule
from shared.vocabulary.geo import Position, distance_m
from shared.vocabulary.people import ResponderKind

DETOUR = 1.3
LEAVING_S = 90.0
ANSWER_P80_S = 60.0
P_ACCEPT_WEIGHT_S = 45.0
PENDING_S = 30.0
ENOUGH = 3
CONSIDERED = 6
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on duty. `accepts` and `refusals` are the Beta counts learned from every answer."""

    id: str
    name: str
    kind: str
    position: Position
    speed_mps: float
    accepts: float
    refusals: float
    reachable: bool
    pending: int = 0

    @property
    def p_accept(self) -> float:
        """Expected share of offers accepted."""
        return self.accepts / (self.accepts + self.refusals)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who may be asked for one case."""

    people: tuple[Candidate, ...] = ()


NOBODY = Roster()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with the distance, the arrival time and the parts of the score."""

    candidate: Candidate
    dist_m: int
    eta_s: int
    score: dict[str, float]

    @property
    def total(self) -> float:
        """The score; lower is better."""
        return self.score["total"]


def ranked(candidates: Iterable[Candidate], place: Position | None) -> list[Ranked]:
    """Best first; without a place everybody is equally near, so acceptance decides."""
    return sorted((_score(c, place) for c in candidates), key=lambda r: (r.total, r.candidate.id))


def _score(candidate: Candidate, place: Position | None) -> Ranked:
    metres = distance_m(candidate.position, place) * DETOUR if place else 0.0
    eta = LEAVING_S + metres / candidate.speed_mps
    parts = {
        "arrival": round(eta, 1),
        "answer": ANSWER_P80_S,
        "accept": round(-P_ACCEPT_WEIGHT_S * log(candidate.p_accept), 1),
        "pending": PENDING_S * candidate.pending,
    }
    return Ranked(candidate, round(metres), round(eta), {**parts, "total": round(sum(parts.values()), 1)})


def allowed(candidate: Candidate, kind: str, *, volunteers: bool, canary: bool) -> bool:
    """Whether this sort of person is asked for this sort of alarm, now; a canary only for a canary's."""
    if canary or candidate.kind == ResponderKind.CANARY:
        return canary and candidate.kind == ResponderKind.CANARY
    if kind in NOT_INDOORS:
        return candidate.kind in (ResponderKind.GUARD, ResponderKind.STATION)
    return volunteers or candidate.kind != ResponderKind.VOLUNTEER


def within_reach(candidates: Sequence[Candidate], place: Position | None, rule: Rule) -> list[Candidate]:
    """Widen ring by ring until there are enough, nearest first; of very many only the nearest are looked at.

    Measured on a flat map: it only decides who is scored, and is off by less than the rings are wide.
    """
    if place is None:
        return list(candidates)
    near = nsmallest(CONSIDERED * rule.most, ((_flat_m2(c.position, place), c.id, c) for c in candidates))
    for reach in rule.reach:
        found = [c for metres2, _, c in near if metres2 <= reach * reach]
        if len(found) >= ENOUGH * rule.most:
            return found
    return [c for _, _, c in near]


def _flat_m2(a: Position, b: Position) -> float:
    north = (a.lat - b.lat) * METRES_PER_DEGREE
    east = (a.lon - b.lon) * METRES_PER_DEGREE * cos(radians(b.lat))
    return north * north + east * east


def first_wave(ranking: Sequence[Ranked], rule: Rule) -> list[Ranked]:
    """Smallest number of people of whom, with the rule's confidence, at least one accepts."""
    wave: list[Ranked] = []
    nobody = 1.0
    for one in ranking[: rule.most]:
        if wave and 1 - nobody >= rule.confidence:
            break
        wave.append(one)
        nobody *= 1 - one.candidate.p_accept
    return wave


def eligible(candidates: Iterable[Candidate], asked: frozenset[str], out: frozenset[str]) -> list[Candidate]:
    """Who of those allowed may be asked, in three steps so that the answer is nobody only when nobody is left.

    First people with a console that rings; then people whose console is not reachable, since a phone may still
    ring; last those who were asked before and stayed silent (`asked` but not `out`).
    """
    fit = [c for c in candidates if c.id not in out]
    fresh = [c for c in fit if c.id not in asked]
    return [c for c in fresh if c.reachable] or fresh or fit
