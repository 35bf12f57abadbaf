"""What happens elsewhere and belongs on a list: silent devices, calls written at the row, ended visits, time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.dispatch.domain.mass import rollcall
from services.dispatch.domain.mass.event import NOBODY_YET, OPEN
from services.dispatch.domain.mass.rollcall import Said, Tale
from services.dispatch.flow.house import House
from services.dispatch.flow.rolls import CLOCK, PIECE, enrol, keep, locked, moment_of
from services.dispatch.store import mass as store
from services.dispatch.store.mass import Words, Writer
from shared.runtime import log
from shared.runtime.database import Connection, Record
from shared.runtime.log import Event

FOLLOWER = "dispatch:mass"
MOVES = ("elder.saved", "elder.status_set", "registry.imported")
"""After these somebody may live where nobody did."""


async def go_on(house: House, event: str) -> None:
    """Put the next piece of people on the list."""
    async with house.database.transaction() as connection:
        roll = await locked(connection, UUID(event))
        if roll is not None and roll.event.enrolled_to is not None and roll.event.state == OPEN:
            tale = Tale(roll, moment_of(house, CLOCK.account))
            await enrol(connection, tale)
            await keep(connection, roll, tale)


async def remind(house: House, event: str) -> None:
    """Half an hour has passed and the list is not closed."""
    async with house.database.transaction() as connection:
        roll = await locked(connection, UUID(event))
        due = rollcall.waits(roll.event).get("mass_remind") if roll else None
        if roll is not None and due is not None and due <= house.clock.now():
            tale = Tale(roll, moment_of(house, CLOCK.account))
            rollcall.remind(tale)
            await keep(connection, roll, tale)


async def hear(house: House, connection: Connection, events: Sequence[Event]) -> None:
    """What happens elsewhere and belongs on a list: silent devices, calls written at the row, ended visits."""
    silent = [e for e in events if e.tag == "device.fault" and e.body.get("outage")]
    called = [e for e in events if e.tag == "call.attempted"]
    ended = [e for e in events if e.tag == "job.completed"]
    rows = [row for e in called if (row := await store.called(connection, UUID(e.body["call"]))) is not None]
    fetched = [row for e in ended for row in await store.of_transfer(connection, e.body["incident"])]
    # whoever opens an event of this outage meanwhile either finds these on record or is found here
    await log.lock(connection, (f"outage-event/{e.body['outage']}" for e in silent))
    outages = await store.open_of_outages(connection, (UUID(e.body["outage"]) for e in silent))
    moved = {e.division for e in events if e.tag in MOVES}
    peopled = await store.open_over(connection, moved) if moved else []
    touched = {*(row["event_id"] for row in (*rows, *fetched)), *outages, *peopled}
    await log.lock(connection, (f"mass/{event}" for event in touched))
    if silent:
        await store.silenced(connection, [_silent(e) for e in silent])
    for event in outages:
        await _grow(house, connection, event)
    for event in peopled:
        await _newcomers(house, connection, event)
    for row in rows:
        await _count_call(house, connection, row)
    for row in fetched:
        await _fetched(house, connection, row)


def _silent(event: Event) -> dict[str, Any]:
    body = event.body
    return {
        "outage": body["outage"], "device": body["device"], "division": event.division, "home": body.get("home"),
        "elder": body.get("elder"),
    }  # fmt: skip


async def _grow(house: House, connection: Connection, event: UUID) -> None:
    """More devices have fallen silent: their people come on the list."""
    roll = await store.load(connection, event, ())
    if roll is not None and roll.event.outage_id is not None:
        tale = Tale(roll, moment_of(house, FOLLOWER))
        people = await store.people_of_outage(connection, roll.event.outage_id, PIECE)
        rollcall.enrol(tale, people, to=None, of_area=False)
        await keep(connection, roll, tale)


async def _newcomers(house: House, connection: Connection, event: UUID) -> None:
    """Whoever lives there now and is not on the list: the clock puts them on it."""
    roll = await store.load(connection, event, ())
    if roll is not None and await store.people_of_areas(connection, event, roll.event.areas, NOBODY_YET, 1):
        tale = Tale(roll, moment_of(house, FOLLOWER))
        rollcall.look_again(tale)
        await keep(connection, roll, tale)


async def _count_call(house: House, connection: Connection, row: Record) -> None:
    """A call to somebody on the list, written down at the event's row."""
    roll = await store.load(connection, row["event_id"], [row["elder_id"]])
    said = Said(None, row["result"], "call")
    if roll is not None and rollcall.refused(roll, [row["elder_id"]], said) is None:
        tale = Tale(roll, moment_of(house, FOLLOWER))
        rollcall.mark(tale, [row["elder_id"]], said, {})
        await keep(connection, roll, tale, by=Writer(row["by_account"], row["by_name"]))


async def _fetched(house: House, connection: Connection, row: Record) -> None:
    """They have ended their visit: she is where they took her."""
    elder = row["elder_id"]
    roll = await store.load(connection, row["event_id"], [elder])
    if roll is not None:
        tale = Tale(roll, moment_of(house, FOLLOWER))
        if rollcall.fetched(tale, elder):
            await keep(connection, roll, tale, {elder: Words(row["place"], "、".join(row["went"] or ()) or None)})
