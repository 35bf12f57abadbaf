"""Letters about lists, modes and seats, with what the log leaves to the rows: names, reasons, notes."""

from collections.abc import Sequence
from uuid import UUID

from services.gateway.domain.duty_letters import (
    HANDED,
    LOAD,
    MASS,
    MODE,
    SEATS,
    SOUND,
    handed_letter,
    load_letter,
    mass_letters,
    mode_letter,
    seat_letters,
    sound_letter,
)
from services.gateway.domain.letters import Fact, Letter
from services.gateway.store import duty, inboxes, mass
from shared.runtime.database import Connection


async def letters(connection: Connection, facts: Sequence[Fact]) -> list[Letter]:
    """Letters of a batch. The connection's scope is the whole cell."""
    found: list[Letter] = []
    desks = await inboxes.desks(connection) if any(fact.tag in (*MASS, *MODE) for fact in facts) else ()
    lists = [fact for fact in facts if fact.tag in MASS]
    if lists:
        events = await mass.some(connection, [UUID(str(fact.body["event"])) for fact in lists])
        found.extend(mass_letters(lists, events, desks))
    for fact in facts:
        if fact.tag in MODE and (change := await duty.change(connection, UUID(fact.body["change"]))):
            found.append(mode_letter(fact, change, desks))
        if fact.tag == HANDED and (handed := await duty.hand_over(connection, UUID(fact.body["note"]))):
            found.append(handed_letter(fact, handed))
        if fact.tag in LOAD:
            found.append(load_letter(fact, await duty.area(connection, fact.division)))
        if fact.tag in SOUND:
            found.append(sound_letter(fact, await duty.who(connection, fact.body["account"])))
    return [*found, *await _seats(connection, [fact for fact in facts if fact.tag in SEATS])]


async def _seats(connection: Connection, facts: Sequence[Fact]) -> list[Letter]:
    if not facts:
        return []
    posts = await duty.posts(connection, sorted({fact.division for fact in facts}))
    return list(seat_letters(facts, {post["division"]: post for post in posts}))
