"""Who can be booked for orders, and what the planner must know of elder and helper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.dispatch.domain.matching import Candidate
from services.dispatch.domain.orders.order import Order
from services.dispatch.domain.orders.planner import Booking, Helper, Visit
from services.dispatch.domain.orders.windows import local_day
from shared.runtime.database import Connection, Record
from shared.vocabulary.geo import Position

AROUND = timedelta(hours=12)
"""Work before and after a batch that may bear on it."""
KNOWN_FOR = timedelta(days=180)

HELPERS = """
SELECT r.id, r.lat, r.lon, r.speed_mps, r.provider_id, r.sex,
       (SELECT array_agg(s.skill) FROM dispatch.skill s
        WHERE s.responder_id = r.id AND (s.valid_until IS NULL OR s.valid_until >= $4)) AS skills,
       (SELECT jsonb_agg(jsonb_build_array(s.from_at, s.until_at) ORDER BY s.from_at) FROM dispatch.shift s
        WHERE s.responder_id = r.id AND s.until_at > $2 AND s.from_at < $3) AS shifts,
       EXISTS (SELECT FROM dispatch.shift s WHERE s.responder_id = r.id AND s.until_at > $2) AS keeps_shifts,
       (SELECT jsonb_agg(jsonb_build_array(lower(b.during), upper(b.during), o.lat, o.lon) ORDER BY lower(b.during))
        FROM dispatch.booking b JOIN dispatch.service_order o ON o.id = b.order_id
        WHERE b.responder_id = r.id AND b.during && tstzrange($2, $3)) AS bookings
FROM dispatch.responder r
WHERE starts_with(r.division, $1) AND r.retired_at IS NULL AND r.blocked_at IS NULL
  AND (r.kind IN ('caregiver', 'nurse', 'grid_worker', 'station')
       OR EXISTS (SELECT FROM dispatch.shift s WHERE s.responder_id = r.id AND s.until_at > $2 AND s.from_at < $3))
  AND r.kind NOT IN ('canary', 'provider')
ORDER BY r.id
"""
ELDERS = """
SELECT e.id, e.gender_wish,
       CASE WHEN e.status_from > $3 OR e.status_until <= $3 THEN 'home' ELSE e.status END AS status,
       (SELECT array_agg(x.responder_id) FROM dispatch.relation x
        WHERE x.elder_id = e.id AND x.kind = 'excluded') AS barred,
       (SELECT array_agg(DISTINCT p) FROM dispatch.service_order o, unnest(o.people) p
        WHERE o.elder_id = e.id AND o.fulfilled_at > $2) AS known
FROM dispatch.elder e WHERE e.id = ANY($1)
"""
NAMED = """
SELECT r.id, r.name, r.kind, r.lat, r.lon, r.speed_mps, r.accepts, r.refusals, r.reachable, r.phone_only, r.sex,
       r.provider_id,
       (SELECT array_agg(s.skill) FROM dispatch.skill s
        WHERE s.responder_id = r.id AND (s.valid_until IS NULL OR s.valid_until >= $3)) AS skills,
       r.retired_at IS NOT NULL OR r.blocked_at IS NOT NULL OR EXISTS (
           SELECT FROM dispatch.relation x
           WHERE x.responder_id = r.id AND x.elder_id = $2 AND x.kind = 'excluded') AS barred
FROM dispatch.responder r WHERE r.id = ANY($1) ORDER BY array_position($1, r.id)
"""
LIVES = """
SELECT e.id, e.division, e.home_id, coalesce(t.lat, h.lat) AS lat, coalesce(t.lon, h.lon) AS lon
FROM dispatch.elder e LEFT JOIN dispatch.home h ON h.id = e.home_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN e.temp_until > $3 THEN e.temp_lat END AS lat,
           CASE WHEN e.temp_until > $3 THEN e.temp_lon END AS lon) AS t
