"""An alarm opens an incident, or joins the one that is already being answered. It never disappears."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain import handoff
from services.dispatch.domain.asking import ask_again, ask_first, ask_more
from services.dispatch.domain.case import Case
from services.dispatch.domain.elder import NOT_AT_HOME_M, away_m
from services.dispatch.domain.evolve import opened
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.faults import Faults, noted
from services.dispatch.domain.kin import kin_of, tell_family
from services.dispatch.domain.policy import SHIPPED, to_data
from services.dispatch.domain.receipts import HEARD, heard
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.states import JobState
from services.dispatch.domain.story import Story
from services.dispatch.domain.urgency import Urgency, weighed
from services.dispatch.domain.wanting import want
from shared.vocabulary.alarms import FAMILY, FIRST_PRIORITY, AlarmClass, AlarmKind, Family, Priority
from shared.vocabulary.geo import Position, distance_m

LINKED_WITHIN = timedelta(minutes=30)
ONE_MORE_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class Pressed:
    """What dispatch needs to know of an alarm; `place` is where help must go, if known.

    A fault that we concluded ourselves comes the same way, without an alarm; `protects`: she can't call any more.
    So does an order whose time has come, with what is needed for it.
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
    order: str | None = None
    skills: tuple[str, ...] = ()
    hands: int = 1
    starts_at: datetime | None = None

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
    place = pressed.place or situation.place
    it = _weighed(moment, pressed, linked, situation)
    fact = opening(
        moment, incident, alarm=pressed.alarm, device=pressed.device, eid=pressed.eid, division=pressed.division,
        subject=pressed.subject, family=pressed.family, kind=pressed.kind, priority=int(it.priority),
        drill=pressed.drill, cls=pressed.cls, flags=list(pressed.flags), home=pressed.home, elder=pressed.elder,
        linked_to=linked.id if linked else None, lat=place.lat if place else None, lon=place.lon if place else None,
        pressed_at=pressed.at, canary=pressed.canary,
        fault=pressed.fault, faults=pressed.faults, policy=to_data(situation.policy), say=heard(pressed.kind),
        order=pressed.order, skills=list(pressed.skills), hands=_hands(pressed, situation),
        starts_at=pressed.starts_at, raised=list(it.why), eager=it.eager, held_until=it.held_until, quiet=it.quiet,
        away_m=it.away_m, kin=kin_of(situation),
    )  # fmt: skip
    story = Story(opened(fact), moment, (fact,))
    _tell_first(story)
    ask_first(story, situation)
    return story


def foreseen(pressed: Pressed, situation: Situation, now: datetime) -> int:
    """The priority it will open with, unless an earlier incident makes it graver."""
    first = FIRST_PRIORITY[pressed.kind]
    return first if pressed.canary else weighed(pressed.kind, pressed.family, first, situation, now, None).priority


def _weighed(moment: Moment, pressed: Pressed, linked: Linked | None, situation: Situation) -> Urgency:
    priority = FIRST_PRIORITY[pressed.kind]
    if linked is not None and pressed.family is Family.PERSON:
        priority = min(priority, Priority(linked.priority))
    if pressed.canary:
        return Urgency(priority, (), eager=False, held_until=None, quiet=False, away_m=None)
    return weighed(pressed.kind, pressed.family, priority, situation, moment.now, pressed.place)


def _hands(pressed: Pressed, situation: Situation) -> int:
    """As many as an order needs; as many searchers as the policy keeps."""
    return situation.policy.searchers if pressed.family is Family.WANDERING else pressed.hands


def _tell_first(story: Story) -> None:
    """Whom the desk must telephone; who hears of it before anybody has it; the desk first, where it speaks first."""
    handoff.prompt_first(story)
    if story.case.incident.family == Family.FIRE and story.case.incident.elder_id is not None:
        want(story, "voice", ("elder", story.case.incident.elder_id), "come_out", good_for_s=600)
    if story.case.incident.eager:
        tell_family(story, "at_once")
    if story.case.incident.held_until is not None:
        story.tell("incident.held", until=story.case.incident.held_until)


def opening(moment: Moment, incident: str, **known: object) -> Fact:
    """The first fact of a case; what isn't known is said to be nothing."""
    policy = known.get("policy") or to_data(SHIPPED)
    body = {**_UNKNOWN, "say": HEARD, "job": moment.mint(), **known, "policy": policy}
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
    moved = _moved(story, pressed, situation)
    if case.job.state == JobState.STOOD_DOWN:
        story.job("job.re_offering")
        ask_again(story, situation)
    elif moved and case.seeking:
        ask_again(story, situation)
    elif case.seeking and (moment.now - case.job.wave_at).total_seconds() >= ONE_MORE_AFTER_S:
        ask_more(story, situation)
    return story


def _moved(story: Story, pressed: Pressed, situation: Situation) -> bool:
    """She was last seen somewhere else: help goes there, and those under way are told."""
    it, place = story.case.incident, pressed.place
    if place is None or it.lat is None or it.lon is None:
        return False
    if distance_m(place, Position(it.lat, it.lon)) <= NOT_AT_HOME_M:
        return False
    story.tell(
        "incident.relocated", lat=place.lat, lon=place.lon, why="seen", away_m=away_m(situation.elder, place)
    )  # fmt: skip
    return True


def _graver(present: str, pressed: AlarmKind) -> str:
    if FIRST_PRIORITY[pressed] < FIRST_PRIORITY[AlarmKind(present)]:
        return pressed
    return present


def _raised(case: Case, pressed: Pressed) -> int:
    step = 0 if pressed.family is Family.DEVICE else 1
    return min(FIRST_PRIORITY[pressed.kind], max(Priority.P1, case.incident.priority - step))
