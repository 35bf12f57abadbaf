"""`./yinling prove life`: any order of presses, answers, visits, decisions, lost consoles and silence, many times.

A machine of hypothesis works one case by the very decisions the service calls, and keeps the log and the rows as JSON
the way the database does. After every step `bench.proofs.verdict`, which knows no service, reads both; and what the log
tells must be the rows. A failure is printed as the shortest list of steps that leads to it.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import orjson
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bench.machine import machine
from bench.proofs import verdict
from services.dispatch.commands import ASKS_PEOPLE, DECISIONS, decide
from services.dispatch.domain import leaving, losing, merging, screens
from services.dispatch.domain.alarms import Pressed, join, open_case
from services.dispatch.domain.case import Case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.elder import Elder, Keyholder
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.matching import Candidate, Roster
from services.dispatch.domain.policy import SHIPPED, with_mode
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.contracts.commands import Actor, Command, CommandName
from shared.runtime.clock import stopwatch
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position

NOON, NIGHT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC), datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)
KINDS = ("caregiver", "nurse", "station", "guard", "volunteer", "grid_worker", "provider", "fire_post")
PEOPLE = tuple(
    Candidate(
        f"R{n}", "王", KINDS[n % 7], Position(25.6 + n / 900, 115.79), 1.2 + n % 3, 1 + n % 4, 2, n % 8 != 7,
        phone_only=n % 5 == 4, nights=n % 2 == 0, skills=frozenset({"bath"}) if n % 3 == 0 else frozenset(),
    )
    for n in range(18)
)  # fmt: skip
ELDERS = (
    None,
    Elder("E-1", sex="f", born=1936, assessment=4, lives_alone=True, home=HOME, break_in=True, contacts=(1, 2),
          keyholders=(Keyholder(1), Keyholder(2, 8, 20))),
    Elder("E-1", home=HOME, status="hospital"),
    Elder("E-1", home=HOME, plan_until=NIGHT + timedelta(days=7), dementia=True, contacts=(1,)),
)  # fmt: skip
CALLS = ("sos", "fall", "smoke", "gas", "fence_exit", "vital", "water", "low_batt")
STEPS = ("depart", "arrive", "start", "complete", "check_in", "support", "no_access", "not_found")
LEFT_OUT = ("name",)
"""Stays out of the log, which is kept for ever; the rows know it."""
UNTOLD = frozenset({"responder_name", "taken_name"})

ARGUMENTS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "claim": ({},),
    "call": ({"callee": "elder", "result": "answered"}, {"callee": "elder", "result": "no_answer"},
             {"callee": "elder", "result": "answered", "cleared": True}),
    "confirm": ({},),
    "handoff": ({"service": "120", "result": "connected", "ref": "1"}, {"service": "119", "result": "no_answer"}),
    "relocate": ({"lat": 25.61, "lon": 115.8},),
    "escalate": ({},),
    "classify": ({"priority": 1}, {"priority": 3, "reason": "误报"}, {"priority": 4, "reason": ""}),
    "stand_down": ({},),
    "close": tuple({"outcome": outcome, "evidence": evidence, "evidence_by": "王护士" if evidence != "none" else ""}
                   for outcome in ("genuine", "false_press", "hospital") for evidence in ("seen", "heard", "none")),
    "note": ({"text": "好"},),
    "answer_question": ({"question": "breathing", "answer": "no"},),
    "offer_person": ({},),
    "order_person": ({},),
    "reassign": ({}, {"responder": "R3"}),
}  # fmt: skip
"""What a desk may send about one case; who answers and who goes have their own rules below."""
OF_ANSWERS = frozenset({"accept_offer", "decline_offer", "act_for", "name_person", "hand_in", *STEPS})


class Life(RuleBasedStateMachine):
    """One case under every possible treatment."""

    def __init__(self) -> None:
        """Nobody has called yet."""
        super().__init__()
        self.number = count(1)
        self.now = NOON
        self.log: list[dict[str, Any]] = []
        self.case: Case
        self.elder: Elder | None = None
        self.policy = SHIPPED
        self.around: tuple[Candidate, ...] = PEOPLE

    @initialize(
        kind=st.sampled_from(CALLS), people=st.sampled_from([0, 1, 4, 18]), night=st.booleans(), war=st.booleans(),
        drill=st.booleans(), elder=st.sampled_from(ELDERS), place=st.booleans(),
    )  # fmt: skip
    def opens(
        self, *, kind: str, people: int, night: bool, war: bool, drill: bool, elder: Elder | None, place: bool
    ) -> None:
        """Somebody pressed, somewhere, at some hour."""
        self.now = NIGHT if night else NOON
        self.elder, self.around, self.policy = elder, PEOPLE[:people], with_mode(SHIPPED, war=war)
        pressed = self.pressed(kind, drill=drill, place=HOME if place else None)
        self.take(open_case(self.moment(), pressed, "I-1", None, self.situation()))

    @rule(kind=st.sampled_from(CALLS))
    def presses_again(self, kind: str) -> None:
        """She calls again, for the same or another thing of the same family."""
        pressed = self.pressed(kind, drill=self.case.incident.drill, place=HOME)
        if self.case.joinable and pressed.family == self.case.incident.family:
            self.take(join(self.moment(), self.case, pressed, self.situation()))

    @rule(pick=st.integers(0, 40), answer=st.sampled_from(["accept_offer", "accept_offer", "decline_offer"]))
    def answers(self, pick: int, answer: CommandName) -> None:
        """Somebody who was asked says yes or no, whatever has become of the offer."""
        offers = list(self.case.offers.values())
        if offers:
            offer = offers[pick % len(offers)]
            self.send(answer, str(offer.id), offer.responder_id, {"reason": "busy"})

    @rule(pick=st.integers(0, 8), step=st.sampled_from(STEPS), by_phone=st.booleans())
    def reports(self, pick: int, step: CommandName, by_phone: bool) -> None:  # noqa: FBT001
        """Somebody who once accepted reports a step, possible or not; or tells the desk by telephone."""
        went = list(self.case.assignments.values())
        if went:
            who = went[pick % len(went)].responder_id
            args = {"responder": who, "act": step} if by_phone else {}
            self.send("act_for" if by_phone else step, str(self.case.job.id), "" if by_phone else who, args)

    @rule(pick=st.integers(0, 8), by_desk=st.booleans())
    def hands_in(self, pick: int, by_desk: bool) -> None:  # noqa: FBT001
        """Somebody who went, or the desk, hands in a photo, at any time."""
        went = list(self.case.assignments.values())
        if went:
            who = "" if by_desk else went[pick % len(went)].responder_id
            photo = {"evidence": "e1", "what": "photo", "media": "image/jpeg", "size": 9, "sha256": "00"}
            self.send("hand_in", self.case.incident.id, who, photo)

    @rule(pick=st.integers(0, 8), whom=st.integers(0, 17))
    def names(self, pick: int, whom: int) -> None:
        """An organisation that accepted, or somebody who may not, names who is to go."""
        went = list(self.case.assignments.values())
        if went:
            by = went[pick % len(went)].responder_id
            self.send("name_person", str(self.case.job.id), by, {"responder": f"R{whom}"})

    @rule(what=st.sampled_from([(name, args) for name, several in ARGUMENTS.items() for args in several]),
          seat=st.sampled_from(["desk1", "desk2"]), who=st.integers(0, 17))  # fmt: skip
    def decides(self, what: tuple[CommandName, dict[str, Any]], seat: str, who: int) -> None:
        """A seat decides something."""
        name, args = what
        given = {"responder": f"R{who}", **args} if name in ("offer_person", "order_person") else args
        self.send(name, self.case.incident.id, "", given, seat)

    @rule(reason=st.sampled_from(["", "还在响"]))
    def reopens(self, reason: str) -> None:
        """A seat opens again what was over."""
        self.take(merging.reopen(self.moment(), self.case, reason, None, self.situation()))

    @rule(role=st.sampled_from(["desk", "responder"]), ring=st.sampled_from(["ok", "blocked"]), pick=st.integers(0, 40))
    def draws(self, role: str, ring: str, pick: int) -> None:
        """A console has drawn it."""
        offers = [None, *self.case.offers]
        self.take(screens.shown(self.moment(), self.case, role, "nurse", offers[pick % len(offers)], ring))

    @rule(pick=st.integers(0, 17))
    def is_barred(self, pick: int) -> None:
        """Somebody is blocked, or kept away by the family, while asked or on the way."""
        self.take(leaving.leave(self.moment(), self.case, f"R{pick}", "blocked", self.situation()))

    @rule(pick=st.integers(0, 17), reachable=st.booleans())
    def loses(self, pick: int, reachable: bool) -> None:  # noqa: FBT001
        """Somebody's console falls silent, or is heard again."""
        self.take(losing.heard_of(self.moment(), self.case, f"R{pick}", reachable=reachable))

    @rule(seconds=st.sampled_from([1, 6, 21, 31, 61, 130, 600, 2000, 8000, 30000, 90000]))
    def waits_on(self, seconds: int) -> None:
        """Time passes; what has become due is handled."""
        self.now += timedelta(seconds=seconds)

    @rule(people=st.sampled_from([0, 1, 4, 18]))
    def comes_and_goes(self, people: int) -> None:
        """Others are on duty now."""
        self.around = PEOPLE[:people]

    def send(self, name: CommandName, target: str, who: str, args: dict[str, Any], seat: str = "desk1") -> None:
        """A command of a responder, or of a seat, as dispatch takes it."""
        role = "responder" if who else "desk"
        actor = Actor(account=who or seat, name=who or seat, role=role, division="360733", responder=who or None)
        command = Command(name=name, target=target, actor=actor, key=str(next(self.number)), args=args)
        situation = self.situation(args.get("responder")) if name in ASKS_PEOPLE else NOTHING_KNOWN
        self.take(decide(command, self.case, self.moment(), situation))

    def situation(self, named: str | None = None) -> Situation:
        """What dispatch would find by looking round at this instant."""
        going = {a.responder_id for a in self.case.assignments.values() if a.going} if self.log else set[str]()
        free = tuple(p for p in self.around if p.id not in going)
        found = next((p for p in PEOPLE if p.id == named), None)
        place = self.elder.place if self.elder else None
        return Situation(place, self.policy, Roster(free), self.elder, named=found)

    def pressed(self, kind: str, *, drill: bool, place: Position | None) -> Pressed:
        """A press."""
        n = next(self.number)
        elder = self.elder.id if self.elder else None
        return Pressed(
            UUID(int=n), "B-1", f"B-1:1:{n}", AlarmKind(kind), "own", "elder:E-1", "360733100001", "H-1", elder, (),
            drill, place, self.now,
        )  # fmt: skip

    def moment(self) -> Moment:
        """The instant, with identifiers that are never used twice."""
        return Moment(self.now, "proof", lambda: UUID(int=next(self.number)))

    def take(self, outcome: Story | Refusal) -> None:
        """Keep what was decided, the log as JSON; then whatever is due. A refusal leaves nothing."""
        if isinstance(outcome, Refusal):
            assert outcome.code
            assert outcome.status in (404, 409, 412, 422)
            return
        self._keep(outcome)

    def _keep(self, story: Story) -> None:
        self.log += [_written(fact) for fact in story.facts]
        self.case = story.case

    @invariant()
    def holds(self) -> None:
        """What is due is done once; then log and rows agree, and no rule is broken."""
        if not self.log:
            return
        self._keep(overdue(self.moment(), self.case, self.situation()))
        again = [fact.tag for fact in overdue(self.moment(), self.case, self.situation()).facts]
        assert not again, f"due twice: {again}"
        rows = _rows(self.case)
        told = _rows(replay(_read(line) for line in self.log))
        assert told == rows, _difference(told, rows)
        file = verdict.File(self.log, rows, [_plain(asdict(w)) for w in waits(self.case)], self.now)
        assert not verdict.offences(file), verdict.offences(file)


