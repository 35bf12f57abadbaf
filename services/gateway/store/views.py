"""Whole pages: a job for the one who goes, an incident for the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.runtime.database import Connection, Record
from shared.vocabulary.divisions import Division, ladder

INCIDENT_OF_JOB = "SELECT incident_id FROM dispatch.job WHERE id = $1"
INCIDENT_OF_OFFER = "SELECT incident_id, job_id FROM dispatch.offer WHERE id = $1"
PLACE = """
SELECT i.lat, i.lon, i.elder_id, i.home_id, i.opened_at, i.outcome, i.evidence, i.evidence_by, i.closed_at,
       to_jsonb(h) AS home,
       (SELECT jsonb_agg(to_jsonb(e) ORDER BY e.id = i.elder_id DESC, e.id) FROM dispatch.elder e
        WHERE e.id = i.elder_id OR e.home_id = i.home_id) AS elders,
       (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.ord) FROM dispatch.contact c
        WHERE c.elder_id = i.elder_id) AS contacts,
       (SELECT jsonb_agg(d.name ORDER BY length(d.code)) FROM dispatch.division d
        WHERE d.code = ANY($2)) AS divisions,
       (SELECT s.hand_in FROM dispatch.service_order o JOIN dispatch.service s ON s.code = o.service
        WHERE o.id = i.order_id AND starts_with(o.division, s.division)
        ORDER BY length(s.division) DESC LIMIT 1) AS hand_in
FROM dispatch.incident i LEFT JOIN dispatch.home h ON h.id = i.home_id WHERE i.id = $1
"""
CHECK_IN = "SELECT due_at FROM dispatch.deadline WHERE incident_id = $1 AND kind = 'check_in' AND target = $2"
OFFERS = """
SELECT id, responder_id AS responder, responder_name AS name, responder_kind AS kind, state, wave, dist_m, eta_s,
       score, sent_at, respond_by, shown_at, rang_at, answered_at, reason, how
FROM dispatch.offer WHERE job_id = $1 ORDER BY sent_at, (score->>'total')::real, id
"""
CALLS = """
SELECT c.callee, c.result, coalesce(a.name, c.by_account)::varchar AS by, c.at
FROM dispatch.call_attempt c LEFT JOIN gateway.account a ON a.id = c.by_account
WHERE c.incident_id = $1 ORDER BY c.at, c.id
"""
TIMELINE = """
SELECT e.id, e.tag, e.recorded_at AS at, e.body - 'incident' - 'policy' - 'passed_over' AS params, n.text,
       q.question, q.answer,
       coalesce(a.name, e.actor)::varchar AS actor
FROM log.event e
LEFT JOIN gateway.account a ON starts_with(e.actor, 'account:') AND a.id = substr(e.actor, 9)
LEFT JOIN dispatch.note n
    ON e.tag = 'incident.noted' AND n.incident_id = e.stream_id AND n.id::text = e.body->>'note'
LEFT JOIN dispatch.answer q
    ON e.tag = 'incident.questioned' AND q.incident_id = e.stream_id AND q.id::text = e.body->>'answer'
WHERE e.stream = 'incident' AND e.stream_id = $1 ORDER BY e.stream_seq LIMIT 1000
"""


async def incident_of_job(connection: Connection, job: UUID) -> str | None:
    """Which incident a job belongs to."""
    found: str | None = await connection.fetchval(INCIDENT_OF_JOB, job)
    return found


async def of_offer(connection: Connection, offer: UUID) -> tuple[str, UUID] | None:
    """Incident and job of an offer."""
    row = await connection.fetchrow(INCIDENT_OF_OFFER, offer)
    return None if row is None else (row["incident_id"], row["job_id"])


async def place(connection: Connection, incident: str, division: Division, now: datetime) -> dict[str, Any] | None:
    """Elder, home, contacts and the rest of the household, in full, with the incident's own ending."""
    row = await connection.fetchrow(PLACE, incident, list(ladder(division)) if division else [])
    if row is None:
        return None
    elders = [elder_card(one, now) for one in row["elders"] or ()]
    known = row["elder_id"] is not None and bool(elders) and elders[0]["id"] == row["elder_id"]
    return {
        "elder": elders[0] if known else None,
        "others_in_home": elders[1:] if known else elders,
        "home": home_card(row["home"], row["divisions"] or ()),
        "contacts": [_only(one, ("ord", "name", "relation", "phone", "has_key")) for one in row["contacts"] or ()],
        "lat": row["lat"],
        "lon": row["lon"],
        "hand_in": row["hand_in"] or (),
        "ending": {name: row[name] for name in ("outcome", "evidence", "evidence_by", "closed_at")},
    }


async def check_in_due(connection: Connection, incident: str, assignment: UUID) -> datetime | None:
    """When somebody who is with the elder must be heard of."""
    found: datetime | None = await connection.fetchval(CHECK_IN, incident, str(assignment))
    return found


async def offers(connection: Connection, job: UUID) -> list[dict[str, Any]]:
    """Everybody who was asked for a job."""
    return [_dict(row) for row in await connection.fetch(OFFERS, job)]


async def calls(connection: Connection, incident: str) -> list[dict[str, Any]]:
    """Every try to reach somebody by telephone."""
    return [_dict(row) for row in await connection.fetch(CALLS, incident)]


async def timeline(connection: Connection, incident: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """What happened, oldest first; `names` puts names beside the ids of responders."""
    return [_event(row, names) for row in await connection.fetch(TIMELINE, incident)]


def _event(row: Record, names: dict[str, str]) -> dict[str, Any]:
    params = dict(row["params"])
    if params.get("responder") in names:
        params["responder_name"] = names[params["responder"]]
    if row["text"] is not None:
        params["text"] = row["text"]
    if row["question"] is not None:
        params |= {"question": row["question"], "answer": row["answer"]}
    return {"id": row["id"], "tag": row["tag"], "at": row["at"], "actor": row["actor"], "params": params}


def _dict(row: Record) -> dict[str, Any]:
    return dict(row.items())


def _only(given: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: given[name] for name in names}


ELDER = (
    "id", "name", "sex", "phone", "lives_alone", "assessment", "health", "medicine", "allergies", "dialect", "break_in",
)  # fmt: skip


def elder_card(given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """An elder's row as a desk may see it."""
    card = _only(given, ELDER)
    return {**card, **_at_present(given, now), "age": now.year - given["born"] if given["born"] else None}


def _at_present(given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Where she lives and stays now; what was said for another time does not show."""
    begins, ends, temporary = (_instant(given[f]) for f in ("status_from", "status_until", "temp_until"))
    holds = (begins is None or begins <= now) and (ends is None or now < ends)
    stays = temporary is None or now < temporary
    return {
        "status": given["status"] if holds else "home",
        "temp_address": given["temp_address"] if stays else None,
        "plan_until": _instant(given["plan_until"]),
    }


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def home_card(given: dict[str, Any] | None, names: Sequence[str]) -> dict[str, Any] | None:
    """A home's row as whoever goes may see it; `names` are its divisions, the widest first."""
    if given is None:
        return None
    card = _only(given, ("id", "address", "division", "floor", "lift", "door_code", "key_place", "lat", "lon"))
    return {**card, "division_names": list(names)}
