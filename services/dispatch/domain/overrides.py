"""What a person at the desk does in the rules' stead: asks, sends and takes off by name, reports by phone (电话代录).

The rules' own waits go on: nobody is forgotten because a person chose.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.dispatch.domain import answers, receipts, visit
from services.dispatch.domain.asking import put
from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.named import measured, objection
from services.dispatch.domain.refusals import NOT_ASKED, NOT_FOUND, Refusal, argument, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import AssignmentState, JobState
from services.dispatch.domain.story import Story

REASSIGNED = "reassigned"
RELEASABLE = frozenset({AssignmentState.ACCEPTED, AssignmentState.EN_ROUTE, AssignmentState.ARRIVED})
BY_PHONE = ("offer.", "assignment.", "job.", "incident.")


def offer(moment: Moment, case: Case, account: str, situation: Situation) -> Story | Refusal:
    """Ask a named person beside those whom the rules ask; she answers as everybody does."""
    named = _fit(case, situation)
    if isinstance(named, Refusal):
        return named
    if _live_offer(case, named) is not None:
        return Story(case, moment)
    story = _sought_again(Story(case, moment))
    asked = _put(story, named, "offered", situation)
    would = answers.accept(moment, story.case, asked, named.id, account)
    return would if isinstance(would, Refusal) else story


def order(moment: Moment, case: Case, account: str, situation: Situation) -> Story | Refusal:
    """Send a named person (指派): she is told so and counts as coming; she may still give it back."""
    named = _fit(case, situation)
    if isinstance(named, Refusal):
        return named
    story = _sought_again(Story(case, moment))
    asked = _live_offer(case, named) or _put(story, named, "ordered", situation)
    won = answers.accept(moment, story.case, asked, named.id, account)
    if isinstance(won, Refusal):
        return won
    return told(story, marked(won, ("offer.accepted", "assignment.made"), ordered=True))


def reassign(
    moment: Moment, case: Case, account: str, from_responder: str | None, situation: Situation
) -> Story | Refusal:
    """Take somebody off the job (改派), the first one unless told otherwise, and send the named person instead.

    Without a name the backup takes over, else people are asked anew.
    """
    one = case.of_responder(from_responder) if from_responder else case.in_role("first")
    if one is None:
        return argument("from", "not_going")
    if one.state not in RELEASABLE:
        return wrong_state(one.state)
    if situation.named is not None and (why_not := objection(situation.named, case)) is not None:
        return why_not
    story = _taken_off(Story(case, moment), one, situation)
    if situation.named is None:
        if one.role == "first":
            answers.replace_first(story, situation)
        return story
    if one.role == "first":
        story.job("job.re_offering")
    sent = order(moment, story.case, account, situation)
    return sent if isinstance(sent, Refusal) else told(story, sent)


def act_for(moment: Moment, case: Case, account: str, args: Mapping[str, Any], situation: Situation) -> Story | Refusal:
    """Write down what a responder says on the telephone, as if she had done it herself."""
    responder, act = str(args["responder"]), str(args["act"])
    done = _acted(moment, case, account, responder, act, args, situation)
    return done if isinstance(done, Refusal) else marked(done, BY_PHONE, by_phone=True, seat=account)


def _acted(
    moment: Moment, case: Case, account: str, responder: str, act: str, args: Mapping[str, Any], situation: Situation
) -> Story | Refusal:
    if act not in ("accept", "decline"):
        return visit.report(moment, case, responder, act, dict(args), situation)
    asked = [o for o in case.offers.values() if o.responder_id == responder]
    if not asked:
        return NOT_ASKED
    if act == "accept":
        return answers.accept(moment, case, asked[-1].id, responder, account)
    return answers.decline(moment, case, asked[-1].id, responder, str(args.get("reason") or "other"), situation)


def told(story: Story, more: Story) -> Story:
    """The first story, and what followed."""
    for fact in more.facts:
        story.add(fact)
    return story


def marked(story: Story, tags: tuple[str, ...], **marks: object) -> Story:
    """The same story, with these marks on facts whose tag begins so."""
    story.facts = [
        replace(fact, body={**fact.body, **marks}) if fact.tag.startswith(tags) else fact for fact in story.facts
    ]
    return story


def _fit(case: Case, situation: Situation) -> Candidate | Refusal:
    """The named person, if she may be sent there; after the end an incident must be reopened first."""
    if not case.joinable or case.incident.of_many:
        return wrong_state(case.incident.state)
    why_not = objection(situation.named, case)
    return why_not or situation.named or NOT_FOUND


def _sought_again(story: Story) -> Story:
    """After a stand-down somebody may be sent all the same."""
    if story.case.job.state == JobState.STOOD_DOWN:
        story.job("job.re_offering")
    return story


def _live_offer(case: Case, named: Candidate) -> UUID | None:
    return next((o.id for o in case.live_offers if o.responder_id == named.id), None)


def _put(story: Story, named: Candidate, how: str, situation: Situation) -> UUID:
    asked = put(story, measured(named, story.case, situation), how)
    story.job("job.offering")
    return asked


def _taken_off(story: Story, one: Assignment, situation: Situation) -> Story:
    who = None
    if situation.named is not None:
        who = receipts.called(situation.named.name, situation.named.kind)
    story.assignment("assignment.stood_down", one, why=REASSIGNED)
    story.withdraw((story.case.offers[one.offer_id],), REASSIGNED, who)
    return story