WHERE e.id = $1 AND starts_with(e.division, $2)
"""
PROVIDER = "SELECT EXISTS (SELECT FROM dispatch.provider WHERE id = $1 AND retired_at IS NULL)"
OF_PROVIDER = "SELECT id FROM dispatch.responder WHERE id = ANY($1) AND provider_id = $2"
PROVIDER_OF = "SELECT provider_id FROM dispatch.responder WHERE id = $1 AND kind = $2"
FIRST = -100_000.0
"""Seconds by which the planned people go before everybody else."""


@dataclass(frozen=True, slots=True)
class Known:
    """What bears on who is sent to an elder; `status` as in ElderStatus."""

    status: str
    sex: str | None
    barred: frozenset[str]
    known: frozenset[str]


async def helpers(connection: Connection, county: str, since: datetime, until: datetime) -> list[Helper]:
    """Everybody of a county who can be booked between two instants, with what is booked already."""
    rows = await connection.fetch(HELPERS, county, since - AROUND, until + AROUND, local_day(since))
    return [_helper(row) for row in rows if row["shifts"] or not row["keeps_shifts"]]


def _helper(row: Record) -> Helper:
    shifts = tuple((_at(a), _at(b)) for a, b in row["shifts"] or ())
    work = tuple(Booking(_at(a), _at(b), _place(lat, lon)) for a, b, lat, lon in row["bookings"] or ())
    return Helper(
        row["id"], Position(row["lat"], row["lon"]), max(0.5, row["speed_mps"]), frozenset(row["skills"] or ()),
        row["provider_id"], row["sex"], shifts, work,
    )  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _place(lat: float | None, lon: float | None) -> Position | None:
    return Position(lat, lon) if lat is not None and lon is not None else None


async def elders(connection: Connection, ids: Sequence[str], now: datetime) -> dict[str, Known]:
    """What bears on who is sent to these elders."""
    rows = await connection.fetch(ELDERS, ids, now - KNOWN_FOR, now)
    return {
        row["id"]: Known(
            row["status"], row["gender_wish"], frozenset(row["barred"] or ()), frozenset(row["known"] or ())
        )
        for row in rows
    }  # fmt: skip


def visits(orders: Iterable[Order], about: Mapping[str, Known]) -> list[Visit]:
    """Orders as the planner sees them."""
    return [_visit(order, about[order.elder_id]) for order in orders]


def _visit(order: Order, her: Known) -> Visit:
    return Visit(
        order.id, _place(order.lat, order.lon), order.window_from, order.window_to, order.minutes, order.hands,
        frozenset(order.skills), order.provider_id, her.sex, her.barred, her.known,
    )  # fmt: skip


async def named(
    connection: Connection, people: Sequence[str], elder: str, now: datetime
) -> list[tuple[Candidate, Any]]:
    """These people in this order, who of them may be sent to her, with the provider each belongs to."""
    rows = await connection.fetch(NAMED, list(people), elder, local_day(now))
    return [(_candidate(row), row["provider_id"]) for row in rows if not row["barred"]]


def _candidate(row: Record) -> Candidate:
    return Candidate(
        id=row["id"], name=row["name"], kind=row["kind"], position=Position(row["lat"], row["lon"]),
        speed_mps=row["speed_mps"], accepts=row["accepts"], refusals=row["refusals"], reachable=row["reachable"],
        phone_only=row["phone_only"], skills=frozenset(row["skills"] or ()), sex=row["sex"], preference=FIRST,
    )  # fmt: skip


async def lives(connection: Connection, elder: str, scope: str, now: datetime) -> Record | None:
    """An elder within the scope, and where she is to be found: at a temporary address if there is one."""
    return await connection.fetchrow(LIVES, elder, scope, now)


async def of_provider(connection: Connection, people: Sequence[str], provider: str) -> frozenset[str]:
    """Which of these people belong to an organisation."""
    rows = await connection.fetch(OF_PROVIDER, list(people), provider)
    return frozenset(row["id"] for row in rows)


async def provider(connection: Connection, name: str) -> bool:
    """Whether there is such an organisation."""
    found: bool = await connection.fetchval(PROVIDER, name)
    return found


async def provider_of(connection: Connection, responder: str, kind: str) -> str | None:
    """The organisation for which this responder of that kind decides."""
    found: str | None = await connection.fetchval(PROVIDER_OF, responder, kind)
    return found
