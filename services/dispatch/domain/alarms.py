"""An alarm opens an incident, or joins the one that is already being answered. It never disappears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.asking import ask_again, ask_first, ask_more
from services.dispatch.domain.case import Case
from services.dispatch.domain.evolve import opened
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.faults import Faults, noted
from services.dispatch.domain.policy import SHIPPED, to_data
from services.dispatch.domain.receipts import HEARD
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import SEEKING, JobState
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import FAMILY, FIRST_PRIORITY, AlarmClass, AlarmKind, Family, Priority
from shared.vocabulary.geo import Position

LINKED_WITHIN = timedelta(minutes=30)
ONE_MORE_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class Pressed:
    """What dispatch needs to know of an alarm; `place` is where help must go, if known.

    A fault that we concluded ourselves comes the same way, without an alarm; `protects`: she can't call any more.
    """

    alarm: UUID | None
    device: str | None
    eid: str | None
    kind: AlarmKind
    cls: str
    subject: str
    division: str
    home: str | None
    elder: str | None
    flags: tuple[str, ...]
    drill: bool
    place: Position | None
    at: datetime
    canary: bool = False
    fault: UUID | None = None
    protects: bool = False

    @property
    def family(self) -> Family:
        """Alarms of one family and subject are one event."""
        return FAMILY[self.kind]

    @property
    def faults(self) -> Faults:
        """What is wrong with the device itself; nothing when a person calls."""
        if self.family is not Family.DEVICE:
            return {}
        return noted(self.device, self.kind, fault=self.fault, protects=self.protects, at=self.at)


@dataclass(frozen=True, slots=True)
class Linked:
    """An earlier or neighbouring incident: the same elder within half an hour, or another in the same home."""

    id: str
    priority: int


def open_case(moment: Moment, pressed: Pressed, incident: str, linked: Linked | None, situation: Situation) -> Story:
    """Open an incident and its job, and ask the first people, all at once."""
    priority, place = FIRST_PRIORITY[pressed.kind], pressed.place or situation.place
    if linked is not None and pressed.family is Family.PERSON:
        priority = min(priority, Priority(linked.priority))
    fact = opening(
        moment, incident, alarm=pressed.alarm, device=pressed.device, eid=pressed.eid, division=pressed.division,
        subject=pressed.subject, family=pressed.family, kind=pressed.kind, priority=int(priority),
        drill=pressed.drill, cls=pressed.cls, flags=list(pressed.flags), home=pressed.home, elder=pressed.elder,
        linked_to=linked.id if linked else None, lat=place.lat if place else None, lon=place.lon if place else None,
        pressed_at=pressed.at, canary=pressed.canary,
        fault=pressed.fault, faults=pressed.faults,
    )  # fmt: skip
    story = Story(opened(fact), moment, (fact,))
    ask_first(story, situation)
    return story


def opening(moment: Moment, incident: str, **known: object) -> Fact:
    """The first fact of a case; what isn't known is said to be nothing."""
    body = {**_UNKNOWN, "policy": to_data(SHIPPED), "say": HEARD, "job": moment.mint(), **known}
    return moment.fact("incident.opened", incident=incident, **body)


_UNKNOWN: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys(("alarm", "device", "eid", "home", "elder", "linked_to", "lat", "lon", "fault")),
        **dict.fromkeys(("outage", "devices", "elders")),
        "drill": False, "canary": False, "cls": AlarmClass.OWN, "flags": [], "faults": {},
    }
)  # fmt: skip


def join(moment: Moment, case: Case, pressed: Pressed, situation: Situation) -> Story:
    """Pressed again: counted, rung again, one step more urgent, and one more person asked if nobody is coming."""
    story = Story(case, moment)
    story.tell(
        "alarm.joined", alarm=pressed.alarm, device=pressed.device, eid=pressed.eid, flags=list(pressed.flags),
        kind=_graver(case.incident.kind, pressed.kind), priority=_raised(case, pressed), faults=pressed.faults,
    )  # fmt: skip
    if case.job.state == JobState.STOOD_DOWN:
        story.job("job.re_offering")
        ask_again(story, situation)
    elif case.job.state in SEEKING and (moment.now - case.job.wave_at).total_seconds() >= ONE_MORE_AFTER_S:
        ask_more(story, situation)
    return story


def _graver(present: str, pressed: AlarmKind) -> str:
    if FIRST_PRIORITY[pressed] < FIRST_PRIORITY[AlarmKind(present)]:
        return pressed
    return present


def _raised(case: Case, pressed: Pressed) -> int:
    step = 0 if pressed.family is Family.DEVICE else 1
    return min(FIRST_PRIORITY[pressed.kind], max(Priority.P1, case.incident.priority - step))
