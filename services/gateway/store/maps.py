"""What maps draw: shapes and roads are nobody's; people, homes and incidents as far as the scope goes."""

from datetime import datetime
from typing import Any

from services.gateway.domain.coverage import Block, Goer
from shared.runtime.database import Connection

Row = dict[str, Any]

WITHIN = "{0} >= $1 AND {0} < $1 || ':'"
DIVISION = "SELECT code, name, parent FROM dispatch.division WHERE code = $1"
CHILDREN = "SELECT code, name, parent FROM dispatch.division WHERE parent = $1 ORDER BY code"
TOPS = "SELECT code, name, parent FROM dispatch.division WHERE parent IS NULL ORDER BY code"
ABOVE = "SELECT code, name, parent FROM dispatch.division WHERE code = ANY($1) ORDER BY length(code)"
SHAPES = """
SELECT s.division AS code, d.name, d.parent, s.drawn, s.geometry, s.west, s.south, s.east, s.north
FROM dispatch.shape s JOIN dispatch.division d ON d.code = s.division
WHERE d.code = $1 OR d.parent = $1 ORDER BY length(d.code), d.code
"""
LANDMARKS = f"""
SELECT kind, name, lat, lon FROM dispatch.landmark l
WHERE {WITHIN.format("l.division")} AND edition = (
    SELECT max(edition) FROM dispatch.landmark x WHERE x.area = l.area) ORDER BY kind, name LIMIT 500
"""  # noqa: S608  constants
ROADS = """
SELECT r.from_lat, r.from_lon, r.to_lat, r.to_lon
FROM dispatch.road_graph g JOIN dispatch.road r USING (area, edition)
WHERE (starts_with(g.area, $1) OR starts_with($1, g.area))
  AND r.from_lon BETWEEN $2 AND $4 AND r.from_lat BETWEEN $3 AND $5
LIMIT $6
"""
BUSY = "('accepted', 'en_route', 'arrived', 'in_service')"
ON_SHIFT = """
(r.on_duty OR EXISTS (SELECT FROM dispatch.shift s WHERE s.responder_id = r.id AND s.until_at > $2 AND s.from_at <= $2
                      AND (r.duty_since IS NULL OR r.duty_since < s.from_at)))
"""
# A position counts from when she went on duty or took the job; an older one says nothing about her work.
PERSON = f"""
r.id AS responder, r.name, r.kind, r.division, {ON_SHIFT} AS on_duty, r.reachable, r.phone_only,
r.lat AS base_lat, r.lon AS base_lon, r.seen_lat, r.seen_lon,
CASE WHEN r.seen_at >= least(CASE WHEN r.on_duty THEN r.duty_since END, a.accepted_at) THEN r.seen_at END AS seen_at,
a.incident_id AS incident, a.state
"""
UNDER_WAY = f"""
LEFT JOIN LATERAL (
    SELECT incident_id, state, accepted_at FROM dispatch.assignment x
    WHERE x.responder_id = r.id AND x.state IN {BUSY} ORDER BY accepted_at DESC LIMIT 1) a ON true
"""  # noqa: S608  a constant
PEOPLE = f"""
SELECT {PERSON} FROM dispatch.responder r {UNDER_WAY}
WHERE {WITHIN.format("r.division")} AND r.retired_at IS NULL AND r.kind <> 'canary'
  AND (a.state IS NOT NULL OR {ON_SHIFT})
ORDER BY r.id LIMIT $3
"""  # noqa: S608  constants
INCIDENT = """
SELECT i.id AS incident, i.ver, i.division, i.priority, i.kind, i.away_m, i.closed_at, h.address,
       coalesce(i.lat, h.lat) AS lat, coalesce(i.lon, h.lon) AS lon, h.lat AS home_lat, h.lon AS home_lon
FROM dispatch.incident i LEFT JOIN dispatch.home h ON h.id = i.home_id WHERE i.id = $1
"""
CONCERNED = f"""
SELECT {PERSON}, o.state AS offer, g.role, coalesce(g.eta_s, o.eta_s) AS eta_s, g.accepted_at, g.arrived_at,
       (SELECT jsonb_agg(jsonb_build_object('lat', t.lat, 'lon', t.lon, 'at', t.at) ORDER BY t.at)
        FROM (SELECT lat, lon, at FROM dispatch.track t WHERE t.responder_id = r.id AND t.at >= g.accepted_at
              ORDER BY at DESC LIMIT 500) t) AS track
FROM dispatch.responder r {UNDER_WAY}
LEFT JOIN LATERAL (
    SELECT role, eta_s, accepted_at, arrived_at FROM dispatch.assignment x
    WHERE x.incident_id = $1 AND x.responder_id = r.id AND x.state IN {BUSY} LIMIT 1) g ON true
LEFT JOIN LATERAL (
    SELECT state, eta_s FROM dispatch.offer x WHERE x.incident_id = $1 AND x.responder_id = r.id
    AND x.state IN ('sent', 'shown', 'rang', 'accepted') ORDER BY sent_at DESC LIMIT 1) o ON true
WHERE r.id IN (SELECT responder_id FROM dispatch.offer WHERE incident_id = $1
               UNION SELECT responder_id FROM dispatch.assignment WHERE incident_id = $1)
  AND (g.role IS NOT NULL OR o.state IN ('sent', 'shown', 'rang'))
ORDER BY g.accepted_at NULLS LAST, eta_s, r.id
"""  # noqa: S608  constants
BLOCKS = f"""
SELECT h.division, round(h.lat * 500) / 500 AS lat, round(h.lon * 500) / 500 AS lon, count(*) AS elders
FROM dispatch.home h JOIN dispatch.elder e ON e.home_id = h.id
WHERE {WITHIN.format("h.division")} AND e.status NOT IN ('moved', 'dead') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""  # noqa: S608  constants
GOERS = f"""
SELECT r.division, coalesce(r.area, left(r.division, 6)) AS serves, r.speed_mps, r.slow,
       CASE WHEN r.seen_at > $3 AND r.seen_lat IS NOT NULL THEN r.seen_lat ELSE r.lat END AS lat,
       CASE WHEN r.seen_at > $3 AND r.seen_lat IS NOT NULL THEN r.seen_lon ELSE r.lon END AS lon,
       (r.reachable OR r.phone_only) AND r.blocked_at IS NULL AND a.state IS NULL AS ready
