"""Rows of the registry as an import reads and writes them: whole rows as JSON, a piece at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.imports.places import Bounds, Place
from shared.runtime.database import Connection
from shared.runtime.sealed import Private, Sought

DIVISIONS = """
SELECT code, name, until, into_code FROM dispatch.division WHERE starts_with(code, $1) OR starts_with($1, code)
"""
BOUNDS = "SELECT division, west, south, east, north FROM dispatch.shape WHERE starts_with(division, $1)"
ROWS = {
    "elder": "SELECT id, to_jsonb(t) AS row FROM dispatch.elder t WHERE id = ANY($1)",
    "home": "SELECT id, to_jsonb(t) AS row FROM dispatch.home t WHERE id = ANY($1)",
    "provider": "SELECT id, to_jsonb(t) AS row FROM dispatch.provider t WHERE id = ANY($1)",
    "responder": "SELECT id, to_jsonb(t) AS row FROM dispatch.responder t WHERE id = ANY($1)",
    "contact": """SELECT elder_id || '/' || ord AS id, to_jsonb(t) AS row FROM dispatch.contact t
                  WHERE elder_id = ANY($1)""",
    "assessment": """SELECT elder_id || '/' || assessed_on AS id, to_jsonb(t) AS row FROM dispatch.assessment t
                     WHERE elder_id = ANY($1)""",
    "skill": """SELECT responder_id AS id, jsonb_agg(skill ORDER BY skill) AS row FROM dispatch.skill
                WHERE responder_id = ANY($1) GROUP BY responder_id""",
}
"""What is there, by the ids of elders, homes and so on."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "home": ("id",), "elder": ("id",), "provider": ("id",), "responder": ("id",), "contact": ("elder_id", "ord"),
    "assessment": ("elder_id", "assessed_on"),
}  # fmt: skip
NAMED = {"name": Sought, "phone": Sought}
SEALED: Mapping[str, Mapping[str, type[Private]]] = {
    "home": {"address": Sought, "door_code": Private, "key_place": Private},
    "elder": NAMED | dict.fromkeys(("health", "medicine", "allergies", "last_wishes", "id_number"), Private),
    "contact": NAMED,
    "responder": NAMED,
}
"""How words go into these columns; whole rows go in as JSON, which has no types of its own."""
FORGET_SKILLS = "DELETE FROM dispatch.skill WHERE responder_id = ANY($1)"
ADD_SKILLS = """
INSERT INTO dispatch.skill (responder_id, division, skill)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING
"""
ADD_CODES = """
INSERT INTO dispatch.elder_code (code, elder_id, division, made_at, made_by)
SELECT c.code, c.elder, c.division, $4, $5 FROM unnest($1::text[], $2::text[], $3::text[]) AS c(code, elder, division)
ON CONFLICT DO NOTHING
"""
FOLLOW = tuple(
    f"""UPDATE dispatch.{table} t SET division = e.division FROM dispatch.elder e
        WHERE e.id = t.elder_id AND e.id = ANY($1) AND t.division <> e.division"""  # noqa: S608  names of our own
    for table in ("contact", "assessment", "elder_code", "consent", "relation")
)
"""What is written of an elder lies where she lives."""
BEGIN = """
INSERT INTO dispatch.import (id, division, sheet, digest, rows, added, changed, same, refused, by_account, begun_at)
VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6, $7, $8)
"""
END = "UPDATE dispatch.import SET added = $2, changed = $3, same = $4, ended_at = $5 WHERE id = $1"


async def places(connection: Connection, area: str) -> list[Place]:
    """Divisions of an area and those above it, ended ones too."""
    rows = await connection.fetch(DIVISIONS, area)
    return [Place(row["code"], row["name"], row["until"], row["into_code"]) for row in rows]


async def bounds(connection: Connection, area: str) -> dict[str, Bounds]:
    """Boxes round the borders we have, by division; the county's with those of its parts."""
    rows = await connection.fetch(BOUNDS, area[:6])
    return {row["division"]: (row["west"], row["south"], row["east"], row["north"]) for row in rows}


async def there(connection: Connection, table: str, ids: Sequence[str]) -> dict[str, Any]:
    """Rows that are there, by id."""
    return {row["id"]: row["row"] for row in await connection.fetch(ROWS[table], list(ids))}


async def put(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write whole rows in place of what is there. All have the same columns."""
    if not rows:
        return
    names = list(rows[0])
    rest = [name for name in names if name not in KEYS[table]]
    await connection.execute(
        f"INSERT INTO dispatch.{table} ({', '.join(names)}) "  # noqa: S608  names of our own tables
        f"SELECT {', '.join(names)} FROM jsonb_populate_recordset(NULL::dispatch.{table}, $1) "
        f"ON CONFLICT ({', '.join(KEYS[table])}) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in rest),
        [_sealed(table, row) for row in rows],
    )


def _sealed(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    kinds = SEALED.get(table, {})
    return {name: kinds[name](value) if name in kinds and value else value for name, value in row.items()}


async def put_skills(connection: Connection, people: Mapping[str, tuple[str, Sequence[str]]]) -> None:
    """Division and skills by responder, in place of what was there."""
    if not people:
        return
    await connection.execute(FORGET_SKILLS, list(people))
    flat = [(who, division, skill) for who, (division, skills) in people.items() for skill in skills]
    await connection.execute(ADD_SKILLS, *([row[n] for row in flat] for n in range(3)))


async def add_codes(connection: Connection, codes: Mapping[str, tuple[str, str]], now: datetime, by: str) -> None:
    """Codes by elder, with her division; who has one keeps it."""
    elders = list(codes)
    await connection.execute(ADD_CODES, [codes[e][0] for e in elders], elders, [codes[e][1] for e in elders], now, by)


async def follow(connection: Connection, elders: Sequence[str]) -> None:
    """What is written of elders who have moved goes with them."""
    for statement in FOLLOW:
        await connection.execute(statement, list(elders))


async def begin(
    connection: Connection, name: UUID, division: str, sheet: str, digest: str, rows: int, refused: int, by: str,
    now: datetime,
) -> None:  # fmt: skip
    """A file is being taken in."""
    await connection.execute(BEGIN, name, division, sheet, digest, rows, refused, by, now)


async def end(connection: Connection, name: UUID, added: int, changed: int, same: int, now: datetime) -> None:
    """It is in."""
    await connection.execute(END, name, added, changed, same, now)
