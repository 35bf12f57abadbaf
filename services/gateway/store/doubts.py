"""Finished visits as they are looked at for doubts, and what was made of them. Read within the transaction's scope."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain.doubts import Photo, Reason, Shown, Visit, says_where
from services.gateway.domain.looks import bands
from shared.runtime.database import Connection, Record

Row = dict[str, Any]

PROVED = """
SELECT o.id, o.division, o.home_id, o.lat, o.lon, o.minutes, o.arrived_at, o.fulfilled_at AS left_at, o.incident_id,
       cardinality(o.evidence_arrive) > 0 AS proves, cardinality(o.evidence_leave) > 0 AS leaves
FROM dispatch.service_order o
WHERE o.fulfilled_at IS NOT NULL AND o.arrived_at IS NOT NULL AND o.lat IS NOT NULL
"""
DUE = """
SELECT o.id FROM dispatch.service_order o LEFT JOIN gateway.visit_check c ON c.order_id = o.id
WHERE o.fulfilled_at > $1 AND o.fulfilled_at <= $2 AND o.arrived_at IS NOT NULL AND o.lat IS NOT NULL
  AND (c.order_id IS NULL OR (c.decided_at IS NULL AND EXISTS (
      SELECT FROM gateway.evidence v WHERE v.incident_id = o.incident_id AND v.at > c.checked_at)))
ORDER BY o.fulfilled_at, o.id LIMIT $3
"""
VISITS = f"""
WITH visit AS MATERIALIZED ({PROVED} AND {{which}})
SELECT v.*, p.people, coalesce(s.proofs, '[]') AS proofs, coalesce(f.photos, '[]') AS photos,
       l.arrived_said, l.left_said
FROM visit v
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(w.responder_id, coalesce(w.phones, jsonb_build_object())) AS people FROM (
        SELECT a.responder_id, (
            SELECT jsonb_object_agg(x.phone, x.since) FROM (
                SELECT encode(b.browser_sha256, 'hex') AS phone, min(b.created_at) AS since
                FROM gateway.account c JOIN gateway.session b ON b.account_id = c.id
                WHERE c.responder_id = a.responder_id AND b.browser_sha256 IS NOT NULL AND b.created_at <= v.left_at
                GROUP BY 1 HAVING max(b.used_at) >= v.arrived_at - interval '2 minutes') AS x) AS phones
        FROM dispatch.assignment a WHERE a.incident_id = v.incident_id AND a.state = 'completed') AS w) AS p
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(x.phase, x.kind, x.holds, x.dist_m, x.accuracy_m) ORDER BY x.at) AS proofs
    FROM dispatch.order_proof x WHERE x.order_id = v.id) AS s ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(encode(e.sha256, 'hex'), e.look, e.taken_at) ORDER BY e.at) AS photos
    FROM gateway.evidence e WHERE e.incident_id = v.incident_id AND e.kind = 'photo') AS f ON true
LEFT JOIN LATERAL (
    SELECT min(t.body->>'said_at') FILTER (WHERE t.tag = 'assignment.arrived')::timestamptz AS arrived_said,
           max(t.body->>'said_at') FILTER (WHERE t.tag = 'assignment.completed')::timestamptz AS left_said
    FROM log.event t WHERE t.stream = 'incident' AND t.stream_id = v.incident_id AND t.body ? 'said_at') AS l ON true
ORDER BY v.left_at, v.id
"""  # noqa: S608  constants
BY_ORDER = VISITS.format(which="o.id = ANY($1)")
BESIDE = VISITS.format(
    which="o.arrived_at > $1 AND o.arrived_at <= $2 AND left(o.division, 6) = ANY($3) AND NOT o.id = ANY($4)"
    " AND NOT EXISTS (SELECT FROM gateway.visit_check c WHERE c.order_id = o.id AND NOT c.sound)"
)
RESEMBLING = f"""
WITH photo AS MATERIALIZED (SELECT * FROM gateway.photos_alike($1, $2, $3, 2000))
SELECT o.id, o.home_id, o.lat, o.lon, o.arrived_at, o.left_at, encode(e.sha256, 'hex') AS digest, e.look, e.taken_at
FROM photo e JOIN ({PROVED}) AS o ON o.incident_id = e.incident_id WHERE NOT o.id = ANY($4)
"""  # noqa: S608  constants
CHECKED = """
INSERT INTO gateway.visit_check (order_id, division, responders, at, checked_at, score, reasons)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (order_id) DO UPDATE SET checked_at = excluded.checked_at, score = excluded.score,
    reasons = excluded.reasons WHERE visit_check.decided_at IS NULL
"""
LINE = """
SELECT c.order_id AS "order", c.division, d.name AS division_name, c.at, c.checked_at, c.score, c.reasons, o.service,
       coalesce(s.name, o.service) AS service_name, coalesce(s.name_en, o.service) AS service_name_en,
       o.incident_id AS incident, o.minutes, o.arrived_at, e.name, h.address,
       c.responders, c.decided_at, a.name AS decided_by, c.sound, c.why
FROM gateway.visit_check c JOIN dispatch.service_order o ON o.id = c.order_id
LEFT JOIN dispatch.service s ON s.code = o.service AND s.division = ''
LEFT JOIN dispatch.elder e ON e.id = o.elder_id LEFT JOIN dispatch.home h ON h.id = o.home_id
LEFT JOIN dispatch.division d ON d.code = c.division LEFT JOIN gateway.account a ON a.id = c.decided_by
"""
DOUBTFUL = f"""{LINE}
WHERE c.score >= 50 AND starts_with(c.division, $1) AND (c.decided_at IS NOT NULL) = $2
  AND ($3 = '' OR (c.at, c.order_id) < (SELECT x.at, x.order_id FROM gateway.visit_check x WHERE x.order_id = $3))
