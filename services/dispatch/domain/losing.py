"""Somebody is on the way and can't be reached any more, or comes later than said: others are raised in time."""

from services.dispatch.domain import states
from services.dispatch.domain.answers import backed, replace_first, stand_in
from services.dispatch.domain.asking import ask_again, ask_more
from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.receipts import changing
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.wanting import want


def heard_of(moment: Moment, case: Case, responder: str, *, reachable: bool) -> Story:
    """A console of somebody who goes has fallen silent, or is back."""
    story, one = Story(case, moment), case.of_responder(responder)
    if one is None or one.state not in states.COMING:
        return story
    if not reachable and one.lost_at is None:
        story.assignment("assignment.lost", one)
    elif reachable and one.lost_at is not None:
        story.assignment("assignment.found", one)
    return story


def replace_lost(story: Story, one: Assignment, situation: Situation) -> None:
    """Silent for too long: telephoned, and somebody else is asked. She may be on her way all the same."""
    want(story, "voice", ("responder", one.responder_id), "are_you_coming", good_for_s=300)
    story.ring_further("lost")
    if one.role == "second":
        _release(story, one)
        ask_more(story, situation)
    elif stand_in(story.case) or story.case.in_role("backup"):
        _release(story, one)
        replace_first(story, situation)
    else:
        story.assignment("assignment.demoted", one)
        story.job("job.re_offering")
        story.add(changing(story.moment, story.case))
        ask_again(story, situation)


def _release(story: Story, one: Assignment) -> None:
    story.offer("offer.withdrawn", story.case.offers[one.offer_id], why="lost", who=None)
    story.assignment("assignment.released", one, why="lost")


def raise_late(story: Story, one: Assignment, situation: Situation) -> None:
    """The arrival has slipped by half: the backup is raised, or a wave opened."""
    story.assignment("assignment.late", one)
    story.ring_further("late")
    if backed(story.case) and story.case.in_role("backup") is None:
        ask_more(story, situation, 2)
