"""A case in a test's hands, without a database: press, answer, let time pass, and look at what was told."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.dispatch.domain import answers, visit
from services.dispatch.domain.alarms import Pressed, join, open_case
from services.dispatch.domain.case import Assignment, Case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.matching import Candidate, Roster
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position

HOME = Position(25.6, 115.79)
BY_DAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AT_THREE = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)
KINDS = ("caregiver", "nurse", "station", "guard", "volunteer")
VILLAGE = "360733100001"


def people(many: int = 10, kinds: tuple[str, ...] = KINDS) -> tuple[Candidate, ...]:
    """So many, one after another of each kind, a hundred metres further each."""
    return tuple(
        Candidate(f"R{n}", f"王{n}", kinds[n % len(kinds)], Position(HOME.lat + n / 900, HOME.lon), 1.2, 2, 2,
                  reachable=True)
        for n in range(many)
    )  # fmt: skip


@dataclass
class Scene:
    """One case from its opening on; time moves from wait to wait."""

    situation: Situation
    now: datetime = BY_DAY
    draw: Random = field(default_factory=lambda: Random(1))
    facts: list[Fact] = field(default_factory=list)
    case: Case = field(init=False)

    def moment(self) -> Moment:
        """The present instant, with fresh identifiers."""
        return Moment(self.now, "test", lambda: UUID(int=self.draw.getrandbits(128), version=4))

    def press(self, kind: str = "sos", **more: Any) -> Case:
        """She presses; a second time if there is a case already."""
        told = {"place": None, "drill": False, **more}
        pressed = Pressed(
            self.moment().mint(), "B-1", "B-1:1:1", AlarmKind(kind), "own", "elder:E-1", VILLAGE, "H-1", "E-1", (),
            at=self.now, **told,
        )  # fmt: skip
        if self.facts:
            return self.took(join(self.moment(), self.case, pressed, self.situation))
        return self.took(open_case(self.moment(), pressed, "I-1", None, self.situation))

    def visit(self) -> Case:
        """The time of a service that was ordered for her has come."""
        ordered = Pressed(
            None, None, None, AlarmKind.ORDER, "own", "order:O-1", VILLAGE, "H-1", "E-1", (), at=self.now, place=None,
            drill=False, order="O-1", starts_at=self.now,
        )  # fmt: skip
        return self.took(open_case(self.moment(), ordered, "O-1-1", None, self.situation))

    def took(self, outcome: Story | Refusal) -> Case:
        """Go on from a decision that was not refused."""
        assert isinstance(outcome, Story), outcome
        self.case = outcome.case
        self.facts += outcome.facts
        assert replay(self.facts) == self.case
        return self.case

    def wait(self, seconds: float) -> Case:
        """Let time pass, each wait handled when it is due."""
        end = self.now + timedelta(seconds=seconds)
        while due := sorted(w.due_at for w in waits(self.case) if w.due_at <= end):
            self.now = max(self.now, due[0])
            self.took(overdue(self.moment(), self.case, self.situation))
        self.now = end
        return self.case

    def accept(self, responder: str) -> Assignment:
        """Somebody who was asked says yes."""
        offer = next(o for o in self.case.offers.values() if o.responder_id == responder)
        self.took(answers.accept(self.moment(), self.case, offer.id, responder, f"u-{responder}"))
        one = self.case.of_responder(responder)
        assert one is not None
        return one

    def report(self, responder: str, step: str, **args: Any) -> Case:
        """Somebody who goes reports a step."""
        return self.took(visit.report(self.moment(), self.case, responder, step, args, self.situation))

    def told(self, tag: str) -> list[dict[str, Any]]:
        """Bodies of every fact of this tag so far."""
        return [f.body for f in self.facts if f.tag == tag]

    def messages(self, template: str) -> list[tuple[str, str]]:
        """To whom and how messages of this template were wanted."""
        return [(m["to"], m["channel"]) for m in self.told("message.wanted") if m["template"] == template]

    @property
    def kinds(self) -> set[str]:
        """Kinds of people who have been asked so far."""
        return {o.responder_kind for o in self.case.offers.values()}

    def due(self) -> dict[str, float]:
        """What is waited for, in seconds from now."""
        return {w.kind: (w.due_at - self.now).total_seconds() for w in waits(self.case)}


def around(many: int = 10, kinds: tuple[str, ...] = KINDS, **known: Any) -> Situation:
    """So many people near her home; `known` is what else is known."""
    return replace(Situation(place=HOME, roster=Roster(people(many, kinds))), **known)
