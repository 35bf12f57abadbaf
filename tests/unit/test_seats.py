"""Somebody is always on duty, without a database: whatever happens, no desk is empty and forgotten."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.dispatch.domain import modes, seats
from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.refusals import Refusal
from services.dispatch.domain.seats import CONFIRM, LAST_SEAT, Post, Watch, evolve, levels_above, waits
from shared.vocabulary.ids import uuid7

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TOWN, COUNTY = "360733100", "360733"
PEOPLE = st.sampled_from(["liu", "chen", "zhou"])


class Desks(RuleBasedStateMachine):
    """A town's desk and the county's above it, for as long as anybody cares to try."""

    def __init__(self) -> None:
        """Nobody has ever sat here."""
        super().__init__()
        self.now = NOW
        self.posts = {TOWN: Post(TOWN), COUNTY: Post(COUNTY)}
        self.told: dict[str, list[Fact]] = {TOWN: [], COUNTY: []}

    def watch(self, division: str) -> Watch:
        """A decision at one of the two."""
        return Watch(self.posts[division], Moment(self.now, "test", lambda: uuid7(self.now)))

    def keep(self, watch: Watch) -> None:
        """What the service would write."""
        self.posts[watch.post.division] = watch.post
        self.told[watch.post.division] += watch.facts

    @rule(division=st.sampled_from([TOWN, COUNTY]), who=PEOPLE)
    def confirm(self, division: str, who: str) -> None:
        """Somebody says that she is there; each has her own desk."""
        watch = self.watch(division)
        seats.confirm(watch, f"{who}@{division}")
        self.keep(watch)

    @rule(division=st.sampled_from([TOWN, COUNTY]))
    def expect(self, division: str) -> None:
        """Somebody is given an account for a desk."""
        watch = self.watch(division)
        seats.expect(watch)
        assert bool(watch.facts) == (not self.told[division])
        self.keep(watch)

    @rule(division=st.sampled_from([TOWN, COUNTY]), who=PEOPLE)
    def leave(self, division: str, who: str) -> None:
        """Somebody wants to go; the last one can't."""
        watch = self.watch(division)
        many = len(watch.post.seats)
        refusal = seats.leave(watch, f"{who}@{division}")
        assert refusal is not None or many > 1
        assert refusal != LAST_SEAT or many == 1
        self.keep(watch)

    @rule(of=st.sampled_from([TOWN, COUNTY]), who=PEOPLE, at=st.sampled_from([TOWN, COUNTY]), to=PEOPLE)
    def hand_over(self, of: str, who: str, at: str, to: str) -> None:
        """To somebody on duty at the same desk or above."""
        watch = self.watch(of)
        refusal = seats.hand_over(watch, f"{who}@{of}", f"{to}@{at}", self.posts[at], ())
        assert refusal is not None or (f"{to}@{at}" in self.posts[at].seats and of.startswith(at))
        self.keep(watch)

    @rule(division=st.sampled_from([TOWN, COUNTY]), who=PEOPLE)
    def ask(self, division: str, who: str) -> None:
        """查岗: who is there is asked once; whether that is answered moves no deadline."""
        watch, before = self.watch(division), waits(self.posts[division])
        seat = watch.post.seats.get(f"{who}@{division}")
        refusal = seats.ask(watch, f"{who}@{division}")
        waiting = seat is not None and seat.asked_at is not None and seat.asked_at >= seat.confirmed_at
        assert (refusal is None) == (seat is not None and not waiting)
        assert not before or waits(watch.post)["seats"] >= before["seats"]
        self.keep(watch)

    @rule(minutes=st.integers(1, 40))
    def time_passes(self, minutes: int) -> None:
        """Every wait is worked when it is over, as the service's clock would."""
        end = self.now + timedelta(minutes=minutes)
        while due := min((at for post in self.posts.values() for at in waits(post).values()), default=None):
            if due > end:
                break
            self.now = max(self.now, due)
            for division in (COUNTY, TOWN):
                watch = self.watch(division)
                seats.due(watch, frozenset(d for d, post in self.posts.items() if post.seats))
                self.keep(watch)
        self.now = end

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """Somebody sits there and will be asked; or somebody above answers for it; or it is rung until one does."""
        for post in self.posts.values():
            used = bool(self.told[post.division])
            assert not used or waits(post) or post.covered_by is not None
            assert not (post.seats and (post.covered_by or post.uncovered_since))
            assert all(at > self.now for at in waits(post).values())
            assert all(seat.confirmed_at > self.now - CONFIRM for seat in post.seats.values())

    @invariant()
    def the_log_tells_it_again(self) -> None:
        """Replaying the facts gives the posts."""
        for division, facts in self.told.items():
            post = Post(division)
            for fact in facts:
                post = evolve(post, fact)
            assert post == self.posts[division]


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)


def test_levels_above_end_with_the_whole_cell() -> None:
    """A street is answered for by its county, its city, its province, at last by whoever sits over everything."""
    assert levels_above("360733100") == ("360733", "3607", "36", "")
    assert levels_above("") == ()


def test_war_that_was_extended_does_not_end_at_its_first_hour() -> None:
    """The wait that was planned first finds nothing to do."""
    moment = Moment(NOW, "account:a", lambda: uuid7(NOW))
    fact = modes.switch(moment, COUNTY, war=True, reason="汛情", until=NOW + timedelta(hours=2))
    assert isinstance(fact, Fact)
    mode = modes.after(fact)
    early = Moment(NOW + timedelta(hours=1), "clock", lambda: uuid7(NOW))
    assert modes.run_out(early, mode) is None
    late = modes.run_out(Moment(NOW + timedelta(hours=2), "clock", lambda: uuid7(NOW)), mode)
    assert late is not None
    assert modes.waits(modes.after(late)) == {}
    assert isinstance(modes.switch(moment, COUNTY, war=True, reason="", until=None), Refusal)
