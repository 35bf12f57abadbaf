"""Letters about lists, modes and seats: whom they concern, and what they say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.gateway.domain.letters import Fact, Letter, desks_over
from services.gateway.domain.people import personal_inbox
from services.gateway.domain.wording import stamp_or_none
from shared.vocabulary.divisions import Division, covers

MASS = tuple(f"mass.{what}" for what in ("opened", "enrolled", "tried", "marked", "named", "reminded", "closed"))
MODE = ("mode.changed",)
ASKED, HANDED = "seat.asked", "seat.handed_over"
UNCOVERED = ("post.uncovered", "post.rung")
SEATS = (ASKED, HANDED, *UNCOVERED, "seat.confirmed", "seat.lapsed", "seat.left", "post.covered")
LOAD = ("load.flood", "load.calm")
SOUND = ("seat.silent", "seat.heard")
TAGS = (*MASS, *MODE, *SEATS, *LOAD, *SOUND)


def touching(desks: Iterable[str], areas: Sequence[str]) -> tuple[str, ...]:
    """Desk inboxes over one of these divisions, or within it."""
    return tuple(desk for desk in desks if any(_touches(Division(desk[2:]), Division(area)) for area in areas))


def _touches(one: Division, other: Division) -> bool:
    return covers(one, other) or covers(other, one)


def mass_letters(
    facts: Iterable[Fact], events: Mapping[str, Mapping[str, Any]], desks: Sequence[str]
) -> Iterable[Letter]:
    """`mass.updated`: one letter an event and batch, with how the list stands after it."""
    last = {str(fact.body["event"]): fact for fact in facts if fact.tag in MASS}
    for name, fact in last.items():
        if name in events:
            it = events[name]
            d = {key: it[key] for key in ("incident", "kind", "title", "state", "ver", "drill", "figures")}
            d |= {"event": name, "what": fact.tag.removeprefix("mass.")}
            to = touching(desks, it["areas"])
            yield Letter(to, fact.id, "mass.updated", fact.at, d, fact.division)


def mode_letter(fact: Fact, change: Mapping[str, Any], desks: Sequence[str]) -> Letter:
    """`mode.changed`: war or peace, for every desk that it concerns."""
    d = {**change, "until": stamp_or_none(change["until"])}
    return Letter(touching(desks, [fact.division]), fact.id, "mode.changed", fact.at, d, fact.division)


def seat_letters(facts: Sequence[Fact], posts: Mapping[str, Mapping[str, Any]]) -> Iterable[Letter]:
    """`duty.ask` for whoever sits there; `duty.uncovered` rings the desks above; else `duty.updated` a post."""
    for fact in facts:
        if fact.tag == ASKED:
            d = {"division": fact.division, "until": fact.body["until"]}
            to = (personal_inbox(str(fact.body["account"])),)
            yield Letter(to, fact.id, "duty.ask", fact.at, d, fact.division)
    touched = {fact.division: fact for fact in facts if fact.tag in SEATS and fact.tag != ASKED}
    rung = {fact.division: fact for fact in facts if fact.tag in UNCOVERED}
    for division, fact in {**touched, **rung}.items():
        kind = "duty.uncovered" if division in rung and posts[division]["uncovered_since"] else "duty.updated"
        yield Letter(desks_over(division), fact.id, kind, fact.at, _post(posts[division]), division)


def handed_letter(fact: Fact, handed: Mapping[str, Any]) -> Letter:
    """`duty.handed_over`: for whoever takes over, with what she must know."""
    to = (personal_inbox(str(fact.body["to"])),)
    return Letter(to, fact.id, "duty.handed_over", fact.at, dict(handed), fact.division)


def _post(post: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "division": post["division"], "name": post["name"], "on_duty": len(post["seats"]),
        "covered_by": post["covered_by"], "uncovered_since": stamp_or_none(post["uncovered_since"]),
    }  # fmt: skip


def load_letter(fact: Fact, name: str | None) -> Letter:
    """`load.flood`, `load.calm`: whether more comes to a desk than it can bear; the desks above help."""
    d = {"division": fact.division, "name": name, "alarms": fact.body["alarms"], "since": fact.body["since"]}
    return Letter(desks_over(fact.division), fact.id, fact.tag, fact.at, d, fact.division)


def sound_letter(fact: Fact, name: str) -> Letter:
    """`seat.silent`, `seat.heard`: the others at the desk and above it are rung in its place."""
    d = {"account": fact.body["account"], "name": name, "division": fact.division, "since": fact.body["since"]}
    return Letter(desks_over(fact.division), fact.id, fact.tag, fact.at, d, fact.division)
