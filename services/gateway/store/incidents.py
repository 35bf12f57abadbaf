"""Incidents as the desk's rows, with what inboxes need to know beside."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import Going, Incident, Offer
from services.gateway.domain.wording import name_hint, restamp, stamp, stamp_or_none
from shared.runtime.database import Connection, Record
from shared.vocabulary.divisions import Division

ASSIGNMENT = """
jsonb_build_object('id', a.id, 'job', a.job_id, 'offer', a.offer_id, 'responder', a.responder_id,
    'name', a.responder_name, 'kind', a.responder_kind, 'role', a.role, 'state', a.state, 'eta_s', a.eta_s,
    'accepted_at', a.accepted_at, 'departed_at', a.departed_at, 'arrived_at', a.arrived_at,
    'with_elder_at', a.with_elder_at, 'ended_at', a.ended_at)
"""
OFFER = """
jsonb_build_object('id', o.id, 'job', o.job_id, 'account', c.id, 'dist_m', o.dist_m, 'eta_s', o.eta_s,
    'respond_by', o.respond_by)
"""
ROWS = f"""
SELECT i.id, i.ver, i.state, i.priority, i.kind, i.drill, i.flags, i.class, i.presses, i.rung, i.division,
       i.device_id, i.linked_to, i.opened_at, i.pressed_at, i.taken_at, i.taken_by, i.taken_name, i.canary,
       i.merged_into, i.reopened_at, i.shelved_until,
       i.hands, i.order_id, i.held_until, i.cleared_at, i.confirmed_at, i.away_m, i.handoffs,
       i.faults, i.protects, i.asks_at, i.covered_at, i.outage_id, i.outage_devices, i.outage_elders,
       (SELECT m.id FROM dispatch.mass_event m WHERE m.incident_id = i.id) AS event,
       e.name AS elder_name, h.address, j.id AS job, j.state AS job_state,
       (SELECT count(*) FROM dispatch.offer o WHERE o.job_id = j.id) AS asked,
       (SELECT min(l.due_at) FROM dispatch.deadline l WHERE l.incident_id = i.id) AS next_due,
       (SELECT count(*) FROM dispatch.message m WHERE m.incident_id = i.id
        AND m.state IN ('failed', 'expired')) AS undelivered,
       (SELECT jsonb_agg(jsonb_build_object('line', {ASSIGNMENT}, 'account', c.id, 'reason', a.end_reason)
                         ORDER BY a.accepted_at)
        FROM dispatch.assignment a LEFT JOIN gateway.account c ON c.responder_id = a.responder_id
        WHERE a.incident_id = i.id) AS assignments,
       {{offers}} AS offers
FROM dispatch.incident i
LEFT JOIN dispatch.elder e ON e.id = i.elder_id
LEFT JOIN dispatch.home h ON h.id = i.home_id
LEFT JOIN LATERAL (SELECT id, state FROM dispatch.job WHERE incident_id = i.id
                   ORDER BY created_at DESC LIMIT 1) j ON true
"""  # noqa: S608  constants
SOME_OFFERS = f"""
(SELECT jsonb_agg({OFFER}) FROM dispatch.offer o LEFT JOIN gateway.account c ON c.responder_id = o.responder_id
 WHERE o.id = ANY($2) AND o.incident_id = i.id)
"""  # noqa: S608  a constant
BY_ID = ROWS.format(offers=SOME_OFFERS) + "WHERE i.id = ANY($1)"
LISTED = ROWS.format(offers="NULL") + "WHERE {where} ORDER BY i.opened_at DESC, i.id DESC LIMIT $1"
IS_LIVE = "i.state NOT IN ('closed', 'false_alarm', 'merged') AND NOT i.canary"
IS_CLOSED = "i.state IN ('closed', 'false_alarm', 'merged') AND NOT i.canary"
AFTER = "(i.opened_at, i.id) < (SELECT p.opened_at, p.id FROM dispatch.incident p WHERE p.id = $3)"
MINE = """
SELECT DISTINCT incident_id FROM dispatch.assignment
WHERE responder_id = $1 AND state IN ('accepted', 'en_route', 'arrived', 'in_service')
"""
MY_OFFERS = """
SELECT id, incident_id FROM dispatch.offer
WHERE responder_id = $1 AND sent_at > $2 AND respond_by > $3 AND state IN ('sent', 'shown', 'rang')
"""
FIRST_EVENTS = """
SELECT DISTINCT ON (stream_id) stream_id, id FROM log.event
WHERE stream = 'incident' AND stream_id = ANY($1) AND stream_seq = 1
ORDER BY stream_id, stream_seq
"""
HANDOFF: Mapping[str, None] = MappingProxyType(
    dict.fromkeys(("why", "area", "break_in", "prompted_at", "made_at", "result", "ref"))
)
ADDRESS = "SELECT address FROM dispatch.home WHERE id = $1"


async def load(connection: Connection, ids: Iterable[str], offers: Iterable[UUID] = ()) -> dict[str, Incident]:
    """Return incidents by id, with these offers."""
    rows = await connection.fetch(BY_ID, list(ids), list(offers))
    return {row["id"]: _incident(row) for row in rows}


async def live(connection: Connection, at_most: int) -> list[Incident]:
    """Every incident in scope that is not over, newest first."""
    rows = await connection.fetch(LISTED.format(where=IS_LIVE), at_most)
    return [_incident(row) for row in rows]


async def listed(
    connection: Connection,
    at_most: int,
    *,
    closed: bool | None,
    division: str,
    after: str,
) -> list[Incident]:
    """A page of incidents in scope, newest first; `after` is the last incident of the page before."""
    state = {None: "NOT i.canary", True: IS_CLOSED, False: IS_LIVE}[closed]
    where = f"{state} AND starts_with(i.division, $2) AND ($3 = '' OR {AFTER})"
    rows = await connection.fetch(LISTED.format(where=where), at_most, division, after)
    return [_incident(row) for row in rows]


async def address(connection: Connection, home: str) -> str | None:
    """Where a home is, in words."""
    found: str | None = await connection.fetchval(ADDRESS, home)
    return found


async def of_responder(connection: Connection, responder: str, since: datetime, now: datetime) -> list[Incident]:
    """Incidents in which a responder is going or asked, with only this responder's open offers."""
    offers = await connection.fetch(MY_OFFERS, responder, since, now)
    going = await connection.fetch(MINE, responder)
    ids = {row["incident_id"] for row in (*offers, *going)}
    found = await load(connection, sorted(ids), [row["id"] for row in offers]) if ids else {}
    return list(found.values())