FROM dispatch.responder r {UNDER_WAY}
WHERE {WITHIN.format("r.division")} AND r.retired_at IS NULL AND r.kind <> 'canary' AND {ON_SHIFT}
"""  # noqa: S608  constants
OLD_TRACKS = """
DELETE FROM dispatch.track
WHERE (responder_id, at) IN (SELECT responder_id, at FROM dispatch.track WHERE at < $1 ORDER BY at LIMIT $2)
"""


async def division(connection: Connection, code: str) -> Row | None:
    """A division's line."""
    row = await connection.fetchrow(DIVISION, code)
    return dict(row.items()) if row else None


async def children(connection: Connection, code: str) -> list[Row]:
    """The divisions directly below one; below none, the widest ones."""
    rows = await (connection.fetch(CHILDREN, code) if code else connection.fetch(TOPS))
    return [dict(row.items()) for row in rows]


async def lines(connection: Connection, codes: list[str]) -> list[Row]:
    """Lines of these divisions, the widest first."""
    return [dict(row.items()) for row in await connection.fetch(ABOVE, codes)]


async def shapes(connection: Connection, code: str) -> list[Row]:
    """Borders of a division and of those directly below it, as far as they are known."""
    return [dict(row.items()) for row in await connection.fetch(SHAPES, code)]


async def landmarks(connection: Connection, code: str) -> list[Row]:
    """Places in a division that help to find the way."""
    return [dict(row.items()) for row in await connection.fetch(LANDMARKS, code)]


async def roads(connection: Connection, code: str, bounds: tuple[float, ...], limit: int) -> list[list[float]]:
    """Stretches that begin within the bounds (west, south, east, north)."""
    return [list(row.values()) for row in await connection.fetch(ROADS, code, *bounds, limit)]


async def people(connection: Connection, code: str, now: datetime, limit: int) -> list[Row]:
    """Everybody on duty or on a job in a division."""
    return [dict(row.items()) for row in await connection.fetch(PEOPLE, code, now, limit)]


async def incident(connection: Connection, name: str) -> Row | None:
    """Where an incident is."""
    row = await connection.fetchrow(INCIDENT, name)
    return dict(row.items()) if row else None


async def concerned(connection: Connection, name: str, now: datetime) -> list[Row]:
    """Who is coming, with the way come so far, then who is asked."""
    return [dict(row.items()) for row in await connection.fetch(CONCERNED, name, now)]


async def blocks(connection: Connection, code: str) -> list[Block]:
    """Elders by where they live, two hundred metres by two hundred."""
    return [Block(**row) for row in await connection.fetch(BLOCKS, code)]


async def goers(connection: Connection, code: str, now: datetime, fresh: datetime) -> list[Goer]:
    """Everybody on duty in a division; a position older than `fresh` gives way to the station."""
    return [Goer(**row) for row in await connection.fetch(GOERS, code, now, fresh)]


async def forget_tracks(connection: Connection, before: datetime, limit: int) -> int:
    """Delete so many of the oldest positions from before an instant; answers how many there were."""
    return int((await connection.execute(OLD_TRACKS, before, limit)).rpartition(" ")[2])
