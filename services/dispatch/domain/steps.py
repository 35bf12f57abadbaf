"""No answer yet: the same person is reached another way, step by step."""

from datetime import datetime, timedelta

from services.dispatch.domain.case import Offer
from services.dispatch.domain.policy import Rule
from services.dispatch.domain.story import Story
from services.dispatch.domain.wanting import want_answer

UNSEEN, LOUDER, UNTAKEN = "unseen", "louder", "untaken"


def next_step(offer: Offer, rule: Rule) -> tuple[datetime, str] | None:
    """When which step is due for this offer, if it stays unanswered; None: nothing more can be done for it.

    A console sounds louder only where one shows the offer.
    """
    louder = None
    if offer.shown_at is not None and LOUDER not in offer.stepped:
        louder = offer.sent_at + timedelta(seconds=rule.louder_s), LOUDER
    other = _other_way(offer, rule)
    return min(louder, other) if louder and other else louder or other


def _other_way(offer: Offer, rule: Rule) -> tuple[datetime, str] | None:
    """The second channel is used once: for who has not seen it, or for who has and does not answer."""
    if UNSEEN in offer.stepped or UNTAKEN in offer.stepped:
        return None
    if offer.shown_at is None:
        return offer.sent_at + timedelta(seconds=rule.unseen_s), UNSEEN
    return offer.shown_at + timedelta(seconds=rule.untaken_s), UNTAKEN


def reach_otherwise(story: Story, offer: Offer, rule: Rule) -> None:
    """No console of this person rings: the second channel at once."""
    story.offer("offer.stepped", offer, step=UNSEEN)
    want_answer(story, story.case.offers[offer.id], rule.second)


def step_up(story: Story, offer: Offer, rule: Rule) -> None:
    """Take the steps that are due. Louder is the console's own; the others go by the second channel."""
    while (due := next_step(story.case.offers[offer.id], rule)) is not None and due[0] <= story.moment.now:
        story.offer("offer.stepped", offer, step=due[1])
        if due[1] != LOUDER:
            want_answer(story, offer, rule.second)
