"""Lists with search and cursor paging. Row-level security keeps them within the scope; names are masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.domain.wording import name_hint
from shared.runtime.database import Connection, Record
from shared.runtime.sealed import Wanted


@dataclass(frozen=True, slots=True)
class Listing:
    """How one kind of thing is searched: `$1` is the cursor, `$2` the search text, `$3` the limit.

    Where words are sealed, `found` is given the cursor, the text and these of its `tokens`, and the `sought` columns
    are looked through when they have been opened.
    """

    sql: str
    found: str = ""
    tokens: tuple[str, ...] = ()
    sought: tuple[str, ...] = ()
    key: str = "id"
    masked: bool = False


DIVISIONS = """
SELECT code, name, parent FROM dispatch.division
WHERE code > $1 AND (starts_with(code, $2) OR position($2 IN name) > 0)
  AND (starts_with(code, (SELECT log.scope())) OR starts_with((SELECT log.scope()), code))
ORDER BY code LIMIT $3
"""
ELDERS = """
SELECT e.id, e.name, e.division, e.home_id AS home, e.lives_alone, e.assessment, h.address AS place
FROM dispatch.elder e LEFT JOIN dispatch.home h ON h.id = e.home_id
"""
EVERY_ELDER = f"{ELDERS} WHERE e.id > $1 AND $2 = '' ORDER BY e.id LIMIT $3"
ELDERS_FOUND = f"""{ELDERS}
WHERE e.id > $1 AND e.id = ANY(ARRAY(SELECT dispatch.elders_found($2, $3, $4, $5, 200)))
ORDER BY e.id
"""
HOMES = "SELECT id, division, address AS place FROM dispatch.home WHERE id > $1"
EVERY_HOME = f"{HOMES} AND $2 = '' ORDER BY id LIMIT $3"
HOMES_FOUND = f"""{HOMES}
AND (id = $2 OR ($3 <> '{{}}'::text[] AND dispatch.tokens(address) @> $3)) ORDER BY id LIMIT 200
"""
RESPONDERS = """
SELECT id, name, kind, division, provider_id AS provider, on_duty, reachable
FROM dispatch.responder WHERE id > $1 AND retired_at IS NULL
"""
EVERY_RESPONDER = f"{RESPONDERS} AND $2 = '' ORDER BY id LIMIT $3"
RESPONDERS_FOUND = f"""{RESPONDERS}
AND (id = $2 OR ($3 <> '{{}}'::text[] AND dispatch.tokens(name) @> $3) OR dispatch.tokens(phone) && $4)
ORDER BY id LIMIT 200
"""
PROVIDERS = """
SELECT id, name, division, phone FROM dispatch.provider
WHERE id > $1 AND retired_at IS NULL AND ($2 = '' OR id = $2 OR position($2 IN name) > 0)
ORDER BY id LIMIT $3
"""
UNPLACED = """
SELECT id::text AS quarantine, topic, reason, county, copies, first_at, last_at FROM devices.quarantine
WHERE settled_at IS NULL AND ($2 = '' OR position($2 IN topic) > 0)
  AND ($1 = '' OR (last_at, id) < (
      SELECT x.last_at, x.id FROM devices.quarantine x WHERE x.id = nullif($1, '')::uuid))
ORDER BY last_at DESC, id DESC LIMIT $3
"""
UNBOUND = UNPLACED.replace("settled_at IS NULL", "settled_at IS NULL AND reason = 'unbound'", 1)
DISCOVERED = """
SELECT address, adapter, hub_id AS hub, county, name, maker, model, words, first_at, last_at FROM devices.discovered
WHERE ($1 = '' OR (last_at, address) < (SELECT x.last_at, x.address FROM devices.discovered x WHERE x.address = $1))
  AND ($2 = '' OR position($2 IN address) > 0 OR position($2 IN coalesce(name, '')) > 0)
ORDER BY last_at DESC, address DESC LIMIT $3
"""
DENIALS = """
SELECT device || '/' || why AS denial, device, why, county, count, first_at, last_at FROM devices.denial
WHERE ($1 = '' OR (last_at, device, why) < (
    SELECT x.last_at, x.device, x.why FROM devices.denial x WHERE x.device || '/' || x.why = $1))
  AND ($2 = '' OR starts_with(device, $2))
ORDER BY last_at DESC, device DESC, why DESC LIMIT $3
"""
LISTINGS = {
    "divisions": Listing(DIVISIONS, key="code"),
    "elders": Listing(EVERY_ELDER, ELDERS_FOUND, ("words", "places", "numbers"), ("name", "place"), masked=True),
    "homes": Listing(EVERY_HOME, HOMES_FOUND, ("places",), ("place",)),
    "responders": Listing(EVERY_RESPONDER, RESPONDERS_FOUND, ("words", "numbers"), ("name",), masked=True),
    "providers": Listing(PROVIDERS),
    "unplaced": Listing(UNPLACED, key="quarantine"),
    "unbound": Listing(UNBOUND, key="quarantine"),
    "discovered": Listing(DISCOVERED, key="address"),
    "denials": Listing(DENIALS, key="denial"),
}


async def page(connection: Connection, listing: str, q: str, cursor: str, limit: int) -> list[dict[str, Any]]:
    """One page within the connection's scope."""
    how = LISTINGS[listing]
    return [_line(row, masked=how.masked) for row in await connection.fetch(how.sql, cursor, q, limit)]


async def found(
    connection: Connection, listing: str, q: str, wanted: Wanted, cursor: str, limit: int
) -> list[dict[str, Any]]:
    """One page of those that have what was typed; `wanted` are its tokens."""
    how = LISTINGS[listing]
    rows = await connection.fetch(how.found, cursor, q, *(getattr(wanted, name) for name in how.tokens))
    return [_line(row, masked=how.masked) for row in rows if wanted.numbers or _has(row, q, how.sought)][:limit]


def _has(row: Record, q: str, sought: Sequence[str]) -> bool:
    """Tokens tell the pairs of signs and not their order."""
    return q == row["id"] or any(q in (row[name] or "") for name in sought)


def _line(row: Record, *, masked: bool) -> dict[str, Any]:
    line: dict[str, Any] = dict(row.items())
    if masked:
        line["name_masked"] = name_hint(line.pop("name"))
    return line


SHIFT = """
SELECT max(until_at) FROM dispatch.shift WHERE responder_id = $1 AND until_at > $2 AND from_at <= $2
"""
DUTY = "SELECT on_duty, seen_lat, seen_lon FROM dispatch.responder WHERE id = $1"


async def duty(connection: Connection, responder: str) -> dict[str, Any] | None:
    """Whether a responder is on duty, and the last position given."""
    row = await connection.fetchrow(DUTY, responder)
    return None if row is None else {"on": row["on_duty"], "lat": row["seen_lat"], "lon": row["seen_lon"]}


async def shift(connection: Connection, responder: str, now: datetime) -> datetime | None:
    """When the planned shift ends that a responder is on; None without one."""
    found: datetime | None = await connection.fetchval(SHIFT, responder, now)
    return found
