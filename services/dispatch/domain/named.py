"""Somebody whom a person at the desk names: what speaks against sending this person, whoever wants it."""

from dataclasses import replace

from services.dispatch.domain.case import Case
from services.dispatch.domain.matching import POSTS, Candidate, Ranked, ranked
from services.dispatch.domain.policy import NOT_INDOORS
from services.dispatch.domain.refusals import Refusal, argument
from services.dispatch.domain.situation import Situation
from shared.vocabulary.geo import Position
from shared.vocabulary.people import ResponderKind

UNDER_WAY = 0


def objection(named: Candidate | None, case: Case) -> Refusal | None:
    """Why this person can't be sent there; everything else, duty and distance too, is for the desk to judge."""
    if named is None or named.kind == ResponderKind.CANARY:
        return argument("responder", "unknown_responder")
    if named.blocked or named.relation == "excluded":
        return Refusal("barred", params={"field": "responder", "why": "blocked" if named.blocked else "excluded"})
    if case.incident.kind in NOT_INDOORS and named.kind not in POSTS:
        return Refusal("not_inside", params={"field": "responder", "kind": case.incident.kind})
    if case.of_responder(named.id) is not None:
        return Refusal("already_going", params={"field": "responder"})
    if named.busy == UNDER_WAY:
        return Refusal("already_under_way", params={"field": "responder"})
    return None


def measured(named: Candidate, case: Case, situation: Situation) -> Ranked:
    """How far it is for this person, and the score she would have, whatever the rules say of asking her."""
    it = case.incident
    place = Position(it.lat, it.lon) if it.lat is not None and it.lon is not None else situation.place
    return ranked([replace(named, busy=None, on_duty=True)], place)[0]