async def first_events(connection: Connection, incidents: Sequence[str]) -> dict[str, UUID]:
    """The id of each incident's first event: the name under which a snapshot's row is reported as seen."""
    rows = await connection.fetch(FIRST_EVENTS, list(incidents))
    return {row["stream_id"]: row["id"] for row in rows}


def _incident(row: Record) -> Incident:
    return Incident(
        id=row["id"],
        division=Division(row["division"]),
        state=row["state"],
        row=_row(row),
        address=row["address"],
        going=tuple(_going(one) for one in row["assignments"] or ()),
        offers=tuple(_offer(one) for one in row["offers"] or ()),
        canary=row["canary"],
    )


def _row(row: Record) -> dict[str, Any]:
    return {
        "incident": row["id"],
        "ver": row["ver"],
        "state": row["state"],
        "priority": row["priority"],
        "kind": row["kind"],
        "drill": row["drill"],
        "flags": row["flags"],
        "cls": row["class"],
        "presses": row["presses"],
        "rung": row["rung"],
        "division": row["division"],
        "name_masked": name_hint(row["elder_name"]),
        "place": row["address"] or "",
        "device": row["device_id"],
        "linked_to": row["linked_to"],
        "opened_at": stamp(row["opened_at"]),
        "pressed_at": stamp(row["pressed_at"]),
        "taken_at": stamp_or_none(row["taken_at"]),
        "holder": row["taken_name"],
        "holder_account": row["taken_by"],
        "job": str(row["job"]) if row["job"] else None,
        "job_state": row["job_state"],
        "asked": row["asked"],
        "next_due": stamp_or_none(row["next_due"]),
        "undelivered": row["undelivered"],
        "faults": [_fault(one) for one in row["faults"].values()],
        "merged_into": row["merged_into"],
        "reopened_at": stamp_or_none(row["reopened_at"]),
        "shelved_until": stamp_or_none(row["shelved_until"]),
        "hands": row["hands"],
        "order": row["order_id"],
        "held_until": stamp_or_none(row["held_until"]),
        "cleared_at": stamp_or_none(row["cleared_at"]),
        "confirmed_at": stamp_or_none(row["confirmed_at"]),
        "away_m": row["away_m"],
        "handoffs": {number: restamp({**HANDOFF, **one}) for number, one in row["handoffs"].items()},
        "protects": row["protects"],
        "asks_at": stamp_or_none(row["asks_at"]),
        "covered_at": stamp_or_none(row["covered_at"]),
        "outage": str(row["outage_id"]) if row["outage_id"] else None,
        "devices": row["outage_devices"],
        "elders": row["outage_elders"],
        "event": str(row["event"]) if row["event"] else None,
    }


def _fault(given: dict[str, Any]) -> dict[str, Any]:
    return restamp({name: given[name] for name in ("device", "kind", "protects", "at")})


def _going(given: dict[str, Any]) -> Going:
    it = restamp(given["line"])
    return Going(given["account"], it["responder"], it["job"], it["role"], it["state"], given["reason"], it)


def _offer(given: dict[str, Any]) -> Offer:
    return Offer(
        UUID(given["id"]), UUID(given["job"]), given["account"], given["dist_m"], given["eta_s"],
        datetime.fromisoformat(given["respond_by"]),
    )  # fmt: skip
