"""What each fact does to a case file. Nothing else changes it, so the log tells the same story again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from services.dispatch.domain import faults, states
from services.dispatch.domain.case import Assignment, Case, Incident, Job, Offer
from services.dispatch.domain.facts import Fact, identifier, instant
from services.dispatch.domain.states import AssignmentState, IncidentState, JobState, OfferState, after
from shared.vocabulary.alarms import Stage


def opened(fact: Fact) -> Case:
    """The case that `incident.opened` begins."""
    body = fact.body
    incident = Incident(
        id=body["incident"], division=body["division"], state=IncidentState.OPEN, ver=1, decided_ver=1,
        subject=body["subject"], family=body["family"], kind=body["kind"], priority=body["priority"],
        drill=body["drill"], cls=body["cls"], flags=tuple(body["flags"]), presses=1, home_id=body["home"],
        elder_id=body["elder"], device_id=body["device"], linked_to=body["linked_to"], lat=body["lat"],
        lon=body["lon"], policy=body["policy"], rung=0, rung_at=fact.at, opened_at=fact.at,
        pressed_at=instant(body["pressed_at"]), receipt_say=body["say"], canary=body["canary"],
        protects=faults.protects(body["faults"]), faults=body["faults"],
        outage_id=identifier(body["outage"]) if body["outage"] else None, outage_devices=body["devices"],
        outage_elders=body["elders"],
    )  # fmt: skip
    job = Job(identifier(body["job"]), JobState.CREATED, 1, 0, fact.at, fact.at, fact.at)
    return Case(incident, job)


def evolve(case: Case, fact: Fact) -> Case:
    """The case after one more fact. IllegalMoveError when a state table forbids it."""
    room = fact.tag.split(".", 1)[0]
    return _counted(_ROOMS[room](case, fact), decided=fact.tag in DECIDING)


def replay(facts: Iterable[Fact]) -> Case:
    """Tell the whole story again, from `incident.opened` on."""
    story = iter(facts)
    case = opened(next(story))
    for fact in story:
        case = evolve(case, fact)
    return case


DECIDING = frozenset(
    {
        "alarm.joined", "fault.joined", "incident.cover_opened", "incident.claimed", "incident.on_scene",
        "incident.with_elder", "incident.resolved", "incident.closed", "incident.false_alarm",
        "incident.reclassified",
    }
)  # fmt: skip
"""Facts after which a person's decision on an older view is refused (If-Match)."""


def _counted(case: Case, *, decided: bool) -> Case:
    ver = case.incident.ver + 1
    decided_ver = ver if decided else case.incident.decided_ver
    return replace(case, incident=replace(case.incident, ver=ver, decided_ver=decided_ver))


def _incident(case: Case, fact: Fact) -> Case:
    changes = _INCIDENT.get(fact.tag, _nothing)(case.incident, fact)
    if any(tag == fact.tag for _, tag in states.INCIDENT):
        changes["state"] = after(states.INCIDENT, case.incident.state, fact.tag)
    return replace(case, incident=replace(case.incident, **changes))


def _nothing(_: Incident, __: Fact) -> dict[str, Any]:
    return {}


def _taken(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"taken_at": fact.at}


def _claimed(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"taken_by": fact.body["account"], "taken_name": fact.body.get("name")}


def _on_scene(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"arrived_at": fact.at}


