"""What merging, splitting and reopening do to the incident's row; `evolve` applies it."""

from dataclasses import replace
from typing import Any

from services.dispatch.domain import faults
from services.dispatch.domain.case import Assignment, Incident, matter
from services.dispatch.domain.facts import Fact
from services.dispatch.domain.states import AssignmentState

EARLIER = 100
"""Whoever completed an earlier round keeps a slot of that round, so that somebody else can win the slot now."""


def absorbed(incident: Incident, fact: Fact) -> dict[str, Any]:
    """Another incident turned out to be this one: its presses, its flags and faults count here, and its urgency."""
    body = fact.body
    left = {**body["faults"], **incident.faults}
    return {
        "presses": incident.presses + body["presses"], "also": _also(incident, body["matters"]),
        "kind": body["kind"], "priority": min(incident.priority, body["priority"]),
        "flags": (*incident.flags, *(f for f in body["flags"] if f not in incident.flags)),
        "faults": left, "protects": faults.protects(left), "eager": incident.eager or body["eager"],
        "held_until": incident.held_until if body["held"] else None, "cleared_at": None,
        "handoffs": {**body["handoffs"], **incident.handoffs}, **_known(incident, body), **_evidence(incident, body),
    }  # fmt: skip


def _also(incident: Incident, more: list[str]) -> tuple[str, ...]:
    own = matter(incident.subject, incident.family)
    return tuple(name for name in dict.fromkeys((*incident.also, *more)) if name != own)


def _known(incident: Incident, body: dict[str, Any]) -> dict[str, Any]:
    """Whose it is and where, as far as this one did not know."""
    now = {
        "elder": incident.elder_id, "home": incident.home_id, "lat": incident.lat, "lon": incident.lon
    }  # fmt: skip
    names = {"elder": "elder_id", "home": "home_id"}
    return {names.get(k, k): body[k] for k, known in now.items() if known is None and body[k] is not None}


def _evidence(incident: Incident, body: dict[str, Any]) -> dict[str, Any]:
    if incident.evidence is not None or body["evidence"] is None:
        return {}
    return {"evidence": body["evidence"], "evidence_by": body.get("evidence_by")}


def split_off(incident: Incident, fact: Fact) -> dict[str, Any]:
    """What was merged is an incident of its own again; what was pressed meanwhile stays here."""
    body = fact.body
    left = {name: one for name, one in incident.faults.items() if name not in body["faults"]}
    return {
        "presses": max(1, incident.presses - body["presses"]),
        "also": tuple(name for name in incident.also if name not in body["matters"]),
        "faults": left, "protects": faults.protects(left),
    }  # fmt: skip


def merged(_: Incident, fact: Fact) -> dict[str, Any]:
    """It goes on as another incident."""
    return {"merged_into": fact.body["into"], "closed_at": fact.at}


def reopened(_: Incident, fact: Fact) -> dict[str, Any]:
    """Open again: nobody has it, nobody has seen or heard her, the ladder begins anew."""
    over = ("closed_at", "resolved_at", "outcome", "evidence", "evidence_by", "merged_into", "taken_by", "taken_name")
    clocks = ("nudged_at", "asks_at", "held_until", "cleared_at", "missed_at", "family_at", "keys_at")
    begins = {"rung": 0, "rung_at": fact.at, "keys_tried": 0, "reopened_at": fact.at}
    return {**dict.fromkeys((*over, *clocks)), **begins}


def in_earlier_round(one: Assignment) -> Assignment:
    """A visit that was over when the incident was reopened."""
    return replace(one, slot=one.slot + EARLIER) if one.state == AssignmentState.COMPLETED else one
