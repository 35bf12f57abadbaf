"""Her own voice: reached or not, and what she said. It confirms, calms, or lets people go who were held back."""

from services.dispatch.domain import handoff
from services.dispatch.domain.asking import ask_first, ask_on
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.kin import tell_family
from services.dispatch.domain.refusals import Refusal, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.urgency import HERSELF, PRESSED
from shared.vocabulary.alarms import Priority

HER = "elder"


def attempted(
    moment: Moment, case: Case, callee: str, result: str, *, cleared: bool, situation: Situation
) -> Story:  # fmt: skip
    """Write down a try to reach somebody by telephone, and do what it means.

    `cleared`: she answered and needs nobody at her door. Two tries in vain within a minute mean the worst.
    """
    story = Story(case, moment)
    before = case.incident.missed_at
    cleared = cleared and callee == HER and result == "answered"
    story.tell("call.attempted", call=moment.mint(), callee=callee, result=result, cleared=cleared)
    if callee != HER or case.incident.ended or case.incident.family not in HERSELF:
        return story
    if cleared:
        story.tell("incident.cleared", priority=_calmer(case))
        return story
    window = case.incident.policy.confirm_s
    if result != "answered" and before is not None and (moment.now - before).total_seconds() <= window:
        _confirmed(story, "no_answer", situation)
    _let_go(story, situation)
    return story


def confirm(moment: Moment, case: Case, situation: Situation) -> Story | Refusal:
    """A seat says that it is real: the first priority, neighbours and family at once."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    story = Story(case, moment)
    if case.incident.confirmed_at is None:
        _confirmed(story, "seat", situation)
        _let_go(story, situation)
    return story


def _confirmed(story: Story, why: str, situation: Situation) -> None:
    if story.case.incident.confirmed_at is not None:
        return
    story.tell("incident.confirmed", why=why, priority=int(Priority.P1))
    handoff.prompt_first(story)
    tell_family(story, "confirmed")
    if story.case.seeking and story.case.job.wave == 1:
        ask_on(story, situation)


def _let_go(story: Story, situation: Situation) -> None:
    """Nobody was asked because the desk was to speak with her first; now it has tried."""
    if story.case.job.wave == 0 and story.case.seeking:
        ask_first(story, situation)


def _calmer(case: Case) -> int:
    it = case.incident
    pressed = it.kind in PRESSED and it.confirmed_at is None
    return max(it.priority, int(Priority.P2)) if pressed else it.priority
