"""What answers and arrivals teach about the people who gave them. Canaries and drills teach nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.dispatch.domain.case import Case
from services.dispatch.domain.facts import Fact, identifier
from services.dispatch.domain.story import Story

ANSWERS = {"offer.accepted": (1, 0), "offer.declined": (0, 1), "offer.expired": (0, 1)}
LEARNED = """
UPDATE dispatch.responder r SET
    accepts = r.accepts + l.accepts, refusals = r.refusals + l.refusals,
    -- steps up are four times as long as steps down, so it settles where four answers of five have come
    answer_s = least(600, greatest(5, r.answer_s + CASE
        WHEN l.answered_s IS NULL THEN 0 WHEN l.answered_s > r.answer_s THEN 4.8 ELSE -1.2 END)),
    slow = least(4, greatest(0.5, r.slow * CASE WHEN l.late IS NULL THEN 1 WHEN l.late THEN 1.08 ELSE 0.98 END))
FROM jsonb_to_recordset({0}) AS l(id text, accepts real, refusals real, answered_s real, late boolean)
WHERE r.id = l.id AND r.id = ANY(ARRAY(SELECT who.id FROM jsonb_to_recordset({0}) AS who(id text))) RETURNING 1
"""

Row = dict[str, Any]


def learned(stories: Sequence[Story]) -> list[Row]:
    """One row a person, in their order: how often yes and no, how long the answer took, whether later than promised."""
    rows: dict[str, Row] = {}
    for case, fact in _telling(stories):
        name = fact.body["responder"]
        row = rows.setdefault(name, {"id": name, "accepts": 0, "refusals": 0, "answered_s": None, "late": None})
        yes, no = ANSWERS.get(fact.tag, (0, 0))
        row["accepts"] += yes
        row["refusals"] += no
        row |= _times(case, fact)
    return [rows[name] for name in sorted(rows)]


def _telling(stories: Iterable[Story]) -> Iterator[tuple[Case, Fact]]:
    for story in stories:
        if story.case.incident.canary or story.case.incident.drill:
            continue
        for fact in story.facts:
            if fact.tag == "assignment.arrived" or (fact.tag in ANSWERS and not fact.body.get("ordered")):
                yield story.case, fact


def _times(case: Case, fact: Fact) -> Row:
    if fact.tag == "assignment.arrived":
        one = case.assignments[identifier(fact.body["assignment"])]
        return {"late": (fact.at - one.accepted_at).total_seconds() > one.eta_s}
    offer = case.offers[identifier(fact.body["offer"])]
    if fact.tag == "offer.expired":
        return {}
    return {"answered_s": (fact.at - offer.sent_at).total_seconds()}
