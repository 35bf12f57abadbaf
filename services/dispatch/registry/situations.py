"""Situations: what a decision needs to know, read before its transaction begins."""

from collections.abc import Sequence
from uuid import UUID

from services.dispatch.domain.alarms import Pressed
from services.dispatch.domain.matching import Roster
from services.dispatch.domain.situation import NOTHING_KNOWN, Situation
from services.dispatch.registry import rosters
from services.dispatch.registry.rosters import Lately
from shared.contracts.commands import OF_JOB, OF_OFFER, Command
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.vocabulary.divisions import Level
from shared.vocabulary.geo import Position

HOMES = "SELECT id, lat, lon FROM dispatch.home WHERE id = ANY($1)"
OF_INCIDENT = "SELECT division, lat, lon FROM dispatch.incident WHERE id = $1"
OF_TARGET = "SELECT incident_id FROM dispatch.{} WHERE id = $1"


class Situations:
    """Looks round."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Alarms of one moment share a roster."""
        self._database = database
        self._clock = clock
        self._lately = Lately()

    async def of_alarms(self, alarms: Sequence[Pressed]) -> list[Situation]:
        """One for each, in their order."""
        rows = await self._database.pool.fetch(HOMES, [a.home for a in alarms if a.home]) if alarms else []
        homes = {row["id"]: Position(row["lat"], row["lon"]) for row in rows}
        return [
            Situation(a.place or homes.get(a.home or ""), roster=await self._lately_there(a.division)) for a in alarms
        ]

    async def of_incident(self, incident: str) -> Situation:
        """What is known around a case that exists already."""
        row = await self._database.pool.fetchrow(OF_INCIDENT, incident)
        return Situation(roster=await self._there(row["division"])) if row else NOTHING_KNOWN

    async def of_command(self, command: Command) -> Situation:
        """What is known around the case a command speaks of."""
        incident: str | None = command.target
        if command.name in OF_OFFER | OF_JOB:
            table = "offer" if command.name in OF_OFFER else "job"
            target = _uuid(command.target)
            incident = await self._database.pool.fetchval(OF_TARGET.format(table), target) if target else None
        return await self.of_incident(incident) if incident else NOTHING_KNOWN

    async def _lately_there(self, division: str) -> Roster:
        async with self._database.pool.acquire() as connection:
            return await self._lately.get(connection, division[: Level.COUNTY], self._clock.now())

    async def _there(self, division: str) -> Roster:
        async with self._database.pool.acquire() as connection:
            return await rosters.roster(connection, division[: Level.COUNTY], self._clock.now())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
