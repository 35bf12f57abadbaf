"""Putting the job to people: the first wave, one more, a replacement. Nobody left is told to the desk.

What can wait is put off until the morning instead.
"""

from collections.abc import Sequence
from datetime import timedelta

from services.dispatch.domain import night
from services.dispatch.domain.case import Case
from services.dispatch.domain.matching import Ranked, allowed, eligible, first_wave, ranked, within_reach
from services.dispatch.domain.policy import VOLUNTEERS_AT_ONCE, Rule, from_data
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import SEEKING
from services.dispatch.domain.story import Story
from shared.vocabulary.geo import Position
from shared.vocabulary.people import ResponderKind


def rule_of(case: Case) -> Rule:
    """The rule snapshotted for this incident's present priority."""
    return from_data(case.incident.policy).rule(case.incident.priority)


def ask_first(story: Story, situation: Situation) -> None:
    """Ask as many at once as the rule wants; volunteers among them only for some kinds. A canary asks one."""
    if not _may_ask(story):
        return
    at_once = story.case.incident.kind in VOLUNTEERS_AT_ONCE
    best = _best(story.case, situation, volunteers=at_once) or _best(story.case, situation, volunteers=True)
    _wave(story, best[:1] if story.case.incident.canary else first_wave(best, rule_of(story.case)))


def ask_again(story: Story, situation: Situation) -> None:
    """Ask a whole new wave, volunteers too: the one who was coming is out, or the place has changed."""
    if _may_ask(story):
        _wave(story, first_wave(_best(story.case, situation, volunteers=True), rule_of(story.case)))


def ask_on(story: Story, situation: Situation) -> None:
    """The wave's pause is over in silence: the neighbours after the first wave, later one more of anybody."""
    if not _may_ask(story):
        return
    best = _best(story.case, situation, volunteers=True)
    if story.case.job.wave <= 1:
        neighbours = [r for r in best if r.candidate.kind == ResponderKind.VOLUNTEER]
        early = rule_of(story.case).early and bool(story.case.live_offers)
        _wave(story, first_wave(neighbours, rule_of(story.case)) or ([] if early else best[:1]))
    else:
        _wave(story, best[:1])


def ask_more(story: Story, situation: Situation, many: int = 1, *, wanted: bool = False) -> None:
    """Ask a few more between the waves: for somebody who refused, for support, for a second press.

    `wanted`: a person asks for it, so the night is no reason to wait.
    """
    if _may_ask(story, wanted=wanted):
        _send(story, _best(story.case, situation, volunteers=story.case.job.wave > 1)[:many])


def _may_ask(story: Story, *, wanted: bool = False) -> bool:
    """Nobody is sent after an outage; at night nobody for what can wait, which is put off until the morning."""
    if story.case.incident.outage_id is not None:
        return False
    until = None if wanted else night.asks_at(story.case, story.moment.now)
    if until is None:
        return True
    if story.case.job.state in SEEKING and story.case.incident.asks_at != until:
        story.tell("incident.postponed", until=until)
    return False


def _best(case: Case, situation: Situation, *, volunteers: bool) -> list[Ranked]:
    place = None
    if case.incident.lat is not None and case.incident.lon is not None:
        place = Position(case.incident.lat, case.incident.lon)
    fit = [
        c
        for c in situation.roster.people
        if allowed(c, case.incident.kind, volunteers=volunteers, canary=case.incident.canary)
    ]
    people = eligible(fit, case.asked, case.out)
    return ranked(within_reach(people, place, rule_of(case)), place)


def _wave(story: Story, wave: Sequence[Ranked]) -> None:
    story.tell("job.asked", job=story.case.job.id, wave=story.case.job.wave + 1, asked=len(wave))
    _send(story, wave)


def _send(story: Story, wave: Sequence[Ranked]) -> None:
    respond_by = story.moment.now + timedelta(seconds=rule_of(story.case).respond_s)
    for one in wave:
        story.tell(
            "offer.sent", offer=story.moment.mint(), job=story.case.job.id, responder=one.candidate.id,
            name=one.candidate.name, kind=one.candidate.kind, wave=story.case.job.wave, dist_m=one.dist_m,
            eta_s=one.eta_s, score=one.score, respond_by=respond_by,
        )  # fmt: skip
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
