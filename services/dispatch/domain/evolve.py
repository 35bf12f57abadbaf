"""What each fact does to a case file. Nothing else changes it, so the log tells the same story again."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain import faults, states, turns
from services.dispatch.domain.case import Assignment, Case, Incident, Job, Offer, altered
from services.dispatch.domain.facts import Fact, identifier, instant
from services.dispatch.domain.policy import from_data
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
        lon=body["lon"], policy=from_data(body["policy"]), rung=0, rung_at=fact.at, opened_at=fact.at,
        pressed_at=instant(body["pressed_at"]), receipt_say=body["say"], canary=body["canary"],
        protects=faults.protects(body["faults"]), faults=body["faults"],
        outage_id=identifier(body["outage"]) if body["outage"] else None, outage_devices=body["devices"],
        outage_elders=body["elders"], **_later(body),
    )  # fmt: skip
    job = Job(identifier(body["job"]), JobState.CREATED, 1, 0, fact.at, fact.at, fact.at)
    return Case(incident, job)


def _later(body: Mapping[str, Any]) -> dict[str, Any]:
    """What openings of the first versions did not say yet."""
    found = {to: body[name] for name, to in _SINCE.items() if body.get(name) is not None}
    for name in ("starts_at", "held_until"):
        if name in found:
            found[name] = instant(found[name])
    return {**found, **{name: tuple(body.get(name) or ()) for name in ("skills", "kin")}}


_SINCE = MappingProxyType(
    {
        "order": "order_id", "hands": "hands", "starts_at": "starts_at", "eager": "eager", "held_until": "held_until",
        "quiet": "quiet", "away_m": "away_m",
    }
)  # fmt: skip


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
        "incident.reclassified", "incident.confirmed", "incident.cleared", "incident.absorbed", "incident.split_off",
        "incident.merged", "incident.reopened", "incident.let_go",
    }
)  # fmt: skip
"""Facts after which a person's decision on an older view is refused (If-Match)."""


_INCIDENT_MOVES = frozenset(tag for _, tag in states.INCIDENT)
_JOB_MOVES = frozenset(tag for _, tag in states.JOB)


def _counted(case: Case, *, decided: bool) -> Case:
    ver = case.incident.ver + 1
    decided_ver = ver if decided else case.incident.decided_ver
    return altered(case, incident=altered(case.incident, ver=ver, decided_ver=decided_ver))


def _incident(case: Case, fact: Fact) -> Case:
    changes = _INCIDENT.get(fact.tag, _nothing)(case.incident, fact)
    if fact.tag in _INCIDENT_MOVES:
        changes["state"] = after(states.INCIDENT, case.incident.state, fact.tag)
    return altered(case, incident=altered(case.incident, **changes))


def _nothing(_: Incident, __: Fact) -> dict[str, Any]:
    return {}


