"""Somebody is always on duty.

A seat says every half hour that somebody sits there. When the last one of a division says nothing, the level above
takes over and is rung, again and again while nobody sits there either. The last seat cannot leave; it hands over. A
desk that somebody was given an account for is missed from the first half hour on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.refusals import Refusal, argument
from shared.vocabulary.divisions import WHOLE_CELL, Division, covers, ladder

ASK = timedelta(minutes=25)
CONFIRM = timedelta(minutes=30)
RING_NOBODY = timedelta(minutes=5)
"""How often the levels above are rung while nobody sits at any of them."""
RING_SOMEBODY = timedelta(minutes=30)
"""How often the level that has taken over is reminded that it has."""

LAST_SEAT = Refusal("last_seat")
NOT_ON_DUTY = Refusal("not_on_duty")
ASKED = Refusal("asked")


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody on duty at a desk: since when, when that was last said, when it was last asked."""

    account: str
    since: datetime
    confirmed_at: datetime
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A division that has had a seat or is to have one, with those on duty by account.

    `covered_by` is the division above that answers for it at present; `uncovered_since` says that it had to take over;
    `expected_at`, that nobody has ever sat there, and since when somebody should.
    """

    division: str
    seats: Mapping[str, Seat] = field(default_factory=dict)
    covered_by: str | None = None
    uncovered_since: datetime | None = None
    rung_at: datetime | None = None
    expected_at: datetime | None = None


class Watch:
    """A decision in the making: the post as it stands, and the facts told so far."""

    def __init__(self, post: Post, moment: Moment) -> None:
        """Begin with a post."""
        self.post = post
        self.moment = moment
        self.facts: list[Fact] = []

    def tell(self, tag: str, **body: object) -> None:
        """Add a fact about this post."""
        fact = self.moment.fact(tag, division=self.post.division, **body)
        self.post = evolve(self.post, fact)
        self.facts.append(fact)


def evolve(post: Post, fact: Fact) -> Post:
    """The post after one more fact."""
    return _STEPS[fact.tag](post, fact)


def confirm(watch: Watch, account: str) -> None:
    """Somebody sits here; whoever had taken over need not any more."""
    watch.tell("seat.confirmed", account=account, first=account not in watch.post.seats)
    if watch.post.covered_by is not None or watch.post.uncovered_since is not None:
        watch.tell("post.covered")


def expect(watch: Watch) -> None:
    """Somebody can sit here from now on; a post that stands is left as it is."""
    if watch.post == Post(watch.post.division):
        watch.tell("post.expected", until=watch.moment.now + CONFIRM)


def ask(watch: Watch, account: str) -> Refusal | None:
    """查岗: somebody above wants to know whether she is there, before it would be asked anyway."""
    seat = watch.post.seats.get(account)
    if seat is None:
        return NOT_ON_DUTY
    if _waits_for_her(seat):
        return ASKED
    watch.tell("seat.asked", account=account, until=seat.confirmed_at + CONFIRM)
    return None


def leave(watch: Watch, account: str, held: int = 0) -> Refusal | None:
    """Go off duty; the last one of a division can't, nor who holds incidents that are not over."""
    if account not in watch.post.seats:
        return NOT_ON_DUTY
    if len(watch.post.seats) == 1:
        return LAST_SEAT
    if held:
        return Refusal("holding", params={"n": held})
    watch.tell("seat.left", account=account)
    return None


def hand_over(
    watch: Watch, account: str, to: str, there: Post, incidents: tuple[str, ...]
) -> Refusal | None:  # fmt: skip
    """Give the watch to somebody who is on duty: of the same desk, or of one above it, which then answers for it."""
    if account not in watch.post.seats:
        return NOT_ON_DUTY
    if to == account:
        return argument("to", "to_yourself")
    if to not in there.seats:
        return argument("to", "not_on_duty")
    if not covers(Division(there.division), Division(watch.post.division)):
        return argument("to", "not_above")
    watch.tell(
        "seat.handed_over", account=account, to=to, to_division=there.division, note=watch.moment.mint(),
        incidents=list(incidents),
    )  # fmt: skip
    return None


def due(watch: Watch, manned: frozenset[str]) -> None:
    """What is due by now; `manned` are the divisions above in which somebody is on duty."""
    now = watch.moment.now
    for account, seat in sorted(watch.post.seats.items()):
        if seat.confirmed_at + CONFIRM <= now:
            watch.tell("seat.lapsed", account=account)
        elif _to_ask(seat) <= now:
            watch.tell("seat.asked", account=account, until=seat.confirmed_at + CONFIRM)
    _ring(watch, _above(watch.post.division, manned))


