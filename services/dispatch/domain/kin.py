"""Her family is told, by message: at once when it is grave, else as soon as somebody has it. Each thing once."""

from typing import Any

from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.urgency import HERSELF
from services.dispatch.domain.wanting import want

FAMILY_GOOD_FOR_S = 3600
MOST_KIN = 3


def concerned(case: Case) -> bool:
    """Whether her family hears of this by itself: not of things, drills, orders, nor when she does not live there."""
    it = case.incident
    return bool(it.kin) and it.family in HERSELF and not (it.quiet or it.drill or it.canary)


def tell_family(story: Story, why: str) -> None:
    """She has called. Only the first reason counts."""
    if concerned(story.case) and story.case.incident.family_at is None:
        story.tell("incident.family_told", why=why)
        _say(story, "family_alarm", kind=story.case.incident.kind)


def tell_coming(story: Story, one: Assignment) -> None:
    """Who comes, and how soon."""
    if concerned(story.case):
        _say(story, "family_taken", responder=one.responder_id, kind=one.responder_kind, eta_s=one.eta_s)


def tell_arrived(story: Story, one: Assignment) -> None:
    """Somebody is at her door."""
    if concerned(story.case):
        _say(story, "family_arrived", responder=one.responder_id, kind=one.responder_kind)


def tell_over(story: Story) -> None:
    """It is over; only who was told of it is told so."""
    if concerned(story.case) and story.case.incident.family_at is not None:
        _say(story, "family_over", outcome=story.case.incident.outcome)


def kin_of(situation: Situation) -> list[str]:
    """Who of her family is told, in calling order."""
    if situation.elder is None:
        return []
    return [f"{situation.elder.id}/{n}" for n in situation.elder.contacts[:MOST_KIN]]


def _say(story: Story, template: str, **params: Any) -> None:
    for contact in story.case.incident.kin:
        want(story, "family", ("contact", contact), template, good_for_s=FAMILY_GOOD_FOR_S, **params)
