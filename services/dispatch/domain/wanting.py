"""Messages that a case wants to be sent, as facts: to whom, by which channel, about what. Ids only."""

from datetime import timedelta

from services.dispatch.domain.case import Offer
from services.dispatch.domain.story import Story

GOOD_FOR_S = 30 * 60


def want(story: Story, channel: str, to: tuple[str, str], template: str, *, good_for_s: int = GOOD_FOR_S,
         offer: Offer | None = None, **params: object) -> None:  # fmt: skip
    """Ask for one message. `to` is a kind (responder, contact, seat, elder) and an id; never from a canary's case."""
    if story.case.incident.canary:
        return
    story.tell(
        "message.wanted", message=story.moment.mint(), channel=channel, to_kind=to[0], to=to[1], template=template,
        offer=offer.id if offer else None, params=params,
        expires_at=story.moment.now + timedelta(seconds=good_for_s),
    )  # fmt: skip


def want_answer(story: Story, offer: Offer, channel: str) -> None:
    """Put an offer to somebody by another channel too, as long as it waits for an answer."""
    left = int((offer.respond_by - story.moment.now).total_seconds())
    if left > 0:
        to = ("responder", offer.responder_id)
        want(story, channel, to, "job_offered", good_for_s=left, offer=offer, kind=story.case.incident.kind)
