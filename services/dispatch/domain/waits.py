"""Every wait of a case, as a pure function of the case: no live incident without one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.faults import unprotected_since
from services.dispatch.domain.kin import concerned
from services.dispatch.domain.night import asleep
from services.dispatch.domain.policy import Policy, Rule
from services.dispatch.domain.states import COMING, HANDS, SEEKING, AssignmentState, IncidentState, JobState
from services.dispatch.domain.steps import next_step
from shared.vocabulary.alarms import Family


@dataclass(frozen=True, slots=True)
class Wait:
    """Something is due: `target` is the offer or assignment it speaks of, else empty."""

    kind: str
    target: str
    due_at: datetime


def waits(case: Case) -> frozenset[Wait]:
    """All deadlines of the case; empty only when the incident has ended."""
    if case.incident.ended:
        return frozenset()
    policy = case.incident.policy
    if case.incident.canary:
        return frozenset({Wait("retire", "", case.incident.opened_at + timedelta(seconds=policy.canary_s))})
    rule = policy.rule(case.incident.priority)
    found = {*_seeking(case, policy), *_offers(case, rule), *_going(case, policy)}
    more = {*_cover(case, policy), *_family(case, rule), *_access(case, policy), *_shelf(case)}
    return frozenset({*(found or {_review(case, policy)}), *more})


def _seeking(case: Case, policy: Policy) -> Iterator[Wait]:
    if not case.seeking:
        return
    if asleep(case) and case.incident.asks_at is not None:
        yield Wait("morning", "", case.incident.asks_at)
        return
    if _rings(case) and case.incident.shelved_until is None:
        yield Wait("ladder", "", _next_rung(case, policy))
    if not case.incident.of_many and not _spoken(case):
        yield _next_wave(case, policy)


def _rings(case: Case) -> bool:
    """Nobody has it: not enough hands for what needs them, or nobody at all."""
    if case.incident.of_many:
        return case.incident.taken_by is None
    return case.job.state in SEEKING or case.incident.family != Family.WANDERING


def _spoken(case: Case) -> bool:
    """The desk spoke with her before anybody was asked, and she needs nobody."""
    return case.job.wave == 0 and case.incident.cleared_at is not None


def _next_wave(case: Case, policy: Policy) -> Wait:
    rule = policy.rule(case.incident.priority)
    pause = rule.pause_s(case.job.wave)
    if case.job.wave == 0 and case.incident.held_until is not None:
        return Wait("wave", "", case.incident.held_until)
    return Wait("wave", "", case.job.wave_at + timedelta(seconds=pause))


def _next_rung(case: Case, policy: Policy) -> datetime:
    rule = policy.rule(case.incident.priority)
    rung = case.incident.rung
    if rung >= len(rule.ladder):
        return case.incident.rung_at + timedelta(seconds=rule.repeat)
    climbed = rule.ladder[rung - 1].after_s if rung else 0
    since = case.incident.rung_at if rung else max(case.incident.rung_at, case.job.created_at)
    return since + timedelta(seconds=rule.ladder[rung].after_s - climbed)


def _offers(case: Case, rule: Rule) -> Iterator[Wait]:
    live = case.live_offers
    for offer in live:
        yield Wait("offer", str(offer.id), offer.respond_by)
    steps = [step[0] for offer in live if (step := next_step(offer, rule)) and step[0] < offer.respond_by]
    if steps:
        yield Wait("step", "", min(steps))


def _family(case: Case, rule: Rule) -> Iterator[Wait]:
    """Nobody has it yet, and her voice has not cleared it."""
    it = case.incident
    if it.state == IncidentState.OPEN and it.family_at is None and it.cleared_at is None and concerned(case):
        yield Wait("family", "", it.opened_at + timedelta(seconds=rule.volunteers_s))


def _access(case: Case, policy: Policy) -> Iterator[Wait]:
    """The door is shut, and somebody with a key has been called."""
    if case.job.state == JobState.NO_ACCESS and case.incident.keys_at is not None:
        yield Wait("access", "", case.incident.keys_at + timedelta(seconds=policy.access_s))


def _going(case: Case, policy: Policy) -> Iterator[Wait]:
    for one in case.assignments.values():
        if one.going and one.role in HANDS:
            yield from _coming(case, one, policy)
            yield from _progress(case, one, policy)


def _coming(case: Case, one: Assignment, policy: Policy) -> Iterator[Wait]:
    """Under way, as far as we know."""
    if one.state not in COMING or case.incident.family == Family.ORDER:  # a phone may sleep until booked work begins
        return
    if one.lost_at is not None:
        yield Wait("lost", str(one.id), one.lost_at + timedelta(seconds=policy.lost_s))
    if one.state == AssignmentState.ACCEPTED and one.stalled_at is None:
        yield Wait("stall", str(one.id), one.accepted_at + timedelta(seconds=policy.stall_s))
    if one.late_at is None:
        yield Wait("late", str(one.id), one.accepted_at + timedelta(seconds=policy.late_times * one.eta_s))


def _progress(case: Case, one: Assignment, policy: Policy) -> Iterator[Wait]:
    nudged = case.incident.nudged_at or one.accepted_at
    if one.state in COMING:
        since = max(nudged, one.accepted_at, case.incident.starts_at or one.accepted_at)
        yield Wait("arrival", str(one.id), since + timedelta(seconds=policy.arrival_s))
    elif one.state == AssignmentState.ARRIVED:
        yield Wait("entry", str(one.id), max(nudged, one.arrived_at or nudged) + timedelta(seconds=policy.entry_s))
    else:
        since = max(nudged, one.with_elder_at or nudged, one.heard_at or nudged)
        yield Wait("check_in", str(one.id), since + timedelta(seconds=policy.check_in_s))


def _cover(case: Case, policy: Policy) -> Iterator[Wait]:
    """She is without protection, and nobody is there yet."""
    nobody_there = case.incident.state in (IncidentState.OPEN, IncidentState.REOPENED, IncidentState.TAKEN)
    if nobody_there and case.incident.protects and case.incident.covered_at is None:
        since = unprotected_since(case.incident.faults)
        yield Wait("cover", "", since + timedelta(seconds=policy.cover_s))


def _shelf(case: Case) -> Iterator[Wait]:
    if case.incident.shelved_until is not None:
        yield Wait("shelf", "", case.incident.shelved_until)


def _review(case: Case, policy: Policy) -> Wait:
    since = max(t for t in (case.job.state_at, case.incident.nudged_at, case.incident.taken_at) if t)
    return Wait("review", "", since + timedelta(seconds=policy.review_s))