def _with_elder(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {
        "with_elder_at": fact.at, "arrived_at": incident.arrived_at or fact.at,
        "evidence": "seen", "evidence_by": fact.body["who"],
    }  # fmt: skip


def _resolved(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"resolved_at": fact.at}


def _ended(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {
        "closed_at": fact.at, "outcome": fact.body["outcome"],
        "evidence": fact.body["evidence"] or incident.evidence,
        "evidence_by": fact.body["evidence_by"] or incident.evidence_by,
    }  # fmt: skip


def _escalated(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"rung": fact.body["rung"], "rung_at": fact.at}


def _reclassified(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"priority": fact.body["priority"]}


def _relocated(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"lat": fact.body["lat"], "lon": fact.body["lon"]}


def _nudged(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"nudged_at": fact.at}


def _postponed(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"asks_at": instant(fact.body["until"])}


def _covered(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"priority": fact.body["priority"], "covered_at": fact.at}


def _grew(_: Incident, fact: Fact) -> dict[str, Any]:
    body = fact.body
    return {"division": body["area"], "outage_devices": body["devices"], "outage_elders": body["elders"]}


_INCIDENT: Mapping[str, Callable[[Incident, Fact], dict[str, Any]]] = MappingProxyType(
    {
        "incident.taken": _taken,
        "incident.claimed": _claimed,
        "incident.on_scene": _on_scene,
        "incident.with_elder": _with_elder,
        "incident.resolved": _resolved,
        "incident.closed": _ended,
        "incident.false_alarm": _ended,
        "incident.escalated": _escalated,
        "incident.reclassified": _reclassified,
        "incident.relocated": _relocated,
        "incident.nudged": _nudged,
        "incident.postponed": _postponed,
        "incident.cover_opened": _covered,
        "incident.outage_grew": _grew,
    }
)


def _alarm(case: Case, fact: Fact) -> Case:
    incident = case.incident
    flags = incident.flags + tuple(f for f in fact.body["flags"] if f not in incident.flags)
    return replace(
        case,
        incident=replace(
            incident, presses=incident.presses + 1, pressed_at=fact.at, flags=flags,
            kind=fact.body["kind"], priority=min(incident.priority, fact.body["priority"]),
            faults={**fact.body["faults"], **incident.faults},
        ),
    )  # fmt: skip


def _fault(case: Case, fact: Fact) -> Case:
    body, incident = fact.body, case.incident
    if fact.tag == "fault.joined":
        left = {**incident.faults, **body["faults"]}
    else:
        left = faults.without(incident.faults, body["device"], body["what"])
    protects = faults.protects(left)
    covered_at = incident.covered_at if protects else None
    changed = replace(
        incident, faults=left, protects=protects, covered_at=covered_at, kind=body["kind"], priority=body["priority"]
    )
    return replace(case, incident=changed)


def _receipt(case: Case, fact: Fact) -> Case:
    body = fact.body
    return replace(
        case,
        incident=replace(
            case.incident, receipt_stage=Stage[body["stage"].upper()], receipt_who=body["who"],
            receipt_eta_s=body["eta_s"], receipt_say=body["say"],
        ),
    )  # fmt: skip


def _job(case: Case, fact: Fact) -> Case:
    job = replace(case.job, ver=case.job.ver + 1)
    if fact.tag == "job.asked":
        return _asked(case, replace(job, wave=fact.body["wave"], wave_at=fact.at))
    if any(tag == fact.tag for _, tag in states.JOB):
        job = replace(job, state=after(states.JOB, job.state, fact.tag), state_at=fact.at)
    return replace(case, job=job)


def _asked(case: Case, job: Job) -> Case:
    """After a night the ladder begins when people are asked, not when it happened."""
    if case.incident.asks_at is None:
        return replace(case, job=job)
    return replace(case, job=job, incident=replace(case.incident, asks_at=None, rung_at=job.wave_at))


def _offer(case: Case, fact: Fact) -> Case:
    key = identifier(fact.body["offer"])
    offer = _sent(fact) if fact.tag == "offer.sent" else _answered(case.offers[key], fact)
    return replace(case, offers={**case.offers, key: offer}, job=replace(case.job, ver=case.job.ver + 1))


def _sent(fact: Fact) -> Offer:
    body = fact.body
    return Offer(
        id=identifier(body["offer"]), responder_id=body["responder"], responder_name=body.get("name", ""),
        responder_kind=body["kind"], state=OfferState.SENT, wave=body["wave"], dist_m=body["dist_m"],
        eta_s=body["eta_s"], score=body["score"], sent_at=fact.at, respond_by=instant(body["respond_by"]),
    )  # fmt: skip


def _answered(offer: Offer, fact: Fact) -> Offer:
    state = after(states.OFFER, offer.state, fact.tag)
    if state == OfferState.SHOWN:
        return replace(offer, state=state, shown_at=fact.at)
    if state == OfferState.RANG:
        return replace(offer, state=state, shown_at=offer.shown_at or fact.at, rang_at=fact.at)
    return replace(offer, state=state, answered_at=fact.at, reason=fact.body.get("why"))


def _assignment(case: Case, fact: Fact) -> Case:
    key = identifier(fact.body["assignment"])
    if fact.tag == "assignment.made":
        one = _made(case.offers[identifier(fact.body["offer"])], fact)
    else:
        one = _moved(case.assignments[key], fact)
    return replace(case, assignments={**case.assignments, key: one}, job=replace(case.job, ver=case.job.ver + 1))


def _made(offer: Offer, fact: Fact) -> Assignment:
    return Assignment(
        id=identifier(fact.body["assignment"]), offer_id=offer.id, responder_id=offer.responder_id,
        responder_name=offer.responder_name, responder_kind=offer.responder_kind, role=fact.body["role"],
        state=AssignmentState.ACCEPTED, eta_s=offer.eta_s, accepted_at=fact.at,
    )  # fmt: skip


_STAMPS = MappingProxyType(
    {
        "assignment.en_route": "departed_at",
        "assignment.arrived": "arrived_at",
        "assignment.in_service": "with_elder_at",
        "assignment.stalled": "stalled_at",
        "assignment.completed": "ended_at",
        "assignment.released": "ended_at",
        "assignment.stood_down": "ended_at",
    }
)


def _moved(one: Assignment, fact: Fact) -> Assignment:
    if fact.tag == "assignment.demoted":
        return replace(one, role="backup")
    if fact.tag == "assignment.promoted":
        return replace(one, role="first")
    stamp: dict[str, Any] = {_STAMPS[fact.tag]: fact.at}
    stamped = replace(one, **stamp)
    if fact.tag == "assignment.stalled":
        return stamped
    reason = fact.body.get("why") or one.end_reason
    return replace(stamped, state=after(states.ASSIGNMENT, one.state, fact.tag), end_reason=reason)


_ROOMS: Mapping[str, Callable[[Case, Fact], Case]] = MappingProxyType(
    {
        "incident": _incident,
        "alarm": _alarm,
        "fault": _fault,
        "receipt": _receipt,
        "call": lambda case, _: case,
        "job": _job,
        "offer": _offer,
        "assignment": _assignment,
    }
)
