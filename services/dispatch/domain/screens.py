"""What consoles report: an offer drawn and ringing, an incident on a duty screen."""

from uuid import UUID

from services.dispatch.domain import receipts, states
from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.story import Story
from shared.vocabulary.people import Role


def shown(moment: Moment, case: Case, role: str, kind: str | None, offer_id: UUID | None, ring: str) -> Story:
    """Note that an offer was shown or rang; tell the button once somebody on duty has it on the screen."""
    story = Story(case, moment)
    if case.incident.ended:
        return story
    if offer_id is not None and offer_id in case.offers:
        tag = "offer.rang" if ring == "ok" else "offer.shown"
        offer = case.offers[offer_id]
        if states.allows(states.OFFER, offer.state, tag):
            story.offer(tag, offer)
    on_duty = role in (Role.DESK, Role.SUPERVISOR) or (role == Role.RESPONDER and kind != "volunteer")
    if on_duty:
        story.add(receipts.seen(moment, story.case))
    return story
