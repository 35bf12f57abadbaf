"""From what happened to what lies in whose inbox. Order is kept; what belongs together folds into one letter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import desk_inbox, personal_inbox
from services.gateway.domain.wording import place_hint, ring_of, stamp
from shared.vocabulary.divisions import WHOLE_CELL, Division, ladder

ENDED = frozenset({"closed", "false_alarm", "merged"})
UNDER_WAY = frozenset({"accepted", "en_route", "arrived", "in_service", "completed"})
OPENS = frozenset({"incident.opened", "incident.reopened"})
"""Facts after which a desk must be rung for the incident."""
TAKES_IN = frozenset({"incident.opened", "alarm.joined"})
"""Facts by which an incident takes an alarm in."""
OFFER_ENDS = frozenset({"offer.accepted", "offer.declined", "offer.expired", "offer.withdrawn"})
TOLD_TO_ALL_GOING = frozenset(
    {
        "alarm.joined",
        "incident.absorbed",
        "incident.reopened",
        "fault.joined",
        "fault.mended",
        "incident.closed",
        "incident.cover_opened",
        "incident.false_alarm",
        "incident.relocated",
        "incident.reclassified",
        "incident.resolved",
        "job.stood_down",
        "job.closed",
    }
)


@dataclass(frozen=True, slots=True)
class Fact:
    """An event of the log, as far as inboxes care."""

    id: UUID
    tag: str
    body: Mapping[str, Any]
    division: str
    at: datetime

    @property
    def incident(self) -> str | None:
        """The incident it belongs to."""
        found = self.body.get("incident")
        return str(found) if found else None


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer and the account of who was asked (None: cannot log in)."""

    id: UUID
    job: UUID
    account: str | None
    dist_m: int
    eta_s: int
    respond_by: datetime


@dataclass(frozen=True, slots=True)
class Going:
    """Somebody with an assignment: its line for the screens, and the account to tell."""

    account: str | None
    responder: str
    job: str
    role: str
    state: str
    reason: str | None
    line: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as read after the events of a batch; `row` is the desk's row without `going`."""

    id: str
    division: Division
    state: str
    row: Mapping[str, Any]
    address: str | None
    going: tuple[Going, ...] = ()
    offers: tuple[Offer, ...] = ()
    canary: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    def desk_row(self) -> dict[str, Any]:
        """`d` of the desk's events: an IncidentRow."""
        return {**self.row, "going": [dict(g.line) for g in self.going if g.state in UNDER_WAY]}


@dataclass(frozen=True, slots=True)
class Letter:
    """One event for every existing inbox among `inboxes`."""

    inboxes: tuple[str, ...]
    id: UUID
    type: str
    at: datetime
    d: dict[str, Any]
    division: str
    exp: datetime | None = None


def desks_over(division: str) -> tuple[str, ...]:
    """Desk inboxes, existing or not, whose division covers this one."""
    covering = ladder(Division(division)) if division else ()
    return tuple(desk_inbox(code) for code in (*covering, WHOLE_CELL))


def letters(facts: Sequence[Fact], incidents: Mapping[str, Incident]) -> list[Letter]:
    """Letters of a batch in order: offers first (somebody must ring), then jobs, then one line a desk.

    A canary's incident is known only to the one who is asked: no desk is shown it.
    """
    found: list[Letter] = []
    for fact in facts:
        incident = incidents.get(fact.incident or "")
        if incident is not None and fact.tag.startswith("offer."):
            found.extend(_about_offer(fact, incident))
    for name, touching in _by_incident(facts).items():
        if name in incidents:
            found.extend(_about_jobs(touching, incidents[name]))
            if not incidents[name].canary:
                found.append(_for_desks(touching, incidents[name]))
    return found


def call_letter(fact: Fact, line: Mapping[str, Any]) -> Letter:
    """`call.incoming`, `call.opened`, `call.linked`: for the desk it came to, and the seat that it rings at."""
    seat = fact.body.get("seat")
    to = (desk_inbox(fact.division), *((personal_inbox(seat),) if seat else ()))
    return Letter(to, fact.id, fact.tag, fact.at, {**line, "seat": seat}, fact.division)


def unplaced_letter(fact: Fact) -> Letter:
    """`alarm.unplaced`: something came that could not be placed; a person decides."""
    d = {name: fact.body.get(name) for name in ("quarantine", "topic", "reason")}
    return Letter(desks_over(fact.division), fact.id, "alarm.unplaced", fact.at, d, fact.division)


def settled_letter(fact: Fact) -> Letter:
    """`alarm.settled`: somebody has bound it or looked at it; it leaves every desk."""
    d = {"quarantine": fact.body.get("quarantine")}
    return Letter(desks_over(fact.division), fact.id, "alarm.settled", fact.at, d, fact.division)


def letters_of_tests(facts: Iterable[Fact], opened_by: Mapping[str, str]) -> list[Letter]:
    """`device.tested`: the last press of each button in a test window, for the desks and the installer who waits.

    A device's test of itself is no letter, nor is a canary's. `opened_by` names installers by device.
    """
    last = {
        str(fact.body["device"]): fact
        for fact in facts
        if fact.tag == "device.tested" and fact.body.get("how") == "press" and not fact.body.get("canary")
    }
    return [_tested(device, fact, opened_by.get(device)) for device, fact in last.items()]


