"""Any order of presses, faults, answers, visits, decisions, nights and silence: the rules of a case hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.dispatch.domain import answers, desk, handoff, losing, night, screens, states, things, visit, voice
from services.dispatch.domain.alarms import Pressed, join, open_case
from services.dispatch.domain.case import Case
from services.dispatch.domain.due import overdue
from services.dispatch.domain.elder import Elder, Keyholder
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.vocabulary.alarms import AlarmKind, Stage
from shared.vocabulary.geo import Position
from tests.around import near

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)
KINDS = ("caregiver", "nurse", "station", "guard", "volunteer")
STEPS = ("depart", "arrive", "start", "complete", "support", "no_access", "not_found")
WHAT = (
    "claim", "claim2", "call", "heard", "confirm", "handoff", "relocate", "escalate", "stand_down", "up", "down",
    "let_go",
)  # fmt: skip
PEOPLE = tuple(
    Candidate(f"R{n}", f"王{n}", KINDS[n % 5], Position(25.6 + n / 900, 115.79), 1.2 + n % 3, 1 + n % 4, 2, n % 7 != 6)
    for n in range(14)
)
WHO = (
    None,
    Elder("E-1", home=HOME, contacts=(1, 2), keyholders=(Keyholder(1, 8, 22), Keyholder(2)), break_in=True),
    Elder("E-1", home=HOME, contacts=(1,), plan_until=START + timedelta(days=3), dementia=True),
    Elder("E-1", home=HOME, contacts=(1,), status="hospital", assessment=4),
)
CANARY = Candidate("C-1", "金丝雀", "canary", HOME, 1.2, 2, 2, reachable=True)
FAULTS = ("offline", "low_batt", "mains_lost", "tamper")
OUTAGE = things.Outage(UUID(int=7), "360733100001", 40, 30, START)


def pressed(kind: str, alarm: UUID) -> Pressed:
    """A press at home."""
    return Pressed(
        alarm, "B-1", "B-1:1:1", AlarmKind(kind), "own", "elder:E-1", "360733100001", "H-1", "E-1", (), False,
        HOME, START,
    )  # fmt: skip


def broken(kind: str, at: datetime, *, protects: bool) -> Pressed:
    """A fault that we concluded ourselves."""
    return replace(pressed(kind, UUID(int=1)), alarm=None, eid=None, fault=UUID(int=5), protects=protects, at=at)


class Life(RuleBasedStateMachine):
    """One case under every possible treatment."""

    def __init__(self) -> None:
        """Stand at the start."""
        super().__init__()
        self.now = START
        self.draw = Random(1)
        self.facts: list[Fact] = []
        self.case: Case
        self.stage = 0
        self.her: Elder | None = None

    def moment(self, actor: str = "test") -> Moment:
        """The present instant, with fresh identifiers."""
        return Moment(self.now, actor, lambda: UUID(int=self.draw.getrandbits(128), version=4))

    def took(self, outcome: Story | Refusal) -> None:
        """Go on from what was decided; a refusal changes nothing."""
        if isinstance(outcome, Story):
            self.facts += outcome.facts
            self.case = outcome.case

    def busy_free(self) -> Situation:
        """Those who aren't on this job."""
        going = {a.responder_id for a in self.case.assignments.values() if a.going} if self.facts else set()
        return replace(near(*(p for p in PEOPLE if p.id not in going), CANARY), elder=self.her)

    @initialize(
        kind=st.sampled_from(["sos", "fall", "gas", "water", "vital", "fence_exit", "low_batt"]), crowd=st.booleans(),
        her=st.sampled_from(WHO),
    )  # fmt: skip
    def open(self, kind: str, crowd: bool, her: Elder | None = None) -> None:  # noqa: FBT001
        """Somebody pressed."""
        self.her = her
        around = replace(near(*PEOPLE, CANARY) if crowd else near(), elder=her)
        self.took(open_case(self.moment(), pressed(kind, UUID(int=1)), "I-2026-000001", None, around))

    @rule(kind=st.sampled_from(["sos", "fall", "vital", "tamper"]))
    def press(self, kind: str) -> None:
        """Pressed again."""
        if self.case.joinable:
            before = self.case.incident
            self.took(join(self.moment(), self.case, pressed(kind, UUID(int=2)), self.busy_free()))
            assert self.case.incident.presses == before.presses + 1
            assert self.case.incident.priority <= before.priority
            assert self.case.seeking or self.case.live_offers or self.someone_goes()

    def someone_goes(self) -> bool:
        """Somebody is under way, at the door, inside or reporting a closed door."""
        return any(a.going for a in self.case.assignments.values())

    @rule(pick=st.integers(0, 30))
    def accept(self, pick: int) -> None:
        """Somebody asked says yes."""
        self._answer(pick, lambda o, r: answers.accept(self.moment(), self.case, o, r, "u"))

    @rule(pick=st.integers(0, 30))
    def decline(self, pick: int) -> None:
        """Somebody asked says no, or gives back."""
        self._answer(pick, lambda o, r: answers.decline(self.moment(), self.case, o, r, "busy", self.busy_free()))

    def _answer(self, pick: int, decide: Callable[[UUID, str], Story | Refusal]) -> None:
        offers = list(self.case.offers.values())
        if offers:
            offer = offers[pick % len(offers)]
            if not self._elsewhere(offer.responder_id):
                self.took(decide(offer.id, offer.responder_id))

    def _elsewhere(self, responder: str) -> bool:
        return sum(a.responder_id == responder and a.going for a in self.case.assignments.values()) > 1

    @rule(pick=st.integers(0, 5), step=st.sampled_from(STEPS))
    def report(self, pick: int, step: str) -> None:
        """Somebody who accepted reports a step, possible or not."""
        going = list(self.case.assignments.values())
        if going and not self.case.incident.ended:
            who = going[pick % len(going)].responder_id
            self.took(visit.report(self.moment(), self.case, who, step, {}, self.busy_free()))

    @rule(kind=st.sampled_from(FAULTS), protects=st.booleans())
    def fault(self, kind: str, protects: bool) -> None:  # noqa: FBT001
        """Something more is wrong with her things."""
        assume(self.case.incident.family == "device" and self.case.joinable)
        asleep = night.asleep(self.case)
        fault = broken(kind, self.now, protects=protects)
        self.took(things.join_fault(self.moment(), self.case, fault, self.busy_free()))
        assert self.case.incident.protects or not protects
        assert not (asleep and protects) or self.case.job.wave > 0

    @rule(kind=st.sampled_from(FAULTS))
    def mended(self, kind: str) -> None:
        """One fault is over; the last one ends the work unless somebody is there."""
        assume(f"B-1/{kind}" in self.case.incident.faults and not self.case.incident.ended)
        there = self.case.incident.state in things.AT_THE_SPOT
        self.took(things.mend(self.moment(), self.case, things.Mended(UUID(int=5), "B-1", kind, "elder:E-1")))
        assert self.case.incident.ended == (not self.case.incident.faults and not there)

    @rule(seconds=st.sampled_from([1, 20, 31, 61, 130, 600, 2000, 8000, 30000]))
    def wait(self, seconds: int) -> None:
        """Time passes and what is due is handled; nothing stays due, and what can wait lets people sleep."""
        self.now += timedelta(seconds=seconds)
        sleeps = night.asks_at(self.case, self.now) is not None
        story = overdue(self.moment(), self.case, self.busy_free())
        assert not sleeps or "offer.sent" not in {f.tag for f in story.facts}
        self.took(story)
        again = overdue(self.moment(), self.case, self.busy_free())
        assert not again.facts, [f.tag for f in again.facts]

    @rule(pick=st.integers(0, 5), reachable=st.booleans())
    def console(self, pick: int, reachable: bool) -> None:  # noqa: FBT001
        """The console of somebody who goes falls silent, or is back."""
        going = list(self.case.assignments.values())
        if going and not self.case.incident.ended:
            who = going[pick % len(going)].responder_id
            self.took(losing.heard_of(self.moment(), self.case, who, reachable=reachable))

    @rule(role=st.sampled_from(["desk", "responder"]), kind=st.sampled_from([None, "volunteer", "nurse"]))
    def seen(self, role: str, kind: str | None) -> None:
        """A console has drawn it."""
        offers = [None, *self.case.offers]
        offer = offers[self.draw.randrange(len(offers))]
        self.took(screens.shown(self.moment(), self.case, role, kind, offer, "ok"))

    @rule(what=st.sampled_from(WHAT))
    def decide(self, what: str) -> None:
        """The desk decides something."""
        moment, case, people = self.moment(), self.case, self.busy_free()
        decisions: dict[str, Callable[[], Story | Refusal]] = {
            "claim": lambda: desk.claim(moment, case, "desk1", "陈"),
            "claim2": lambda: desk.claim(moment, case, "desk2", "刘"),
            "let_go": lambda: desk.let_go(moment, case),
            "call": lambda: voice.attempted(moment, case, "elder", "no_answer", cleared=False, situation=people),
            "heard": lambda: voice.attempted(moment, case, "elder", "answered", cleared=True, situation=people),
            "confirm": lambda: voice.confirm(moment, case, people),
            "handoff": lambda: handoff.made(moment, case, "120", "connected", "A1"),
            "relocate": lambda: desk.relocate(moment, case, 25.61, 115.8, people),
            "escalate": lambda: desk.escalate(moment, case, people),
            "stand_down": lambda: desk.stand_down(moment, case),
            "up": lambda: desk.classify(moment, case, 1, ""),
            "down": lambda: desk.classify(moment, case, 3, "误报"),
        }
        self.took(decisions[what]())

    @rule(outcome=st.sampled_from(["genuine", "false_press"]), evidence=st.sampled_from(["seen", "heard", "none"]))
    def close(self, outcome: str, evidence: str) -> None:
        """The desk closes, with or without somebody having seen or heard her."""
        args = {"outcome": outcome, "evidence": evidence, "evidence_by": "王护士" if evidence != "none" else ""}
        had, over = self.case.incident.evidence, self.case.incident.ended
        self.took(desk.close(self.moment(), self.case, args))
        if self.case.incident.ended and not over and self.case.incident.family == "person":
            assert evidence != "none" or had is not None

    @invariant()
    def at_most_one_in_each_slot(self) -> None:
        """Never two winners, never more hands than are needed."""
        slots = [(a.role, a.slot) for a in self.case.assignments.values() if a.state in states.STAYED]
        assert len(slots) == len(set(slots)) or any(a.state == "completed" for a in self.case.assignments.values())
        assert self.case.hands_won <= self.case.incident.hands or self.case.incident.hands == 1

    @invariant()
    def a_live_incident_waits_for_something(self) -> None:
        """And an ended one for nothing."""
        assert bool(waits(self.case)) != self.case.incident.ended

    @invariant()
    def canaries_are_asked_for_canaries_alone(self) -> None:
        """Nobody waits for a canary to come."""
        assert {o.responder_kind == "canary" for o in self.case.offers.values()} <= {self.case.incident.canary}

    @invariant()
    def nothing_is_left_open_when_it_ends(self) -> None:
        """Everybody asked or under way has been told."""
        if self.case.incident.ended:
            assert not self.case.live_offers
            assert not self.someone_goes()
            assert self.case.job.state == states.JobState.CLOSED

    @invariant()
    def the_log_tells_the_same(self) -> None:
        """Replaying the facts gives the case."""
        assert replay(self.facts) == self.case

    @invariant()
    def receipts_never_go_back(self) -> None:
        """What the button was told stays true."""
        told = [Stage[f.body["stage"].upper()] for f in self.facts if f.tag == "receipt.changed"]
        assert told == sorted(told)
        assert len({f.body.get("offer") for f in self.facts if f.tag == "offer.sent"}) == len(self.case.offers)


