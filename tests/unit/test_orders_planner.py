"""The planner: booked work never overlaps, nobody is sent who may not be, and who can be served is."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.orders.planner import Booking, Helper, Visit, plan, travel
from shared.vocabulary.geo import Position

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOME = Position(25.6, 115.79)
SKILLS = ("bath", "nursing", "driving")

minutes = st.integers(0, 600).map(lambda m: NOON + timedelta(minutes=m))
places = st.builds(Position, st.floats(25.55, 25.65), st.floats(115.74, 115.84))
skills = st.frozensets(st.sampled_from(SKILLS), max_size=2)
sexes = st.sampled_from([None, "f", "m"])


@st.composite
def helpers(draw: st.DrawFn) -> list[Helper]:
    """A few people with some work booked already, apart from each other."""
    team = []
    for n in range(draw(st.integers(0, 4))):
        work, at = [], NOON
        for _ in range(draw(st.integers(0, 3))):
            at += timedelta(minutes=draw(st.integers(120, 240)))
            work.append(Booking(at, at + timedelta(minutes=30), draw(places)))
        shift = ((NOON, NOON + timedelta(hours=draw(st.integers(2, 12)))),) if draw(st.booleans()) else ()
        team.append(
            Helper(f"h{n}", draw(places), draw(st.sampled_from([1.2, 4.0])), draw(skills), draw(st.sampled_from(
                [None, "P1"])), draw(sexes), shift, tuple(work))
        )  # fmt: skip
    return team


@st.composite
def orders(draw: st.DrawFn) -> list[Visit]:
    """Some orders of a day."""
    found = []
    for n in range(draw(st.integers(0, 7))):
        first = draw(minutes)
        barred = draw(st.frozensets(st.sampled_from(["h0", "h1"]), max_size=1))
        found.append(
            Visit(
                f"O-{n}", draw(st.none() | places), first, first + timedelta(minutes=draw(st.integers(0, 180))),
                draw(st.integers(5, 120)), draw(st.integers(1, 2)), draw(skills), draw(st.sampled_from([None, "P1"])),
                draw(sexes), barred,
            )
        )  # fmt: skip
    return found


@given(helpers(), orders())
@settings(max_examples=300, deadline=None)
def test_whatever_is_planned_can_be_done(team: list[Helper], wanted: list[Visit]) -> None:
    """Within the window and the shift, skilled, allowed, with the way between two pieces of work, and hands enough."""
    done = plan(wanted, team, NOON)
    assert set(done.plans) | set(done.unplanned) == {v.order for v in wanted}
    assert not set(done.plans) & set(done.unplanned)
    by_id, visits = {h.id: h for h in team}, {v.order: v for v in wanted}
    work = {h.id: [(b.start, b.end, b.place, False) for b in h.bookings] for h in team}
    for order, laid in done.plans.items():
        visit, end = visits[order], laid.start + visits[order].length
        assert visit.first <= laid.start <= visit.last
        assert len(set(laid.people)) == visit.hands
        for name in laid.people:
            helper = by_id[name]
            assert visit.skills <= helper.skills
            assert name not in visit.barred
            assert visit.provider in (None, helper.provider)
            assert visit.sex in (None, helper.sex)
            assert not helper.shifts or any(a <= laid.start and end <= b for a, b in helper.shifts)
            work[name].append((laid.start, end, visit.place, True))
    for name, pieces in work.items():
        for (_, end, here, a), (start, _, there, b) in pairwise(sorted(pieces, key=lambda p: (p[0], p[1]))):
            assert end + travel(by_id[name], here, there) <= start or not (a or b)


@given(helpers(), orders())
@settings(max_examples=100, deadline=None)
def test_the_same_day_gives_the_same_plan(team: list[Helper], wanted: list[Visit]) -> None:
    """Whatever order the database lists them in."""
    assert plan(wanted, team, NOON) == plan(wanted[::-1], team[::-1], NOON)


def test_two_people_come_at_the_same_time() -> None:
    """A bath for two pairs of hands begins when both are free, not when the first is."""
    busy = Booking(NOON, NOON + timedelta(hours=1), HOME)
    team = [Helper("li", HOME, 4.0), Helper("wang", HOME, 4.0, bookings=(busy,))]
    visit = Visit("O-1", HOME, NOON, NOON + timedelta(hours=3), 60, hands=2)
    laid = plan([visit], team, NOON).plans["O-1"]
    assert laid.start >= busy.end
    assert set(laid.people) == {"li", "wang"}


def test_the_only_one_who_can_is_kept_for_what_only_she_can() -> None:
    """Cleaning could be done by both, the injection by one: both are served."""
    team = [Helper("nurse", HOME, 4.0, frozenset({"nursing"})), Helper("aid", Position(25.61, 115.79), 4.0)]
    clean = Visit("O-1", HOME, NOON, NOON + timedelta(minutes=30), 60)
    shot = Visit("O-2", HOME, NOON, NOON + timedelta(minutes=10), 60, skills=frozenset({"nursing"}))
    done = plan([clean, shot], team, NOON)
    assert done.plans["O-2"].people == ("nurse",)
    assert done.plans["O-1"].people == ("aid",)


def test_a_familiar_face_is_worth_a_detour() -> None:
    """Somebody a little further away who has been with her before is sent."""
    team = [Helper("near", HOME, 1.2), Helper("known", Position(25.602, 115.79), 1.2)]
    visit = Visit("O-1", HOME, NOON + timedelta(hours=1), NOON + timedelta(hours=2), 30, known=frozenset({"known"}))
    assert plan([visit], team, NOON).plans["O-1"].people == ("known",)


def test_why_nothing_was_found_is_said() -> None:
    """Nobody has the skill, or those who have it are busy."""
    busy = Booking(NOON, NOON + timedelta(hours=4), HOME)
    team = [Helper("li", HOME, 4.0, bookings=(busy,))]
    skill = Visit("O-1", HOME, NOON, NOON + timedelta(hours=1), 30, skills=frozenset({"bath"}))
    full = Visit("O-2", HOME, NOON, NOON + timedelta(hours=1), 30)
    assert dict(plan([skill, full], team, NOON).unplanned) == {"O-1": "no_skill", "O-2": "nobody_free"}