def _taken(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {"taken_at": incident.taken_at or fact.at}


def _claimed(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"taken_by": fact.body["account"], "taken_name": fact.body.get("name")}


def _on_scene(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {"arrived_at": incident.arrived_at or fact.at}


def _with_elder(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {
        "with_elder_at": incident.with_elder_at or fact.at, "arrived_at": incident.arrived_at or fact.at,
        "evidence": "seen", "evidence_by": fact.body["who"],
    }  # fmt: skip


def _resolved(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"resolved_at": fact.at}


def _ended(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {
        "closed_at": fact.at, "outcome": fact.body["outcome"],
        "evidence": fact.body["evidence"] or incident.evidence,
        "evidence_by": fact.body.get("evidence_by") or incident.evidence_by,
    }  # fmt: skip


def _escalated(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"rung": fact.body["rung"], "rung_at": fact.at}


def _reclassified(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"priority": fact.body["priority"], "shelved_until": None}


def _relocated(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"lat": fact.body["lat"], "lon": fact.body["lon"], "away_m": fact.body.get("away_m")}


def _nudged(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"nudged_at": fact.at}


def _postponed(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"asks_at": instant(fact.body["until"])}


def _covered(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"priority": fact.body["priority"], "covered_at": fact.at, "shelved_until": None}


def _confirmed(incident: Incident, fact: Fact) -> dict[str, Any]:
    return {"confirmed_at": incident.confirmed_at or fact.at, "eager": True, "priority": fact.body["priority"]}


def _cleared(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"cleared_at": fact.at, "priority": fact.body["priority"]}


def _shelved(_: Incident, fact: Fact) -> dict[str, Any]:
    return {"shelved_until": instant(fact.body["until"])}


def _grew(_: Incident, fact: Fact) -> dict[str, Any]:
    body = fact.body
    return {"division": body["area"], "outage_devices": body["devices"], "outage_elders": body["elders"]}


_INCIDENT: Mapping[str, Callable[[Incident, Fact], dict[str, Any]]] = MappingProxyType(
    {
        "incident.taken": _taken,
        "incident.claimed": _claimed,
        "incident.let_go": lambda _, __: {"taken_by": None, "taken_name": None},
        "incident.untaken": lambda _, __: {"taken_at": None},
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
        "incident.shelved": _shelved,
        "incident.unshelved": lambda _, __: {"shelved_until": None},
        "incident.absorbed": turns.absorbed,
        "incident.split_off": turns.split_off,
        "incident.merged": turns.merged,
        "incident.reopened": turns.reopened,
        "incident.confirmed": _confirmed,
        "incident.cleared": _cleared,
        "incident.family_told": lambda _, fact: {"family_at": fact.at},
    }
)


def _alarm(case: Case, fact: Fact) -> Case:
    if fact.tag == "alarm.moved":
        return case
    incident = case.incident
    same = set(fact.body["faults"]) <= set(incident.faults)
    flags = incident.flags + tuple(f for f in fact.body["flags"] if f not in incident.flags)
    return altered(
        case,
        incident=altered(
            incident, presses=incident.presses + 1, pressed_at=fact.at, flags=flags,
            kind=fact.body["kind"], priority=min(incident.priority, fact.body["priority"]),
            faults={**fact.body["faults"], **incident.faults}, cleared_at=None,
            shelved_until=incident.shelved_until if same else None,
        ),
    )  # fmt: skip


def _fault(case: Case, fact: Fact) -> Case:
    body, incident = fact.body, case.incident
    if fact.tag == "fault.joined":
        left, shelved_until = {**incident.faults, **body["faults"]}, None
    else:
        left, shelved_until = faults.without(incident.faults, body["device"], body["what"]), incident.shelved_until
    protects = faults.protects(left)
    covered_at = incident.covered_at if protects else None
    changed = altered(
        incident, faults=left, protects=protects, covered_at=covered_at, kind=body["kind"], priority=body["priority"],
        shelved_until=shelved_until,
    )  # fmt: skip
    return altered(case, incident=changed)


def _call(case: Case, fact: Fact) -> Case:
    """Her own voice counts: reached, or not; somebody else's telephone says nothing about her."""
    if fact.body["callee"] != "elder":
        return case
    missed_at = None if fact.body["result"] == "answered" else fact.at
    return altered(case, incident=altered(case.incident, missed_at=missed_at, held_until=None))


def _handoff(case: Case, fact: Fact) -> Case:
    body, known = fact.body, case.incident.handoffs
    done = {k: body[k] for k in ("why", "area", "result", "ref", "break_in") if body.get(k) is not None}
    stamp = {"prompted_at" if fact.tag == "handoff.prompted" else "made_at": fact.at.isoformat()}
    entry = {**known.get(body["service"], {}), **done, **stamp}
    return altered(case, incident=altered(case.incident, handoffs={**known, body["service"]: entry}))


def _access(case: Case, fact: Fact) -> Case:
    called_at = fact.at if fact.tag == "access.keyholder" else None
    return altered(case, incident=altered(case.incident, keys_tried=fact.body["tried"], keys_at=called_at))


def _receipt(case: Case, fact: Fact) -> Case:
    body = fact.body
    return altered(
        case,
        incident=altered(
            case.incident, receipt_stage=Stage[body["stage"].upper()], receipt_who=body["who"],
            receipt_eta_s=body["eta_s"], receipt_say=body["say"],
        ),
    )  # fmt: skip


def _job(case: Case, fact: Fact) -> Case:
    job = altered(case.job, ver=case.job.ver + 1)
    if fact.tag == "job.asked":
        return _asked(case, altered(job, wave=fact.body["wave"], wave_at=fact.at))
    if fact.tag in _JOB_MOVES:
        job = altered(job, state=after(states.JOB, job.state, fact.tag), state_at=fact.at)
    if fact.tag == "job.reopened":
        case = altered(case, assignments={k: turns.in_earlier_round(a) for k, a in case.assignments.items()})
    return altered(case, job=job)


def _asked(case: Case, job: Job) -> Case:
    """After a night the ladder begins when people are asked, not when it happened."""
    if case.incident.asks_at is None:
        return altered(case, job=job)
    return altered(case, job=job, incident=altered(case.incident, asks_at=None, rung_at=job.wave_at))


def _offer(case: Case, fact: Fact) -> Case:
    key = identifier(fact.body["offer"])
    offer = _sent(fact) if fact.tag == "offer.sent" else _answered(case.offers[key], fact)
    return altered(case, offers={**case.offers, key: offer}, job=altered(case.job, ver=case.job.ver + 1))


def _sent(fact: Fact) -> Offer:
    body = fact.body
    return Offer(
        id=identifier(body["offer"]), responder_id=body["responder"], responder_name=body.get("name", ""),
        responder_kind=body["kind"], state=OfferState.SENT, wave=body["wave"], dist_m=body["dist_m"],
        eta_s=body["eta_s"], score=body["score"], sent_at=fact.at, respond_by=instant(body["respond_by"]),
        how=body.get("how", "asked"),
    )  # fmt: skip


def _answered(offer: Offer, fact: Fact) -> Offer:
    if fact.tag == "offer.stepped":
        return altered(offer, stepped=(*offer.stepped, fact.body["step"]))
    state = after(states.OFFER, offer.state, fact.tag)
    if state == OfferState.SHOWN:
        return altered(offer, state=state, shown_at=fact.at)
    if state == OfferState.RANG:
        return altered(offer, state=state, shown_at=offer.shown_at or fact.at, rang_at=fact.at)
    return altered(offer, state=state, answered_at=fact.at, reason=fact.body.get("why"))


def _assignment(case: Case, fact: Fact) -> Case:
    key = identifier(fact.body["assignment"])
    if fact.tag == "assignment.made":
        one = _made(case.offers[identifier(fact.body["offer"])], fact)
    else:
        one = _moved(case.assignments[key], fact)
    return altered(case, assignments={**case.assignments, key: one}, job=altered(case.job, ver=case.job.ver + 1))


def _made(offer: Offer, fact: Fact) -> Assignment:
    return Assignment(
        id=identifier(fact.body["assignment"]), offer_id=offer.id, responder_id=offer.responder_id,
        responder_name=offer.responder_name, responder_kind=offer.responder_kind, role=fact.body["role"],
        slot=fact.body.get("slot", 0), state=AssignmentState.ACCEPTED, eta_s=offer.eta_s, accepted_at=fact.at,
    )  # fmt: skip


_STAMPS = MappingProxyType(
    {
        "assignment.en_route": "departed_at",
        "assignment.arrived": "arrived_at",
        "assignment.in_service": "with_elder_at",
        "assignment.stalled": "stalled_at",
        "assignment.late": "late_at",
        "assignment.lost": "lost_at",
        "assignment.checked_in": "heard_at",
        "assignment.completed": "ended_at",
        "assignment.released": "ended_at",
        "assignment.stood_down": "ended_at",
    }
)


_STAMPED_ONLY = frozenset({"assignment.stalled", "assignment.late", "assignment.lost", "assignment.checked_in"})


def _moved(one: Assignment, fact: Fact) -> Assignment:
    if fact.tag == "assignment.demoted":
        return altered(one, role="backup", slot=0)
    if fact.tag == "assignment.promoted":
        return altered(one, role="first", slot=0)
    if fact.tag == "assignment.found":
        return altered(one, lost_at=None)
    if fact.tag == "assignment.named":
        body = fact.body
        return altered(
            one, responder_id=body["person"], responder_name=body.get("name", ""), responder_kind=body["kind"],
            named_by=body["by"],
        )  # fmt: skip
    stamp: dict[str, Any] = {_STAMPS[fact.tag]: fact.at}
    stamped = altered(one, **stamp)
    if fact.tag in _STAMPED_ONLY:
        return stamped
    reason = fact.body.get("why") or one.end_reason
    return altered(stamped, state=after(states.ASSIGNMENT, one.state, fact.tag), end_reason=reason)


_ROOMS: Mapping[str, Callable[[Case, Fact], Case]] = MappingProxyType(
    {
        "incident": _incident,
        "alarm": _alarm,
        "fault": _fault,
        "receipt": _receipt,
        "call": _call,
        "message": lambda case, _: case,
        "call_back": lambda case, _: case,
        "handoff": _handoff,
        "access": _access,
        "job": _job,
        "offer": _offer,
        "assignment": _assignment,
    }
)
