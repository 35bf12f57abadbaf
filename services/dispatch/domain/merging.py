"""Two incidents that are one, one that is two, and one that is not over after all. Nobody under way is lost by it.

Merging ends one incident for the sake of another of the same kind: whoever goes for it goes on for the survivor, and a
press that would have joined it joins the survivor. Splitting takes that back, or opens another elder's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.dispatch.domain import answers, receipts, visit
from services.dispatch.domain.alarms import Linked, Pressed, open_case
from services.dispatch.domain.asking import ask_again
from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.ending import stand_everyone_down
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.overrides import told
from services.dispatch.domain.refusals import Refusal, already_open, argument, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import AssignmentState, IncidentState, JobState, OfferState
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import FIRST_PRIORITY, AlarmKind, Family

MERGED = "merged"
REOPEN_FREELY = timedelta(minutes=30)
"""After that, a reason is asked for."""
APART = frozenset({Family.ORDER, Family.MASS})
"""Orders and events over an area have lives of their own."""
STEPS = {
    AssignmentState.EN_ROUTE: ("depart",),
    AssignmentState.ARRIVED: ("depart", "arrive"),
    AssignmentState.IN_SERVICE: ("depart", "arrive", "start"),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One press that is placed with an incident, and whose button is told what becomes of it."""

    id: UUID
    device: str
    eid: str


def merge(
    moment: Moment, case: Case, into: Case, alarms: Sequence[Alarm], situation: Situation
) -> tuple[Story, Story] | Refusal:
    """End `case` for the sake of `into`; the stories of both. `alarms` are those of `case`."""
    why_not = _not_one(case, into)
    if why_not is not None:
        return why_not
    ending = Story(case, moment)
    stand_everyone_down(ending, MERGED)
    ending.job("job.closed")
    ending.incident("incident.merged", into=into.incident.id)
    going = [a for a in case.assignments.values() if a.going]
    return ending, _absorbing(Story(into, moment), case, alarms, going, situation)


def _not_one(case: Case, into: Case) -> Refusal | None:
    one, other = case.incident, into.incident
    if one.id == other.id:
        return argument("into", "same_incident")
    if one.ended:
        return wrong_state(one.state)
    if not into.joinable:
        return Refusal("wrong_state", params={"field": "into", "state": other.state})
    if one.drill != other.drill or one.canary or other.canary:
        return Refusal("drill_apart", params={"field": "into"})
    if one.family != other.family or one.family in APART or one.of_many:
        return Refusal("other_kind", params={"field": "into", "kind": other.kind})
    return None


def _absorbing(
    story: Story, case: Case, alarms: Sequence[Alarm], going: Sequence[Assignment], situation: Situation
) -> Story:
    it = case.incident
    hers = it.elder_id is not None and story.case.incident.elder_id in (None, it.elder_id)
    story.tell(
        "incident.absorbed", other=it.id, presses=it.presses, matters=list(case.matters),
        kind=_graver(story.case.incident.kind, it.kind), priority=it.priority, flags=list(it.flags), faults=it.faults,
        eager=it.eager, held=it.held_until is not None, handoffs=it.handoffs,
        elder=it.elder_id, home=it.home_id, lat=it.lat, lon=it.lon,
        evidence=it.evidence if hers else None, evidence_by=it.evidence_by if hers else None,
    )  # fmt: skip
    for alarm in alarms:
        story.tell("alarm.moved", alarm=alarm.id, device=alarm.device, eid=alarm.eid, source=it.id)
    if story.case.incident.taken_by is None and it.taken_by is not None:
        story.tell("incident.claimed", account=it.taken_by, name=it.taken_name)
        story.incident("incident.taken", by=it.taken_by)
    if story.case.job.state == JobState.STOOD_DOWN and case.job.state != JobState.STOOD_DOWN:
        story.job("job.re_offering")  # somebody is wanted for the other one, so for this one too
    for one in sorted(going, key=lambda a: a.role != "first"):
        _goes_on(story, case, one, situation)
    if story.case.seeking and not story.case.live_offers:
        ask_again(story, situation)
    return story


