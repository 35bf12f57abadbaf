"""What a person at the desk may do in the rules' stead, on two cases at once: nothing and nobody is lost by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.dispatch.domain import desk, merging, overrides, states
from services.dispatch.domain.alarms import Pressed, join, open_case
from services.dispatch.domain.case import Case, matter
from services.dispatch.domain.due import overdue
from services.dispatch.domain.evolve import replay
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.merging import Alarm
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.situation import Situation
from services.dispatch.domain.story import Story
from services.dispatch.domain.waits import waits
from shared.vocabulary.alarms import AlarmKind
from shared.vocabulary.geo import Position
from tests.around import near

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)
KINDS = ("caregiver", "nurse", "station", "guard", "volunteer")
ACTS = ("accept", "decline", "depart", "arrive", "start", "complete", "support", "no_access", "not_found")
PEOPLE = tuple(
    Candidate(f"R{n}", f"王{n}", KINDS[n % 5], Position(25.6 + n / 900, 115.79), 1.2, 2, 2, reachable=n != 3)
    for n in range(9)
)
ONE, OTHER = "I-2026-000001", "I-2026-000002"


def pressed(subject: str, kind: str = "sos") -> Pressed:
    """A press at home."""
    return Pressed(
        UUID(int=len(subject)), "B-1", "B-1:1:1", AlarmKind(kind), "own", subject, "360733100001", "H-1",
        subject.removeprefix("elder:"), (), False, HOME, START,
    )  # fmt: skip


class House(RuleBasedStateMachine):
    """A couple's two cases under every possible treatment."""

    def __init__(self) -> None:
        """Stand at the start."""
        super().__init__()
        self.now = START
        self.draw = Random(1)
        self.facts: dict[str, list[Fact]] = {}
        self.cases: dict[str, Case] = {}

    def moment(self, actor: str = "account:desk1") -> Moment:
        """The present instant, with fresh identifiers."""
        return Moment(self.now, actor, lambda: UUID(int=self.draw.getrandbits(128), version=4))

    def took(self, *outcomes: Story | Refusal) -> None:
        """Go on from what was decided; a refusal changes nothing."""
        for outcome in outcomes:
            if isinstance(outcome, Story):
                name = outcome.case.incident.id
                self.facts.setdefault(name, []).extend(outcome.facts)
                self.cases[name] = outcome.case

    def around(self, name: str | None = None) -> Situation:
        """Everybody who is under way nowhere, and somebody who is named."""
        going = {a.responder_id for c in self.cases.values() for a in c.assignments.values() if a.going}
        free = near(*(p for p in PEOPLE if p.id not in going))
        if name is None:
            return free
        who = next(p for p in PEOPLE if p.id == name)
        return replace(free, named=replace(who, busy=0 if name in going else None))

    def one(self, pick: int) -> Case:
        """One of the cases."""
        return self.cases[sorted(self.cases)[pick % len(self.cases)]]

    def answered(self, case: Case, but: Case | None) -> str | None:
        """Another live incident of its matters."""
        others = [c for c in self.cases.values() if c not in (case, but) and c.joinable]
        return next((c.incident.id for c in others if set(c.matters) & set(case.matters)), None)

    @initialize(kind=st.sampled_from(["sos", "fall"]))
    def open(self, kind: str) -> None:
        """Both have pressed."""
        self.took(open_case(self.moment(), pressed("elder:E-1"), ONE, None, self.around()))
        self.took(open_case(self.moment(), pressed("elder:E-2", kind), OTHER, None, self.around()))

    @rule(pick=st.integers(0, 1))
    def press(self, pick: int) -> None:
        """One of them presses again: it joins whichever case her matter is in, or opens one."""
        subject = f"elder:E-{pick + 1}"
        there = [c for c in self.cases.values() if c.joinable and matter(subject, "person") in c.matters]
        assert len(there) <= 1
        if there:
            self.took(join(self.moment(), there[0], pressed(subject), self.around()))
        else:
            name = f"I-2026-{len(self.cases) + 1:06}"
            self.took(open_case(self.moment(), pressed(subject), name, None, self.around()))

    @rule(pick=st.integers(0, 3), who=st.integers(0, 30), act=st.sampled_from(ACTS))
    def says(self, pick: int, who: int, act: str) -> None:
        """Somebody tells it on the telephone; what comes at the wrong time is refused."""
        case = self.one(pick)
        asked = [o.responder_id for o in case.offers.values()] or ["R0"]
        elsewhere = {
            a.responder_id for c in self.cases.values() if c is not case for a in c.assignments.values() if a.going
        }
        name = asked[who % len(asked)]
        if not case.incident.ended and not (act == "accept" and name in elsewhere):
            args = {"responder": name, "act": act}
            self.took(overrides.act_for(self.moment(), case, "desk1", args, self.around()))

    @rule(pick=st.integers(0, 3), name=st.sampled_from([p.id for p in PEOPLE]), how=st.booleans())
    def names(self, pick: int, name: str, how: bool) -> None:  # noqa: FBT001
        """The desk asks or sends somebody by name; who is sent has a running assignment."""
        decide = overrides.order if how else overrides.offer
        outcome = decide(self.moment(), self.one(pick), "desk1", self.around(name))
        self.took(outcome)
        if isinstance(outcome, Story) and how:
            assert outcome.case.of_responder(name) is not None

    @rule(pick=st.integers(0, 3), name=st.sampled_from([None, *(p.id for p in PEOPLE)]))
    def reassign(self, pick: int, name: str | None) -> None:
        """The desk takes the first one off and lets somebody else go."""
        case = self.one(pick)
        first = case.in_role("first")
        outcome = overrides.reassign(self.moment(), case, "desk1", None, self.around(name))
        self.took(outcome)
        if isinstance(outcome, Story):
            assert first is not None
            assert outcome.case.of_responder(first.responder_id) is None
            assert outcome.case.seeking or outcome.case.in_role("first") is not None

    @rule(pick=st.integers(0, 3), into=st.integers(0, 3))
    def merge(self, pick: int, into: int) -> None:
        """Two turn out to be one: whoever was going still goes, and every press is counted."""
        case, stays = self.one(pick), self.one(into)
        outcome = merging.merge(self.moment(), case, stays, [Alarm(UUID(int=3), "B-1", "B-1:1:1")], self.around())
        if isinstance(outcome, Refusal):
            return
        self.took(*outcome)
        after = self.cases[stays.incident.id]
        assert after.incident.presses == stays.incident.presses + case.incident.presses
        assert after.incident.priority <= min(stays.incident.priority, case.incident.priority)
        assert case.in_role("first") is None or after.in_role("first") is not None

    @rule(pick=st.integers(0, 3), other=st.integers(0, 3))
    def split(self, pick: int, other: int) -> None:
        """What was merged is taken out again, and people are asked for it."""
        source, apart = self.one(pick), self.one(other)
        live = self.answered(apart, but=source)
        outcome = merging.split(self.moment(), source, apart, [], live, self.around())
        if isinstance(outcome, Refusal):
            return
        self.took(*outcome)
        assert outcome[1].case.joinable
        assert outcome[1].case.seeking

    @rule(pick=st.integers(0, 3), reason=st.sampled_from(["", "女儿说没人来过"]))
    def reopen(self, pick: int, reason: str) -> None:
        """It was not over; later than half an hour only with a reason."""
        case = self.one(pick)
        live = self.answered(case, but=None)
        outcome = merging.reopen(self.moment(), case, reason, live, self.around())
        self.took(outcome)
        if isinstance(outcome, Story):
            assert outcome.case.incident.evidence is None
            assert reason or self.now - (case.incident.closed_at or self.now) <= merging.REOPEN_FREELY

    @rule(pick=st.integers(0, 3), what=st.sampled_from(["claim", "stand_down", "close", "relocate", "down"]))
    def decide(self, pick: int, what: str) -> None:
        """What a desk always could."""
        moment, case = self.moment(), self.one(pick)
        ending = {"outcome": "genuine", "evidence": "seen", "evidence_by": "王护士"}
        decisions: dict[str, Callable[[], Story | Refusal]] = {
            "claim": lambda: desk.claim(moment, case, "desk1", "陈"),
            "stand_down": lambda: desk.stand_down(moment, case),
            "close": lambda: desk.close(moment, case, ending),
            "relocate": lambda: desk.relocate(moment, case, 25.61, 115.8, self.around()),
            "down": lambda: desk.classify(moment, case, 3, "", "voice_contact"),
        }
        self.took(decisions[what]())

    @rule(seconds=st.sampled_from([1, 31, 130, 700, 2000, 8000]))
    def wait(self, seconds: int) -> None:
        """Time passes and what is due is handled; nothing stays due."""
        self.now += timedelta(seconds=seconds)
        for case in tuple(self.cases.values()):
            self.took(overdue(self.moment("dispatch:clock"), case, self.around()))
        assert not any(overdue(self.moment(), case, self.around()).facts for case in self.cases.values())

    @invariant()
    def the_log_tells_the_same(self) -> None:
        """Replaying the facts gives the cases."""
        for name, facts in self.facts.items():
            assert replay(facts) == self.cases[name]

    @invariant()
    def every_slot_has_one_winner(self) -> None:
        """Running or done, as the unique index has it."""
        for case in self.cases.values():
            won = [
                (a.role, a.slot)
                for a in case.assignments.values()
                if a.going or a.state == states.AssignmentState.COMPLETED
            ]
            assert len(won) == len(set(won))
            asked = [o.responder_id for o in case.offers.values() if o.live or o.state == states.OfferState.ACCEPTED]
            assert len(asked) == len(set(asked))

    @invariant()
    def a_live_incident_waits_for_something(self) -> None:
        """And an ended one for nothing, with nobody asked or under way."""
        for case in self.cases.values():
            assert bool(waits(case)) != case.incident.ended
            if case.incident.ended:
                assert not case.live_offers
                assert not any(a.going for a in case.assignments.values())

    @invariant()
    def no_matter_is_answered_twice(self) -> None:
        """A press knows where it belongs."""
        live = [name for case in self.cases.values() if case.joinable for name in case.matters]
        assert len(live) == len(set(live))

    @invariant()
    def nobody_goes_twice(self) -> None:
        """Merging takes people along; it never has them in two places."""
        going = [a.responder_id for c in self.cases.values() for a in c.assignments.values() if a.going]
        assert len(going) == len(set(going))