class CanaryLife(Life):
    """A canary's case under the same treatment, except that it never joins and nothing breaks."""

    @initialize(kind=st.sampled_from(["sos"]), crowd=st.booleans())
    def open(self, kind: str, crowd: bool) -> None:  # noqa: FBT001
        """The canary's device pressed."""
        alarm = replace(pressed(kind, UUID(int=1)), canary=True)
        self.took(open_case(self.moment(), alarm, "C-1", None, near(*PEOPLE, CANARY) if crowd else near(*PEOPLE)))
        assert len(self.case.offers) == crowd
        assert self.case.incident.rung == 0

    @rule(kind=st.sampled_from(["sos"]))
    def press(self, kind: str) -> None:
        """Another press is another case."""

    @invariant()
    def it_waits_for_its_end_alone(self) -> None:
        """A minute after the press it is gone, whatever happened."""
        assert {w.kind for w in waits(self.case)} <= {"retire"}
        assert self.case.incident.ended or self.now < START + timedelta(seconds=60)


class DeviceLife(Life):
    """A thing has failed: nights, repairs and people who stand in for it."""

    @initialize(kind=st.sampled_from(FAULTS), crowd=st.booleans())
    def open(self, kind: str, crowd: bool) -> None:  # noqa: FBT001
        """A fault at ten in the evening, or by day."""
        self.now += timedelta(hours=11 * crowd)
        fault = broken(kind, self.now, protects=self.draw.random() < 0.5)
        self.took(open_case(self.moment(), fault, "I-2026-000001", None, near(*PEOPLE)))
        assert bool(self.case.offers) == (fault.protects or not crowd)

    @rule(kind=st.sampled_from(["low_batt", "tamper"]))
    def press(self, kind: str) -> None:
        """The device tells of itself."""
        super().press(kind)

    @invariant()
    def somebody_stands_in_after_two_hours(self) -> None:
        """Once time has been handled, no open fault has left her alone for longer than that."""
        due = [w.due_at for w in waits(self.case) if w.kind == "cover"]
        assert all(at <= self.now + timedelta(hours=2) for at in due)
        assert self.case.incident.covered_at is None or self.case.incident.protects


