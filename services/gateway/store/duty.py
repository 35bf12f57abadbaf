"""Modes, drills and seats, as far as the scope goes; what lies above it where that counts here too."""

from typing import Any
from uuid import UUID

from services.gateway.domain.wording import restamp
from shared.runtime.database import Connection
from shared.vocabulary.divisions import Division, ladder

MODES = """
SELECT m.division, d.name, m.war, m.reason, m.by_name AS by, m.at, m.until
FROM dispatch.mode m LEFT JOIN dispatch.division d ON d.code = m.division ORDER BY m.war DESC, m.division
"""
AT_WAR = "SELECT division FROM dispatch.mode WHERE division = ANY($1) AND war ORDER BY length(division) DESC LIMIT 1"
CHANGES = """
SELECT c.division, d.name, c.war, c.reason, c.by_name AS by, c.at, c.until
FROM dispatch.mode_change c LEFT JOIN dispatch.division d ON d.code = c.division
WHERE c.division = $1 ORDER BY c.at DESC LIMIT 100
"""
CHANGE = """
SELECT c.division, d.name, c.war, c.until, c.reason, c.by_name AS by
FROM dispatch.mode_change c LEFT JOIN dispatch.division d ON d.code = c.division WHERE c.id = $1
"""
DIVISION = "SELECT EXISTS (SELECT FROM dispatch.division WHERE code = $1)"
DRILLS = """
SELECT t.incident_id AS incident, t.division, t.people, t.by_name AS by, t.at, i.state
FROM dispatch.drill t JOIN dispatch.incident i ON i.id = t.incident_id
WHERE $1 = '' OR (t.at, t.incident_id) < (SELECT x.at, x.incident_id FROM dispatch.drill x WHERE x.incident_id = $1)
ORDER BY t.at DESC, t.incident_id DESC LIMIT $2
"""
SEAT = """
jsonb_build_object('account', s.account, 'name', s.name, 'division', s.division, 'since', s.since,
    'confirmed_at', s.confirmed_at, 'until', s.confirmed_at + interval '30 minutes')
"""
POSTS = f"""
SELECT p.division, d.name, p.covered_by, p.uncovered_since,
       (SELECT jsonb_agg({SEAT} ORDER BY s.since) FROM dispatch.seat s WHERE s.division = p.division) AS seats
FROM dispatch.post p LEFT JOIN dispatch.division d ON d.code = p.division
WHERE $1::text[] IS NULL OR p.division = ANY($1) ORDER BY p.division
"""  # noqa: S608  a constant
HAND_OVERS = """
SELECT id, division, from_name, to_name, to_division, note, incidents, at
FROM dispatch.hand_over ORDER BY at DESC LIMIT 20
"""
HELD = """
SELECT id FROM dispatch.incident
WHERE taken_by = $1 AND state NOT IN ('closed', 'false_alarm', 'merged') ORDER BY opened_at
"""
HAND_OVER = "SELECT division, from_name, note, incidents FROM dispatch.hand_over WHERE id = $1"


async def modes(connection: Connection) -> list[dict[str, Any]]:
    """How divisions work whose mode was ever changed, those at war first."""
    return [dict(row.items()) for row in await connection.fetch(MODES)]


async def mode(connection: Connection, division: str) -> dict[str, Any] | None:
    """How a division works at present, with every change; None when there is no such division."""
    if not await connection.fetchval(DIVISION, division):
        return None
    at_war = await connection.fetchval(AT_WAR, [*ladder(Division(division)), ""])
    changes = [dict(row.items()) for row in await connection.fetch(CHANGES, division)]
    return {"division": division, "war": at_war is not None, "by_division": at_war, "changes": changes}


async def change(connection: Connection, name: UUID) -> dict[str, Any] | None:
    """One change of a mode."""
    row = await connection.fetchrow(CHANGE, name)
    return dict(row.items()) if row else None


async def drills(connection: Connection, after: str, limit: int) -> list[dict[str, Any]]:
    """Drills in scope, newest first."""
    return [dict(row.items()) for row in await connection.fetch(DRILLS, after, limit)]


async def posts(connection: Connection, only: list[str] | None = None) -> list[dict[str, Any]]:
    """Posts with their seats: in scope and above it, or only these."""
    rows = await connection.fetch(POSTS, only)
    return [dict(row.items()) | {"seats": [restamp(seat) for seat in row["seats"] or []]} for row in rows]


async def hand_overs(connection: Connection) -> list[dict[str, Any]]:
    """What was handed over lately in scope, newest first."""
    return [dict(row.items()) for row in await connection.fetch(HAND_OVERS)]


async def hand_over(connection: Connection, name: UUID) -> dict[str, Any] | None:
    """One hand-over."""
    row = await connection.fetchrow(HAND_OVER, name)
    return dict(row.items()) if row else None


async def area(connection: Connection, division: str) -> str | None:
    """How a division is called."""
    found: str | None = await connection.fetchval("SELECT name FROM dispatch.division WHERE code = $1", division)
    return found


async def who(connection: Connection, account: str) -> str:
    """How somebody with an account is called."""
    return str(await connection.fetchval("SELECT name FROM gateway.account WHERE id = $1", account) or "")


async def held(connection: Connection, account: str) -> list[str]:
    """Incidents that somebody has taken and that are not over."""
    return [row["id"] for row in await connection.fetch(HELD, account)]
