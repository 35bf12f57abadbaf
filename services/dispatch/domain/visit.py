"""What the one who goes reports: under way, at the door, with the elder, done, or why not."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from services.dispatch.domain import receipts, whereabouts
from services.dispatch.domain.access import next_key
from services.dispatch.domain.answers import lead
from services.dispatch.domain.asking import ask_more
from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.ending import end, stand_down_others, stand_everyone_down
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.kin import tell_arrived
from services.dispatch.domain.refusals import NOT_YOURS, Refusal, wrong_state
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import HANDS, AssignmentState
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import Family

A = AssignmentState
THERE = frozenset({A.ARRIVED, A.IN_SERVICE})
SUPPORT = 3

Args = Mapping[str, Any]
Step = Callable[[Story, Assignment, Args, Situation], None]


def report(moment: Moment, case: Case, responder: str, step: str, args: Args, situation: Situation) -> Story | Refusal:
    """Apply a responder's step. Repeating one changes nothing; one that comes too early is refused."""
    mine = case.of_responder(responder)
    if mine is None:
        return _after_the_end(case, responder, step, moment)
    if mine.state in _DONE[step]:
        return Story(case, moment)
    if mine.state not in _FROM[step] or (step == "complete" and not _seen(case, mine)):
        return wrong_state(mine.state)
    story = Story(case, moment)
    if mine.role == "backup" and case.in_role("first") is None and case.seeking:
        lead(story, mine)
    _STEPS[step](story, story.case.assignments[mine.id], args, situation)
    return story


def _seen(case: Case, mine: Assignment) -> bool:
    """Who is lost has been found only when somebody is with her."""
    return case.incident.family != Family.WANDERING or mine.state == A.IN_SERVICE


def _after_the_end(case: Case, responder: str, step: str, moment: Moment) -> Story | Refusal:
    last = [a for a in case.assignments.values() if a.responder_id == responder]
    if step == "complete" and last and last[-1].state == A.COMPLETED:
        return Story(case, moment)
    return wrong_state(last[-1].state) if last else NOT_YOURS


def _when(story: Story, mine: Assignment, args: Args) -> Mapping[str, Any]:
    return whereabouts.pressed(args, mine, story.moment.now)


def _depart(story: Story, mine: Assignment, args: Args, _: Situation) -> None:
    story.assignment("assignment.en_route", mine, **_when(story, mine, args))
    if mine.role == "first":
        story.job("job.en_route")


def _arrive(story: Story, mine: Assignment, args: Args, _: Situation) -> None:
    door = whereabouts.at_the_door(args, story.case.incident)
    story.assignment("assignment.arrived", mine, **_when(story, mine, args), **door)
    story.job("job.arrived")
    story.incident("incident.on_scene")
    story.add(receipts.there(story.moment, story.case, mine))
    tell_arrived(story, mine)
    if not story.case.seeking or story.case.incident.hands == 1:
        story.withdraw(story.case.live_offers, "taken", receipts.called(mine.responder_name, mine.responder_kind))


def _start(story: Story, mine: Assignment, args: Args, situation: Situation) -> None:
    if mine.arrived_at is None:
        _arrive(story, mine, {}, situation)
    story.assignment("assignment.in_service", mine, **_when(story, mine, args))
    story.job("job.in_service")
    story.incident("incident.with_elder", who=receipts.called(mine.responder_name, mine.responder_kind))
    if story.case.incident.family == Family.WANDERING:
        stand_down_others(story, mine, "found")


def _complete(story: Story, mine: Assignment, args: Args, _: Situation) -> None:
    why = args.get("outcome", "helped")
    story.assignment("assignment.completed", mine, why=why, **_when(story, mine, args))
    if any(a.role in HANDS and a.state in THERE for a in story.case.assignments.values()):
        return
    story.job("job.completed")
    if story.case.incident.family == Family.ORDER:
        end(story, "done", args.get("outcome", "helped"))
        return
    story.incident("incident.resolved", outcome=args.get("outcome", "helped"))
    stand_everyone_down(story, "done")


def _check_in(story: Story, mine: Assignment, args: Args, _: Situation) -> None:
    story.assignment("assignment.checked_in", mine, **_when(story, mine, args))


def _support(story: Story, mine: Assignment, args: Args, situation: Situation) -> None:
    need = args.get("need", "hands")
    story.tell("incident.support_asked", responder=mine.responder_id, need=need)
    story.ring_further("ambulance" if need == "ambulance" else "support")
    if story.case.in_role("backup") is None:
        ask_more(story, situation, SUPPORT, wanted=True)


def _no_access(story: Story, mine: Assignment, _: Args, situation: Situation) -> None:
    story.job("job.no_access", responder=mine.responder_id)
    story.ring_further("no_access")
    if story.case.incident.family != Family.ORDER:  # she may be out; what is missed raises a welfare check
        next_key(story, situation)


def _not_found(story: Story, mine: Assignment, _: Args, __: Situation) -> None:
    if story.case.incident.family != Family.WANDERING:
        story.job("job.not_found", responder=mine.responder_id)
    story.ring_further("not_found")


_STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "depart": _depart,
        "arrive": _arrive,
        "start": _start,
        "complete": _complete,
        "check_in": _check_in,
        "support": _support,
        "no_access": _no_access,
        "not_found": _not_found,
    }
)
_FROM: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "depart": frozenset({A.ACCEPTED}),
        "arrive": frozenset({A.ACCEPTED, A.EN_ROUTE}),
        "start": frozenset({A.ACCEPTED, A.EN_ROUTE, A.ARRIVED}),
        "complete": frozenset({A.ARRIVED, A.IN_SERVICE}),
        "check_in": frozenset({A.IN_SERVICE}),
        "support": frozenset({A.ACCEPTED, A.EN_ROUTE, A.ARRIVED, A.IN_SERVICE}),
        "no_access": frozenset({A.ARRIVED}),
        "not_found": frozenset({A.ARRIVED}),
    }
)
_DONE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "depart": frozenset({A.EN_ROUTE, A.ARRIVED, A.IN_SERVICE}),
        "arrive": frozenset({A.ARRIVED, A.IN_SERVICE}),
        "start": frozenset({A.IN_SERVICE}),
        "complete": frozenset(),
        "check_in": frozenset(),
        "support": frozenset(),
        "no_access": frozenset(),
        "not_found": frozenset(),
    }
)
