"""Every wait of a case, as a pure function of the case: no live incident without one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.faults import unprotected_since
from services.dispatch.domain.night import asleep
from services.dispatch.domain.policy import Policy, from_data
from services.dispatch.domain.states import SEEKING, AssignmentState, IncidentState


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
    policy = from_data(case.incident.policy)
    if case.incident.canary:
        return frozenset({Wait("retire", "", case.incident.opened_at + timedelta(seconds=policy.canary_s))})
    found = {*_seeking(case, policy), *_offers(case), *_going(case, policy)}
    return frozenset({*(found or {_review(case, policy)}), *_cover(case, policy)})


def _seeking(case: Case, policy: Policy) -> Iterator[Wait]:
    if case.job.state not in SEEKING:
        return
    if asleep(case) and case.incident.asks_at is not None:
        yield Wait("morning", "", case.incident.asks_at)
        return
    if case.incident.outage_id is None or case.incident.taken_by is None:
        yield Wait("ladder", "", _next_rung(case, policy))
    if case.incident.outage_id is None:
        yield _next_wave(case, policy)


def _next_wave(case: Case, policy: Policy) -> Wait:
    rule = policy.rule(case.incident.priority)
    pause = rule.pause_s(case.job.wave)
    return Wait("wave", "", case.job.wave_at + timedelta(seconds=pause))


def _next_rung(case: Case, policy: Policy) -> datetime:
    rule = policy.rule(case.incident.priority)
    rung = case.incident.rung
    if rung >= len(rule.ladder):
        return case.incident.rung_at + timedelta(seconds=rule.repeat)
    climbed = rule.ladder[rung - 1] if rung else 0
    since = case.incident.rung_at if rung else max(case.incident.rung_at, case.job.created_at)
    return since + timedelta(seconds=rule.ladder[rung] - climbed)


def _offers(case: Case) -> Iterator[Wait]:
    for offer in case.live_offers:
        yield Wait("offer", str(offer.id), offer.respond_by)


def _going(case: Case, policy: Policy) -> Iterator[Wait]:
    for one in case.assignments.values():
        if one.going and one.role == "first":
            yield from _progress(case, one, policy)


def _progress(case: Case, one: Assignment, policy: Policy) -> Iterator[Wait]:
    nudged = case.incident.nudged_at or one.accepted_at
    if one.state == AssignmentState.ACCEPTED and one.stalled_at is None:
        yield Wait("stall", str(one.id), one.accepted_at + timedelta(seconds=policy.stall_s))
    if one.state in (AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE):
        yield Wait("arrival", str(one.id), max(nudged, one.accepted_at) + timedelta(seconds=policy.arrival_s))
    elif one.state == AssignmentState.ARRIVED:
        yield Wait("entry", str(one.id), max(nudged, one.arrived_at or nudged) + timedelta(seconds=policy.entry_s))
    else:
        since = one.with_elder_at or nudged
        yield Wait("check_in", str(one.id), max(nudged, since) + timedelta(seconds=policy.check_in_s))


def _cover(case: Case, policy: Policy) -> Iterator[Wait]:
    """She is without protection, and nobody is there yet."""
    nobody_there = case.incident.state in (IncidentState.OPEN, IncidentState.TAKEN)
    if nobody_there and case.incident.protects and case.incident.covered_at is None:
        since = unprotected_since(case.incident.faults)
        yield Wait("cover", "", since + timedelta(seconds=policy.cover_s))


def _review(case: Case, policy: Policy) -> Wait:
    since = max(t for t in (case.job.state_at, case.incident.nudged_at, case.incident.taken_at) if t)
    return Wait("review", "", since + timedelta(seconds=policy.review_s))
