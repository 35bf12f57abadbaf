"""Putting the job to people: the first wave, one more, a replacement. Nobody left is told to the desk.

What can wait is put off until the morning instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from uuid import UUID

from services.dispatch.domain import night
from services.dispatch.domain.case import Case
from services.dispatch.domain.matching import TOLD, Found, Need, Ranked, eligible, first_wave, within_reach
from services.dispatch.domain.policy import Policy, Rule
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import SEEKING
from services.dispatch.domain.steps import reach_otherwise
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import Family, Priority
from shared.vocabulary.geo import Position
from shared.vocabulary.people import ResponderKind


def rule_of(case: Case) -> Rule:
    """The rule snapshotted for this incident's present priority."""
    return case.incident.policy.rule(case.incident.priority)


def need_of(case: Case, situation: Situation, now: datetime) -> Need:
    """What the case asks of whoever goes, as far as it bears on who may and who is best."""
    incident = case.incident
    place = None
    if incident.lat is not None and incident.lon is not None:
        place = Position(incident.lat, incident.lon)
    return need_for(
        situation, incident.policy, now, kind=incident.kind, priority=incident.priority, place=place,
        canary=incident.canary, skills=incident.skills,
    )  # fmt: skip


def need_for(
    situation: Situation,
    policy: Policy,
    now: datetime,
    *,
    kind: str,
    priority: int,
    place: Position | None,
    canary: bool,
    skills: tuple[str, ...],
) -> Need:
    """The same of a case that is not there yet, so that it can be worked out beforehand."""
    elder = situation.elder
    return Need(
        kind=kind, priority=priority, place=place, canary=canary, night=neighbours_sleep(policy, now), skills=skills,
        sex=elder.gender_wish if elder else None, dialect=elder.dialect if elder else None, floors=situation.floors,
        call_in=policy.call_in,
    )  # fmt: skip


def neighbours_sleep(policy: Policy, now: datetime) -> bool:
    """Whether volunteers are asked only for life and limb, and only those who agreed to it."""
    hour = now.astimezone(timezone(timedelta(minutes=policy.zone_min))).hour
    return not policy.volunteers_from_h <= hour < policy.volunteers_until_h


def ask_first(story: Story, situation: Situation) -> None:
    """Ask as many at once as the rule wants; volunteers among them only for some kinds. A canary asks one."""
    if not _may_ask(story):
        return
    field = _Field.of(story, situation)
    best = field.best(volunteers=story.case.incident.eager) or field.best(volunteers=True)
    if story.case.incident.canary:
        _wave(story, best[:1], field)
    else:
        _wave(story, _beside_station(story.case, best, _enough(story.case, best, field.rule)), field)


def _enough(case: Case, best: Sequence[Ranked], rule: Rule) -> list[Ranked]:
    """As many as the rule wants, and at least one for each pair of hands that is missing and must not be."""
    missing = case.incident.hands - case.hands_won if case.incident.family == Family.ORDER else 1
    wave = first_wave(best, rule)
    return wave if len(wave) >= missing else list(best[:missing])


def _beside_station(case: Case, best: Sequence[Ranked], wave: list[Ranked]) -> list[Ranked]:
    """For life and limb the nearest station is asked too, whoever else is."""
    stations = [r for r in best if r.candidate.kind == ResponderKind.STATION]
    if case.incident.priority > Priority.P1 or not stations or any(r in stations for r in wave):
        return wave
    return [*wave, stations[0]]


def ask_again(story: Story, situation: Situation) -> None:
    """Ask a whole new wave, volunteers too: the one who was coming is out, or the place has changed."""
    if _may_ask(story):
        field = _Field.of(story, situation)
        _wave(story, _enough(story.case, field.best(volunteers=True), field.rule), field)


def ask_on(story: Story, situation: Situation) -> None:
    """The wave's pause is over in silence: the neighbours after the first wave, later one more of anybody."""
    if not _may_ask(story):
        return
    field = _Field.of(story, situation)
    best = field.best(volunteers=True)
    if story.case.job.wave <= 1:
        neighbours = [r for r in best if r.candidate.kind == ResponderKind.VOLUNTEER]
        early = field.rule.early and bool(story.case.live_offers)
        _wave(story, first_wave(neighbours, field.rule) or ([] if early else best[:1]), field)
    else:
        _wave(story, best[:1], field)


