"""Who is around a case, found by index: ring by ring of cells, then the nearest wherever they are.

Of those who may be asked the nearest are returned, and a few of the others, so that it can be said why not. The rows
decide who is looked at; who may be asked is decided by `domain.matching`, by the same words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from math import cos, inf, radians
from typing import Any

from services.dispatch.domain import cells
from services.dispatch.domain.matching import Candidate
from shared.runtime.database import Connection, Record
from shared.vocabulary.divisions import Level
from shared.vocabulary.geo import Position

FRESH = timedelta(minutes=10)
DAY = timedelta(days=1)
ZONE = timezone(timedelta(hours=8))
MOST = 60
"""So many who may be asked are shown to a person, who may look further than the rules do."""
OTHERS = 15
"""So many of those who may not, so that it can be said why."""
MANY_PENDING = 4
"""More offers than this in one hand say nothing more about her."""
ENOUGH = 30

SERVES = """CASE WHEN cardinality(r.catchment) = 0 THEN starts_with($2, coalesce(r.area, left(r.division, 6)))
            ELSE EXISTS (SELECT FROM unnest(r.catchment) AS c WHERE starts_with($2, c)) END"""
SEEN = "r.seen_at > $5 AND r.seen_lat IS NOT NULL"
NEAR = f"""
SELECT r.*, CASE WHEN {SEEN} THEN r.seen_lat ELSE r.lat END AS at_lat,
       CASE WHEN {SEEN} THEN r.seen_lon ELSE r.lon END AS at_lon, {SERVES} AS serves,
       r.on_duty OR EXISTS (
           SELECT FROM dispatch.shift s
           WHERE s.responder_id = r.id AND s.until_at > $4 AND s.from_at <= $4
             AND (r.duty_since IS NULL OR r.duty_since < s.from_at)) AS on_shift
FROM dispatch.responder r
"""  # noqa: S608  put together from words of this page
HERE = "r.retired_at IS NULL AND r.kind <> 'canary'"
CELLS = f"""{NEAR} WHERE {HERE} AND (
    r.cell = ANY($1::bigint[]) OR r.base_cell = ANY($1::bigint[]) OR r.base_cell IS NULL)
