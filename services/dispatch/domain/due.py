"""What happens when a wait is over. Every step moves its own deadline, so nothing is due twice."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from services.dispatch.domain.access import next_key
from services.dispatch.domain.answers import backed, expire
from services.dispatch.domain.asking import ask_first, ask_more, ask_on, rule_of
from services.dispatch.domain.case import Case
from services.dispatch.domain.ending import end
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.kin import tell_family
from services.dispatch.domain.ladder import climb
from services.dispatch.domain.losing import raise_late, replace_lost
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.steps import step_up
from services.dispatch.domain.story import Story
from services.dispatch.domain.things import cover
from services.dispatch.domain.waits import Wait, waits
from services.dispatch.domain.wanting import want

Step = Callable[[Story, Wait, Situation], None]


ROUNDS = 5
"""A step may make something else overdue (who takes over said yes long ago); more rounds than this never follow."""


ASKS_NOBODY = frozenset({"step", "ladder", "family", "retire", "entry", "check_in", "review", "shelf"})
"""Waits whose end needs no search for people."""


def overdue(moment: Moment, case: Case, situation: Situation | None) -> Story:
    """Handle every wait that is due by now, oldest first; the case may have moved on since it was planned.

    Without a situation only those that ask nobody; the others stay due.
    """
    story = Story(case, moment)
    for _ in range(ROUNDS):
        looked, planned = story.case, waits(story.case)
        due = [w for w in planned if w.due_at <= moment.now and (situation or w.kind in ASKS_NOBODY)]
        if not due:
            break
        for wait in sorted(due, key=lambda w: (w.due_at, w.kind, w.target)):
            if story.case is not looked:
                looked, planned = story.case, waits(story.case)
            if wait in planned:
                _STEPS[wait.kind](story, wait, situation or NOTHING_KNOWN)
    return story


def _ladder(story: Story, _: Wait, __: Situation) -> None:
    story.tell("job.nobody_accepted", job=story.case.job.id)
    climb(story)


def _wave(story: Story, _: Wait, situation: Situation) -> None:
    if story.case.job.wave == 0:
        ask_first(story, situation)
    else:
        ask_on(story, situation)


def _morning(story: Story, _: Wait, situation: Situation) -> None:
    ask_first(story, situation)


def _cover(story: Story, _: Wait, situation: Situation) -> None:
    cover(story, situation)


def _retire(story: Story, _: Wait, __: Situation) -> None:
    end(story, "canary", "canary")


def _shelf(story: Story, _: Wait, __: Situation) -> None:
    story.tell("incident.unshelved", why="over")


def _offer(story: Story, wait: Wait, situation: Situation) -> None:
    expire(story, story.case.offers[UUID(wait.target)], situation)


def _stall(story: Story, wait: Wait, situation: Situation) -> None:
    one = story.case.assignments[UUID(wait.target)]
    story.assignment("assignment.stalled", one)
    story.ring_further("stalled")
    if backed(story.case) and story.case.in_role("backup") is None:
        ask_more(story, situation, 2)


def _late(story: Story, wait: Wait, situation: Situation) -> None:
    raise_late(story, story.case.assignments[UUID(wait.target)], situation)


def _lost(story: Story, wait: Wait, situation: Situation) -> None:
    replace_lost(story, story.case.assignments[UUID(wait.target)], situation)


def _step(story: Story, _: Wait, __: Situation) -> None:
    for offer in story.case.live_offers:
        step_up(story, offer, rule_of(story.case))


def _family(story: Story, _: Wait, __: Situation) -> None:
    tell_family(story, "nobody_yet")


def _access(story: Story, _: Wait, situation: Situation) -> None:
    next_key(story, situation)


def _arrival(story: Story, wait: Wait, situation: Situation) -> None:
    """No proof that anybody is there: rung again, telephoned, and others asked."""
    _nudge(story, wait, situation)
    one = story.case.assignments[UUID(wait.target)]
    want(story, "voice", ("responder", one.responder_id), "are_you_coming", good_for_s=300)
    if backed(story.case) and story.case.in_role("backup") is None:
        ask_more(story, situation, 2)


def _nudge(story: Story, wait: Wait, _: Situation) -> None:
    story.tell("incident.nudged", why=wait.kind, target=wait.target)
    story.ring_further(wait.kind)


_STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "ladder": _ladder,
        "wave": _wave,
        "morning": _morning,
        "cover": _cover,
        "retire": _retire,
        "offer": _offer,
        "stall": _stall,
        "late": _late,
        "lost": _lost,
        "step": _step,
        "family": _family,
        "access": _access,
        "arrival": _arrival,
        "entry": _nudge,
        "check_in": _nudge,
        "review": _nudge,
        "shelf": _shelf,
    }
)
