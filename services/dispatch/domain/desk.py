"""What the person on duty decides. Only an outcome closes an incident; silence never does."""

from typing import Any

from services.dispatch.domain.asking import ask_again, ask_more, rule_of
from services.dispatch.domain.case import Case
from services.dispatch.domain.elder import away_m
from services.dispatch.domain.ending import end, stand_everyone_down
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.kin import tell_family
from services.dispatch.domain.refusals import Refusal, already_taken, argument, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import COMING, SEEKING, IncidentState
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import Family
from shared.vocabulary.geo import Position

OVERTAKING = 2
NOT_GENUINE = frozenset({"false_press", "test", "device_fault"})


def claim(moment: Moment, case: Case, account: str, name: str) -> Story | Refusal:
    """Take the incident at this seat (接警); a second seat is told who has it."""
    incident = case.incident
    if incident.ended:
        return wrong_state(incident.state)
    if incident.taken_by == account:
        return Story(case, moment)
    if incident.taken_by is not None:
        return already_taken(incident.taken_name)
    story = Story(case, moment)
    story.tell("incident.claimed", account=account, name=name)
    story.incident("incident.taken", by=account)
    tell_family(story, "taken")
    return story


def let_go(moment: Moment, case: Case) -> Story:
    """The seat that took it has fallen silent: another may take it, and it waits again if nobody goes."""
    story = Story(case, moment)
    if case.incident.ended or case.incident.taken_by is None:
        return story
    story.tell("incident.let_go", account=case.incident.taken_by)
    if not any(one.going for one in case.assignments.values()):
        story.incident("incident.untaken")
    return story


def classify(moment: Moment, case: Case, priority: int, reason: str, code: str | None = None) -> Story | Refusal:
    """Set the priority; lowering it needs a reason, by its code or in words."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    if priority > case.incident.priority and not (reason.strip() or code):
        return argument("reason", "reason_required")
    story = Story(case, moment)
    if priority != case.incident.priority:
        story.tell("incident.reclassified", priority=priority, was=case.incident.priority, code=code)
    return story


def relocate(moment: Moment, case: Case, lat: float, lon: float, situation: Situation) -> Story | Refusal:
    """She is somewhere else: people are matched again, those under way are told."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    story = Story(case, moment)
    story.tell("incident.relocated", lat=lat, lon=lon, away_m=away_m(situation.elder, Position(lat, lon)))
    if story.case.seeking:
        ask_again(story, situation)
    elif _may_be_overtaken(story.case):
        ask_more(story, situation, OVERTAKING, wanted=True)
    return story


def _may_be_overtaken(case: Case) -> bool:
    """Somebody is on her way to where it was; whoever is nearer to where it is now may be there sooner."""
    first = case.in_role("first")
    return first is not None and first.state in COMING and rule_of(case).backup and not case.live_offers


def escalate(moment: Moment, case: Case, situation: Situation) -> Story | Refusal:
    """Ring the next level now, and ask one more if nobody is coming."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    story = Story(case, moment)
    story.ring_further("desk")
    if story.case.job.state in SEEKING:
        ask_more(story, situation, wanted=True)
    return story


def stand_down(moment: Moment, case: Case) -> Story | Refusal:
    """Nobody need go any more; the incident stays open until it is closed with an outcome."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    story = Story(case, moment)
    stand_everyone_down(story, "stood_down")
    story.job("job.stood_down")
    return story


def close(moment: Moment, case: Case, args: dict[str, Any]) -> Story | Refusal:
    """End it with an outcome; an SOS only when somebody saw or heard her (见人, 闻声), and who."""
    if case.incident.ended:
        return wrong_state(case.incident.state)
    evidence = args["evidence"] if args["evidence"] != "none" else case.incident.evidence
    by = args["evidence_by"].strip() or case.incident.evidence_by
    if case.incident.family in (Family.PERSON, Family.WANDERING):
        if evidence is None:
            return argument("evidence", "evidence_required")
        if case.incident.family == Family.WANDERING and evidence != "seen":
            return argument("evidence", "seen_required")
        if by is None:
            return argument("evidence_by", "evidence_by_required")
    story = Story(case, moment)
    state = IncidentState.FALSE_ALARM if args["outcome"] in NOT_GENUINE else IncidentState.CLOSED
    end(story, "closed", args["outcome"], state, evidence=evidence, by=by)
    return story
