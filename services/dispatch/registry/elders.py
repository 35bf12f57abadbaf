"""The one who calls: where she is, how she is, who has her key. Ids and facts; names stay in their rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.dispatch.domain.elder import Elder, Keyholder
from shared.runtime.database import Connection, Database, Record
from shared.vocabulary.geo import Position
from shared.vocabulary.people import ElderStatus

HISTORY = timedelta(days=90)
KNOWN = """
SELECT e.id, e.division, e.sex, e.dialect, e.born, e.assessment, e.lives_alone, e.dementia, e.gender_wish, e.break_in,
       e.plan_until, coalesce(e.risk = 'high', false) AS graded, h.lat, h.lon,
       CASE WHEN e.status_from > $2 OR e.status_until <= $2 THEN 'home' ELSE e.status END AS status,
       CASE WHEN e.temp_until IS NULL OR e.temp_until > $2 THEN e.temp_lat END AS temp_lat,
       CASE WHEN e.temp_until IS NULL OR e.temp_until > $2 THEN e.temp_lon END AS temp_lon,
       (SELECT count(*) FROM dispatch.incident i
        WHERE i.subject = 'elder:' || e.id AND i.opened_at > $3 AND i.outcome IN ('genuine', 'hospital', 'helped')
          AND NOT i.drill AND NOT i.canary) AS emergencies,
       (SELECT jsonb_agg(c ORDER BY c.ord) FROM (
            SELECT ord, has_key, from_h, until_h FROM dispatch.contact WHERE elder_id = e.id) AS c) AS contacts
FROM dispatch.elder e JOIN dispatch.home h ON h.id = e.home_id WHERE e.id = ANY($1)
"""
FIND = "SELECT id, home_id, division FROM dispatch.elder WHERE id = $1 AND starts_with(division, $2)"
SET_STATUS = """
UPDATE dispatch.elder SET status = $2, status_from = $3, status_until = $4, status_source = $5 WHERE id = $1
"""
SET_TEMPORARY = """
UPDATE dispatch.elder SET temp_address = $2, temp_lat = $3, temp_lon = $4, temp_until = $5 WHERE id = $1
"""
SET_PLAN = "UPDATE dispatch.elder SET plan_until = $2 WHERE id = $1"


async def find(database: Database, elder: str, scope: str) -> Record | None:
    """An elder within the scope."""
    return await database.pool.fetchrow(FIND, elder, scope)


async def found(connection: Connection, elder: str, scope: str) -> str | None:
    """Division of an elder within the scope."""
    row = await connection.fetchrow(FIND, elder, scope)
    return row["division"] if row else None


async def known(database: Database, elders: Sequence[str], now: datetime) -> dict[str, Elder]:
    """What decisions need to know of these, by id."""
    if not elders:
        return {}
    rows = await database.pool.fetch(KNOWN, list(elders), now, now - HISTORY)
    return {row["id"]: _elder(row) for row in rows}


def _elder(row: Record) -> Elder:
    plain = ("id", "division", "sex", "dialect", "born", "assessment", "lives_alone", "dementia", "gender_wish",
             "break_in", "plan_until", "emergencies", "graded")  # fmt: skip
    contacts: list[dict[str, Any]] = row["contacts"] or []
    return Elder(
        **{name: row[name] for name in plain}, status=ElderStatus(row["status"]),
        home=Position(row["lat"], row["lon"]), temporary=_position(row["temp_lat"], row["temp_lon"]),
        contacts=tuple(c["ord"] for c in contacts),
        keyholders=tuple(Keyholder(c["ord"], c["from_h"], c["until_h"]) for c in contacts if c["has_key"]),
    )  # fmt: skip


def _position(lat: float | None, lon: float | None) -> Position | None:
    return Position(lat, lon) if lat is not None and lon is not None else None


async def set_status(
    connection: Connection, elder: str, status: str, begins: datetime, until: datetime | None, source: str
) -> None:
    """Where she lives from then on, until when, and who said so."""
    await connection.execute(SET_STATUS, elder, status, begins, until, source)


async def set_temporary(
    connection: Connection, elder: str, address: str | None, place: Position | None, until: datetime | None
) -> None:
    """Where she stays for a while; None takes it away."""
    await connection.execute(
        SET_TEMPORARY, elder, address, place.lat if place else None, place.lon if place else None, until
    )


async def set_plan(connection: Connection, elder: str, until: datetime | None) -> None:
    """Until when a signed plan for frequent presses holds; None ends it."""
    await connection.execute(SET_PLAN, elder, until)
