"""One event over an area: opened by a person or made of an outage, its list filled, marked and closed.

Whoever must be fetched gets an incident of her own, so that people go for her as for anybody. Her line hears of it when
they have ended their visit; calls written down at the event's row count on the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.case import Case
from services.dispatch.domain.ending import end
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.mass import rollcall
from services.dispatch.domain.mass.event import NOBODY_YET, OPEN, Event, Roll
from services.dispatch.domain.mass.rollcall import Said, Tale
from services.dispatch.domain.mass.states import PersonState
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, argument
from services.dispatch.domain.story import Story
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.flow.rolls import enrol, keep, locked, moment_of
from services.dispatch.store import mass as store
from services.dispatch.store.mass import Words, Writer
from shared.contracts.commands import Actor, Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.vocabulary.alarms import AlarmClass, AlarmKind
from shared.vocabulary.divisions import Division, Level, covers
from shared.vocabulary.ids import uuid7


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of an event that is to be opened: where, what, and the outage's row if it is one."""

    division: str
    areas: tuple[str, ...]
    kind: str
    drill: bool
    outage: UUID | None = None
    incident: str | None = None


def _by(actor: Actor) -> str:
    return f"account:{actor.account}"


async def look_for_event(house: House, command: Command) -> Given | Refusal:
    """Where it is: known divisions within the caller's, or the area of the outage."""
    async with house.database.pool.acquire() as connection:
        if command.args["outage"] is not None:
            return await _of_outage(connection, command)
        return await _of_areas(connection, command)


async def _of_outage(connection: Connection, command: Command) -> Given | Refusal:
    outage = UUID(command.args["outage"])
    row = await store.outage_row(connection, outage)
    if row is None or not _may(command, row["division"]):
        return argument("outage", "not_found")
    return Given(row["division"], (row["division"],), "outage", row["drill"], outage, row["id"])


async def _of_areas(connection: Connection, command: Command) -> Given | Refusal:
    areas = tuple(sorted(set(command.args["areas"])))
    if not areas:
        return argument("areas", "area_required")
    known = await store.known_areas(connection, areas)
    if any(area not in known or not _may(command, area) for area in areas):
        return argument("areas", "not_found")
    return Given(_around(areas), areas, command.args["kind"], command.args["drill"])


def _may(command: Command, division: str) -> bool:
    return covers(Division(command.actor.division), Division(division))


def _around(areas: Sequence[str]) -> str:
    """The smallest division that holds them all."""
    levels = [level for level in Level if all(a[:level] == areas[0][:level] and len(a) >= level for a in areas)]
    return areas[0][: max(levels)] if levels else ""


async def open_event(house: House, connection: Connection, command: Command, given: Any) -> Answer:
    """Begin a list. An outage becomes one event, however often that is asked for."""
    if isinstance(given, Refusal):
        return refused(given)
    if given.outage is not None:
        await log.lock(connection, [f"outage-event/{given.outage}"])
        there = await store.of_outage(connection, given.outage)
        if there is not None:
            return done(event=str(there), incident=given.incident)
    moment, id_ = moment_of(house, _by(command.actor)), uuid7(house.clock.now())
    await log.lock(connection, [f"mass/{id_}"])
    incident = given.incident or await _row(house, connection, command, str(id_), given)
    it = Event(
        id_, given.division, given.areas, given.kind, given.drill, OPEN, 1, given.outage, incident, NOBODY_YET,
        moment.now,
    )  # fmt: skip
    tale = rollcall.open_event(moment, it)
    before = tale.roll
    await store.open_row(connection, it, command.args["title"], Writer(command.actor.account, command.actor.name))
    await enrol(connection, tale)
    await keep(connection, before, tale)
    return done(event=str(id_), incident=incident)


async def _row(house: House, connection: Connection, command: Command, event: str, given: Given) -> str:
    """The event's row in the desk's queue."""
    case = await house.cases.begin(
        connection, _by(command.actor),
        lambda moment, number: rollcall.open_row(moment, event, given.division, number, drill=given.drill),
    )  # fmt: skip
    return case.incident.id


