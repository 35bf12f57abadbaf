"""Orders: loaded under their locks, written with their waits, bookings, proofs, notes and events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from services.dispatch.domain.orders.following import Been
from services.dispatch.domain.orders.order import Order, Tale
from services.dispatch.domain.orders.proof import Visitor
from services.dispatch.domain.orders.waits import waits
from shared.runtime import log
from shared.runtime.database import Connection, Database, Record
from shared.runtime.log import NewEvent
from shared.runtime.sealed import Private
from shared.vocabulary.divisions import Division, Level, covers
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7

Row = dict[str, Any]

COLUMNS = [f.name for f in fields(Order)]
LISTED = ", ".join(COLUMNS)
LOAD = f"SELECT {LISTED} FROM dispatch.service_order WHERE id = ANY($1)"  # noqa: S608  names of our own class
SAVE = f"""
INSERT INTO dispatch.service_order ({LISTED}) SELECT {LISTED}
FROM jsonb_populate_recordset(NULL::dispatch.service_order, $1)
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{c} = excluded.{c}" for c in COLUMNS if c != "id")}
"""  # noqa: S608  names of our own class
FREE = "DELETE FROM dispatch.booking WHERE order_id = ANY($1)"
BOOK = """
INSERT INTO dispatch.booking (order_id, responder_id, division, during)
SELECT * FROM jsonb_to_recordset($1) AS b(order_id text, responder_id text, division text, during tstzrange)
"""
KEEP = f"{BOOK} ON CONFLICT DO NOTHING"
"""Somebody who has said yes comes, whatever else she is booked for."""
WAIT = """
WITH gone AS (DELETE FROM dispatch.order_wait w WHERE w.order_id = ANY($1) AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset($2) AS n(order_id text, kind text) WHERE (n.order_id, n.kind) = (w.order_id, w.kind)
))
INSERT INTO dispatch.order_wait SELECT * FROM jsonb_populate_recordset(NULL::dispatch.order_wait, $2)
ON CONFLICT (order_id, kind) DO UPDATE SET due_at = excluded.due_at
"""
PROVE = "INSERT INTO dispatch.order_proof SELECT * FROM jsonb_populate_recordset(NULL::dispatch.order_proof, $1)"
NOTE = "INSERT INTO dispatch.order_note SELECT * FROM jsonb_populate_recordset(NULL::dispatch.order_note, $1)"
NUMBERS = "SELECT nextval('dispatch.order_no') AS no FROM generate_series(1, $1)"
WAITING = "SELECT order_id, due_at FROM dispatch.order_wait ORDER BY due_at LIMIT $1"
BATCH = """
SELECT order_id FROM dispatch.order_wait WHERE kind = 'plan' AND county = $1 AND due_at <= $2
ORDER BY due_at, order_id LIMIT $3
"""
VISITOR = """
SELECT responder_id, state, arrived_at, with_elder_at FROM dispatch.assignment
WHERE incident_id = $1 AND ($2::text IS NULL OR responder_id = $2)
ORDER BY state IN ('accepted', 'en_route', 'arrived', 'in_service') DESC, accepted_at DESC LIMIT 1
"""
BEEN_THERE = """
SELECT responder_id, state = 'completed' AS done FROM dispatch.assignment
WHERE incident_id = $1 AND coalesce(arrived_at, with_elder_at) IS NOT NULL ORDER BY accepted_at, responder_id
"""
STAFF = """
SELECT responder_id, 'going' AS what FROM (
    SELECT responder_id FROM dispatch.assignment
    WHERE incident_id = $1 AND state IN ('accepted', 'en_route', 'arrived', 'in_service') AND role <> 'backup'
    ORDER BY accepted_at, responder_id) AS a
UNION ALL
SELECT responder_id, 'out' FROM dispatch.offer WHERE incident_id = $1 AND state = 'declined'
"""
UNDER_WAY = """
SELECT id, elder_id, home_id FROM dispatch.service_order
WHERE state = 'dispatched' AND (elder_id = ANY($1) OR home_id = ANY($2))
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows that belong to a tale but are no part of the order: proofs, and what people wrote."""

    proofs: Sequence[Row] = ()
    notes: Sequence[Row] = ()


def _built(row: Record) -> Order:
    return Order(**plain(row))


def plain(row: Record) -> Row:
    """Columns as frozen values: lists as tuples, the driver's own identifiers as everybody's."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return UUID(int=value.int) if isinstance(value, UUID) else value


async def load(connection: Connection, ids: Iterable[str]) -> dict[str, Order]:
    """Orders by id. Call under the locks of their streams if they are to be changed."""
    rows = await connection.fetch(LOAD, sorted(set(ids)))
    return {row["id"]: _built(row) for row in rows}


async def locked(connection: Connection, order: str) -> Order | None:
    """One order, its stream and that of its case locked."""
    found = (await load(connection, [order])).get(order)
    if found is None:
        return None
    await log.lock(connection, streams([found]))
    return (await load(connection, [order]))[order]


def streams(orders: Iterable[Order]) -> list[str]:
    """What is locked before orders are changed: their own streams and those of their cases."""
    known = list(orders)
    return [*(f"order/{o.id}" for o in known), *(f"incident/{o.incident_id}" for o in known if o.incident_id)]


