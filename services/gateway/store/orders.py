"""Orders, their catalogue and their series. Row-level security keeps them within the scope; lists mask names."""

from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import name_hint
from shared.runtime.database import Connection, Record

WRITTEN = """
LEFT JOIN LATERAL (
    SELECT w.body->>'telephoned' AS telephoned, a.name AS written_by
    FROM log.event w LEFT JOIN gateway.account a ON starts_with(w.actor, 'account:') AND a.id = substr(w.actor, 9)
    WHERE w.stream = 'order' AND w.stream_id = o.id AND w.tag = 'order.drafted' AND w.recorded_at = o.created_at
) AS w ON true
"""
"""Who wrote an order `o` down, and who had telephoned; the instant leads to one partition of the log."""
LINE = f"""
SELECT o.id AS "order", o.state, o.ver, o.division, o.elder_id AS elder, e.name AS elder_name, o.service,
       coalesce(s.name, o.service) AS service_name, coalesce(s.name_en, o.service) AS service_name_en, o.window_from,
       o.window_to, o.starts_at, o.minutes, o.hands,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', coalesce(r.name, p.id)) ORDER BY p.n), '[]')
        FROM unnest(o.people) WITH ORDINALITY AS p(id, n) LEFT JOIN dispatch.responder r ON r.id = p.id) AS people,
       o.provider_id AS provider, o.series_id AS series, o.incident_id AS incident, o.arrived_at, o.begun_at,
       o.fulfilled_at, o.verified, o.ended_why, o.callback_at, o.callback_tries, o.skills, o.evidence_arrive,
       o.evidence_leave, o.proofs_arrive, o.proofs_leave, o.price_cents, o.subsidy_cents, o.own_cents, o.charged_cents,
       o.callback_result, o.rating, h.address, w.telephoned, w.written_by
FROM dispatch.service_order o
LEFT JOIN dispatch.elder e ON e.id = o.elder_id
LEFT JOIN dispatch.home h ON h.id = o.home_id
LEFT JOIN LATERAL (
    SELECT c.name, c.name_en FROM dispatch.service c
    WHERE c.code = o.service AND starts_with(o.division, c.division) ORDER BY length(c.division) DESC LIMIT 1
) AS s ON true
{WRITTEN}"""  # noqa: S608  constants
PAGE = f"""{LINE}
WHERE ($1::timestamptz IS NULL OR o.window_from >= $1) AND ($2::timestamptz IS NULL OR o.window_from < $2)
  AND ($3 = '' OR o.state = $3) AND ($4 = '' OR o.elder_id = $4) AND ($5 = '' OR o.service = $5)
  AND CASE $6 WHEN 'call_back' THEN o.state = 'fulfilled'
              WHEN 'unverified' THEN o.verified = false
              WHEN 'open' THEN o.state NOT IN ('closed', 'cancelled', 'fulfilled')
              ELSE true END
  AND ($9 = '' OR $9 = ANY(o.people))
  AND ($7 = '' OR (o.window_from, o.id) > (SELECT x.window_from, x.id FROM dispatch.service_order x WHERE x.id = $7))
ORDER BY o.window_from, o.id LIMIT $8
"""  # noqa: S608  constants
ONE = f"{LINE} WHERE o.id = $1"
MINE = """
SELECT EXISTS (
    SELECT FROM dispatch.service_order o
    WHERE o.id = $1 AND ($2 = ANY(o.people)
        OR EXISTS (SELECT FROM dispatch.assignment a WHERE a.incident_id = o.incident_id AND a.responder_id = $2)
        OR EXISTS (SELECT FROM dispatch.offer f WHERE f.incident_id = o.incident_id AND f.responder_id = $2)
        OR EXISTS (SELECT FROM dispatch.responder r
                   WHERE r.id = $2 AND r.kind = 'provider' AND r.provider_id = o.provider_id)))
"""
PROOFS = """
SELECT id AS proof, phase, kind, holds, responder_id AS responder, device_id AS device, accuracy_m, dist_m, at
FROM dispatch.order_proof WHERE order_id = $1 ORDER BY at, id
"""
NOTES = "SELECT about, text, by_name AS by, at FROM dispatch.order_note WHERE order_id = $1 ORDER BY at, id"
STORY = """
SELECT e.tag, coalesce(a.name, e.actor)::varchar AS actor, e.recorded_at AS at, e.body->>'why' AS why
FROM log.event e LEFT JOIN gateway.account a ON starts_with(e.actor, 'account:') AND a.id = substr(e.actor, 9)
WHERE e.stream = 'order' AND e.stream_id = $1 ORDER BY e.stream_seq LIMIT 500
"""
SERVICES = """
SELECT DISTINCT ON (code) code, division, name, name_en, minutes, hands, skills, evidence_arrive, evidence_leave,
       hand_in, welfare, offered
FROM dispatch.service WHERE starts_with($1, division) ORDER BY code, length(division) DESC
"""
PRICES = """
SELECT id AS price, service, division, since, until, cents, subsidy_permille, absent_permille
FROM dispatch.price WHERE starts_with($1, division) AND (until IS NULL OR until > $2) ORDER BY service, since
"""
SERIES = """
SELECT s.id AS series, s.elder_id AS elder, e.name, s.service, s.rule, s.first_day, s.first_min, s.last_min, s.until,
       s.provider_id AS provider, s.filled_until, s.skipped, s.ended_at
FROM dispatch.series s LEFT JOIN dispatch.elder e ON e.id = s.elder_id
WHERE ($1 = '' OR s.elder_id = $1) AND ($2::uuid IS NULL OR s.id > $2) ORDER BY s.id LIMIT $3
"""
SERIES_THERE = "SELECT EXISTS (SELECT FROM dispatch.series WHERE id = $1)"
HIDDEN = ("price_cents", "subsidy_cents", "own_cents", "charged_cents", "callback_result", "rating")
ABOUT = ("address", "skills", "evidence_arrive", "evidence_leave", "proofs_arrive", "proofs_leave")


