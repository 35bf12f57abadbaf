"""What was handed in, with its content. Row-level security keeps it within the scope of the transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.database import Connection, Record

LINE = """
SELECT e.id, e.kind, e.media, octet_length(e.content) AS size, encode(e.sha256, 'hex') AS sha256, e.job_id AS job,
       coalesce(a.name, e.by_account)::varchar AS by, e.taken_at, e.at, e.told_at, e.by_account,
       CASE e.kind WHEN 'report' THEN convert_from(e.content, 'UTF8')::jsonb END AS report
FROM gateway.evidence e LEFT JOIN gateway.account a ON a.id = e.by_account
"""
OF_INCIDENT = f"{LINE} WHERE e.incident_id = $1 ORDER BY e.at, e.id LIMIT 200"
ONE = f"{LINE} WHERE e.id = $1"
CONTENT = "SELECT incident_id, kind, media, content FROM gateway.evidence WHERE id = $1"
KEEP = """
INSERT INTO gateway.evidence
    (id, incident_id, job_id, division, kind, media, content, sha256, by_account, taken_at, look, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING
"""
COUNT = "SELECT count(*) FROM gateway.evidence WHERE incident_id = $1 AND by_account = $2 AND kind = $3"
TOLD = "UPDATE gateway.evidence SET told_at = $2 WHERE id = $1 AND told_at IS NULL"
OF_JOB = """
SELECT i.id AS incident, i.division, a.mine, a.going, a.ended_at
FROM dispatch.job j JOIN dispatch.incident i ON i.id = j.incident_id
CROSS JOIN LATERAL (
    SELECT count(*) > 0 AS mine, max(a.ended_at) AS ended_at,
           coalesce(bool_or(a.state IN ('accepted', 'en_route', 'arrived', 'in_service')), false) AS going
    FROM dispatch.assignment a WHERE a.job_id = j.id AND a.responder_id = $2
) AS a WHERE j.id = $1
"""
DIVISION = "SELECT division FROM dispatch.incident WHERE id = $1"
SEARCHES = """
SELECT EXISTS (SELECT FROM dispatch.assignment WHERE incident_id = $1 AND responder_id = $2
               AND state IN ('accepted', 'en_route', 'arrived', 'in_service'))
"""
WANTED = """
SELECT s.hand_in FROM dispatch.incident i
JOIN dispatch.service_order o ON o.id = i.order_id
JOIN dispatch.service s ON s.code = o.service AND starts_with(o.division, s.division)
WHERE i.id = $1 ORDER BY length(s.division) DESC LIMIT 1
"""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A thing as it is written. `job` is None for what belongs to the whole incident; `look` is that of a photo."""

    id: UUID
    incident: str
    job: UUID | None
    division: str
    kind: str
    media: str
    content: bytes
    sha256: bytes
    account: str
    taken_at: datetime | None
    look: int | None


async def keep(connection: Connection, it: Kept, now: datetime) -> None:
    """Write it; nothing happens where the id is there already."""
    await connection.execute(
        KEEP, it.id, it.incident, it.job, it.division, it.kind, it.media, it.content, it.sha256, it.account,
        it.taken_at, it.look, now,
    )  # fmt: skip


async def count(connection: Connection, incident: str, account: str, kind: str) -> int:
    """How many of a kind somebody has handed in."""
    found: int = await connection.fetchval(COUNT, incident, account, kind)
    return found


async def told(connection: Connection, name: UUID, now: datetime) -> None:
    """The log has its hash."""
    await connection.execute(TOLD, name, now)


async def one(connection: Connection, name: UUID) -> Row | None:
    """Its line."""
    return _row(await connection.fetchrow(ONE, name))


async def of_incident(connection: Connection, incident: str) -> list[Row]:
    """Everything that was handed in for an incident, oldest first."""
    return [dict(row.items()) for row in await connection.fetch(OF_INCIDENT, incident)]


async def content(connection: Connection, name: UUID) -> Row | None:
    """Form and content, and what it belongs to."""
    return _row(await connection.fetchrow(CONTENT, name))


async def visit(connection: Connection, job: UUID, responder: str) -> Row | None:
    """What a job belongs to, and this person's part in it."""
    return _row(await connection.fetchrow(OF_JOB, job, responder))


async def division(connection: Connection, incident: str) -> str | None:
    """Where an incident is, if it is in scope."""
    found: str | None = await connection.fetchval(DIVISION, incident)
    return found


async def searches(connection: Connection, incident: str, responder: str) -> bool:
    """Whether this person is under way for an incident."""
    found: bool = await connection.fetchval(SEARCHES, incident, responder)
    return found


async def wanted(connection: Connection, incident: str) -> tuple[str, ...]:
    """What is handed in at the end of what was ordered; nothing for an emergency."""
    return tuple(await connection.fetchval(WANTED, incident) or ())


def _row(found: Record | None) -> Row | None:
    return None if found is None else dict(found.items())
