"""What happens when a wait is over. Every step moves its own deadline, so nothing is due twice."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from services.dispatch.domain.answers import expire
from services.dispatch.domain.asking import ask_first, ask_more, ask_on
from services.dispatch.domain.case import Case
from services.dispatch.domain.ending import end
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.things import cover
from services.dispatch.domain.waits import Wait, waits

Step = Callable[[Story, Wait, Situation], None]


def overdue(moment: Moment, case: Case, situation: Situation) -> Story:
    """Handle every wait that is due by now, oldest first; the case may have moved on since it was planned."""
    story = Story(case, moment)
    for wait in sorted(waits(case), key=lambda w: (w.due_at, w.kind, w.target)):
        if wait.due_at <= moment.now and wait in waits(story.case):
            _STEPS[wait.kind](story, wait, situation)
    return story


def _ladder(story: Story, _: Wait, __: Situation) -> None:
    story.tell("job.nobody_accepted", job=story.case.job.id)
    story.ring_further("nobody_accepted")


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


def _offer(story: Story, wait: Wait, situation: Situation) -> None:
    expire(story, story.case.offers[UUID(wait.target)], situation)


def _stall(story: Story, wait: Wait, situation: Situation) -> None:
    one = story.case.assignments[UUID(wait.target)]
    story.assignment("assignment.stalled", one)
    story.ring_further("stalled")
    if story.case.in_role("backup") is None:
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
        "arrival": _nudge,
        "entry": _nudge,
        "check_in": _nudge,
        "review": _nudge,
    }
)
