"""She is called within a day after help has been with her: a piece of work of its own, which the desk lists."""

from datetime import timedelta

from services.dispatch.domain.states import AssignmentState
from services.dispatch.domain.story import Story
from services.dispatch.domain.urgency import HERSELF


def plan_call_back(story: Story) -> None:
    """Where somebody has been with her, and she is at home."""
    it = story.case.incident
    helped = any(a.state == AssignmentState.COMPLETED or a.with_elder_at for a in story.case.assignments.values())
    if not helped or it.family not in HERSELF or it.drill or it.canary or it.quiet or it.elder_id is None:
        return
    due_at = story.moment.now + timedelta(seconds=it.policy.call_back_s)
    story.tell("call_back.planned", elder=it.elder_id, due_at=due_at)
