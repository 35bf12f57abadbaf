"""Situations: what a decision needs to know, read before its transaction begins.

Who is best is worked out here too, in a thread of its own, so that the decision under the lock only picks. Whatever
fails on the way leaves an empty roster, for which the desk is rung at once: never silence.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.dispatch.domain.alarms import Pressed, foreseen
from services.dispatch.domain.asking import need_for
from services.dispatch.domain.matching import ENOUGH, NOBODY, Candidate, Need, Roster, barred, safely
from services.dispatch.domain.policy import SHIPPED, from_data
from services.dispatch.domain.roads import Roads
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.domain.willing import Willing
from services.dispatch.registry import elders, policies, responders, rosters
from services.dispatch.registry.roads import RoadMap, by_road
from services.dispatch.registry.rosters import Query
from services.dispatch.registry.willing import WillingMap
from shared.contracts.commands import OF_JOB, OF_OFFER, Command
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database, Record, is_away
from shared.vocabulary.alarms import Priority
from shared.vocabulary.geo import Position

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 30.0
HOMES = "SELECT id, lat, lon, floor, lift FROM dispatch.home WHERE id = ANY($1)"
OF_INCIDENTS = """
SELECT i.id, i.division, i.lat, i.lon, i.kind, i.priority, i.canary, i.skills, i.elder_id, i.policy, h.floor, h.lift,
       (SELECT array_agg(o.responder_id) FROM dispatch.offer o
        WHERE o.incident_id = i.id AND o.state NOT IN ('expired', 'withdrawn')) AS out
