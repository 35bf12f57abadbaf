"""Answers to an offer. They depend on its state alone; one wins each slot, the others are told who won."""

from itertools import count
from uuid import UUID

from services.dispatch.domain import receipts
from services.dispatch.domain.asking import ask_again, ask_more, rule_of
from services.dispatch.domain.case import Assignment, Case, Offer
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.kin import tell_coming, tell_family
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, offer_closed, offer_taken, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import COMING, STAYED, AssignmentState, OfferState
from services.dispatch.domain.story import Story
from shared.vocabulary.people import ResponderKind

CROSSING_S = 10
SOONER_S = 10
"""So much sooner somebody must be there to go in the first one's stead."""


def accept(moment: Moment, case: Case, offer_id: UUID, responder: str, account: str) -> Story | Refusal:
    """Win the slot, become the backup, or learn who won. Accepting twice changes nothing."""
    asked = _own(case, offer_id, responder)
    if asked is None:
        return NOT_FOUND
    offer = _latest(case, asked)
    if offer.state == OfferState.ACCEPTED:
        return Story(case, moment)
    slot = _slot(case, offer, moment)
    if slot is None:
        return _too_late(case, offer)
    return _won(Story(case, moment), offer, slot, account)


def _latest(case: Case, offer: Offer) -> Offer:
    """The offer that a yes answers: to an earlier one it is a yes to what the same person has been asked since."""
    hers = [o for o in case.offers.values() if o.responder_id == offer.responder_id]
    return next((o for o in hers if o.live or o.state == OfferState.ACCEPTED), offer)


def _own(case: Case, offer_id: UUID, responder: str) -> Offer | None:
    offer = case.offers.get(offer_id)
    return offer if offer is not None and offer.responder_id == responder else None


Slot = tuple[str, int]
"""A role, and which of several people in it."""
FIRST, BACKUP = ("first", 0), ("backup", 0)


def _slot(case: Case, offer: Offer, moment: Moment) -> Slot | None:
    if case.seeking:
        return _missing(case) if offer.live or offer.state in (OfferState.EXPIRED, OfferState.WITHDRAWN) else None
    first = case.in_role("first")
    if first is None or not backed(case):
        return None
    if offer.live and _sooner(offer, first, moment):
        return FIRST
    free = case.in_role("backup") is None
    return BACKUP if free and (offer.live or _crossed(offer, moment)) else None


def _missing(case: Case) -> Slot:
    if case.in_role("first") is None:
        return FIRST
    had = {a.slot for a in case.assignments.values() if a.role == "second" and a.state in STAYED}
    return "second", next(n for n in count() if n not in had)


def backed(case: Case) -> bool:
    """Whether one more is kept in case the first does not come; where several go, they are each other's backup."""
    return rule_of(case).backup and case.incident.hands == 1


def _sooner(offer: Offer, first: Assignment, moment: Moment) -> bool:
    """Whether this one would be at her door before the one who goes first."""
    if first.state not in (AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE):
        return False
    left = first.eta_s - (moment.now - first.accepted_at).total_seconds()
    return offer.eta_s + SOONER_S < left


def _crossed(offer: Offer, moment: Moment) -> bool:
    """An accept that was under way while its offer was withdrawn."""
    if offer.state != OfferState.WITHDRAWN or offer.reason != "taken" or offer.answered_at is None:
        return False
    return (moment.now - offer.answered_at).total_seconds() <= CROSSING_S


def _too_late(case: Case, offer: Offer) -> Refusal:
    winner = case.in_role("first")
    if winner is not None:
        return offer_taken(receipts.called(winner.responder_name, winner.responder_kind))
    return offer_closed(offer.state)


def _won(story: Story, offer: Offer, slot: Slot, account: str) -> Story:
    role = slot[0]
    story.offer("offer.accepted", offer, account=account)
    if role == "first":
        _make_way(story)
    made = story.moment.mint()
    story.tell(
        "assignment.made", assignment=made, offer=offer.id, job=story.case.job.id,
        responder=offer.responder_id, role=role, slot=slot[1], eta_s=offer.eta_s,
    )  # fmt: skip
    one = story.case.assignments[made]
    if role == "first":
        story.job("job.accepted", responder=offer.responder_id)
        if offer.responder_kind != ResponderKind.VOLUNTEER:
            story.incident("incident.taken", by=account)
        story.add(receipts.coming(story.moment, story.case, one))
        _tell_family(story, one)
    story.withdraw(
        _hopeless(story.case, story.moment), "taken", receipts.called(one.responder_name, one.responder_kind)
    )
    return story


