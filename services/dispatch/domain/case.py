"""The case file: an incident with its job, offers and assignments. Only facts change it (`evolve`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain import states
from services.dispatch.domain.states import OfferState
from shared.vocabulary.alarms import Stage


@dataclass(frozen=True, slots=True)
class Incident:
    """One real-world event of one subject. `rung` is how many levels of the ladder have been rung.

    `faults` are what is wrong with her things and not mended, by device and kind; `protects` tells that one of them
    leaves her without protection. `asks_at` is when people are asked, if they are let sleep until then.
    """

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
    canary: bool = False
    protects: bool = False
    faults: dict[str, Any] = field(default_factory=dict)
    asks_at: datetime | None = None
    covered_at: datetime | None = None
    outage_id: UUID | None = None
    outage_devices: int | None = None
    outage_elders: int | None = None

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