def _ring(watch: Watch, above: str | None) -> None:
    post = watch.post
    if _empty(post) and (post.expected_at is None or post.expected_at + CONFIRM <= watch.moment.now):
        watch.tell("post.uncovered", above=above)
    elif post.uncovered_since is not None and _next_ring(post) <= watch.moment.now:
        watch.tell("post.rung", above=above)
    else:
        return
    for level in levels_above(post.division) if above is None else (above,):
        _telephone(watch, level)


def _empty(post: Post) -> bool:
    """Nobody is there, and nobody above has been told."""
    return not post.seats and post.uncovered_since is None and post.covered_by is None


def _telephone(watch: Watch, level: str) -> None:
    """Its duty telephone rings beside the screens, which nobody may be looking at."""
    if level:
        watch.tell(
            "message.wanted", message=watch.moment.mint(), channel="voice", to_kind="seat", to=level,
            template="duty_uncovered", offer=None, params={}, expires_at=watch.moment.now + RING_NOBODY,
        )  # fmt: skip


def _above(division: str, manned: frozenset[str]) -> str | None:
    """The nearest level above with somebody on duty; None when there is nobody on any."""
    return next((level for level in levels_above(division) if level in manned), None)


def levels_above(division: str) -> tuple[str, ...]:
    """Divisions that may have to take over, nearest first; the whole cell has nobody above it."""
    return (*ladder(Division(division))[1:], WHOLE_CELL) if division else ()


def waits(post: Post) -> dict[str, datetime]:
    """The next instant at which something is due by itself, by kind of wait. Empty only when nobody is to be asked."""
    due_at = [min(_to_ask(seat), seat.confirmed_at + CONFIRM) for seat in post.seats.values()]
    if post.uncovered_since is not None:
        due_at.append(_next_ring(post))
    elif _empty(post) and post.expected_at is not None:
        due_at.append(post.expected_at + CONFIRM)
    return {"seats": min(due_at)} if due_at else {}


def _to_ask(seat: Seat) -> datetime:
    return seat.confirmed_at + (CONFIRM if _waits_for_her(seat) else ASK)


def _waits_for_her(seat: Seat) -> bool:
    return seat.asked_at is not None and seat.asked_at >= seat.confirmed_at


def _next_ring(post: Post) -> datetime:
    since = max(at for at in (post.rung_at, post.uncovered_since) if at is not None)
    return since + (RING_NOBODY if post.covered_by is None else RING_SOMEBODY)


def _confirmed(post: Post, fact: Fact) -> Post:
    account = fact.body["account"]
    before = post.seats.get(account)
    seat = Seat(account, before.since if before else fact.at, fact.at)
    return replace(post, seats={**post.seats, account: seat}, expected_at=None)


def _asked(post: Post, fact: Fact) -> Post:
    account = fact.body["account"]
    return replace(post, seats={**post.seats, account: replace(post.seats[account], asked_at=fact.at)})


def _gone(post: Post, fact: Fact) -> Post:
    return replace(post, seats={a: s for a, s in post.seats.items() if a != fact.body["account"]})


def _handed_over(post: Post, fact: Fact) -> Post:
    """The level above answers for a division that has nobody left; nobody need be rung for that."""
    left = _gone(post, fact)
    outside = fact.body["to_division"] != post.division and not left.seats
    return replace(left, covered_by=fact.body["to_division"]) if outside else left


def _expected(post: Post, fact: Fact) -> Post:
    return replace(post, expected_at=fact.at)


def _uncovered(post: Post, fact: Fact) -> Post:
    return replace(post, covered_by=fact.body["above"], uncovered_since=fact.at, rung_at=fact.at)


def _rung(post: Post, fact: Fact) -> Post:
    return replace(post, covered_by=fact.body["above"], rung_at=fact.at)


def _covered(post: Post, _: Fact) -> Post:
    return replace(post, covered_by=None, uncovered_since=None, rung_at=None)


_STEPS: Mapping[str, Callable[[Post, Fact], Post]] = MappingProxyType(
    {
        "seat.confirmed": _confirmed,
        "seat.asked": _asked,
        "seat.lapsed": _gone,
        "seat.left": _gone,
        "seat.handed_over": _handed_over,
        "post.expected": _expected,
        "post.uncovered": _uncovered,
        "post.rung": _rung,
        "post.covered": _covered,
        "message.wanted": lambda post, _: post,
    }
)
