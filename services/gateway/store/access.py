"""Looks behind masks, reads as the log has them, and what neighbours lend one another."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.access import Look
from services.gateway.store import views
from shared.runtime.database import Connection
from shared.vocabulary.divisions import Division, ladder

ABOUT = """
SELECT coalesce(it.division, g.own) AS division, it.elder
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS g(what, target, own, n)
LEFT JOIN LATERAL (
    SELECT e.division, e.id AS elder FROM dispatch.elder e WHERE g.what = 'elder' AND e.id = g.target
    UNION ALL SELECT i.division, i.elder_id FROM dispatch.incident i WHERE g.what = 'incident' AND i.id = g.target
    UNION ALL
    SELECT j.division, i.elder_id FROM dispatch.job j LEFT JOIN dispatch.incident i ON i.id = j.incident_id
    WHERE j.id = CASE WHEN g.what = 'job' AND g.target ~ '^[0-9a-fA-F-]{36}$' THEN g.target::uuid END
    UNION ALL SELECT o.division, o.elder_id FROM dispatch.service_order o WHERE g.what = 'order' AND o.id = g.target
    UNION ALL SELECT d.division, d.elder_id FROM devices.device d WHERE g.what = 'device' AND d.id = g.target
    UNION ALL SELECT r.division, NULL FROM dispatch.responder r WHERE g.what = 'responder' AND r.id = g.target
    UNION ALL SELECT h.division, NULL FROM dispatch.home h WHERE g.what = 'home' AND h.id = g.target
    UNION ALL
    SELECT coalesce(e.division, r.division), e.id FROM gateway.portrait p
    LEFT JOIN dispatch.elder e ON e.id = p.elder_id LEFT JOIN dispatch.responder r ON r.id = p.responder_id
    WHERE p.id = CASE WHEN g.what = 'portrait' THEN g.target::uuid END
) AS it ON true
ORDER BY g.n
"""
"""Each thing is looked up by its key: joined to all of them at once, the tables were read from end to end."""
CARD = """
SELECT to_jsonb(e) AS elder, to_jsonb(h) AS home, e.division,
       (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.ord) FROM dispatch.contact c WHERE c.elder_id = e.id) AS contacts
