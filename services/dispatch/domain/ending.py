"""How a case ends: everybody asked or under way is told, the button too."""

from services.dispatch.domain import receipts
from services.dispatch.domain.callback import plan_call_back
from services.dispatch.domain.case import Assignment
from services.dispatch.domain.kin import tell_over
from services.dispatch.domain.states import IncidentState
from services.dispatch.domain.story import Story


def stand_everyone_down(story: Story, why: str) -> None:
    """Everyone asked or under way is told that they need not go."""
    stand_down_others(story, None, why)


def stand_down_others(story: Story, but: Assignment | None, why: str) -> None:
    """The same, but for one who is there."""
    for one in tuple(story.case.assignments.values()):
        if one.going and (but is None or one.id != but.id):
            story.assignment("assignment.stood_down", one, why=why)
            story.withdraw((story.case.offers[one.offer_id],), why)
    story.withdraw(story.case.live_offers, why)


def end(
    story: Story, why: str, outcome: str, state: str = IncidentState.CLOSED, *, evidence: str | None = None,
    by: str | None = None,
) -> None:  # fmt: skip
    """Stand everyone down, close job and incident, tell the button. `by` saw or heard her, as `evidence` says."""
    stand_everyone_down(story, why)
    story.job("job.closed")
    story.incident(f"incident.{state}", outcome=outcome, evidence=evidence, evidence_by=by)
    tell_over(story)
    plan_call_back(story)
    story.add(receipts.over(story.moment, story.case))