class OutageLife(Life):
    """An outage under the same treatment: it grows and passes, and nobody is ever asked to go."""

    @initialize(kind=st.sampled_from(["outage"]), crowd=st.booleans())
    def open(self, kind: str, crowd: bool) -> None:  # noqa: ARG002, FBT001
        """Many fell silent."""
        self.took(things.open_outage(self.moment(), OUTAGE, "I-2026-000001"))

    @rule(kind=st.sampled_from(["outage"]))
    def press(self, kind: str) -> None:
        """Somebody's press is her own case."""

    @rule(kind=st.sampled_from(["outage"]), protects=st.booleans())
    def fault(self, kind: str, protects: bool) -> None:  # noqa: FBT001
        """A fault within an outage is no work of its own."""

    @rule(step=st.sampled_from(["outage_grew", "outage_over"]))
    def change(self, step: str) -> None:
        """More fall silent, or all are back."""
        assume(not self.case.incident.ended)
        held = self.case.incident.taken_by is not None
        wider = replace(OUTAGE, area="360733100", devices=5000, step=step)
        self.took(things.follow_outage(self.moment(), self.case, wider))
        assert self.case.incident.ended == (step == "outage_over" and not held)

    @invariant()
    def nobody_is_asked(self) -> None:
        """The desk telephones; it is rung until it takes the outage."""
        assert not self.case.offers
        seeking = self.case.job.state in states.SEEKING
        rings = seeking and self.case.incident.taken_by is None and not self.case.incident.ended
        assert ("ladder" in {w.kind for w in waits(self.case)}) == rings


