"""What is decided about an event: who is on the list, what is known of each, when it may be closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.dispatch.domain.alarms import opening
from services.dispatch.domain.evolve import opened as case_opened
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.mass.event import CLOSED, Event, Line, Roll, evolve, opened
from services.dispatch.domain.mass.states import ELSEWHERE, PERSON, SETTLED, PersonState
from services.dispatch.domain.refusals import Refusal, argument, wrong_state
from services.dispatch.domain.states import allows
from services.dispatch.domain.story import Story
from shared.vocabulary.alarms import FIRST_PRIORITY, AlarmKind, Family

REMIND = timedelta(minutes=30)
SHOWN_AT_MOST = 50
"""How many people a refusal to close names; the rest are counted."""

Person = tuple[str, str]
"""An elder and the village where she lives."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody has found out: by telephone (with how the call went), at the door, from a list.

    `place` is where she has been taken, `with_whom` who took her; `note` explains a correction.
    """

    state: str | None
    call: str | None
    how: str
    place: str = ""
    with_whom: str = ""
    note: str = ""


class Tale:
    """A decision in the making: the list as it stands, and the facts told so far."""

    def __init__(self, roll: Roll, moment: Moment, told: tuple[Fact, ...] = ()) -> None:
        """Begin with a list; `told` are facts it already contains (its opening)."""
        self.roll = roll
        self.moment = moment
        self.facts: list[Fact] = list(told)

    def tell(self, tag: str, **body: object) -> None:
        """Add a fact about this event."""
        fact = self.moment.fact(tag, event=self.roll.event.id, **body)
        self.roll = evolve(self.roll, fact)
        self.facts.append(fact)


def open_event(moment: Moment, event: Event) -> Tale:
    """Begin a list over an area, or one of everybody whom an outage has silenced."""
    fact = moment.fact(
        "mass.opened", event=event.id, division=event.division, areas=list(event.areas), kind=event.kind,
        drill=event.drill, outage=event.outage_id, row=event.incident_id,
    )  # fmt: skip
    return Tale(opened(fact), moment, (fact,))


def open_row(moment: Moment, event: str, division: str, incident: str, *, drill: bool) -> Story:
    """One row at every desk over the area, rung until somebody takes it; nobody is asked to go."""
    fact = opening(
        moment, incident, division=division, subject=f"mass:{event}", family=Family.MASS, kind=AlarmKind.MASS,
        priority=int(FIRST_PRIORITY[AlarmKind.MASS]), pressed_at=moment.now, drill=drill,
    )  # fmt: skip
    return Story(case_opened(fact), moment, (fact,))


def enrol(tale: Tale, people: Sequence[Person], *, to: str | None, of_area: bool) -> None:
    """Put people on the list, not reached yet. `to`: how far along the area's people that brings it, None to the end.

    `of_area` is false for those of an outage, who come as their devices are told of.
    """
    if people or of_area:
        tale.tell("mass.enrolled", people=[list(p) for p in people], to=to, of_area=of_area)


def look_again(tale: Tale) -> None:
    """Somebody has come to live in its areas since the list was filled."""
    if tale.roll.event.enrolled_to is None:
        tale.tell("mass.list_reopened")


def refused(roll: Roll, elders: Iterable[str], said: Said) -> Refusal | None:
    """Why this cannot be written down about these people; nothing is written about any of them then."""
    if roll.event.state == CLOSED:
        return wrong_state(CLOSED)
    if said.state is None and said.call is None:
        return argument("state", "state_or_call_required")
    for elder in elders:
        line = roll.lines.get(elder)
        if line is None:
            return Refusal("not_on_the_list", 404, {"field": "elders", "elder": elder})
        if said.state is not None and not allows(PERSON, line.state, said.state):
            return Refusal("wrong_state", 409, {"field": "state", "elder": elder, "state": line.state})
    return _incomplete(said)


def _incomplete(said: Said) -> Refusal | None:
    reached = said.call in (None, "answered")
    if said.state not in (None, PersonState.MISSING, PersonState.NOT_REACHED) and not reached:
        return argument("call", "nobody_was_reached")
    if said.state in ELSEWHERE and not said.place.strip():
        return argument("place", "place_required")
    if said.state == PersonState.TRANSFERRED and not said.with_whom.strip():
        return argument("with_whom", "with_whom_required")
    if said.state == PersonState.NOT_REACHED and not said.note.strip():
        return argument("note", "note_required")
    return None


def mark(tale: Tale, elders: Iterable[str], said: Said, fetching: Mapping[str, str]) -> list[str]:
    """Write it down about each of them; `fetching` are the incidents in which people go for her, by elder.

    Answers the incidents that need not go on, since she needs nobody any more to fetch her.
    """
    over: list[str] = []
    for elder in elders:
        line = tale.roll.lines[elder]
        entry = {"elder": elder, "entry": tale.moment.mint(), "was": line.state, "call": said.call, "how": said.how}
        if said.state is None:
            tale.tell("mass.tried", state=line.state, **entry)
            continue
        tale.tell("mass.marked", state=said.state, transfer=fetching.get(elder), **entry)
        if line.transfer_id is not None and said.state != PersonState.NEEDS_TRANSFER:
            over.append(line.transfer_id)
    return over


def fetched(tale: Tale, elder: str) -> bool:
    """Those who went for her have ended their visit: she is where they took her. Whether that is news."""
    line = tale.roll.lines[elder]
    if line.state != PersonState.NEEDS_TRANSFER or tale.roll.event.state == CLOSED:
        return False
    tale.tell(
        "mass.marked", elder=elder, entry=tale.moment.mint(), was=line.state, state=PersonState.TRANSFERRED,
        call=None, how="job", transfer=None,
    )  # fmt: skip
    return True


def open_people(lines: Iterable[Line]) -> list[Line]:
    """Whose fate is not settled."""
    return [line for line in lines if line.state not in SETTLED]


def close(tale: Tale, unsettled: Sequence[str], named: Mapping[str, str]) -> Refusal | None:
    """End the event; everybody who is neither safe nor back home must be named, with a reason."""
    if tale.roll.event.state == CLOSED:
        return wrong_state(CLOSED)
    if tale.roll.event.enrolled_to is not None:
        return Refusal("still_enrolling")
    left = [elder for elder in unsettled if not named.get(elder, "").strip()]
    if left:
        shown = {"field": "named", "elders": sorted(left)[:SHOWN_AT_MOST], "many": len(left)}
        return Refusal("people_unsettled", 422, shown)
    for elder in sorted(unsettled):
        tale.tell("mass.named", elder=elder)
    tale.tell("mass.closed", named=len(unsettled))
    return None


def remind(tale: Tale) -> None:
    """The list is not closed: whoever keeps it is told how it stands."""
    tale.tell("mass.reminded")


def waits(event: Event) -> dict[str, datetime]:
    """When something is due by itself, by kind; nothing once the event is closed."""
    if event.state == CLOSED:
        return {}
    due = {"mass_remind": (event.reminded_at or event.opened_at) + REMIND}
    return due if event.enrolled_to is None else {**due, "mass_enrol": event.opened_at}
