"""Road graphs of counties, held in memory and looked for again when somebody has imported one."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.roads import Roads, Way
from shared.runtime.database import Database, Record
from shared.vocabulary.geo import Position, distance_m

logger = logging.getLogger(__name__)

WINDING, BRIDGE_M = 6.0, 5000.0
"""No way is longer than so many times the straight line and the way to a bridge, or it is taken for no way at all."""
GRAPHS = "SELECT area, edition FROM dispatch.road_graph"
WAYS = "SELECT from_lat, from_lon, to_lat, to_lon, metres, one_way FROM dispatch.road WHERE area = $1 AND edition = $2"


class RoadMap:
    """The graphs that have been imported, by area; the longest area that begins a division's code holds there."""

    def __init__(self) -> None:
        """Know no road."""
        self._graphs: dict[str, tuple[datetime, Roads]] = {}

    async def refresh(self, database: Database) -> None:
        """Take up what was imported since, and drop what is gone. Built in a thread: it takes its time."""
        listed = {row["area"]: row["edition"] for row in await database.pool.fetch(GRAPHS)}
        self._graphs = {area: kept for area, kept in self._graphs.items() if area in listed}
        for area, at in listed.items():
            if area not in self._graphs or self._graphs[area][0] != at:
                rows = await database.pool.fetch(WAYS, area, at, timeout=60)
                self._graphs[area] = at, await asyncio.to_thread(_built, rows)
                logger.info("roads.loaded", extra={"area": area, "ways": len(rows)})

    def of(self, division: str) -> Roads | None:
        """The graph for a division, if there is one."""
        areas = [area for area in self._graphs if division.startswith(area)]
        return self._graphs[max(areas, key=len)][1] if areas else None


def _built(rows: Sequence[Record]) -> Roads:
    return Roads(
        Way(Position(r["from_lat"], r["from_lon"]), Position(r["to_lat"], r["to_lon"]), r["metres"], r["one_way"])
        for r in rows
    )


def by_road(roads: Roads | None, place: Position | None, people: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The same people with their way there, where the graph knows one."""
    if roads is None or place is None or not people:
        return tuple(people)
    limit = WINDING * max(distance_m(c.position, place) for c in people) + BRIDGE_M
    found = roads.metres_to(place, [c.position for c in people], limit)
    return tuple(c if m is None else replace(c, road_m=m) for c, m in zip(people, found, strict=True))
