"""Messages that no case wants: to helpers whom no screen reaches, and for a desk that nobody sits at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.dispatch.domain import messages
from services.dispatch.domain.facts import Fact
from services.dispatch.domain.seats import levels_above
from services.dispatch.flow.house import House
from services.dispatch.registry import recipients
from services.dispatch.store import messages as store
from shared.runtime.database import Connection
from shared.runtime.log import Event, NewEvent, append, lock
from shared.vocabulary.ids import uuid7

RINGS_FOR = timedelta(minutes=10)
HELPS_FOR = timedelta(minutes=30)
BY = "dispatch:outbox"


@dataclass(frozen=True, slots=True)
class News:
    """What is to be said to whom; `about` names what is said only once, where that matters."""

    channel: str
    to_kind: str
    to: str
    template: str
    division: str
    good_for: timedelta
    incident: str | None = None
    offer: UUID | None = None
    drill: bool = False
    about: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


async def ring_above(house: House, connection: Connection, events: Sequence[Event]) -> None:
    """A post is uncovered: the duty telephone of the level that takes over rings, else those of all above."""
    news = [
        News(channel, "seat", level, "uncovered", event.division, RINGS_FOR)
        for event in events
        for level in _levels(event)
        for channel in ("voice", "sms")
    ]
    await tell(connection, news, house.clock.now())


async def tell_helpers(house: House, connection: Connection, events: Sequence[Event]) -> None:
    """Whom no screen reaches learns by telephone that she is sent, where it is, or that she need not go."""
    without = await recipients.without_screen(connection, {e.body["responder"] for e in events})
    drills = await recipients.drills(connection, {e.body["incident"] for e in events})
    news = [
        one
        for event in events
        if event.body["responder"] in without
        for one in _for_helper(event, drill=event.body["incident"] in drills)
    ]
    await tell(connection, news, house.clock.now())


def _for_helper(event: Event, *, drill: bool) -> Iterator[News]:
    it = event.body

    def news(channel: str, template: str, about: str = "") -> News:
        return News(
            channel, "responder", it["responder"], template, event.division, HELPS_FOR, it["incident"],
            drill=drill, about=about,
        )  # fmt: skip

    if event.tag == "assignment.made":
        yield news("sms", "directions", f"directions:{it['offer']}")
    if event.tag == "assignment.stood_down" or it.get("ordered"):
        template = "sent_out" if it.get("ordered") else "stood_down"
        yield from (news(channel, template) for channel in ("voice", "sms"))


def _levels(event: Event) -> list[str]:
    above = event.body.get("above")
    return [level for level in ([above] if above is not None else levels_above(event.division)) if level]


async def tell(connection: Connection, news: Sequence[News], now: datetime) -> None:
    """Queue them and say so in the log."""
    pairs = [(one, uuid7(now)) for one in news]
    await lock(connection, (f"message/{name}" for _, name in pairs))
    for one, name in pairs:
        fact = _fact(one, name, now)
        it = messages.wanted(fact, one.division, drill=one.drill)
        if await store.want(connection, [replace(it, about=one.about or it.about)]):
            event = NewEvent(uuid7(now), "message", str(name), fact.tag, fact.body, one.division, BY)
            await append(connection, [event], now)


def _fact(one: News, name: UUID, now: datetime) -> Fact:
    body: dict[str, Any] = {
        "message": name, "incident": one.incident, "channel": one.channel, "to_kind": one.to_kind, "to": one.to,
        "template": one.template, "offer": one.offer, "params": dict(one.params),
        "expires_at": now + one.good_for,
    }  # fmt: skip
    return Fact("message.wanted", body, now, BY)
