"""An elder's record, her card, what has to be asked again, tables in and out. Row-level security keeps the scope."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import name_hint
from services.gateway.store import portraits
from shared.runtime.database import Connection

RECORD = """
SELECT e.id, e.name, e.division, e.sex, e.born, e.phone, e.lives_alone, e.risk, e.risk_at, e.health, e.medicine,
       e.allergies, e.dementia, e.dialect, e.gender_wish, e.break_in, e.last_wishes, e.id_number, e.status,
       e.assessment, e.assessed_until, h.id AS home, h.address, h.lat, h.lon, h.placed, h.floor, h.lift, h.door_code,
       h.key_place,
       ARRAY(SELECT d.name FROM dispatch.division d WHERE starts_with(e.division, d.code) AND length(d.code) > 4
             ORDER BY length(d.code)) AS division_names,
       ARRAY(SELECT o.id FROM dispatch.elder o WHERE o.home_id = e.home_id AND o.id <> e.id ORDER BY o.id)
           AS others_in_home,
       (SELECT k.code FROM dispatch.elder_code k WHERE k.elder_id = e.id AND k.ended_at IS NULL) AS code
FROM dispatch.elder e JOIN dispatch.home h ON h.id = e.home_id WHERE e.id = $1
"""
CONTACTS = """
SELECT ord, name, relation, phone, has_key, from_h, until_h, confirmed_at,
       coalesce(confirmed_at <= $2, true) AS due
FROM dispatch.contact WHERE elder_id = $1 ORDER BY ord
"""
ASSESSMENTS = """
SELECT level, assessed_on, until, assessor, until < $2 AS expired
FROM dispatch.assessment WHERE elder_id = $1 ORDER BY assessed_on DESC LIMIT 20
"""
CONSENTS = """
SELECT id, purpose, how, wording, guardian, given_at, ended_at
FROM dispatch.consent WHERE elder_id = $1 ORDER BY given_at DESC, id DESC LIMIT 100
"""
CODE = "SELECT elder_id, division FROM dispatch.elder_code WHERE code = $1 AND ended_at IS NULL"
NAME = "SELECT name FROM dispatch.elder WHERE id = $1"
GOING = """
SELECT a.job_id FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = a.incident_id
WHERE a.responder_id = $1 AND i.elder_id = $2 AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service') LIMIT 1
"""
KIN = "SELECT EXISTS (SELECT FROM gateway.kin WHERE account_id = $1 AND elder_id = $2 AND ended_at IS NULL)"
STALE_CONTACTS = """
SELECT c.elder_id AS elder, e.name, c.division, c.ord AS contact, c.confirmed_at AS since
FROM dispatch.contact c JOIN dispatch.elder e ON e.id = c.elder_id
WHERE (c.confirmed_at IS NULL OR c.confirmed_at <= $1) AND (c.elder_id, c.ord) > ($2, $3)
  AND e.status NOT IN ('moved', 'dead')
ORDER BY c.elder_id, c.ord LIMIT $4
"""
STALE_ASSESSMENTS = """
SELECT e.id AS elder, e.name, e.division, NULL::smallint AS contact, e.assessed_until::timestamptz AS since
FROM dispatch.elder e
WHERE (e.assessed_until IS NULL OR e.assessed_until < $1) AND e.id > $2 AND e.status NOT IN ('moved', 'dead')
ORDER BY e.id LIMIT $3
"""
IMPORTS = """
SELECT id, division, sheet, rows, added, changed, same, refused, by_account AS by, begun_at, ended_at
FROM dispatch.import WHERE $1::uuid IS NULL OR (begun_at, id) < (
    SELECT begun_at, id FROM dispatch.import WHERE id = $1)
ORDER BY begun_at DESC, id DESC LIMIT $2
"""


async def record(connection: Connection, elder: str, asked_since: datetime, today: date) -> dict[str, Any] | None:
    """All of her record; contacts not confirmed after `asked_since` are due."""
    row = await connection.fetchrow(RECORD, elder)
    if row is None:
        return None
    return {
        **dict(row.items()),
        "contacts": await _all(connection, CONTACTS, elder, asked_since),
        "assessments": await _all(connection, ASSESSMENTS, elder, today),
        "consents": await _all(connection, CONSENTS, elder),
        "portrait": await portraits.of(connection, "elder", elder),
    }


async def coded(connection: Connection, code: str) -> tuple[str, str] | None:
    """Elder and division of a code that stands."""
    row = await connection.fetchrow(CODE, code)
    return (row["elder_id"], row["division"]) if row else None


async def name(connection: Connection, elder: str) -> str | None:
    """Her name, masked; None beyond the scope."""
    found = await connection.fetchval(NAME, elder)
    return name_hint(found) if found else None


async def going(connection: Connection, responder: str, elder: str) -> UUID | None:
    """The job for which this person is under way to her."""
    job: UUID | None = await connection.fetchval(GOING, responder, elder)
    return job


async def is_kin(connection: Connection, account: str, elder: str) -> bool:
    """Whether she has agreed that this account may see something of her."""
    return bool(await connection.fetchval(KIN, account, elder))


async def stale_contacts(
    connection: Connection, asked_since: datetime, after: tuple[str, int], many: int
) -> list[dict[str, Any]]:
    """Contacts that nobody has asked since then."""
    return _masked(await _all(connection, STALE_CONTACTS, asked_since, *after, many))


async def stale_assessments(connection: Connection, today: date, after: str, many: int) -> list[dict[str, Any]]:
    """Elders without an assessment that holds."""
    return _masked(await _all(connection, STALE_ASSESSMENTS, today, after, many))


async def imports(connection: Connection, after: UUID | None, many: int) -> list[dict[str, Any]]:
    """Tables that were taken in, newest first."""
    return await _all(connection, IMPORTS, after, many)


def _masked(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**line, "name_masked": name_hint(line.pop("name"))} for line in lines]


async def _all(connection: Connection, sql: str, *given: object) -> list[dict[str, Any]]:
    return [dict(row.items()) for row in await connection.fetch(sql, *given)]
