"""What maps draw, read within the caller's scope; names are masked."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.gateway.domain import coverage as it
from services.gateway.domain.people import Identity
from services.gateway.domain.wording import name_hint, place_hint, restamp
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.store import maps
from shared.runtime.database import Connection, Database, set_scope
from shared.vocabulary.divisions import WHOLE_CELL, Division, covers, ladder

MOST_PEOPLE = 1000
MOST_ROADS = 8000
FRESH = timedelta(minutes=10)
"""As matching does it: an older position gives way to the station."""
SHOWN_AFTER = timedelta(minutes=30)
"""Where a call came from is shown from its opening until so long after its end; her home stays known."""
ORGANISED = frozenset({"station", "guard", "fire_post", "provider"})
"""Names of posts and organisations are on their doors."""
Row = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where elders live, who is on duty, and seconds until the first of those ready is at each of these places."""

    blocks: Sequence[it.Block]
    goers: Sequence[it.Goer]
    seconds: Sequence[float]


async def shapes(database: Database, who: Identity, code: Division) -> Row:
    """A division with its parts, and what helps to find the way in it."""
    async with database.reading(who.scope) as connection:
        own = await _division(connection, who, code)
        found = await maps.shapes(connection, code)
        return {
            "division": code, "name": own["name"], "bounds": _bounds(found),
            "above": await _above(connection, who, code), "shapes": found,
            "landmarks": await maps.landmarks(connection, code),
        }  # fmt: skip


async def roads(database: Database, who: Identity, bounds: tuple[float, ...]) -> Row:
    """Roads within bounds, of the caller's division."""
    async with database.reading(who.scope) as connection:
        found = await maps.roads(connection, who.division, bounds, MOST_ROADS + 1)
    return {"stretches": found[:MOST_ROADS], "more": len(found) > MOST_ROADS}


async def people(database: Database, who: Identity, code: Division, now: datetime) -> Row:
    """Everybody on duty or on a job."""
    async with database.reading(who.scope) as connection:
        await _division(connection, who, code)
        found = await maps.people(connection, code, now, MOST_PEOPLE + 1)
    return {"division": code, "items": [_person(one) for one in found[:MOST_PEOPLE]], "more": len(found) > MOST_PEOPLE}


async def incident(database: Database, who: Identity, name: str, now: datetime) -> Row:
    """Where an incident is, who is coming and who is asked."""
    async with database.reading(who.scope) as connection:
        found = await maps.incident(connection, name)
        if found is None:
            raise MissingError("incident")
        concerned = [] if found["closed_at"] else await maps.concerned(connection, name, now)
    return {
        **_spot(found, now),
        "place": place_hint(found["address"]),
        "people": [_concerned(one) for one in concerned],
    }


async def coverage(database: Database, who: Identity, code: Division, now: datetime, target_s: int) -> Row:
    """How soon somebody could be with the elders of a division and of its parts, and where nobody would be in time."""
    async with database.reading(who.scope) as connection:
        own = await _division(connection, who, code)
        children = await maps.children(connection, code)
        above = await _above(connection, who, code)
    worked = await asyncio.to_thread(covered, (own, *children), await reach(database, code, now), target_s)
    return {"division": code, "name": own["name"], "at": now, "target_s": target_s, "above": above, **worked}


async def reach(database: Database, code: Division, now: datetime) -> Reach:
    """How soon somebody could be with each elder of a division, for whoever may see it."""
    async with areas.looking(database, code) as connection:
        blocks = await maps.blocks(connection, code)
        goers = await maps.goers(connection, code, now, now - FRESH)
    return Reach(blocks, goers, await asyncio.to_thread(it.arrivals, blocks, goers))


async def forget_tracks(database: Database, before: datetime, limit: int) -> int:
    """Delete so many positions from before an instant; answers how many there were."""
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        return await maps.forget_tracks(connection, before, limit)


def covered(divisions: Sequence[Row], found: Reach, target_s: int) -> Row:
    """Figures of a division and its parts, given by `code` and `name`, the division itself first."""
    own, *children = divisions
    names = {one["code"]: one["name"] for one in divisions}
    places = _by_division(zip(found.blocks, found.seconds, strict=True), lambda one: one[0].division)
    people = _by_division(found.goers, lambda one: one.division)
    lines = []
    for part, mine in it.parts(own["code"], (child["code"] for child in children), places.keys() | people.keys()):
        here = [one for code in mine for one in places.get(code, ())]
        there = [one for code in mine for one in people.get(code, ())]
        figures = it.figures([block for block, _ in here], [s for _, s in here], there, target_s)
        lines.append({"division": part, "name": names[part], **figures.told()})
    total = it.figures(found.blocks, found.seconds, found.goers, target_s)
    return {
        "total": {"division": own["code"], "name": own["name"], **total.told()}, "lines": lines,
        "holes": [_hole(hole) for hole in it.holes(found.blocks, found.seconds, target_s)],
    }  # fmt: skip


def _by_division(items: Iterable[T], division: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for one in items:
        found[division(one)].append(one)
    return found


def _hole(hole: it.Hole) -> Row:
    elders = hole.elders if hole.elders >= it.FEWEST else None
    return {"division": hole.division, "lat": hole.lat, "lon": hole.lon, "elders": elders, "eta_s": hole.eta_s}


async def _division(connection: Connection, who: Identity, code: Division) -> Row:
    """A division that the caller may see whole; the own one may be on no list, as the whole cell is."""
    found = await maps.division(connection, code)
    if not covers(who.scope, code) or (found is None and code != who.division):
        raise MissingError("division", field="division")
    return found or {"code": code, "name": code}


async def _above(connection: Connection, who: Identity, code: Division) -> list[Row]:
    """The way from the caller's own division down to one above this."""
    return await maps.lines(connection, [one for one in ladder(code)[1:] if covers(who.scope, one)])


def _bounds(shapes: Sequence[Row]) -> tuple[float, ...] | None:
    if not shapes:
        return None
    west, south = (min(one[side] for one in shapes) for side in ("west", "south"))
    east, north = (max(one[side] for one in shapes) for side in ("east", "north"))
    return west, south, east, north


def _person(row: Mapping[str, Any]) -> Row:
    """Where she was seen, else her station."""
    seen = row["seen_at"] is not None and row["seen_lat"] is not None
    kept = ("responder", "kind", "division", "on_duty", "reachable", "phone_only", "incident", "state")
    name = row["name"] if row["kind"] in ORGANISED else name_hint(row["name"])
    return {
        **{part: row[part] for part in kept}, "name_masked": name,
        "lat": row["seen_lat"] if seen else row["base_lat"], "lon": row["seen_lon"] if seen else row["base_lon"],
        "seen_at": row["seen_at"] if seen else None,
    }  # fmt: skip


def _spot(found: Row, now: datetime) -> Row:
    if found["closed_at"] is None or now <= found["closed_at"] + SHOWN_AFTER:
        return found
    return {**found, "lat": found["home_lat"], "lon": found["home_lon"], "away_m": None}


def _concerned(row: Mapping[str, Any]) -> Row:
    kept = ("offer", "role", "eta_s", "accepted_at", "arrived_at")
    track = [restamp(point) for point in row["track"] or ()]
    return {**_person(row), **{name: row[name] for name in kept}, "track": track}
