"""`./yinling replay WORLD.json`: the real decisions of dispatch under a clock of its own, without a city.

Each episode is one incident with the people around it. They are asked, answer and arrive as the world file says; the
domain decides as it does in service, and never sees an answer before it is given. Formats: docs/replay.md.
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bench.figures import percentile
from services.dispatch.domain import answers, visit
from services.dispatch.domain.alarms import Pressed, open_case
from services.dispatch.domain.asking import need_for, need_of
from services.dispatch.domain.case import Case, Offer
from services.dispatch.domain.due import overdue
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.matching import Candidate, Found, Roster, safely
from services.dispatch.domain.policy import SHIPPED
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position, distance_m
from shared.vocabulary.people import ResponderKind

BEGIN = datetime(2026, 1, 1, 4, 0, tzinfo=UTC)
LAST_S = 3600.0
PIECE = 50
"""Episodes a process is given at a time."""
KINDS = {1: AlarmKind.SOS, 2: AlarmKind.VITAL, 3: AlarmKind.WATER}
ACCEPTS, REFUSALS = 2.0, 3.5
"""What is believed of a responder nobody has asked yet: the shipped prior."""


class Given(BaseModel):
    """A part of a world file; what is not known there is an error that names the field."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Given):
    """Somebody around: degrees, metres a second; what they would say, and how long after being asked."""

    id: str
    lat: float
    lon: float
    speed_mps: Annotated[float, Field(gt=0)]
    detour: Annotated[float, Field(ge=1)] = 1.3
    answer: Literal["accept", "refuse", "silent"]
    delay_s: Annotated[float, Field(ge=0)]


class Episode(Given):
    """One incident; `ends_s` is when an ambulance ends the wait."""

    id: str
    priority: Literal[1, 2, 3]
    lat: float
    lon: float
    ends_s: float | None
    responders: tuple[Person, ...]


class World(Given):
    """A world file, version 1."""

    v: Literal[1]
    seed: int
    ambulance: bool = True
    episodes: tuple[Episode, ...]


@dataclass
class Run:
    """One episode as it is lived through."""

    episode: Episode
    case: Case | None = None
    arrivals: list[float] = field(default_factory=list)
    _queue: list[tuple[float, int, str, UUID | None]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)
    _planned: set[float] = field(default_factory=set)
    _people: dict[str, Person] = field(default_factory=dict)
    _roster: tuple[Candidate, ...] = ()
    _found: Found | None = None

    def live(self) -> "Run":
        """Until the ambulance is there, somebody has been helped, or an hour has passed."""
        self._people = {person.id: person for person in self.episode.responders}
        self._roster = tuple(_candidate(person) for person in self.episode.responders)
        alarm = self._pressed()
        need = need_for(
            NOTHING_KNOWN, SHIPPED, BEGIN, kind=alarm.kind, priority=self.episode.priority, place=alarm.place,
            canary=False, skills=(),
        )  # fmt: skip
        self._found = safely(need, self._roster)
        around = Situation(roster=Roster(self._roster, self._found))
        self._take(open_case(self._moment(0), alarm, self.episode.id, None, around))
        end = LAST_S if self.episode.ends_s is None else self.episode.ends_s
        while self._queue and self._queue[0][0] < end:
            at, _, what, offer = heappop(self._queue)
            self._happen(at, what, offer)
        return self

    @property
    def ended(self) -> Case:
        """The case as it was left."""
        assert self.case is not None
        return self.case

    def _happen(self, at: float, what: str, key: UUID | None) -> None:
        case, moment = self.ended, self._moment(at)
        if what == "due":
            self._take(overdue(moment, case, self._free(moment)))
        elif key is not None and what == "arrive":
            self._arrive(at, case.offers[key], moment)
        elif key is not None:
            self._answer(what, case.offers[key], moment)

    def _answer(self, what: str, offer: Offer, moment: Moment) -> None:
        if not offer.live:
            return  # told in time that nobody waits for the answer
        if what == "accept":
            story = answers.accept(moment, self.ended, offer.id, offer.responder_id, offer.responder_id)
        else:
            story = answers.decline(moment, self.ended, offer.id, offer.responder_id, "busy", self._free(moment))
        if isinstance(story, Story):
            self._take(story)

    def _arrive(self, at: float, offer: Offer, moment: Moment) -> None:
        """They are there even if the platform had told them to turn round on the last metres."""
        going = self.ended.of_responder(offer.responder_id)
        if going is None:
            return
        self.arrivals.append(at)
        story = visit.report(moment, self.ended, offer.responder_id, "arrive", {}, self._free(moment))
        if isinstance(story, Story):
            self._take(story)

    def _take(self, story: Story) -> None:
        """Keep what was decided; whoever was asked will answer, whoever accepted sets out at once."""
        self.case = story.case
        for fact in story.facts:
            at = _seconds(fact.at)
            if fact.tag == "offer.sent":
                person = self._people[fact.body["responder"]]
                if person.answer != "silent":
                    self._plan(at + person.delay_s, person.answer, fact.body["offer"])
            elif fact.tag == "assignment.made":
                self._plan(at + self._travel_s(fact.body["responder"]), "arrive", fact.body["offer"])
                self._departs(fact.body["responder"], at)
        for wait in waits(self.case):
            due = _seconds(wait.due_at)
            if due not in self._planned:
                self._planned.add(due)
                self._plan(due, "due", None)

    def _departs(self, responder: str, at: float) -> None:
        moment = self._moment(at)
        story = visit.report(moment, self.ended, responder, "depart", {}, self._free(moment))
        if isinstance(story, Story):
            self.case = story.case

    def _plan(self, at: float, what: str, offer: UUID | None) -> None:
        heappush(self._queue, (at, next(self._number), what, offer))

    def _free(self, moment: Moment) -> Situation:
        """Nobody moves until she goes, so those around are ranked once for a need, as the service does beforehand."""
        need = need_of(self.ended, NOTHING_KNOWN, moment.now)
        if self._found is None or self._found.need != need:
            self._found = safely(need, self._roster)
        busy = {one.responder_id for one in self.ended.assignments.values() if one.going}
        ranking = tuple(r for r in self._found.ranking if r.candidate.id not in busy)
        return Situation(roster=Roster(self._roster, replace(self._found, ranking=ranking)))

    def _travel_s(self, responder: str) -> float:
        person = self._people[responder]
        metres = distance_m(Position(person.lat, person.lon), Position(self.episode.lat, self.episode.lon))
        return metres * person.detour / person.speed_mps

    def _pressed(self) -> Pressed:
        return Pressed(
            alarm=self._mint(), device=None, eid=None, kind=KINDS[self.episode.priority], cls="own",
            subject=f"replay:{self.episode.id}", division="000000", home=None, elder=None, flags=(), drill=False,
            place=Position(self.episode.lat, self.episode.lon), at=BEGIN,
        )  # fmt: skip

    def _moment(self, at: float) -> Moment:
        return Moment(BEGIN + timedelta(seconds=at), "replay", self._mint)

    def _mint(self) -> UUID:
        return UUID(int=next(self._number) + 1)


