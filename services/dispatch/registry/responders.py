"""People who go: on duty or not, where, and whether they can be reached."""

from datetime import datetime

from shared.runtime.database import Connection

DUTY = """
UPDATE dispatch.responder
SET duty_since = CASE WHEN on_duty = $2 THEN duty_since ELSE $5 END, on_duty = $2,
    seen_lat = coalesce($3, seen_lat), seen_lon = coalesce($4, seen_lon),
    seen_at = CASE WHEN $3::double precision IS NULL THEN seen_at ELSE $5 END
WHERE id = $1 RETURNING division
"""


async def duty(
    connection: Connection, responder: str, *, on: bool, lat: float | None, lon: float | None, now: datetime
) -> str | None:
    """Set duty and position; answers the responder's division, None when there is no such responder."""
    division: str | None = await connection.fetchval(DUTY, responder, on, lat, lon, now)
    return division


async def reachable(connection: Connection, responder: str, *, reachable: bool) -> None:
    """Note whether a console of this responder can ring."""
    await connection.execute("UPDATE dispatch.responder SET reachable = $2 WHERE id = $1", responder, reachable)
