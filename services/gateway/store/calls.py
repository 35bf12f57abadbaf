"""Calls that an exchange announced, with whoever they may be about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import name_hint, number_hint, stamp
from services.gateway.store.views import elder_card, home_card
from shared.runtime.database import Connection, Record

LIVE_OF = """
(SELECT i.id FROM dispatch.incident i WHERE i.subject = 'elder:' || e.id
 AND i.state NOT IN ('closed', 'false_alarm', 'merged') ORDER BY i.opened_at DESC LIMIT 1)
"""
CALLS = f"""
SELECT c.id, c.direction, c.number, c.line, c.at, c.responders, c.incident_id,
       coalesce(a.name, c.opened_by)::varchar AS opened_by,
       (SELECT jsonb_agg(jsonb_build_object('elder', e.id, 'name', e.name, 'place', h.address, 'incident', {LIVE_OF})
                         ORDER BY e.id)
        FROM dispatch.elder e LEFT JOIN dispatch.home h ON h.id = e.home_id WHERE e.id = ANY(c.elders)) AS elders
FROM dispatch.phone_call c LEFT JOIN gateway.account a ON a.id = c.opened_by
"""  # noqa: S608  a constant
PAGE = f"""
{CALLS} WHERE ($1 = '' OR c.incident_id = $1) AND ($2::uuid IS NULL OR (c.recorded_at, c.id) < (
    SELECT p.recorded_at, p.id FROM dispatch.phone_call p WHERE p.id = $2))
ORDER BY c.recorded_at DESC, c.id DESC LIMIT $3
"""  # noqa: S608  a constant
ONE = f"{CALLS} WHERE c.id = $1"
CARDS = """
SELECT to_jsonb(e) AS elder, to_jsonb(h) AS home,
       (SELECT jsonb_agg(d.name ORDER BY length(d.code)) FROM dispatch.division d
        WHERE starts_with(h.division, d.code)) AS divisions,
       (SELECT jsonb_agg(jsonb_build_object('ord', c.ord, 'name', c.name, 'relation', c.relation, 'phone', c.phone,
                                            'has_key', c.has_key) ORDER BY c.ord)
        FROM dispatch.contact c WHERE c.elder_id = e.id) AS contacts,
       (SELECT jsonb_agg(to_jsonb(l)) FROM (
            SELECT i.id AS incident, i.kind, i.state, i.priority, i.opened_at FROM dispatch.incident i
            WHERE i.subject = 'elder:' || e.id ORDER BY i.opened_at DESC LIMIT 5) AS l) AS incidents
FROM dispatch.elder e LEFT JOIN dispatch.home h ON h.id = e.home_id WHERE e.id = ANY($1) ORDER BY e.id
"""
ELDERS_OF = "SELECT elders FROM dispatch.phone_call WHERE id = $1"
SEAT = """
SELECT id FROM gateway.account
WHERE (id = $1 OR username = $1) AND role IN ('desk', 'supervisor', 'admin') AND disabled_at IS NULL
  AND starts_with(division, $2)
"""


async def page(connection: Connection, incident: str, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Calls in scope, newest first; `incident` may be empty."""
    return [_line(row) for row in await connection.fetch(PAGE, incident, after, limit)]


async def line(connection: Connection, call: UUID) -> dict[str, Any] | None:
    """One call, masked."""
    row = await connection.fetchrow(ONE, call)
    return _line(row) if row else None


async def view(connection: Connection, call: UUID, now: datetime) -> dict[str, Any] | None:
    """One call in full."""
    row = await connection.fetchrow(ONE, call)
    if row is None:
        return None
    cards = await connection.fetch(CARDS, await connection.fetchval(ELDERS_OF, call))
    return {
        **{name: row[name] for name in ("direction", "number", "line", "at", "responders")},
        "call": row["id"], "incident": row["incident_id"], "elders": [_card(card, now) for card in cards],
    }  # fmt: skip


async def seat(connection: Connection, name: str, scope: str) -> str | None:
    """The account of a seat by id or user name."""
    found: str | None = await connection.fetchval(SEAT, name, scope)
    return found


def _line(row: Record) -> dict[str, Any]:
    return {
        "call": str(row["id"]), "direction": row["direction"], "number_masked": number_hint(row["number"]),
        "line": row["line"], "at": stamp(row["at"]), "elders": [_hint(one) for one in row["elders"] or ()],
        "responders": list(row["responders"]), "incident": row["incident_id"], "opened_by": row["opened_by"],
    }  # fmt: skip


def _hint(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "elder": given["elder"], "name_masked": name_hint(given["name"]), "place": given["place"] or "",
        "incident": given["incident"],
    }  # fmt: skip


def _card(row: Record, now: datetime) -> dict[str, Any]:
    return {
        "elder": elder_card(row["elder"], now), "home": home_card(row["home"], row["divisions"] or ()),
        "contacts": row["contacts"] or [], "incidents": row["incidents"] or [],
    }  # fmt: skip