FROM dispatch.elder e LEFT JOIN dispatch.home h ON h.id = e.home_id WHERE e.id = $1
"""
NAMES = "SELECT name FROM dispatch.division WHERE code = ANY($1) ORDER BY length(code)"
BY_PHONE = """
SELECT id FROM dispatch.elder WHERE dispatch.tokens(phone) && $1 ORDER BY id LIMIT 2
"""
OPEN = """
INSERT INTO gateway.access (id, kind, elder_id, division, account_id, account_division, reason, note, at, review_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
UNREVIEWED = """
SELECT count(*) FROM gateway.access WHERE account_id = $1 AND review_by IS NOT NULL AND reviewed_at IS NULL
"""
OPENINGS = """
SELECT x.id, x.kind, x.elder_id AS elder, x.division, x.account_id AS account, a.name, x.account_division, x.reason,
       x.note, x.at, x.review_by, coalesce(x.reviewed_at IS NULL AND x.review_by <= $4, false) AS overdue,
       x.reviewed_at, r.name AS reviewed_by, x.right_to AS right, x.remark, x.account_id = $5 AS mine
FROM gateway.access x JOIN gateway.account a ON a.id = x.account_id LEFT JOIN gateway.account r ON r.id = x.reviewed_by
WHERE ($1::uuid IS NULL OR (x.at, x.id) < (SELECT p.at, p.id FROM gateway.access p WHERE p.id = $1))
  AND (NOT $2 OR (x.review_by IS NOT NULL AND x.reviewed_at IS NULL))
ORDER BY x.at DESC, x.id DESC LIMIT $3
"""
REVIEW = """
UPDATE gateway.access SET reviewed_at = $2, reviewed_by = $3, right_to = $4, remark = $5
WHERE id = $1 AND review_by IS NOT NULL AND reviewed_at IS NULL AND account_id <> $3 RETURNING elder_id, division
"""
KNOWN = "SELECT true FROM gateway.access WHERE id = $1"
OVERDUE = """
UPDATE gateway.access SET overdue_at = $1 WHERE id IN (
    SELECT id FROM gateway.access WHERE review_by <= $1 AND reviewed_at IS NULL AND overdue_at IS NULL LIMIT 100)
RETURNING id, elder_id, division
"""
READS = """
SELECT e.id, e.recorded_at AS at, substr(e.actor, 9) AS account, coalesce(a.name, e.actor)::varchar AS name, e.tag,
       e.body->>'what' AS what, e.body->>'target' AS target, e.body->'shown' AS shown, e.body->>'why' AS why, e.division
FROM log.event e LEFT JOIN gateway.account a ON starts_with(e.actor, 'account:') AND a.id = substr(e.actor, 9)
WHERE e.stream = 'access' AND {where} AND ($2::timestamptz IS NULL OR (e.recorded_at, e.id) < ($2, $3))
ORDER BY e.recorded_at DESC, e.id DESC LIMIT $4
"""
BY_ACCOUNT = READS.format(where="e.actor = 'account:' || $1")
BY_ELDER = READS.format(where="e.body->>'elder' = $1")
LEND = """
INSERT INTO gateway.aid (id, division, to_division, reason, from_at, until_at, by_account)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
LENT = """
SELECT g.id, g.division, g.to_division, g.until_at AS until, g.reason, g.from_at, a.name AS by, g.ended_at
FROM gateway.aid g JOIN gateway.account a ON a.id = g.by_account
WHERE starts_with(g.division, $1) OR starts_with(g.to_division, $1) ORDER BY g.from_at DESC, g.id LIMIT 200
"""
TAKE_BACK = """
UPDATE gateway.aid SET ended_at = $3 WHERE id = $1 AND starts_with(division, $2) AND ended_at IS NULL
RETURNING division, to_division
"""
END = "UPDATE gateway.aid SET ended_at = until_at WHERE until_at <= $1 AND ended_at IS NULL"
DIVISION = "SELECT true FROM dispatch.division WHERE code = $1"
DIVISION_OF = "SELECT division FROM dispatch.elder WHERE id = $1"


async def about(connection: Connection, looks: Sequence[Look]) -> list[tuple[str, str | None]]:
    """Division and elder of each, in the same order; where neither is known, the reader's own division."""
    columns = ([it.what for it in looks], [it.target for it in looks], [it.division for it in looks])
    return [(row["division"], row["elder"]) for row in await connection.fetch(ABOUT, *columns)]


async def card(connection: Connection, elder: str, now: datetime) -> dict[str, Any] | None:
    """An elder in full, with her home and her contacts."""
    row = await connection.fetchrow(CARD, elder)
    if row is None:
        return None
    names = await connection.fetch(NAMES, list(ladder(Division(row["division"]))))
    kept = ("ord", "name", "relation", "phone", "has_key")
    return {
        "elder": views.elder_card(row["elder"], now), "division": row["division"],
        "home": views.home_card(row["home"], [one["name"] for one in names]),
        "contacts": [{name: one[name] for name in kept} for one in row["contacts"] or ()],
    }  # fmt: skip


async def division(connection: Connection, elder: str) -> Division | None:
    """Division of an elder in scope."""
    found: str | None = await connection.fetchval(DIVISION_OF, elder)
    return Division(found) if found else None


async def by_phone(connection: Connection, number: Sequence[str]) -> str | None:
    """Whose whole number this is, given by its tokens, if it is one person's alone."""
    found = await connection.fetch(BY_PHONE, number)
    return found[0]["id"] if len(found) == 1 else None


async def opened(connection: Connection, *given: object) -> None:
    """Write down a look behind a mask; the columns of OPEN in order."""
    await connection.execute(OPEN, *given)


async def unreviewed(connection: Connection, account: str) -> int:
    """How many openings of an account wait for judgement."""
    many: int = await connection.fetchval(UNREVIEWED, account)
    return many


async def openings(
    connection: Connection, after: UUID | None, most: int, now: datetime, reader: str, *, waiting: bool
) -> list[dict[str, Any]]:
    """Looks behind masks in scope, newest first; `waiting` for those still to be judged."""
    return [dict(row.items()) for row in await connection.fetch(OPENINGS, after, waiting, most, now, reader)]


async def review(connection: Connection, *given: object) -> tuple[str, str] | None:
    """Judge one: elder and division, None where there is nothing for this judge to judge."""
    row = await connection.fetchrow(REVIEW, *given)
    return None if row is None else (row["elder_id"], row["division"])


async def exists(connection: Connection, opening: UUID) -> bool:
    """Whether there is such a look in scope."""
    return bool(await connection.fetchval(KNOWN, opening))


async def overdue(connection: Connection, now: datetime) -> list[tuple[UUID, str, str]]:
    """Openings that nobody has judged in time, each once: id, elder, division."""
    return [(row["id"], row["elder_id"], row["division"]) for row in await connection.fetch(OVERDUE, now)]


async def reads(
    connection: Connection, account: str | None, elder: str, after: tuple[datetime, UUID] | None, most: int
) -> list[dict[str, Any]]:
    """Reads by an account or of an elder, newest first, in scope."""
    sql, whose = (BY_ACCOUNT, account) if account else (BY_ELDER, elder)
    return [dict(row.items()) for row in await connection.fetch(sql, whose, *(after or (None, None)), most)]


async def is_division(connection: Connection, code: str) -> bool:
    """Whether there is such a division."""
    return bool(await connection.fetchval(DIVISION, code))


async def lend(connection: Connection, *given: object) -> None:
    """Open a division to a neighbour; the columns of LEND in order."""
    await connection.execute(LEND, *given)


async def lent(connection: Connection, division: str) -> list[dict[str, Any]]:
    """What this division has lent and borrowed, newest first."""
    return [dict(row.items()) for row in await connection.fetch(LENT, division)]


async def take_back(connection: Connection, grant: UUID, division: str, now: datetime) -> tuple[str, str] | None:
    """End a grant of this division: whose and to whom."""
    row = await connection.fetchrow(TAKE_BACK, grant, division, now)
    return None if row is None else (row["division"], row["to_division"])


async def end_grants(connection: Connection, now: datetime) -> None:
    """End what has run out."""
    await connection.execute(END, now)
