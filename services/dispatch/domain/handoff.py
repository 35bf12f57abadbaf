"""120, 110 and 119: whom the desk must telephone, and what came of it. A drill prompts nobody."""

from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.refusals import Refusal, argument, wrong_state
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import Family, Priority
from shared.vocabulary.telephones import area_code

AMBULANCE, POLICE, FIRE = "120", "110", "119"
SERVICES = frozenset({AMBULANCE, POLICE, FIRE})
RESULTS = frozenset({"connected", "no_answer", "not_needed"})


def prompt_first(story: Story) -> None:
    """What the kind of call asks for from the start: fire first, then the ambulance; the police for who is lost."""
    it = story.case.incident
    if it.family == Family.FIRE:
        prompt(story, FIRE, "fire")
    if it.family == Family.WANDERING:
        prompt(story, POLICE, "wandering")
    if it.priority == Priority.P1 and it.family == Family.PERSON:
        prompt(story, AMBULANCE, "urgent")


def prompt(story: Story, service: str, why: str, **more: object) -> None:
    """Put the number before the desk once, with the area code of where she is."""
    it = story.case.incident
    if it.drill or it.canary or service in it.handoffs:
        return
    story.tell("handoff.prompted", service=service, why=why, area=area_code(it.division), **more)


def made(moment: Moment, case: Case, service: str, result: str, ref: str) -> Story | Refusal:
    """The desk has telephoned, or says why it need not. `ref` is the other side's own number for it."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    if service not in SERVICES:
        return argument("service", "invalid_field")
    if result not in RESULTS:
        return argument("result", "invalid_field")
    story = Story(case, moment)
    story.tell("handoff.made", service=service, result=result, ref=ref or None)
    return story
