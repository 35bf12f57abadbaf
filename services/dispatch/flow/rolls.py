"""Lists as they are kept: loaded under the event's lock, filled by pieces, written with entries and facts."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Fact, Moment
from services.dispatch.domain.mass import rollcall
from services.dispatch.domain.mass.event import NOBODY_YET, Roll
from services.dispatch.domain.mass.rollcall import Tale
from services.dispatch.flow.house import House
from services.dispatch.store import mass as store
from services.dispatch.store.mass import Words, Writer
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.runtime.sealed import Private
from shared.vocabulary.ids import uuid7

PIECE = 500
"""People put on a list in one transaction: tens of milliseconds."""
CLOCK = Writer("dispatch:clock", "")


def moment_of(house: House, actor: str) -> Moment:
    """The present moment, in which `actor` decides."""
    now = house.clock.now()
    return Moment(now, actor, lambda: uuid7(now))


async def locked(connection: Connection, event: UUID, elders: Iterable[str] = ()) -> Roll | None:
    """An event with the lines of these people, under its lock; None when there is none."""
    await log.lock(connection, [f"mass/{event}"])
    return await store.load(connection, event, elders)


async def enrol(connection: Connection, tale: Tale) -> None:
    """Put the next piece of people on the list."""
    it = tale.roll.event
    if it.outage_id is not None:
        people = await store.people_of_outage(connection, it.outage_id, PIECE)
    else:
        people = await store.people_of_areas(connection, it.id, it.areas, it.enrolled_to or NOBODY_YET, PIECE)
    more = people[-1][0] if len(people) == PIECE else None
    rollcall.enrol(tale, people, to=more, of_area=True)


async def keep(
    connection: Connection, before: Roll, tale: Tale, words: Mapping[str, Words] = MappingProxyType({}),
    by: Writer = CLOCK, note: str = "",
) -> None:  # fmt: skip
    """Write the rows, the entries and the facts."""
    closing = (by, note) if any(fact.tag == "mass.closed" for fact in tale.facts) else None
    await store.save(connection, before, tale.roll, words, closing=closing)
    entries = [_entry(tale, fact, words, by) for fact in tale.facts if "entry" in fact.body]
    await store.enter(connection, tale.roll.event.id, entries)
    await log.append(connection, [_event(tale, fact) for fact in tale.facts], tale.moment.now)


def _entry(tale: Tale, fact: Fact, words: Mapping[str, Words], by: Writer) -> dict[str, Any]:
    body, said = fact.body, store.sealed(words.get(fact.body["elder"], store.NO_WORDS))
    return {
        "id": body["entry"], "elder_id": body["elder"], "division": tale.roll.lines[body["elder"]].division,
        "was": body["was"], "state": body["state"], "call": body["call"], "how": body["how"], "place": said["place"],
        "with_whom": said["with_whom"], "note": said["note"], "by_account": by.account, "by_name": Private(by.name),
        "at": fact.at,
    }  # fmt: skip


def _event(tale: Tale, fact: Fact) -> NewEvent:
    it, elder = tale.roll.event, fact.body.get("elder")
    division = tale.roll.lines[elder].division if elder else it.division
    return NewEvent(uuid7(fact.at), "mass", str(it.id), fact.tag, fact.body, division, fact.actor)