class OrderLife(Life):
    """An order that needs two people, under the same treatment."""

    @initialize(kind=st.sampled_from(["order"]), crowd=st.booleans(), hours=st.sampled_from([0, 2, 48]))
    def open(self, kind: str, crowd: bool, hours: int) -> None:  # noqa: FBT001
        """Its time has come, or comes in some hours."""
        order = replace(
            pressed(kind, UUID(int=1)), alarm=None, device=None, eid=None, subject="order:O-1", order="O-1", hands=2,
            starts_at=self.now + timedelta(hours=hours),
        )  # fmt: skip
        self.took(open_case(self.moment(), order, "O-1-1", None, near(*PEOPLE) if crowd else near()))
        assert len(self.case.live_offers) == (2 if crowd else 0)

    @rule(kind=st.sampled_from(["order"]))
    def press(self, kind: str) -> None:
        """Nobody presses for an order."""

    @invariant()
    def both_pairs_of_hands_are_needed(self) -> None:
        """While one is missing it is sought; nobody is kept in reserve, nobody at 120 or at home is told."""
        running = self.case.job.state in states.SHORT_OF_HANDS
        assert not running or self.case.seeking == (self.case.hands_won < 2)
        assert {a.role for a in self.case.assignments.values() if a.going} <= {"first", "second", "backup"}
        assert "handoff.prompted" not in {f.tag for f in self.facts}
        assert not {f.body["channel"] for f in self.facts if f.tag == "message.wanted"} & {"family"}


TestOrderLife = OrderLife.TestCase
TestOrderLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDeviceLife = DeviceLife.TestCase
TestDeviceLife.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestCanaryLife = CanaryLife.TestCase
TestCanaryLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestOutageLife = OutageLife.TestCase
TestOutageLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestLife = Life.TestCase
TestLife.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


def test_a_kept_offer_survives_a_changed_name() -> None:
    """Names are no part of the story: replay without them differs in nothing else."""
    moment = Moment(START, "test", lambda: UUID(int=Random(3).getrandbits(128), version=4))
    story = open_case(moment, pressed("sos", UUID(int=1)), "I-2026-000001", None, near(PEOPLE[0]))
    bare = [replace(f, body={k: v for k, v in f.body.items() if k != "name"}) for f in story.facts]
    nameless = {k: replace(o, responder_name="") for k, o in story.case.offers.items()}
    assert replay(bare) == replace(story.case, offers=nameless)