def _tell_family(story: Story, one: Assignment) -> None:
    if story.case.incident.taken_at is not None or story.case.incident.family_at is not None:
        tell_family(story, "taken")
        tell_coming(story, one)


def _make_way(story: Story) -> None:
    """The one who went first goes on as the backup; a backup before that need not go."""
    first, backup = story.case.in_role("first"), story.case.in_role("backup")
    if first is None:
        return
    if backup is not None:
        story.assignment("assignment.stood_down", backup, why="sooner")
        story.withdraw((story.case.offers[backup.offer_id],), "sooner")
    story.assignment("assignment.demoted", first)


def _hopeless(case: Case, moment: Moment) -> tuple[Offer, ...]:
    """Offers that can't be first any more; all of them where one person is enough."""
    first = case.in_role("first")
    if first is None or case.seeking:
        return ()
    return tuple(o for o in case.live_offers if not backed(case) or not _sooner(o, first, moment))


def decline(
    moment: Moment, case: Case, offer_id: UUID, responder: str, why: str, situation: Situation
) -> Story | Refusal:
    """Refuse, or give an accepted offer back; somebody else is asked at once."""
    offer = _own(case, offer_id, responder)
    if offer is None:
        return NOT_FOUND
    if offer.live:
        return _refused(Story(case, moment), offer, why, situation)
    if offer.state == OfferState.ACCEPTED:
        return _gave_back(case, offer, why, moment, situation)
    return Story(case, moment) if offer.state == OfferState.DECLINED else offer_closed(offer.state)


def _refused(story: Story, offer: Offer, why: str, situation: Situation) -> Story:
    story.offer("offer.declined", offer, why=why)
    if story.case.seeking:
        ask_more(story, situation)
    return story


def _gave_back(case: Case, offer: Offer, why: str, moment: Moment, situation: Situation) -> Story | Refusal:
    one = case.of_responder(offer.responder_id)
    if one is None or one.state == AssignmentState.IN_SERVICE:
        return wrong_state(one.state if one else case.job.state)
    story = Story(case, moment)
    story.offer("offer.declined", offer, why=why)
    story.assignment("assignment.released", one, why=why)
    if one.role == "first":
        replace_first(story, situation)
    elif story.case.seeking:
        ask_more(story, situation)
    return story


def replace_first(story: Story, situation: Situation) -> None:
    """The one who was coming is out: the backup takes over, else people are asked anew. The button is told."""
    story.job("job.re_offering")
    backup = stand_in(story.case)
    if backup is None:
        story.add(receipts.changing(story.moment, story.case))
        story.ring_further("gave_back")
        ask_again(story, situation)
        return
    lead(story, backup)
    if story.case.seeking:
        ask_more(story, situation)


def stand_in(case: Case) -> Assignment | None:
    """Who can go first instead: somebody behind the first one whose console has not fallen silent on the way."""
    behind = (case.in_role("backup"), case.in_role("second"))
    return next((one for one in behind if one is not None and not (one.lost_at and one.state in COMING)), None)


def lead(story: Story, one: Assignment) -> None:
    """Somebody who was to help goes first now; the job stands where she stands."""
    story.assignment("assignment.promoted", one)
    story.job("job.accepted", responder=one.responder_id)
    promoted = story.case.assignments[one.id]
    if promoted.state in COMING:
        story.add(receipts.coming(story.moment, story.case, promoted))
    if promoted.state != AssignmentState.ACCEPTED:
        story.job("job.en_route")
    if promoted.state in (AssignmentState.ARRIVED, AssignmentState.IN_SERVICE):
        story.job("job.arrived")
    if promoted.state == AssignmentState.IN_SERVICE:
        story.job("job.in_service")


def expire(story: Story, offer: Offer, situation: Situation) -> None:
    """Silence until the deadline counts as a refusal."""
    story.offer("offer.expired", offer)
    if story.case.seeking:
        ask_more(story, situation)