ORDER BY power(CASE WHEN {SEEN} THEN r.seen_lat ELSE r.lat END - $6, 2)
         + power((CASE WHEN {SEEN} THEN r.seen_lon ELSE r.lon END - $7) * $8, 2)"""
NEAREST = f"{NEAR} WHERE {HERE} AND $1::bigint[] IS NOT NULL ORDER BY point(r.lon, r.lat) <-> point($7, $6)"
OF_DIVISION = "r.division >= $1::text AND r.division < $1::text || ':'"
THERE = f"{NEAR} WHERE {HERE} AND {OF_DIVISION}"
CANARIES = f"{NEAR} WHERE r.retired_at IS NULL AND r.kind = 'canary' AND {OF_DIVISION}"
FAR = "sqrt(power(n.at_lat - $6, 2) + power((n.at_lon - $7) * $8, 2))"
UNWILLING = f"n.refusals / (n.accepts + n.refusals) + 0 * {FAR}"
BUSY = """
(SELECT min(CASE WHEN a.state = 'accepted' THEN i.priority ELSE 0 END)
 FROM dispatch.assignment a JOIN dispatch.incident i ON i.id = a.incident_id
 WHERE a.responder_id = {0}.id AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service') AND NOT i.drill)
"""
LOOK = f"""
WITH related AS (SELECT responder_id, kind FROM dispatch.relation WHERE elder_id = $3),
near AS MATERIALIZED ({{near}}),
judged AS MATERIALIZED (
    SELECT n.*, n.kind = 'canary' OR (
               (n.on_shift OR n.kind = ANY($9::text[])) AND n.serves AND n.blocked_at IS NULL
               AND n.id <> ALL($10::text[])
               AND n.id NOT IN (SELECT responder_id FROM related WHERE kind = 'excluded')
               AND coalesce(n.busy > $11::int, true)) AS usable,
           {{off}} AS off
    FROM (SELECT r.*, {BUSY.format("r")} AS busy FROM near r OFFSET 0) n
),
picked AS (SELECT j.*, row_number() OVER (PARTITION BY usable ORDER BY off, id) AS nth FROM judged j)
SELECT p.id, p.name, p.kind, p.at_lat, p.at_lon, p.speed_mps, p.accepts, p.refusals, p.reachable, p.phone_only,
       p.on_shift, p.nights, p.blocked_at IS NOT NULL AS blocked, p.serves, p.sex, p.dialects, p.slow, p.answer_s,
       p.usable, p.off, CASE WHEN p.on_shift THEN coalesce(p.fresh_since, p.duty_since) END AS since,
       p.busy,
       (SELECT r.kind FROM related r WHERE r.responder_id = p.id) AS relation,
       (SELECT count(*) FROM (
            SELECT FROM dispatch.offer o WHERE o.responder_id = p.id AND o.state IN ('sent', 'shown', 'rang')
            LIMIT {MANY_PENDING}) AS held) AS pending,
       (SELECT count(*) FROM dispatch.assignment a
        WHERE a.responder_id = p.id AND a.accepted_at > $12) AS jobs_24h,
       (SELECT array_agg(s.skill) FROM dispatch.skill s
        WHERE s.responder_id = p.id AND (s.valid_until IS NULL OR s.valid_until >= $13)) AS skills
FROM picked p
WHERE p.nth <= CASE WHEN p.usable THEN $15::int ELSE {OTHERS} END
  AND ($14::float8 IS NULL OR (SELECT count(*) FROM judged j WHERE j.usable AND j.off <= $14::float8) >= {ENOUGH})
ORDER BY p.usable DESC, p.off, p.id
"""  # noqa: S608  the same
IN_CELLS = {
    rings: LOOK.format(near=f"{CELLS} LIMIT {most}", off=FAR)
    for rings, most in zip(cells.RINGS, (150, 400, 1200), strict=True)
}
"""By rings; in a wider one more are looked at, since the nearer may all be busy."""
THE_NEAREST = tuple(LOOK.format(near=f"{NEAREST} LIMIT {most}", off=FAR) for most in (90, 600, 50_000))
ON_THE_SPOT = tuple(LOOK.format(near=f"{THERE} LIMIT {most}", off=UNWILLING) for most in (500, 50_000))
"""Without a place, people of the same community, then street, then county; the willing first."""
A_CANARY = LOOK.format(near=CANARIES, off=FAR)
DEGREE_M = 111_195.0


@dataclass(frozen=True, slots=True)
class Query:
    """Whom to look for: where help goes, whose elder she is, who can't be asked (again), and how many at most."""

    division: str
    priority: int
    place: Position | None = None
    elder: str | None = None
    canary: bool = False
    out: Sequence[str] = ()
    call_in: tuple[str, ...] = ()
    most: int = MOST


class Usual:
    """How wide one had to look lately, by neighbourhood: a look that begins there sees the same people at once."""

    def __init__(self) -> None:
        """Begin narrow everywhere."""
        self._steps: dict[object, int] = {}

    def of(self, query: Query) -> int:
        """The step to begin with; where nobody has looked yet, as lately elsewhere in the county."""
        return self._steps.get(_hood(query), self._steps.get(_county(query), 0))

    def took(self, query: Query, step: int) -> None:
        """That step saw enough."""
        if len(self._steps) > MANY_HOODS:
            self._steps.clear()  # people have moved by then: begin narrow again
        self._steps[_hood(query)] = self._steps[_county(query)] = step


MANY_HOODS = 10_000


def _county(query: Query) -> object:
    return query.division[: Level.COUNTY], query.canary, _somewhere(query)


def _hood(query: Query) -> object:
    if query.canary or query.place is None or not _somewhere(query):
        return query.division, query.canary
    return cells.neighbourhood(query.place)


def _somewhere(query: Query) -> bool:
    return query.place is not None and query.place.plausible


async def around(
    connection: Connection, query: Query, now: datetime, usual: Usual | None = None
) -> tuple[Candidate, ...]:
    """People near the place, the nearest first: those who may be asked before those who may not."""
    rows: Sequence[Record] = ()
    begin, seen = usual.of(query) if usual else 0, list[float | None]()
    for n, (sql, where, covered) in enumerate(_steps(query)):
        seen.append(covered)
        if n < begin:
            continue
        limit = None if covered is None else covered / DEGREE_M
        rows = await connection.fetch(sql, where, *_arguments(query, now), limit, query.most)
        if rows:
            if usual:
                usual.took(query, _narrowest(rows, seen))
            break
    return tuple(_candidate(row, now) for row in rows)


def _narrowest(rows: Sequence[Record], covered: Sequence[float | None]) -> int:
    """The first step that would have seen enough of these."""
    usable = [row["off"] for row in rows if row["usable"]]
    if len(usable) < ENOUGH:
        return len(covered) - 1
    far = usable[ENOUGH - 1] * DEGREE_M
    return next(n for n, metres in enumerate(covered) if metres is None or metres >= far)


def _steps(query: Query) -> Iterator[tuple[str, object, float | None]]:
    """Statement, where it looks, and how far it is sure to see everybody; from narrow to wide.

    A statement that does not see enough people so near answers with nobody; the last one, without a limit, with all.
    """
    county = query.division[: Level.COUNTY]
    if query.canary:
        yield A_CANARY, county, None
    elif query.place is None or not query.place.plausible:
        for length in (Level.COMMUNITY, Level.STREET):
            yield ON_THE_SPOT[0], query.division[:length], inf
        yield ON_THE_SPOT[0], county, inf
        yield ON_THE_SPOT[1], county, None
    else:
        for rings in cells.RINGS:
            yield IN_CELLS[rings], cells.around(query.place, rings), cells.covered_m(rings)
        for sql in THE_NEAREST[:-1]:
            yield sql, [], inf
        yield THE_NEAREST[-1], [], None


def _arguments(query: Query, now: datetime) -> tuple[Any, ...]:
    known = query.place is not None and query.place.plausible
    place = query.place if query.place is not None and known else Position(0, 0)
    return (
        query.division, query.elder, now, now - FRESH, place.lat, place.lon, cos(radians(place.lat)),
        list(query.call_in), list(query.out), query.priority, now - DAY, now.astimezone(ZONE).date(),
    )  # fmt: skip


def _candidate(row: Record, now: datetime) -> Candidate:
    hours = (now - row["since"]).total_seconds() / 3600 if row["since"] else 0.0
    return Candidate(
        id=row["id"], name=row["name"], kind=row["kind"], position=Position(row["at_lat"], row["at_lon"]),
        speed_mps=row["speed_mps"], accepts=row["accepts"], refusals=row["refusals"], reachable=row["reachable"],
        pending=row["pending"], phone_only=row["phone_only"], on_duty=row["on_shift"], nights=row["nights"],
        blocked=row["blocked"], serves=row["serves"], busy=row["busy"], relation=row["relation"],
        skills=frozenset(row["skills"] or ()), sex=row["sex"], dialects=frozenset(row["dialects"]), slow=row["slow"],
        answer_s=row["answer_s"], hours=hours, jobs_24h=row["jobs_24h"],
    )  # fmt: skip