def _candidate(person: Person) -> Candidate:
    return Candidate(
        id=person.id, name=person.id, kind=ResponderKind.CAREGIVER, position=Position(person.lat, person.lon),
        speed_mps=person.speed_mps, accepts=ACCEPTS, refusals=REFUSALS, reachable=True,
    )  # fmt: skip


def _seconds(at: datetime) -> float:
    return (at - BEGIN).total_seconds()


def line(run: Run, *, ambulance: bool) -> dict[str, Any]:
    """An episode's line."""
    ends = run.episode.ends_s
    first = min(run.arrivals, default=None)
    times = [t for t in (first, ends if ambulance else None) if t is not None]
    return {
        "id": run.episode.id,
        "alerts": len(run.ended.offers),
        "accepts": sum(1 for a in run.ended.assignments.values()),
        "arrivals_s": [round(at, 1) for at in run.arrivals],
        "first_s": round(min(times), 1) if times else None,
        "redundant": max(0, len(run.arrivals) - 1),
    }


def summary(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """What the world came to: means a head, quantiles over the episodes somebody reached."""
    reached = sorted(one["first_s"] for one in lines if one["first_s"] is not None)
    many = max(1, len(lines))
    return {
        "episodes": len(lines),
        "median_s": percentile(reached, 0.5) if reached else None,
        "p90_s": percentile(reached, 0.9) if reached else None,
        "alerts": round(sum(one["alerts"] for one in lines) / many, 3),
        "accepts": round(sum(one["accepts"] for one in lines) / many, 3),
        "redundant": round(sum(one["redundant"] for one in lines) / many, 3),
    }


def main(path: Path, *, as_json: bool = False) -> int:
    """Replay a world file; 2 with a message that names the field when it can't be read."""
    try:
        world = World.model_validate_json(path.read_bytes())
    except OSError as fault:
        sys.stderr.write(f"{path}: {fault.strerror}\n")
        return 2
    except ValidationError as fault:
        for error in fault.errors()[:5]:
            sys.stderr.write(f"{path}: {'.'.join(str(part) for part in error['loc'])}: {error['msg']}\n")
        return 2
    lines = []
    for one in _lived(world):
        lines.append(one)
        if as_json:
            sys.stdout.write(json.dumps(one) + "\n")
    total = summary(lines)
    sys.stdout.write((json.dumps(total) if as_json else _readable(total)) + "\n")
    return 0


def _lived(world: World) -> Iterator[dict[str, Any]]:
    """Every episode's line in the world's order; a large world is shared out among processes."""
    if len(world.episodes) <= PIECE:
        yield from map(partial(_line_of, ambulance=world.ambulance), world.episodes)
        return
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as crew:
        yield from crew.map(partial(_line_of, ambulance=world.ambulance), world.episodes, chunksize=PIECE)


def _line_of(episode: Episode, *, ambulance: bool) -> dict[str, Any]:
    return line(Run(episode).live(), ambulance=ambulance)


def _readable(total: dict[str, Any]) -> str:
    return "\n".join(f"{name:>10}  {value}" for name, value in total.items())
