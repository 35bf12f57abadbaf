"""Things fail and are mended, by ones or by thousands: what that means for the people who go.

A fault opens work for its subject, or joins the work there is; the last repair ends it. Many silent at once are one
row at the desk, which telephones: nobody is sent from door to door by us.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.dispatch.domain import faults
from services.dispatch.domain.alarms import Pressed, open_case, opening
from services.dispatch.domain.asking import ask_again, ask_first
from services.dispatch.domain.case import Case, matter
from services.dispatch.domain.ending import end
from services.dispatch.domain.evolve import opened
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import SEEKING, IncidentState, JobState
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import FIRST_PRIORITY, AlarmKind, Family, Priority

MENDED = "mended"
GROUPED = "outage"
BEGINS = "outage"
OVER = "outage_over"
AT_THE_SPOT = frozenset({IncidentState.ON_SCENE, IncidentState.WITH_ELDER})


@dataclass(frozen=True, slots=True)
class Mended:
    """A fault that is over by itself, or has turned out to be part of an `outage`."""

    fault: UUID
    device: str
    kind: str
    subject: str
    outage: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """Many things silent at once in an area: how many, and how many people they belong to.

    `step` is `outage` when it begins, `outage_grew`, `outage_over` when they are back.
    """

    id: UUID
    area: str
    devices: int
    elders: int
    at: datetime
    step: str = "outage"

    @property
    def subject(self) -> str:
        """What the incident is about."""
        return f"outage:{self.id}"


News = Pressed | Mended | Outage


def answer(
    moment: Moment, news: News, cases: Iterable[Case], number: Callable[[], str], situation: Situation
) -> Story | None:
    """What one piece of news does to the cases it may concern; None: there is nothing that it changes."""
    case = next((c for c in cases if _concerns(c, news)), None)
    match news:
        case Mended():
            return mend(moment, case, news) if case is not None else None
        case Outage() if case is not None:
            return follow_outage(moment, case, news)
        case Outage():
            return open_outage(moment, news, number()) if news.step == BEGINS else None
        case Pressed():
            return (
                join_fault(moment, case, news, situation)
                if case
                else open_case(moment, news, number(), None, situation)
            )


def _concerns(case: Case, news: News) -> bool:
    if isinstance(news, Mended):
        return not case.incident.ended and faults.name(news.device, news.kind) in case.incident.faults
    if isinstance(news, Outage):
        return not case.incident.ended and case.incident.outage_id == news.id
    it = case.incident
    return case.joinable and not it.drill and matter(news.subject, news.family) in case.matters


def join_fault(moment: Moment, case: Case, fault: Pressed, situation: Situation) -> Story:
    """Something more is wrong with her things; if it takes her protection away, the night is over.

    A fault told again changes nothing, unless it has become graver.
    """
    story = Story(case, moment)
    before = case.incident.faults.get(faults.name(fault.device, fault.kind))
    if before is not None and (before["protects"] or not fault.protects):
        return story
    protected = not case.incident.protects
    known = {**case.incident.faults, **fault.faults}
    story.tell(
        "fault.joined", fault=fault.fault, device=fault.device, what=fault.kind, faults=fault.faults,
        kind=faults.gravest(known, case.incident.kind), priority=min(case.incident.priority, int(Priority.P3)),
    )  # fmt: skip
    if case.job.state == JobState.STOOD_DOWN:
        story.job("job.re_offering")
        ask_again(story, situation)
    elif protected and story.case.incident.asks_at is not None and case.job.state in SEEKING:
        ask_first(story, situation)
    return story


def mend(moment: Moment, case: Case, mended: Mended) -> Story:
    """One fault is over; with the last one the work is, unless somebody is at the spot, who then decides.

    What is part of an outage is left to the desk's telephone, unless somebody is on the way already.
    """
    story = Story(case, moment)
    left = faults.without(case.incident.faults, mended.device, mended.kind)
    story.tell(
        "fault.grouped" if mended.outage else "fault.mended", fault=mended.fault, device=mended.device,
        what=mended.kind, outage=mended.outage, kind=faults.gravest(left, case.incident.kind),
        priority=_eased(case, left),
    )  # fmt: skip
    under_way = mended.outage is not None and any(a.going for a in case.assignments.values())
    if not left and case.incident.state not in AT_THE_SPOT and not under_way:
        why = GROUPED if mended.outage else MENDED
        end(story, why, why)
    return story


def _eased(case: Case, left: faults.Faults) -> int:
    """Human cover ends with the fault that it stood in for; what a person has raised further stays."""
    over = case.incident.covered_at is not None and not faults.protects(left)
    return int(Priority.P3) if over and case.incident.priority == Priority.P2 else case.incident.priority


def open_outage(moment: Moment, outage: Outage, incident: str) -> Story:
    """One row at every desk over the area; nobody is asked to go."""
    fact = opening(
        moment, incident, division=outage.area, subject=outage.subject, family=Family.DEVICE, kind=AlarmKind.OUTAGE,
        priority=int(FIRST_PRIORITY[AlarmKind.OUTAGE]), pressed_at=outage.at, outage=outage.id,
        devices=outage.devices, elders=outage.elders,
    )  # fmt: skip
    return Story(opened(fact), moment, (fact,))


def follow_outage(moment: Moment, case: Case, outage: Outage) -> Story:
    """More have fallen silent, or all are back: then it ends, or waits for the desk that has taken it."""
    story = Story(case, moment)
    if outage.step != OVER:
        story.tell("incident.outage_grew", area=outage.area, devices=outage.devices, elders=outage.elders)
    elif case.incident.taken_by is None:
        end(story, MENDED, MENDED)
    else:
        story.job("job.stood_down")
        story.incident("incident.resolved", outcome=MENDED)
    return story


def cover(story: Story, situation: Situation) -> None:
    """Her protection has been away too long (人工守护): people stand in for the device, the desk is rung."""
    story.tell("incident.cover_opened", priority=min(story.case.incident.priority, int(Priority.P2)))
    story.ring_further("cover")
    if story.case.job.state == JobState.STOOD_DOWN:
        story.job("job.re_offering")
    if story.case.job.state in SEEKING:
        ask_first(story, situation)
