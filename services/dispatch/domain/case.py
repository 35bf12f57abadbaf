"""The case file: an incident with its job, offers and assignments. Only facts change it (`evolve`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from services.dispatch.domain import states
from services.dispatch.domain.policy import Policy
from services.dispatch.domain.states import OfferState
from shared.vocabulary.alarms import Family, Stage


@dataclass(frozen=True)
class Incident:
    """One real-world event of one subject. `rung` is how many levels of the ladder have been rung.

    `faults` are what is wrong with her things and not mended, by device and kind; `protects` tells that one of them
    leaves her without protection. `asks_at` is when people are asked, if they are let sleep until then.

    An order is worked as a case too: `order_id` names it, `skills` are what whoever goes must know, `hands` how many
    people are needed at once, `starts_at` when they are expected. `eager`: neighbours and family need not wait;
    `held_until`: the desk speaks with her first, and people are asked then at the latest; `quiet`: her family gets
    no message by itself, `kin` are those who would. `away_m` is how far from home she was, if that is too far to be
    there. `handoffs` are calls to 120, 110 and 119, prompted and made, by number.

    `also` are the matters of incidents that were merged into this one: their presses come here.
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
    policy: Policy
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
    order_id: str | None = None
    skills: tuple[str, ...] = ()
    hands: int = 1
    starts_at: datetime | None = None
    eager: bool = False
    held_until: datetime | None = None
    quiet: bool = False
    away_m: int | None = None
    cleared_at: datetime | None = None
    missed_at: datetime | None = None
    confirmed_at: datetime | None = None
    family_at: datetime | None = None
    kin: tuple[str, ...] = ()
    keys_tried: int = 0
    keys_at: datetime | None = None
    handoffs: dict[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    merged_into: str | None = None
    reopened_at: datetime | None = None
    shelved_until: datetime | None = None
    """搁置: what is wrong with her things has been put aside until then."""

    @property
    def ended(self) -> bool:
        """Closed, in one way or another."""
        return self.state in states.INCIDENT_ENDED

    @property
    def of_many(self) -> bool:
        """One row for many people: the desk telephones, and nobody is sent from door to door for it."""
        return self.outage_id is not None or self.family == Family.MASS


@dataclass(frozen=True)
class Job:
    """Work to be done by people for the incident. `wave` counts how often people were asked."""

    id: UUID
    state: str
    ver: int
    wave: int
    wave_at: datetime
    state_at: datetime
    created_at: datetime


@dataclass(frozen=True)
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
    how: str = "asked"
    """`asked` by the rules, `offered` by a person at the desk, `ordered`: she is sent, and may still give it back."""
    stepped: tuple[str, ...] = ()
    """Which steps up have been taken because there was no answer."""

    @property
    def live(self) -> bool:
        """Waiting for an answer."""
        return self.state in states.OFFER_LIVE


@dataclass(frozen=True)
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
    slot: int = 0
    """Which of several people in the same role."""
    late_at: datetime | None = None
    lost_at: datetime | None = None
    """Since when no console of this person can ring."""
    heard_at: datetime | None = None
    """When this person last said, with the elder, that all is well."""
    named_by: str | None = None
    """The organisation that accepted and named this person."""

    @property
    def going(self) -> bool:
        """Accepted and not yet ended."""
        return self.state in states.GOING


def matter(subject: str, family: str) -> str:
    """Alarms of one subject and family are one matter: `person/elder:E-1`."""
    return f"{family}/{subject}"


@dataclass(frozen=True)
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
    def hands_won(self) -> int:
        """How many of those needed at once go, are there, or have done their part."""
        return sum(a.state in states.STAYED and a.role in states.HANDS for a in self.assignments.values())

    @property
    def seeking(self) -> bool:
        """Whether somebody is still looked for: nobody goes, or not enough hands."""
        if self.job.state in states.SEEKING:
            return True
        if self.incident.family == Family.WANDERING and self.incident.with_elder_at is not None:
            return False
        return self.job.state in states.SHORT_OF_HANDS and self.hands_won < self.incident.hands

    @property
    def matters(self) -> tuple[str, ...]:
        """What presses belong here: its own matter, and those merged into it."""
        return (matter(self.incident.subject, self.incident.family), *self.incident.also)

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


T = TypeVar("T", Incident, Job, Offer, Assignment, Case)


def altered(thing: T, **changes: Any) -> T:
    """The same with some fields changed; TypeError for a field there is none of.

    Every fact makes new ones, and an incident has many fields: taking over the dictionary as a whole is five times as
    quick as calling the class with each.
    """
    new = object.__new__(type(thing))
    parts = new.__dict__
    parts.update(thing.__dict__)
    known = len(parts)
    parts.update(changes)
    if len(parts) != known:
        raise TypeError(f"no such field of {type(thing).__name__} in {sorted(changes)}")
    return new