def _plain(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def _written(fact: Fact) -> dict[str, Any]:
    body = {name: value for name, value in fact.body.items() if name not in LEFT_OUT}
    line: dict[str, Any] = _plain({"tag": fact.tag, "at": fact.at, "actor": fact.actor, "body": body})
    return line


def _read(line: dict[str, Any]) -> Fact:
    return Fact(line["tag"], line["body"], datetime.fromisoformat(line["at"]), line["actor"])


def _rows(case: Case) -> dict[str, Any]:
    """Rows as the tables hold them, without what the log leaves out."""
    held = {
        "incident": asdict(case.incident), "job": asdict(case.job),
        "offers": [asdict(o) for o in case.offers.values()],
        "assignments": [asdict(a) for a in case.assignments.values()],
    }  # fmt: skip
    rows: dict[str, Any] = _plain(held)
    for row in (rows["incident"], *rows["offers"], *rows["assignments"]):
        for name in UNTOLD & row.keys():
            row[name] = None
    return rows


def _difference(told: dict[str, Any], rows: dict[str, Any]) -> str:
    named = [
        (part, name) for part in ("incident", "job") for name in rows[part] if told[part][name] != rows[part][name]
    ]
    parts = [part for part in ("offers", "assignments") if told[part] != rows[part]]
    return f"log and rows differ: {named} {parts}"


def unproven() -> set[str]:
    """Decisions about a case that the machine never sends."""
    return set(DECISIONS) - set(ARGUMENTS) - OF_ANSWERS


def live(examples: int, steps: int = 40, machine_of: type[RuleBasedStateMachine] = Life) -> None:
    """Run so many lives of at most so many steps; raise with the shortest failing one."""
    run_state_machine_as_test(
        machine_of,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=InMemoryExampleDatabase(),
            suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink), derandomize=False,
        ),
    )  # fmt: skip


def main(
    *, examples: int = 10_000, steps: int = 40, as_json: bool = False,
    machine_of: type[RuleBasedStateMachine] = Life,
) -> int:  # fmt: skip
    """Prove, print, and return the exit code: 1 if a rule was broken."""
    before, begun = machine(), stopwatch()
    try:
        live(examples, steps, machine_of)
        broken = ""
    except AssertionError as fault:
        broken = str(fault)
    report = {
        "examples": examples, "steps": steps, "ok": not broken, "broken": broken,
        "seconds": round(stopwatch() - begun, 1), "machine": before,
    }  # fmt: skip
    lines = "\n".join(f"{name:>10}  {value}" for name, value in report.items())
    sys.stdout.write((json.dumps(report) if as_json else lines) + "\n")
    return 1 if broken else 0