def _graver(present: str, other: str) -> str:
    return other if FIRST_PRIORITY[AlarmKind(other)] < FIRST_PRIORITY[AlarmKind(present)] else present


def _goes_on(story: Story, case: Case, one: Assignment, situation: Situation) -> None:
    """Whoever was coming for the other incident comes for this one, as far as she has got; or need not come."""
    if story.case.of_responder(one.responder_id) is not None:
        return
    trial = Story(story.case, story.moment)
    offer = next((o for o in story.case.live_offers if o.responder_id == one.responder_id), None)
    if offer is None:
        before = case.offers[one.offer_id]
        trial.tell(
            "offer.sent", offer=story.moment.mint(), job=story.case.job.id, responder=one.responder_id,
            name=one.responder_name, kind=one.responder_kind, wave=story.case.job.wave, dist_m=before.dist_m,
            eta_s=one.eta_s, score=before.score, respond_by=before.respond_by, how="moved",
        )  # fmt: skip
        offer = tuple(trial.case.offers.values())[-1]
    won = answers.accept(story.moment, trial.case, offer.id, one.responder_id, story.moment.actor)
    if isinstance(won, Refusal):
        return
    told(trial, won)
    for step in STEPS.get(AssignmentState(one.state), ()):
        went = visit.report(story.moment, trial.case, one.responder_id, step, {}, situation)
        if isinstance(went, Story):
            told(trial, went)
    told(story, trial)


def split(
    moment: Moment, source: Case, other: Case, alarms: Sequence[Alarm], live: str | None, situation: Situation
) -> tuple[Story, Story] | Refusal:
    """What was merged into `source` is an incident of its own again, and people are asked for it.

    `alarms` are those that came with it; what was pressed since stays with `source`. `live` is a third incident in
    which it is answered since `source` ended.
    """
    if other.incident.merged_into != source.incident.id:
        return argument("incident", "not_merged_here")
    if live is not None:
        return already_open(live)
    story = Story(source, moment)
    story.tell(
        "incident.split_off", other=other.incident.id, presses=other.incident.presses, matters=list(other.matters),
        faults=list(other.incident.faults),
    )  # fmt: skip
    again = Story(other, moment)
    for alarm in alarms:
        again.tell("alarm.moved", alarm=alarm.id, device=alarm.device, eid=alarm.eid, source=source.incident.id)
    return story, _open_again(again, "split", situation)


def split_elder(
    moment: Moment, source: Case, pressed: Pressed, incident: str, situation: Situation
) -> tuple[Story, Story]:
    """Another elder needs help too: an incident of her own, linked to this one."""
    story = Story(source, moment)
    story.tell("incident.split", other=incident)
    linked = Linked(source.incident.id, source.incident.priority)
    return story, open_case(moment, pressed, incident, linked, situation)


def reopen(moment: Moment, case: Case, reason: str, live: str | None, situation: Situation) -> Story | Refusal:
    """It is not over: nobody has it, people are asked anew. `live` is what she is answered by meanwhile."""
    it = case.incident
    if it.state == IncidentState.MERGED:
        return Refusal("merged", params={"into": it.merged_into})
    if it.state != IncidentState.RESOLVED and not it.ended:
        return wrong_state(it.state)
    if it.family in APART or it.of_many or it.canary:
        return wrong_state(it.state)
    if live is not None:
        return already_open(live)
    over = it.closed_at or it.resolved_at or moment.now
    if moment.now - over > REOPEN_FREELY and not reason.strip():
        return argument("reason", "reason_required")
    return _open_again(Story(case, moment), "desk", situation)


def _open_again(story: Story, why: str, situation: Situation) -> Story:
    done = tuple(o for o in story.case.offers.values() if o.state == OfferState.ACCEPTED)
    story.withdraw(done, "reopened")
    story.incident("incident.reopened", why=why)
    story.job("job.reopened")
    story.add(receipts.again(story.moment, story.case))
    ask_again(story, situation)
    return story