def ask_more(story: Story, situation: Situation, many: int = 1, *, wanted: bool = False) -> None:
    """Ask a few more between the waves: for somebody who refused, for support, for a second press.

    `wanted`: a person asks for it, so the night is no reason to wait.
    """
    if _may_ask(story, wanted=wanted):
        field = _Field.of(story, situation)
        _send(story, field.best(volunteers=story.case.job.wave > 1)[:many])


def _may_ask(story: Story, *, wanted: bool = False) -> bool:
    """Nobody is sent after an outage; at night nobody for what can wait, which is put off until the morning."""
    if story.case.incident.of_many:
        return False
    if not wanted and night.held(story.case, story.moment.now):
        return False
    until = None if wanted else night.asks_at(story.case, story.moment.now)
    if until is None:
        return True
    if story.case.job.state in SEEKING and story.case.incident.asks_at != until:
        story.tell("incident.postponed", until=until)
    return False


@dataclass(frozen=True, slots=True)
class _Field:
    """Those around, seen from one case at one moment."""

    case: Case
    rule: Rule
    found: Found

    @classmethod
    def of(cls, story: Story, situation: Situation) -> "_Field":
        """Use what was worked out beforehand, where the case is still as it was foreseen."""
        need = need_of(story.case, situation, story.moment.now)
        return cls(story.case, rule_of(story.case), situation.roster.about(need))

    def best(self, *, volunteers: bool) -> list[Ranked]:
        """Who is asked next, best first."""
        volunteers = volunteers and self.case.incident.cleared_at is None
        fit = [r for r in self.found.ranking if volunteers or r.candidate.kind != ResponderKind.VOLUNTEER]
        case = self.case
        people = eligible(fit, case.asked, case.out, spare_tired=not self.found.need.urgent)
        return within_reach(people, self.rule)

    def passed_over(self, wave: Sequence[Ranked]) -> list[dict[str, str]]:
        """Who was looked at and not asked, with one reason each; ids alone, the nearest of each sort."""
        barred = [{"responder": p.id, "why": p.why} for p in self.found.passed]
        chosen = {r.candidate.id for r in wave}
        left = [r for r in self.found.ranking if r.candidate.id not in chosen]
        before = self.case.out | self.case.asked
        others = [{"responder": r.candidate.id, "why": self._why(r, before)} for r in left[:TOLD]]
        return [*others[: max(TOLD // 2, TOLD - len(barred))], *barred][:TOLD]

    def _why(self, one: Ranked, before: frozenset[str]) -> str:
        """Why somebody who may be asked is not in this wave."""
        who = one.candidate
        if who.id in before:
            return "asked"
        if not who.can_be_reached:
            return "unreachable"
        if who.tired and not self.found.need.urgent:
            return "tired"
        if who.kind == ResponderKind.VOLUNTEER and not self.case.incident.eager and self.case.job.wave <= 1:
            return "later"
        return "farther"


def _wave(story: Story, wave: Sequence[Ranked], field: _Field) -> None:
    story.tell(
        "job.asked", job=story.case.job.id, wave=story.case.job.wave + 1, asked=len(wave),
        passed_over=field.passed_over(wave),
    )  # fmt: skip
    _send(story, wave)


def put(story: Story, one: Ranked, how: str = "asked") -> UUID:
    """Put the job to one person, who is asked by the rules, or `offered` it or `ordered` by somebody at the desk."""
    offer, rule = story.moment.mint(), rule_of(story.case)
    story.tell(
        "offer.sent", offer=offer, job=story.case.job.id, responder=one.candidate.id, name=one.candidate.name,
        kind=one.candidate.kind, wave=story.case.job.wave, dist_m=one.dist_m, eta_s=one.eta_s, score=one.score,
        respond_by=story.moment.now + timedelta(seconds=rule.respond_s), how=how,
    )  # fmt: skip
    if not one.candidate.reachable:
        reach_otherwise(story, story.case.offers[offer], rule)
    return offer


def _send(story: Story, wave: Sequence[Ranked]) -> None:
    for one in wave:
        put(story, one)
    if wave:
        story.job("job.offering")
    elif not story.case.live_offers and story.case.job.state in SEEKING:
        _nobody(story)


def _nobody(story: Story) -> None:
    """An event, never an end: the ladder rings people and the next wave looks again."""
    story.tell("job.nobody_available", job=story.case.job.id, wave=story.case.job.wave)
    story.job("job.escalated")
    if story.case.incident.rung == 0 and not story.case.incident.canary:
        story.ring_further("nobody_available")
