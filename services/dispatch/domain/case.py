"""The case file: an incident with its job, offers and assignments. `evolve` applies a fact; nothing else changes it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain import states
from services.dispatch.domain.facts import Fact, identifier, instant
from services.dispatch.domain.states import AssignmentState, IncidentState, JobState, OfferState, after
from shared.vocabulary.alarms import Stage


@dataclass(frozen=True, slots=True)
class Incident:
    """One real-world event of one subject. `rung` is how many levels of the ladder have been rung."""

    id: str
    division: str
    state: str
    ver: int
    decided_ver: int
    subject: str
    family: str
    kind: str
    priority: int
    drill: bool
    cls: str
    flags: tuple[str, ...]
    presses: int
    home_id: str | None
    elder_id: str | None
    device_id: str | None
    linked_to: str | None
    lat: float | None
    lon: float | None
    policy: dict[str, Any]
    rung: int
    rung_at: datetime
    opened_at: datetime
    pressed_at: datetime
    nudged_at: datetime | None = None
    taken_at: datetime | None = None
    taken_by: str | None = None
    taken_name: str | None = None
    arrived_at: datetime | None = None
    with_elder_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str | None = None
    evidence: str | None = None
    evidence_by: str | None = None
    receipt_stage: int = Stage.RECORDED
    receipt_who: str | None = None
    receipt_eta_s: int | None = None
    receipt_say: str | None = None

    @property
    def ended(self) -> bool:
        """Closed, in one way or another."""
        return self.state in states.INCIDENT_ENDED


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done by people for the incident. `wave` counts how often people were asked."""

    id: UUID
    state: str
    ver: int
    wave: int
    wave_at: datetime
    state_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """The job put to one responder, with the parts of the score that ranked it."""

    id: UUID
    responder_id: str
    responder_name: str
    responder_kind: str
    state: str
    wave: int
    dist_m: int
    eta_s: int
    score: dict[str, float]
    sent_at: datetime
    respond_by: datetime
    shown_at: datetime | None = None
    rang_at: datetime | None = None
    answered_at: datetime | None = None
    reason: str | None = None

    @property
    def live(self) -> bool:
        """Waiting for an answer."""
        return self.state in states.OFFER_LIVE


@dataclass(frozen=True, slots=True)
class Assignment:
    """An accepted offer: who goes, in which role."""

    id: UUID
    offer_id: UUID
    responder_id: str
    responder_name: str
    responder_kind: str
    role: str
    state: str
    eta_s: int
    accepted_at: datetime
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    with_elder_at: datetime | None = None
    stalled_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: str | None = None

    @property
    def going(self) -> bool:
        """Accepted and not yet ended."""
        return self.state in states.GOING


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that is decided together, under one lock."""

    incident: Incident
    job: Job
    offers: Mapping[UUID, Offer] = field(default_factory=dict)
    assignments: Mapping[UUID, Assignment] = field(default_factory=dict)

    def in_role(self, role: str) -> Assignment | None:
        """Who goes in that role at present."""
        return next((a for a in self.assignments.values() if a.role == role and a.going), None)

    def of_responder(self, responder_id: str) -> Assignment | None:
        """The responder's own running assignment."""
        return next((a for a in self.assignments.values() if a.responder_id == responder_id and a.going), None)

    @property
    def joinable(self) -> bool:
        """Whether another press of the subject belongs to this incident."""
        return self.incident.state in states.JOINABLE

    @property
    def live_offers(self) -> tuple[Offer, ...]:
        """Offers that wait for an answer, oldest first."""
        return tuple(o for o in self.offers.values() if o.live)

    @property
    def asked(self) -> frozenset[str]:
        """Everybody who was asked and let it pass, or has it still; a withdrawn offer doesn't count against anyone."""
        return frozenset(o.responder_id for o in self.offers.values() if o.state != OfferState.WITHDRAWN)

    @property
    def out(self) -> frozenset[str]:
        """Those who can't be asked again: they are thinking, going, or have said no."""
        spent = (OfferState.EXPIRED, OfferState.WITHDRAWN)
        return frozenset(o.responder_id for o in self.offers.values() if o.state not in spent)


def opened(fact: Fact) -> Case:
    """The case that `incident.opened` begins."""
    body = fact.body
    incident = Incident(
        id=body["incident"], division=body["division"], state=IncidentState.OPEN, ver=1, decided_ver=1,
        subject=body["subject"], family=body["family"], kind=body["kind"], priority=body["priority"],
        drill=body["drill"], cls=body["cls"], flags=tuple(body["flags"]), presses=1, home_id=body["home"],
        elder_id=body["elder"], device_id=body["device"], linked_to=body["linked_to"], lat=body["lat"],
        lon=body["lon"], policy=body["policy"], rung=0, rung_at=fact.at, opened_at=fact.at,
        pressed_at=instant(body["pressed_at"]), receipt_say=body["say"],
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
        "alarm.joined", "incident.claimed", "incident.on_scene", "incident.with_elder",
        "incident.resolved", "incident.closed", "incident.false_alarm", "incident.reclassified",
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
        ),
    )  # fmt: skip


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
        return replace(case, job=replace(job, wave=fact.body["wave"], wave_at=fact.at))
    if any(tag == fact.tag for _, tag in states.JOB):
        job = replace(job, state=after(states.JOB, job.state, fact.tag), state_at=fact.at)
    return replace(case, job=job)


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
        "receipt": _receipt,
        "call": lambda case, _: case,
        "job": _job,
        "offer": _offer,
        "assignment": _assignment,
    }
)