TestHouse = House.TestCase
TestHouse.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)


def two_cases(other_kind: str = "sos", *, drill: bool = False) -> tuple[Case, Case]:
    """The couple's cases with nobody near."""
    draw = Random(2)
    moment = Moment(START, "test", lambda: UUID(int=draw.getrandbits(128), version=4))
    hers = replace(pressed("elder:E-2", other_kind), drill=drill)
    one = open_case(moment, pressed("elder:E-1"), ONE, None, near())
    return one.case, open_case(moment, hers, OTHER, None, near()).case


def refused(case: Case, into: Case) -> str:
    """Why merging them is refused."""
    outcome = merging.merge(Moment(START, "test", lambda: UUID(int=9)), case, into, [], near())
    assert isinstance(outcome, Refusal)
    return outcome.code


def test_a_drill_never_swallows_a_real_alarm() -> None:
    """Nor the other way round."""
    real, drill = two_cases(drill=True)
    assert (refused(real, drill), refused(drill, real)) == ("drill_apart", "drill_apart")


def test_what_asks_for_other_people_is_not_merged() -> None:
    """Smoke sends nobody inside; a fall does: they are linked at most."""
    fall, smoke = two_cases("smoke")
    assert refused(fall, smoke) == "other_kind"


def test_nothing_is_merged_into_itself_or_into_what_is_over() -> None:
    """A press must find somebody who answers."""
    one, other = two_cases()
    over = replace(other, incident=replace(other.incident, state="closed"))
    assert (refused(one, one), refused(one, over), refused(over, one)) == (
        "same_incident", "wrong_state", "wrong_state",
    )  # fmt: skip


