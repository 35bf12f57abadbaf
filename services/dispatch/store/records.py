"""Single rows of an elder's record."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.runtime.database import Connection

STANDS = "SELECT true FROM dispatch.division WHERE code = $1 AND (until IS NULL OR until > $2)"
DROP_CONTACT = "DELETE FROM dispatch.contact WHERE elder_id = $1 AND ord = $2 RETURNING true"
CONFIRM = """
UPDATE dispatch.contact SET confirmed_at = $3, confirmed_by = $4 WHERE elder_id = $1 AND ord = $2 RETURNING true
"""
ASSESS = """
INSERT INTO dispatch.assessment (elder_id, division, assessed_on, level, until, assessor, by_account, at)
SELECT id, division, $2, $3, $4, $5, $6, $7 FROM dispatch.elder WHERE id = $1
ON CONFLICT (elder_id, assessed_on) DO UPDATE SET level = excluded.level, until = excluded.until,
    assessor = excluded.assessor, by_account = excluded.by_account, at = excluded.at
"""
NEWEST = """
UPDATE dispatch.elder e SET assessment = a.level, assessed_until = a.until
FROM (SELECT level, until FROM dispatch.assessment WHERE elder_id = $1 ORDER BY assessed_on DESC LIMIT 1) AS a
WHERE e.id = $1
"""
AGREE = """
INSERT INTO dispatch.consent (id, elder_id, division, purpose, given_by, guardian, how, wording, given_at, by_account)
SELECT $2, id, division, $3, CASE WHEN $4::bpchar IS NULL THEN 'elder' ELSE 'guardian' END, $4, $5, $6, $7, $8
FROM dispatch.elder WHERE id = $1
ON CONFLICT (elder_id, purpose) WHERE ended_at IS NULL DO NOTHING RETURNING true
"""
TAKE_BACK = """
UPDATE dispatch.consent SET ended_at = $3, ended_by = $4
WHERE elder_id = $1 AND purpose = $2 AND ended_at IS NULL RETURNING true
"""
END_CODE = "UPDATE dispatch.elder_code SET ended_at = $2 WHERE elder_id = $1 AND ended_at IS NULL"


async def stands(connection: Connection, division: str, today: date) -> bool:
    """Whether there is such a division today."""
    return bool(await connection.fetchval(STANDS, division, today))


async def drop_contact(connection: Connection, elder: str, n: int) -> bool:
    """Forget a contact; whether there was one."""
    return bool(await connection.fetchval(DROP_CONTACT, elder, n))


async def confirm_contact(connection: Connection, elder: str, n: int, now: datetime, by: str) -> bool:
    """It still holds; whether there is such a contact."""
    return bool(await connection.fetchval(CONFIRM, elder, n, now, by))


async def assess(
    connection: Connection, elder: str, on: date, level: int, until: date, assessor: str | None, by: str, now: datetime
) -> None:
    """Write an assessment down; the newest is hers."""
    await connection.execute(ASSESS, elder, on, level, until, assessor, by, now)
    await connection.execute(NEWEST, elder)


async def agree(
    connection: Connection, name: UUID, elder: str, card: Mapping[str, Any], by: str, now: datetime
) -> bool:
    """Write a consent down; False when one for this purpose stands."""
    given = (card["purpose"], card.get("guardian"), card["how"], card["wording"])
    return bool(await connection.fetchval(AGREE, elder, name, *given, now, by))


async def take_back(connection: Connection, elder: str, purpose: str, now: datetime, by: str) -> bool:
    """End a consent; whether one stood."""
    return bool(await connection.fetchval(TAKE_BACK, elder, purpose, now, by))


async def end_code(connection: Connection, elder: str, now: datetime) -> None:
    """Her present code opens nothing any more."""
    await connection.execute(END_CODE, elder, now)