ORDER BY c.at DESC, c.order_id DESC LIMIT $4
"""  # noqa: S608  constants
AGAINST = """
SELECT order_id, reasons FROM gateway.visit_check WHERE order_id = ANY($1) AND score >= 50 AND sound IS NULL
"""
ONE = f"{LINE} WHERE c.order_id = $1 AND c.score >= 50"
PEOPLE = "SELECT id, name FROM dispatch.responder WHERE id = ANY($1)"
COUNTED = """
SELECT count(*) AS looked_at, count(*) FILTER (WHERE score >= 50 AND decided_at IS NULL) AS waiting,
       count(*) FILTER (WHERE sound) AS sound, count(*) FILTER (WHERE NOT sound) AS unsound
FROM gateway.visit_check WHERE starts_with(division, $1) AND at > $2
"""
DECIDE = """
UPDATE gateway.visit_check SET decided_at = $2, decided_by = $3, sound = $4, why = $5
WHERE order_id = $1 AND score >= 50 AND decided_at IS NULL RETURNING division, responders
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """A visit and the division it was made in."""

    division: str
    visit: Visit


async def due(connection: Connection, since: datetime, until: datetime, limit: int) -> list[str]:
    """Visits that ended between, and were not looked at since something was handed in for them."""
    return [row["id"] for row in await connection.fetch(DUE, since, until, limit)]


async def visits(connection: Connection, orders: Sequence[str]) -> list[Finished]:
    """These visits, with everything that is looked at."""
    return [_finished(row) for row in await connection.fetch(BY_ORDER, orders)]


async def beside(
    connection: Connection, since: datetime, until: datetime, counties: Iterable[str], but: Sequence[str]
) -> list[Visit]:
    """Other visits that began between, of these counties, as far as they say where somebody was."""
    rows = await connection.fetch(BESIDE, since, until, list(counties), but)
    visits = [_finished(row).visit for row in rows]
    against = await connection.fetch(AGAINST, [visit.order for visit in visits])
    signs = {row["order_id"]: [Reason(one["code"], one["params"]) for one in row["reasons"]] for row in against}
    return [visit for visit in visits if says_where(visit, signs.get(visit.order, ()))]


async def resembling(connection: Connection, visits: Sequence[Visit], since: datetime) -> list[Visit]:
    """Other visits with a photo that may be one of theirs; of these only home, time and that photo are told."""
    photos = [photo for visit in visits for photo in visit.photos]
    if not photos:
        return []
    looks = bands({photo.look for photo in photos if photo.look is not None})
    digests = [bytes.fromhex(photo.digest) for photo in photos]
    rows = await connection.fetch(RESEMBLING, since, digests, looks, [visit.order for visit in visits])
    return [
        Visit(row["id"], row["home_id"] or "", row["lat"], row["lon"], 0, row["arrived_at"], row["left_at"], {},
              photos=(Photo(row["digest"], row["look"], row["taken_at"]),)) for row in rows
    ]  # fmt: skip


def _finished(row: Record) -> Finished:
    photos = [Photo(digest, look, at and datetime.fromisoformat(at)) for digest, look, at in row["photos"]]
    arrived, left = row["arrived_said"] or row["arrived_at"], row["left_said"] or row["left_at"]
    phones = {
        person: {phone: datetime.fromisoformat(since) for phone, since in used.items()}
        for person, used in (row["people"] or {}).items()
    }
    late = bool(row["arrived_said"] or row["left_said"])
    visit = Visit(
        row["id"], row["home_id"] or "", row["lat"], row["lon"], row["minutes"], arrived, max(arrived, left), phones,
        row["proves"], row["leaves"], late, [Shown(*one) for one in row["proofs"]], photos,
    )  # fmt: skip
    return Finished(row["division"], visit)


async def checked(connection: Connection, lines: Iterable[tuple[Any, ...]]) -> None:
    """Write down what was found: the columns of the table up to `reasons`."""
    await connection.executemany(CHECKED, lines)


async def doubtful(connection: Connection, division: str, after: str, limit: int, *, decided: bool) -> list[Row]:
    """Visits that somebody has to decide about, or has, the latest first."""
    return [dict(row.items()) for row in await connection.fetch(DOUBTFUL, division, decided, after, limit)]


async def people(connection: Connection, lines: Iterable[Row]) -> dict[str, str]:
    """Names of those who were there, by id."""
    asked = sorted({person for line in lines for person in line["responders"]})
    return {row["id"]: row["name"] for row in await connection.fetch(PEOPLE, asked)}


async def counted(connection: Connection, division: str, now: datetime) -> Row:
    """How many visits of the last thirty days were looked at, and what became of them."""
    row = await connection.fetchrow(COUNTED, division, now - timedelta(days=30))
    return dict(row.items()) if row else {}


async def one(connection: Connection, order: str) -> Row | None:
    """A doubtful visit."""
    row = await connection.fetchrow(ONE, order)
    return dict(row.items()) if row else None


async def decide(
    connection: Connection, order: str, account: str, now: datetime, why: str, *, sound: bool
) -> Row | None:
    """Write a decision down; None when there is one already."""
    row = await connection.fetchrow(DECIDE, order, now, account, sound, why)
    return dict(row.items()) if row else None