def test_lowering_needs_a_reason_by_code_or_in_words() -> None:
    """Raising needs none."""
    case, _ = two_cases()
    moment = Moment(START, "test", lambda: UUID(int=9))
    silent = desk.classify(moment, case, 3, " ")
    assert isinstance(silent, Refusal)
    assert (silent.code, silent.params["field"]) == ("reason_required", "reason")
    told = desk.classify(moment, case, 3, "", "voice_contact")
    assert isinstance(told, Story)
    assert told.facts[0].body["code"] == "voice_contact"


def test_a_survivor_that_was_stood_down_takes_the_helper_of_the_other_along() -> None:
    """Nobody need go for one of them any more; for the other somebody is coming, and she still comes."""
    one, other = two_cases()
    draw = Random(3)
    moment = Moment(START, "account:desk1", lambda: UUID(int=draw.getrandbits(128), version=4))
    rested = desk.stand_down(moment, one)
    sent = overrides.order(moment, other, "desk1", replace(near(PEOPLE[2]), named=PEOPLE[2]))
    assert isinstance(rested, Story)
    assert isinstance(sent, Story)
    merged = merging.merge(moment, sent.case, rested.case, [], near())
    assert not isinstance(merged, Refusal)
    first = merged[1].case.in_role("first")
    assert first is not None
    assert first.responder_id == "R2"
