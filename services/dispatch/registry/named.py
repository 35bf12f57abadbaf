"""Somebody whom a person at the desk names, on duty or not."""

from datetime import datetime, timedelta

from services.dispatch.domain.matching import Candidate
from shared.runtime.database import Database, Record
from shared.vocabulary.geo import Position

FRESH = timedelta(minutes=10)
NAMED = """
SELECT r.id, r.name, r.kind, r.speed_mps, r.accepts, r.refusals, r.reachable, r.phone_only, r.slow, r.answer_s,
       r.blocked_at IS NOT NULL AS blocked,
       CASE WHEN r.seen_at > $3 THEN r.seen_lat ELSE r.lat END AS lat,
       CASE WHEN r.seen_at > $3 THEN r.seen_lon ELSE r.lon END AS lon,
       (SELECT e.kind FROM dispatch.relation e WHERE e.responder_id = r.id AND e.elder_id = i.elder_id) AS relation,
       (SELECT min(CASE WHEN a.state = 'accepted' THEN c.priority ELSE 0 END)
        FROM dispatch.assignment a JOIN dispatch.incident c ON c.id = a.incident_id
        WHERE a.responder_id = r.id AND a.incident_id <> i.id AND a.role <> 'backup'
          AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service')) AS busy
FROM dispatch.incident i
JOIN dispatch.responder r ON r.id = $2 AND left(r.division, 6) = left(i.division, 6) AND r.retired_at IS NULL
WHERE i.id = $1
"""


async def find(database: Database, incident: str, responder: str, now: datetime) -> Candidate | None:
    """The person as seen from the incident; None when there is none of that name in its county."""
    row = await database.pool.fetchrow(NAMED, incident, responder, now - FRESH)
    return _candidate(row) if row else None


def _candidate(row: Record) -> Candidate:
    return Candidate(
        id=row["id"], name=row["name"], kind=row["kind"], position=Position(row["lat"], row["lon"]),
        speed_mps=row["speed_mps"], accepts=row["accepts"], refusals=row["refusals"], reachable=row["reachable"],
        phone_only=row["phone_only"], blocked=row["blocked"], busy=row["busy"], relation=row["relation"],
        slow=row["slow"], answer_s=row["answer_s"],
    )  # fmt: skip