def in_scope(order: Order, scope: str) -> bool:
    """Whether somebody with this scope may touch it."""
    return covers(Division(scope), Division(order.division))


async def save(
    connection: Connection, tales: Sequence[Tale], now: datetime, beside: Beside | None = None, book: str = KEEP
) -> None:
    """Write what the tales changed, whose time they take, what they wait for, and their events.

    Whoever names people passes BOOK: an ExclusionViolationError says that one of them is booked already.
    """
    told = [tale for tale in tales if tale.facts]
    if not told:
        return
    orders = list({tale.order.id: tale.order for tale in told}.values())
    await connection.execute(SAVE, [_row(order) for order in orders])
    await connection.execute(FREE, [order.id for order in orders])
    await connection.execute(book, [row for order in orders for row in _bookings(order)])
    await connection.execute(WAIT, [order.id for order in orders], [row for order in orders for row in _waits(order)])
    if beside is not None:
        await connection.execute(PROVE, list(beside.proofs))
        await connection.execute(NOTE, list(beside.notes))
    await log.append(connection, [event for tale in told for event in _events(tale)], now)


def _row(order: Order) -> Row:
    return {name: getattr(order, name) for name in COLUMNS}


def _bookings(order: Order) -> list[Row]:
    start, end = order.starts_at, order.ends_at
    during = f"[{start.isoformat()},{end.isoformat()})" if start and end else "empty"
    return [
        {"order_id": order.id, "responder_id": one, "division": order.division, "during": during}
        for one in order.booked
    ]


def _waits(order: Order) -> list[Row]:
    county = order.division[: Level.COUNTY]
    return [{"order_id": order.id, "kind": w.kind, "county": county, "due_at": w.due_at} for w in waits(order)]


def _events(tale: Tale) -> list[NewEvent]:
    order = tale.order
    return [NewEvent(uuid7(f.at), "order", order.id, f.tag, f.body, order.division, f.actor) for f in tale.facts]


async def number(database: Database, now: datetime, many: int = 1) -> list[str]:
    """Names of orders that are to be written: O-2026-000123. A gap means nothing."""
    rows = await database.pool.fetch(NUMBERS, many)
    return [f"O-{now:%Y}-{row['no']:06}" for row in rows]


async def waiting(connection: Connection, many: int) -> list[tuple[str, datetime]]:
    """The next waits to end, as order and instant, the longest overdue first."""
    return [(row["order_id"], row["due_at"]) for row in await connection.fetch(WAITING, many)]


async def batch(connection: Connection, county: str, until: datetime, most: int) -> list[str]:
    """Orders of a county that are to be planned by then."""
    return [row["order_id"] for row in await connection.fetch(BATCH, county, until, most)]


async def visitor(connection: Connection, incident: str | None, responder: str | None) -> Visitor | None:
    """Somebody's own assignment in a case, a running one before one that is over; of anybody's if None."""
    row = await connection.fetchrow(VISITOR, incident, responder) if incident else None
    return Visitor(*row.values()) if row else None


async def been_there(connection: Connection, incident: str) -> Been:
    """Who has been at the door."""
    rows = await connection.fetch(BEEN_THERE, incident)
    return Been(tuple(row["responder_id"] for row in rows), any(row["done"] for row in rows))


async def staff(connection: Connection, incident: str) -> tuple[list[str], list[str]]:
    """Who goes, and who has said no."""
    rows = await connection.fetch(STAFF, incident)
    going, out = ([r["responder_id"] for r in rows if r["what"] == what] for what in ("going", "out"))
    return going, out


async def under_way(
    connection: Connection, whose: Sequence[tuple[str | None, str | None]]
) -> list[tuple[str, str | None, str]]:
    """Orders that somebody is sent out for to these elders or homes, as id, elder and home."""
    elders, homes = ([it for it in column if it] for column in zip(*whose, strict=True)) if whose else ([], [])
    rows = await connection.fetch(UNDER_WAY, elders, homes) if elders or homes else []
    return [(row["id"], row["elder_id"], row["home_id"]) for row in rows]


def proof_row(order: Order, body: Mapping[str, Any], at: datetime, place: Position | None) -> Row:
    """The row of a proof; where it was shown is kept here alone."""
    return {
        "id": body["proof"], "order_id": order.id, "incident_id": order.incident_id, "division": order.division,
        **{name: body[name] for name in ("phase", "kind", "holds")}, "responder_id": body["responder"],
        "device_id": body.get("device"), "lat": place.lat if place else None, "lon": place.lon if place else None,
        "accuracy_m": body.get("accuracy_m"), "dist_m": body.get("dist_m"), "at": at,
    }  # fmt: skip


def note_row(order: Order, note: UUID, about: str, text: str, by: tuple[str, str], at: datetime) -> Row:
    """What a person wrote; `by` is account and name."""
    return {
        "id": note, "order_id": order.id, "division": order.division, "about": about, "text": Private(text),
        "by_account": by[0], "by_name": Private(by[1]), "at": at,
    }  # fmt: skip
