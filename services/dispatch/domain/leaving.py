"""Who goes for an organisation, and who may not go any more: blocked, gone, or kept away by the family."""

from services.dispatch.domain.answers import replace_first
from services.dispatch.domain.asking import ask_more
from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.named import objection
from services.dispatch.domain.refusals import NOT_YOURS, Refusal, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import AssignmentState
from services.dispatch.domain.story import Story


def leave(moment: Moment, case: Case, responder: str, why: str, situation: Situation) -> Story:
    """Take back what this person was asked or had accepted; somebody else is asked. Who is with the elder stays."""
    story = Story(case, moment)
    live = tuple(o for o in case.live_offers if o.responder_id == responder)
    story.withdraw(live, why)
    one = case.of_responder(responder)
    if one is not None and one.state != AssignmentState.IN_SERVICE:
        _release(story, one, why, situation)
    elif live and story.case.seeking:
        ask_more(story, situation, len(live))
    return story


def _release(story: Story, one: Assignment, why: str, situation: Situation) -> None:
    story.withdraw((story.case.offers[one.offer_id],), why)
    story.assignment("assignment.released", one, why=why)
    if one.role == "first":
        replace_first(story, situation)
    elif story.case.seeking:
        ask_more(story, situation)


def name_person(moment: Moment, case: Case, by: str, named: Candidate | None) -> Story | Refusal:
    """The organisation that accepted names who goes (机构派员); until that person is under way it may name another."""
    mine = next((a for a in case.assignments.values() if a.going and by in (a.responder_id, a.named_by)), None)
    if mine is None:
        return NOT_YOURS
    if named is not None and named.id == mine.responder_id:
        return Story(case, moment)
    refused = objection(named, case)
    if named is None or refused is not None:
        return refused or NOT_YOURS
    if mine.state != AssignmentState.ACCEPTED:
        return wrong_state(mine.state)
    story = Story(case, moment)
    story.assignment("assignment.named", mine, person=named.id, name=named.name, kind=named.kind, by=by)
    return story