async def look_for_people(house: House, command: Command) -> list[Pressed]:
    """Whom people may have to be sent to, and who is near them."""
    if command.args["state"] != PersonState.NEEDS_TRANSFER:
        return []
    now = house.clock.now()
    async with house.database.pool.acquire() as connection:
        people = await store.people(connection, command.args["elders"])
    wanted = [
        Pressed(
            alarm=uuid7(now), device=None, eid=None, kind=AlarmKind.TRANSFER, cls=AlarmClass.OWN,
            subject=f"elder:{elder}", division=row["division"], home=row["home_id"], elder=elder, flags=(),
            drill=False, place=None, at=now,
        )
        for elder, row in people.items()
    ]  # fmt: skip
    await house.cases.look_round(wanted)
    return wanted


async def mark_people(house: House, connection: Connection, command: Command, wanted: Any) -> Answer:
    """Write down what was found out about people; nothing of it if one of them refuses it."""
    args, elders = command.args, list(dict.fromkeys(command.args["elders"]))
    said = Said(args["state"], args["call"], args["how"], args["place"], args["with_whom"], args["note"])
    roll = await _load(connection, command, elders)
    if roll is None:
        return refused(NOT_FOUND)
    refusal = rollcall.refused(roll, elders, said)
    if refusal is not None:
        return refused(refusal)
    fetching = await _send(house, connection, roll, elders, wanted)
    tale = Tale(roll, moment_of(house, _by(command.actor)))
    over = rollcall.mark(tale, elders, said, fetching)
    if over:
        await house.cases.change(connection, over, _by(command.actor), _not_needed)
    words = Words(said.place or None, said.with_whom or None, said.note or None)
    await keep(connection, roll, tale, dict.fromkeys(elders, words), Writer(command.actor.account, command.actor.name))
    return done(event=command.target, ver=tale.roll.event.ver, transfers=fetching)


async def _load(connection: Connection, command: Command, elders: Iterable[str]) -> Roll | None:
    """The event with these people, as far as the caller's division goes."""
    try:
        event = UUID(command.target)
    except ValueError:
        return None
    roll = await locked(connection, event, elders)
    if roll is None or not _touches(command, roll):
        return None
    own = {elder: line for elder, line in roll.lines.items() if _may(command, line.division)}
    return Roll(roll.event, own)


def _touches(command: Command, roll: Roll) -> bool:
    """Whether the caller's division lies over the event or within it."""
    within = any(covers(Division(area), Division(command.actor.division)) for area in roll.event.areas)
    return within or any(_may(command, area) for area in roll.event.areas)


async def _send(
    house: House, connection: Connection, roll: Roll, elders: Sequence[str], wanted: Sequence[Pressed]
) -> dict[str, str]:
    """The incidents in which people go for them: one each, however many lists she is on."""
    drill = roll.event.drill
    there = await store.fetched_by(connection, elders, drill=drill) if wanted else {}
    pressed = [replace(one, drill=drill) for one in wanted if one.elder in elders and one.elder not in there]
    stories = await house.cases.place(connection, pressed) if pressed else []
    opened = {one.elder or "": story.case.incident.id for one, story in zip(pressed, stories, strict=True)}
    return {**there, **opened}


def _not_needed(moment: Moment, case: Case) -> Story:
    """She needs nobody to fetch her any more; whoever is with her already ends the visit."""
    story = Story(case, moment)
    if not case.incident.ended and case.incident.with_elder_at is None:
        end(story, "not_needed", "cancelled")
    return story


async def close_event(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """End it; its row ends with it, unless that is an outage's, which ends when the devices are back."""
    named = {one["elder"]: one["why"] for one in command.args["named"]}
    roll = await _load(connection, command, ())
    if roll is None or not all(_may(command, area) for area in roll.event.areas):
        return refused(NOT_FOUND)
    left = await store.unsettled(connection, roll.event.id)
    roll = await store.load(connection, roll.event.id, left) or roll
    tale = Tale(roll, moment_of(house, _by(command.actor)))
    refusal = rollcall.close(tale, left, named)
    if refusal is not None:
        return refused(refusal)
    await keep(
        connection, roll, tale, {elder: Words(named_why=why) for elder, why in named.items()},
        Writer(command.actor.account, command.actor.name), command.args["note"],
    )  # fmt: skip
    if roll.event.outage_id is None:
        await house.cases.change(connection, [roll.event.incident_id], _by(command.actor), _event_over)
    return done(event=command.target, ver=tale.roll.event.ver)


def _event_over(moment: Moment, case: Case) -> Story:
    story = Story(case, moment)
    if not case.incident.ended:
        end(story, "event_over", "event_over")
    return story


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "open_event": Handler(open_event, look_for_event),
        "mark_people": Handler(mark_people, look_for_people),
        "close_event": Handler(close_event),
    }
)