def _tested(device: str, fact: Fact, installer: str | None) -> Letter:
    to = (*desks_over(fact.division), *((personal_inbox(installer),) if installer else ()))
    d = {"device": device, "how": "press", "at": stamp(fact.at)}
    return Letter(to, fact.id, "device.tested", fact.at, d, fact.division)


def breach_letter(fact: Fact, place: str | None) -> Letter:
    """`platform.breach`: the platform's own alarm, or one that stands for an elder's."""
    alarm = fact.body.get("alarm") or {}
    d = {
        "check": fact.body.get("check"),
        "detail": fact.body.get("detail") or {},
        "incident": fact.incident,
        "alarm": alarm.get("alarm"),
        "place": place,
        "kind": alarm.get("kind"),
    }
    return Letter(desks_over(fact.division), fact.id, "platform.breach", fact.at, d, fact.division)


def offer_notice(offer: Offer, incident: Incident) -> dict[str, Any]:
    """`d` of `job.offered`: enough to decide, not enough to find the door."""
    row = incident.row
    return {
        "offer": str(offer.id),
        "job": str(offer.job),
        "incident": incident.id,
        "ver": row["ver"],
        "priority": row["priority"],
        "kind": row["kind"],
        "drill": row["drill"],
        "elder": {"name_masked": row["name_masked"]},
        "place": place_hint(incident.address),
        "dist_m": offer.dist_m,
        "eta_s": offer.eta_s,
        "respond_by": stamp(offer.respond_by),
        "ring": ring_of(row["priority"], drill=row["drill"]),
        "others_asked": max(0, row["asked"] - 1),
    }


def job_notice(going: Going, incident: Incident) -> dict[str, Any]:
    """`d` of `job.updated`: what a responder's own job has come to."""
    row = incident.row
    return {
        "job": going.job,
        "incident": incident.id,
        "ver": row["ver"],
        "state": row["job_state"] or incident.state,
        "role": going.role,
        "my_state": going.state,
        "presses": row["presses"],
        "note": going.reason,
    }


def _by_incident(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.incident is not None:
            found.setdefault(fact.incident, []).append(fact)
    return found


def _about_offer(fact: Fact, incident: Incident) -> Iterable[Letter]:
    offer = next((o for o in incident.offers if str(o.id) == fact.body.get("offer")), None)
    if offer is None or offer.account is None:
        return
    to = (personal_inbox(offer.account),)
    if fact.tag == "offer.accepted" and fact.body.get("ordered"):
        d = {**offer_notice(offer, incident), "ordered": True}
        yield Letter(to, fact.id, "job.offered", fact.at, d, incident.division, offer.respond_by)
    elif fact.tag == "offer.sent" and fact.body.get("how") not in ("ordered", "moved"):
        d = offer_notice(offer, incident)
        yield Letter(to, fact.id, "job.offered", fact.at, d, incident.division, offer.respond_by)
    elif fact.tag == "offer.stepped" and fact.body.get("step") == "louder":
        d = {"offer": str(offer.id), "job": str(offer.job), "incident": incident.id}
        yield Letter(to, fact.id, "offer.louder", fact.at, d, incident.division, offer.respond_by)
    elif fact.tag in OFFER_ENDS:
        yield Letter(to, fact.id, "offer.closed", fact.at, _offer_end(fact, offer, incident), incident.division)


def _offer_end(fact: Fact, offer: Offer, incident: Incident) -> dict[str, Any]:
    why = fact.body.get("why") if fact.tag == "offer.withdrawn" else None
    return {
        "offer": str(offer.id),
        "job": str(offer.job),
        "incident": incident.id,
        "why": why or fact.tag.removeprefix("offer."),
        "who": fact.body.get("who"),
    }


def _about_jobs(facts: Sequence[Fact], incident: Incident) -> Iterable[Letter]:
    for going in incident.going:
        cause = next((fact for fact in reversed(facts) if _concerns(fact, going)), None)
        if cause is not None and going.account is not None:
            to = (personal_inbox(going.account),)
            yield Letter(to, cause.id, "job.updated", cause.at, job_notice(going, incident), incident.division)


def _concerns(fact: Fact, going: Going) -> bool:
    if fact.tag.startswith("assignment.") and fact.body.get("responder") == going.responder:
        return True
    pictured = fact.tag == "incident.handed_in" and fact.body.get("what") == "person"
    told_to_all = pictured or fact.tag in TOLD_TO_ALL_GOING or fact.tag.startswith("assignment.")
    return going.state in UNDER_WAY and told_to_all


def _for_desks(facts: Sequence[Fact], incident: Incident) -> Letter:
    opened = any(fact.tag in OPENS for fact in facts)
    kind = "incident.closed" if incident.ended else "incident.opened" if opened else "incident.updated"
    taken_in = [fact.body["alarm"] for fact in facts if fact.tag in TAKES_IN and fact.body.get("alarm")]
    last, row = facts[-1], {**incident.desk_row(), "alarms": taken_in}
    return Letter(desks_over(incident.division), last.id, kind, last.at, row, incident.division)