FROM dispatch.incident i LEFT JOIN dispatch.home h ON h.id = i.home_id WHERE i.id = ANY($1)
"""
OF_TARGET = "SELECT incident_id FROM dispatch.{} WHERE id = $1"


@dataclass(frozen=True, slots=True)
class _Look:
    """A situation but for the people, and how to find and rank those."""

    around: Situation
    query: Query
    need: Need


class Situations:
    """Looks round."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """No road is known until `roads` has looked, and no habit of the county until `willing` has."""
        self._database = database
        self._clock = clock
        self.roads = RoadMap()
        self.willing = WillingMap()
        self._usual = rosters.Usual()

    async def keep(self) -> None:
        """Take up roads and people that were imported, and what answers teach, now and again, for ever."""
        while True:
            try:
                await self.settle()
                await self.roads.refresh(self._database)
                await self.willing.refresh(self._database, self._clock.now())
            except AWAY:
                logger.warning("people.database_away")
            await woken(asyncio.Event(), LOOK_EVERY_S)

    async def settle(self) -> None:
        """Give everybody who came by an import a cell."""
        async with self._database.pool.acquire() as connection:
            while await responders.put_into_cells(connection):
                pass

    async def of_alarms(self, alarms: Sequence[Pressed]) -> list[Situation]:
        """One for each, in their order."""
        if not alarms:
            return []
        now = self._clock.now()
        homes, known = await asyncio.gather(
            self._homes([a.home for a in alarms if a.home]), self._known([(a.division, a.elder) for a in alarms], now)
        )
        looks = [_look(a, homes.get(a.home or ""), it, now) for a, it in zip(alarms, known, strict=True)]
        return await self._with_people(looks, now)

    async def _homes(self, named: Sequence[str]) -> dict[str, Record]:
        rows = await self._database.pool.fetch(HOMES, named) if named else []
        return {row["id"]: row for row in rows}

    async def of_incident(self, incident: str, place: Position | None = None) -> Situation:
        """What is known around a case that exists already; `place` if it is about to be somewhere else."""
        return (await self.of_incidents([incident], place)).get(incident, NOTHING_KNOWN)

    async def of_incidents(self, incidents: Sequence[str], place: Position | None = None) -> dict[str, Situation]:
        """The same of several, by id; of a case that there is not nothing is said."""
        rows = await self._database.pool.fetch(OF_INCIDENTS, incidents) if incidents else []
        now = self._clock.now()
        known = await self._known([(row["division"], row["elder_id"]) for row in rows], now)
        looks = [_again(row, place, it, now) for row, it in zip(rows, known, strict=True)]
        found = await self._with_people(looks, now)
        return {row["id"]: it for row, it in zip(rows, found, strict=True)}

    async def of_command(self, command: Command) -> Situation:
        """What is known around the case a command speaks of."""
        incident: str | None = command.target
        if command.name in OF_OFFER | OF_JOB:
            table = "offer" if command.name in OF_OFFER else "job"
            target = _uuid(command.target)
            incident = await self._database.pool.fetchval(OF_TARGET.format(table), target) if target else None
        moved = _moved_to(command.args) if command.name == "relocate" else None
        return await self.of_incident(incident, moved) if incident else NOTHING_KNOWN

    async def _known(self, whom: Sequence[tuple[str, str | None]], now: datetime) -> list[Situation]:
        """What her division has laid down, and how she is: for each a division and an elder, if there is one."""
        laid, people = await asyncio.gather(
            policies.holding(self._database, {division for division, _ in whom}, now),
            elders.known(self._database, [elder for _, elder in whom if elder], now),
        )
        return [replace(laid[division], elder=people.get(elder or "")) for division, elder in whom]

    async def _with_people(self, looks: Sequence[_Look], now: datetime) -> list[Situation]:
        if not looks:
            return []
        people = await asyncio.gather(*(self._people(look.query, now) for look in looks))
        local = [(self.roads.of(it.query.division), self.willing.of(it.query.division)) for it in looks]
        rosters_of = await asyncio.to_thread(_worked_out, looks, people, local)
        return [replace(look.around, roster=roster) for look, roster in zip(looks, rosters_of, strict=True)]

    async def _people(self, query: Query, now: datetime) -> tuple[Candidate, ...]:
        try:
            async with self._database.pool.acquire() as connection:
                return await rosters.around(connection, query, now, self._usual)
        except asyncpg.PostgresError as fault:
            if is_away(fault):
                raise
            logger.exception("matching.failed")
            return ()


def _look(alarm: Pressed, home: Record | None, known: Situation, now: datetime) -> _Look:
    lives = known.elder.place if known.elder else None
    place = alarm.place or lives or (Position(home["lat"], home["lon"]) if home else None)
    stays = known.elder is not None and known.elder.temporary is not None
    around = replace(known, place=place, floors=0 if stays else _floors(home))
    priority = Priority(foreseen(alarm, around, now))
    most = max(rosters.ENOUGH, ENOUGH * around.policy.rule(priority).most)
    query = Query(alarm.division, priority, place, alarm.elder, alarm.canary, (), around.policy.call_in, most)
    need = need_for(
        around, around.policy, now, kind=alarm.kind, priority=priority, place=place, canary=alarm.canary,
        skills=alarm.skills,
    )  # fmt: skip
    return _Look(around, query, need)


def _again(row: Record, moved: Position | None, known: Situation, now: datetime) -> _Look:
    place = moved or (Position(row["lat"], row["lon"]) if row["lat"] is not None else None)
    policy = from_data(row["policy"]) if row["policy"] else SHIPPED
    around = replace(known, place=place, policy=policy, floors=_floors(row))
    query = Query(
        row["division"], row["priority"], place, row["elder_id"], row["canary"], row["out"] or (), policy.call_in
    )
    need = need_for(
        around, policy, now, kind=row["kind"], priority=row["priority"], place=place, canary=row["canary"],
        skills=tuple(row["skills"]),
    )  # fmt: skip
    return _Look(around, query, need)


def _worked_out(
    looks: Sequence[_Look], people: Sequence[tuple[Candidate, ...]], known: Sequence[tuple[Roads | None, Willing]]
) -> list[Roster]:
    return [_roster(look.need, some, *local) for look, some, local in zip(looks, people, known, strict=True)]


def _roster(need: Need, people: tuple[Candidate, ...], roads: Roads | None, willing: Willing) -> Roster:
    if not people:
        return NOBODY
    try:
        fit = [one for one in people if barred(one, need) is None]
        people = (*by_road(roads, need.place, fit), *(one for one in people if barred(one, need) is not None))
    except Exception:
        logger.exception("roads.failed")
    return Roster(people, safely(need, people, willing), willing)


def _floors(home: Record | None) -> int:
    """Floors to climb; waiting for a lift counts as one."""
    up = max(0, (home["floor"] or 1) - 1) if home else 0
    return min(up, 1) if home and home["lift"] else up


def _moved_to(args: Mapping[str, Any]) -> Position | None:
    lat, lon = args.get("lat"), args.get("lon")
    return Position(lat, lon) if isinstance(lat, float) and isinstance(lon, float) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