async def page(connection: Connection, *asked: object) -> list[dict[str, Any]]:
    """Orders of some days, in the order of their windows; `asked` as PAGE wants it."""
    return [_line(row) for row in await connection.fetch(PAGE, *asked)]


async def one(connection: Connection, order: str, *, full: bool) -> dict[str, Any] | None:
    """Everything about an order; without prices, notes and story unless `full`."""
    row = await connection.fetchrow(ONE, order)
    if row is None:
        return None
    proofs = await _rows(connection, PROOFS, order)
    view = {"line": _line(row), "proofs": proofs, **{name: row[name] for name in ABOUT}}
    if not full:
        return {**view, "notes": [], "story": [], **dict.fromkeys(HIDDEN)}
    notes, story = await _rows(connection, NOTES, order), await _rows(connection, STORY, order)
    return {**view, "notes": notes, "story": story, **{name: row[name] for name in HIDDEN}}


async def _rows(connection: Connection, sql: str, *args: object) -> list[dict[str, Any]]:
    return [dict(row.items()) for row in await connection.fetch(sql, *args)]


def _line(row: Record) -> dict[str, Any]:
    line = {k: v for k, v in row.items() if k not in HIDDEN and k not in ABOUT}
    return {**line, "name_masked": name_hint(line.pop("elder_name") or "")}


async def is_theirs(connection: Connection, order: str, responder: str) -> bool:
    """Whether this responder is booked or asked for it, goes for it, or decides for its provider."""
    found: bool = await connection.fetchval(MINE, order, responder)
    return found


async def services(connection: Connection, division: str, today: date) -> list[dict[str, Any]]:
    """The catalogue as it holds in a division, with prices of today and later."""
    prices: dict[str, list[dict[str, Any]]] = {}
    for price in await _rows(connection, PRICES, division, today):
        prices.setdefault(price.pop("service"), []).append(price)
    return [{**line, "prices": prices.get(line["code"], [])} for line in await _rows(connection, SERVICES, division)]


async def series(connection: Connection, elder: str, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Services that come again."""
    rows = await _rows(connection, SERIES, elder, after, limit)
    return [{**row, "name_masked": name_hint(row.pop("name") or "")} for row in rows]


async def has_series(connection: Connection, name: UUID) -> bool:
    """Whether there is such a series in scope."""
    found: bool = await connection.fetchval(SERIES_THERE, name)
    return found
