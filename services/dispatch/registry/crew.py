"""Rows of people who go and of their organisations, as the desk keeps them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.cells import cell_of
from services.dispatch.registry.responders import NOWHERE
from shared.runtime.database import Connection, Database, Record
from shared.vocabulary.geo import Position

COLUMNS = (
    "division", "provider_id", "kind", "name", "phone", "lat", "lon", "mode", "speed_mps", "nights", "sex", "dialects",
    "area", "catchment", "phone_only",
)  # fmt: skip
SAVE = f"""
INSERT INTO dispatch.responder (id, base_cell, {", ".join(COLUMNS)})
VALUES ($1, $2, {", ".join(f"${n + 3}" for n in range(len(COLUMNS)))})
ON CONFLICT (id) DO UPDATE SET retired_at = NULL, base_cell = excluded.base_cell,
    {", ".join(f"{name} = excluded.{name}" for name in COLUMNS)}
"""  # noqa: S608  the columns are named above
FORGET_SKILLS = "DELETE FROM dispatch.skill WHERE responder_id = $1"
ADD_SKILLS = """
INSERT INTO dispatch.skill (responder_id, division, skill, valid_until)
SELECT $1, $2, s.skill, s.until FROM unnest($3::text[], $4::date[]) AS s(skill, until) ON CONFLICT DO NOTHING
"""
DIVISION = "SELECT division FROM dispatch.responder WHERE id = $1 AND starts_with(division, $2)"
TAKEN = "SELECT division FROM dispatch.responder WHERE id = $1"
RETIRE = """
UPDATE dispatch.responder SET retired_at = $2, on_duty = false, reachable = false WHERE id = $1 AND retired_at IS NULL
"""
BLOCK = "UPDATE dispatch.responder SET blocked_at = $2, blocked_by = $3, blocked_why = $4 WHERE id = $1"
ADD_SHIFT = """
INSERT INTO dispatch.shift (id, responder_id, division, from_at, until_at) VALUES ($1, $2, $3, $4, $5)
"""
DROP_SHIFT = "DELETE FROM dispatch.shift WHERE id = $1 AND responder_id = $2 RETURNING true"
RELATE = """
INSERT INTO dispatch.relation (elder_id, responder_id, division, kind, why, by_account, at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (elder_id, responder_id) DO UPDATE
SET kind = excluded.kind, why = excluded.why, by_account = excluded.by_account, at = excluded.at
"""
UNRELATE = "DELETE FROM dispatch.relation WHERE elder_id = $1 AND responder_id = $2 RETURNING true"
SAVE_PROVIDER = """
INSERT INTO dispatch.provider (id, division, name, phone, lat, lon) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET division = excluded.division, name = excluded.name, phone = excluded.phone,
    lat = excluded.lat, lon = excluded.lon, retired_at = NULL
"""
PROVIDER = "SELECT division FROM dispatch.provider WHERE id = $1"
RETIRE_PROVIDER = "UPDATE dispatch.provider SET retired_at = $2 WHERE id = $1"
MEMBERS = """
SELECT EXISTS (SELECT FROM dispatch.responder WHERE provider_id = $1 AND retired_at IS NULL)
"""
BUSY_WITH = """
SELECT DISTINCT incident_id FROM dispatch.offer
WHERE responder_id = $1 AND state IN ('sent', 'shown', 'rang') AND ($2::text IS NULL OR EXISTS (
    SELECT FROM dispatch.incident i WHERE i.id = incident_id AND i.elder_id = $2))
UNION SELECT DISTINCT incident_id FROM dispatch.assignment
WHERE responder_id = $1 AND state IN ('accepted', 'en_route', 'arrived') AND ($2::text IS NULL OR EXISTS (
    SELECT FROM dispatch.incident i WHERE i.id = incident_id AND i.elder_id = $2))
"""
COLLEAGUES = """
SELECT EXISTS (
    SELECT FROM dispatch.responder a JOIN dispatch.responder b ON b.provider_id = a.provider_id
    WHERE a.id = $1 AND a.kind = 'provider' AND b.id = $2 AND b.retired_at IS NULL)
"""


async def save(connection: Connection, responder: str, card: Mapping[str, Any]) -> None:
    """Write a person's card, in place of what was there; the skills with it."""
    base = cell_of(Position(card["lat"], card["lon"])) or NOWHERE
    await connection.execute(SAVE, responder, base, *(card[name] for name in COLUMNS))
    await connection.execute(FORGET_SKILLS, responder)
    skills: Sequence[Mapping[str, Any]] = card["skills"]
    until = [date.fromisoformat(s["until"]) if s["until"] else None for s in skills]
    await connection.execute(ADD_SKILLS, responder, card["division"], [s["skill"] for s in skills], until)


async def division(connection: Connection, responder: str, scope: str | None = None) -> str | None:
    """Division of a person, within the scope if one is given."""
    found: str | None = await (
        connection.fetchval(TAKEN, responder) if scope is None else connection.fetchval(DIVISION, responder, scope)
    )
    return found


async def retire(connection: Connection, responder: str, now: datetime) -> None:
    """Nobody asks this person any more; what was done stays."""
    await connection.execute(RETIRE, responder, now)


async def block(connection: Connection, responder: str, now: datetime | None, by: str | None, why: str | None) -> None:
    """Put on the block list, or take off it (without a time)."""
    await connection.execute(BLOCK, responder, now, by, why)


async def add_shift(
    connection: Connection, shift: UUID, responder: str, there: str, begins: datetime, until: datetime
) -> None:
    """Plan duty; overlapping shifts do no harm."""
    await connection.execute(ADD_SHIFT, shift, responder, there, begins, until)


async def drop_shift(connection: Connection, shift: UUID, responder: str) -> bool:
    """Take a shift away; whether there was one."""
    return bool(await connection.fetchval(DROP_SHIFT, shift, responder))


async def relate(
    connection: Connection, elder: str, responder: str, there: str, kind: str, why: str | None, by: str, now: datetime
) -> None:
    """What this person is to the elder from now on."""
    await connection.execute(RELATE, elder, responder, there, kind, why, by, now)


async def unrelate(connection: Connection, elder: str, responder: str) -> bool:
    """Nothing any more; whether there was something."""
    return bool(await connection.fetchval(UNRELATE, elder, responder))


async def save_provider(connection: Connection, provider: str, card: Mapping[str, Any]) -> None:
    """Write an organisation's card."""
    columns = ("division", "name", "phone", "lat", "lon")
    await connection.execute(SAVE_PROVIDER, provider, *(card[name] for name in columns))


async def provider_division(connection: Connection, provider: str) -> str | None:
    """Division of an organisation."""
    found: str | None = await connection.fetchval(PROVIDER, provider)
    return found


async def has_members(connection: Connection, provider: str) -> bool:
    """Whether somebody still belongs to it."""
    return bool(await connection.fetchval(MEMBERS, provider))


async def retire_provider(connection: Connection, provider: str, now: datetime) -> None:
    """It takes no more orders."""
    await connection.execute(RETIRE_PROVIDER, provider, now)


async def cases_of(database: Database, responder: str, elder: str | None = None) -> list[str]:
    """Incidents this person is asked for or goes to and is not yet with the elder; of one elder, if one is given."""
    rows: Sequence[Record] = await database.pool.fetch(BUSY_WITH, responder, elder)
    return [row["incident_id"] for row in rows]


async def colleagues(database: Database, provider_responder: str, person: str) -> bool:
    """Whether an organisation's own row may name this person."""
    return bool(await database.pool.fetchval(COLLEAGUES, provider_responder, person))
