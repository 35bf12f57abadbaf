"""People who go: on duty or not, where, and whether they can be reached."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.dispatch.domain.cells import cell_of
from shared.runtime.database import Connection
from shared.vocabulary.geo import Position

RESTED_AFTER = timedelta(hours=8)
DUTY = """
UPDATE dispatch.responder
SET fresh_since = CASE
        WHEN $2 AND NOT on_duty AND (fresh_since IS NULL OR duty_since IS NULL OR duty_since <= $6) THEN $5
        ELSE fresh_since END,
    duty_since = CASE WHEN on_duty = $2 THEN duty_since ELSE $5 END, on_duty = $2,
    seen_lat = coalesce($3, seen_lat), seen_lon = coalesce($4, seen_lon), cell = coalesce($7, cell),
    seen_at = CASE WHEN $3::double precision IS NULL THEN seen_at ELSE $5 END
WHERE id = $1 AND retired_at IS NULL RETURNING division
"""
UNPLACED = """
SELECT id, lat, lon, seen_lat, seen_lon FROM dispatch.responder WHERE base_cell IS NULL AND retired_at IS NULL LIMIT $1
"""
PLACED = """
UPDATE dispatch.responder r SET base_cell = p.base, cell = coalesce(r.cell, p.seen)
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS p(id, base, seen) WHERE r.id = p.id AND r.base_cell IS NULL
"""
SEEN = "SELECT id, seen_at FROM dispatch.responder WHERE id = ANY($1) AND seen_at IS NOT NULL"
PIECE = 400
NOWHERE = 0
"""The cell of somebody whose station is no place on earth: in no ring, but found by nearness."""


async def duty(
    connection: Connection, responder: str, *, on: bool, lat: float | None, lon: float | None, now: datetime
) -> str | None:
    """Set duty and position; answers the responder's division, None when there is no such responder."""
    cell = cell_of(Position(lat, lon)) if lat is not None and lon is not None else None
    division: str | None = await connection.fetchval(DUTY, responder, on, lat, lon, now, now - RESTED_AFTER, cell)
    return division


async def reachable(connection: Connection, responder: str, *, reachable: bool) -> None:
    """Note whether a console of this responder can ring."""
    await connection.execute("UPDATE dispatch.responder SET reachable = $2 WHERE id = $1", responder, reachable)


async def seen(connection: Connection, people: Sequence[str]) -> dict[str, datetime]:
    """When these people's positions were last told; nothing of those who have never told theirs."""
    rows = await connection.fetch(SEEN, people)
    return {row["id"]: row["seen_at"] for row in rows}


async def put_into_cells(connection: Connection) -> int:
    """Give people who came by an import their cells, some hundreds at a time; answers how many there were."""
    rows = await connection.fetch(UNPLACED, PIECE)
    base = [cell_of(Position(r["lat"], r["lon"])) or NOWHERE for r in rows]
    seen = [None if r["seen_lat"] is None else cell_of(Position(r["seen_lat"], r["seen_lon"])) for r in rows]
    await connection.execute(PLACED, [r["id"] for r in rows], base, seen)
    return len(rows)


async def serves_in(connection: Connection, responder: str, scope: str) -> bool:
    """Whether there is such a responder within the scope."""
    found = await connection.fetchval(
        "SELECT true FROM dispatch.responder WHERE id = $1 AND starts_with(division, $2)", responder, scope
    )
    return found is not None
