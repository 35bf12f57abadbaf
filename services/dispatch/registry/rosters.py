"""Who may be asked for a case, read a moment before it is decided."""

from datetime import datetime, timedelta

from services.dispatch.domain.matching import NOBODY, Candidate, Roster
from shared.runtime.clock import stopwatch
from shared.runtime.database import Connection, Record
from shared.vocabulary.geo import Position

FRESH = timedelta(minutes=10)
AGE_S = 0.2
ROSTER = """
SELECT r.id, r.name, r.kind, r.speed_mps, r.accepts, r.refusals, r.reachable,
       CASE WHEN r.seen_at > $2 THEN r.seen_lat ELSE r.lat END AS lat,
       CASE WHEN r.seen_at > $2 THEN r.seen_lon ELSE r.lon END AS lon,
       (SELECT count(*) FROM dispatch.offer o
        WHERE o.responder_id = r.id AND o.state IN ('sent', 'shown', 'rang')) AS pending
FROM dispatch.responder r
WHERE r.on_duty AND starts_with(r.division, $1) AND (r.kind = 'canary' OR NOT EXISTS (
    SELECT FROM dispatch.assignment a
    WHERE a.responder_id = r.id AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service')))
"""


async def roster(connection: Connection, county: str, now: datetime) -> Roster:
    """Everybody on duty in the county who isn't on a job, at a position not older than ten minutes or the station's.

    A canary is never busy: it accepts each round anew.
    """
    rows = await connection.fetch(ROSTER, county, now - FRESH)
    return Roster(tuple(_candidate(row) for row in rows))


def _candidate(row: Record) -> Candidate:
    return Candidate(
        row["id"], row["name"], row["kind"], Position(row["lat"], row["lon"]), row["speed_mps"], row["accepts"],
        row["refusals"], row["reachable"], row["pending"],
    )  # fmt: skip


class Lately:
    """Rosters not older than a fifth of a second: in a storm many alarms share one look at the county.

    Whoever went on a job meanwhile is asked needlessly at worst; the database refuses a second place.
    """

    def __init__(self) -> None:
        """Know nobody yet."""
        self._seen: dict[str, tuple[float, Roster]] = {}

    async def get(self, connection: Connection, county: str, now: datetime) -> Roster:
        """The county's roster."""
        looked, people = self._seen.get(county, (-AGE_S, NOBODY))
        if stopwatch() - looked >= AGE_S:
            people = await roster(connection, county, now)
            self._seen[county] = (stopwatch(), people)
        return people
