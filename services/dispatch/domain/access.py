"""The door stays shut: those with a key are called one after another, then the police or the fire brigade."""

from datetime import timedelta, timezone

from services.dispatch.domain import handoff
from services.dispatch.domain.elder import Keyholder
from services.dispatch.domain.handoff import FIRE, POLICE
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.wanting import want
from shared.vocabulary.alarms import Family


def next_key(story: Story, situation: Situation) -> None:
    """Call the next keyholder who can be reached at this hour; with nobody left, somebody who may break the door."""
    holder = _next(story, situation)
    if holder is None:
        _break_in(story, situation)
        return
    contact = f"{story.case.incident.elder_id}/{holder.ord}"
    story.tell("access.keyholder", tried=holder.ord, contact=contact)
    for channel in ("voice", "sms"):
        want(story, channel, ("contact", contact), "keyholder", kind=story.case.incident.kind)


def _next(story: Story, situation: Situation) -> Keyholder | None:
    if situation.elder is None:
        return None
    zone = timezone(timedelta(minutes=story.case.incident.policy.zone_min))
    hour = story.moment.now.astimezone(zone).hour
    left = [k for k in situation.elder.keyholders if k.ord > story.case.incident.keys_tried and k.awake(hour)]
    return min(left, key=lambda k: k.ord, default=None)


def _break_in(story: Story, situation: Situation) -> None:
    """With what she has signed: whether the door may be opened by force (破门许可)."""
    permitted = situation.elder is not None and situation.elder.break_in
    service = FIRE if story.case.incident.family == Family.FIRE else POLICE
    handoff.prompt(story, service, "no_access", break_in=permitted)
    story.tell("access.nobody", tried=story.case.incident.keys_tried, break_in=permitted)
    story.ring_further("no_key")
