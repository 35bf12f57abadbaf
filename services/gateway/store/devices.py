"""Devices as the device desk sees them. Row-level security keeps every table within the scope; names are masked."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.wording import name_hint, restamp
from shared.runtime.database import Connection, Record
from shared.runtime.sealed import Wanted
from shared.vocabulary.divisions import Division

LAST = "\U0010ffff"
"""Sorts behind everything that begins alike."""

# the ids come as an array, so that each part is looked up by key and never read whole
LINES = """
SELECT d.id, d.county, d.division, d.model, d.kind, d.class AS cls, d.home_id AS home, d.elder_id AS elder,
       h.address AS place, e.name AS elder_name, s.online, s.seen_at, s.batt, s.rssi, s.mains, s.fw,
       p.pressed_at, p.tested_at, p.self_tested_at,
       ARRAY(SELECT f.kind FROM devices.fault f WHERE f.device_id = d.id AND f.ended_at IS NULL ORDER BY f.kind)
           AS faults,
       EXISTS (SELECT FROM devices.placement l
               WHERE l.device_id = d.id AND l.until_at IS NULL AND l.confirmed_at IS NULL) AS unconfirmed,
       (SELECT max(w.until_at) FROM devices.test_window w
        WHERE w.device_id = d.id AND w.opened_at <= $1 AND w.until_at > $1) AS test_until,
       d.revoked_at, d.added_at
FROM devices.device d
LEFT JOIN devices.health s ON s.device_id = d.id
LEFT JOIN devices.pressed p ON p.device_id = d.id
LEFT JOIN dispatch.home h ON h.id = d.home_id
LEFT JOIN dispatch.elder e ON e.id = d.elder_id
WHERE d.id = ANY({ids}) ORDER BY d.division, d.id
"""
ONE = LINES.format(ids="ARRAY[$2]")
CHOSEN = """ARRAY(
    SELECT d.id FROM devices.device d
    WHERE d.division >= $2 AND d.division < $3 AND (d.division, d.id) > ($4, $5)
      AND d.kind <> 'canary' AND {only} AND {found}
    ORDER BY d.division, d.id LIMIT $6)
"""
PAGE = LINES.format(ids=CHOSEN)
WITH_FAULT = "d.id IN (SELECT f.device_id FROM devices.fault f WHERE f.kind = '{kind}' AND f.ended_at IS NULL)"
ONLY: Mapping[str, str] = {
    "": "true",
    "offline": WITH_FAULT.format(kind="offline"),
    "low_batt": WITH_FAULT.format(kind="low_batt"),
    "untested": """(
        d.kind IN ('button', 'wearable') AND d.revoked_at IS NULL AND NOT EXISTS (
            SELECT FROM devices.pressed p WHERE p.device_id = d.id AND p.pressed_at > $1 - interval '35 days'))""",
    "unconfirmed": """d.id IN (
        SELECT l.device_id FROM devices.placement l WHERE l.until_at IS NULL AND l.confirmed_at IS NULL)""",
    "unplaced": "(d.home_id IS NULL AND d.elder_id IS NULL AND d.kind <> 'sms' AND d.revoked_at IS NULL)",
    "revoked": "d.revoked_at IS NOT NULL",
}
"""What a list may be narrowed to; `untested` is missing a press by hand."""
FOUND = """d.id = ANY(ARRAY(
    (SELECT id FROM devices.device WHERE id >= $7 AND id < $8 ORDER BY id LIMIT 500)
    UNION (SELECT id FROM devices.device WHERE model >= $7 AND model < $8 ORDER BY model LIMIT 500)
    UNION SELECT id FROM devices.device WHERE home_id = $7
    UNION (SELECT b.id FROM dispatch.elder e JOIN devices.device b ON b.elder_id = e.id OR b.home_id = e.home_id
           WHERE e.id IN (SELECT dispatch.elders_found($7, $9, '{}', $10, 200)) LIMIT 500)))
"""
"""Search by the beginning of an id or a model, by an elder's name or telephone, each through its index."""
VIEW = """
SELECT (SELECT d.revoked_why FROM devices.device d WHERE d.id = $1) AS revoked_why,
    (SELECT jsonb_agg(jsonb_build_object(
        'division', l.division, 'home', l.home_id, 'elder', l.elder_id, 'place', h.address, 'elder_name', e.name,
        'from_at', l.from_at, 'until_at', l.until_at, 'placed_by', coalesce(a.name, l.placed_by),
        'confirmed_at', l.confirmed_at, 'confirmed_by', coalesce(c.name, l.confirmed_by),
        'confirmed_how', l.confirmed_how) ORDER BY l.from_at DESC)
     FROM devices.placement l
     LEFT JOIN dispatch.home h ON h.id = l.home_id
     LEFT JOIN dispatch.elder e ON e.id = l.elder_id
     LEFT JOIN gateway.account a ON a.id = l.placed_by
     LEFT JOIN gateway.account c ON c.id = l.confirmed_by
     WHERE l.device_id = $1) AS placements,
    (SELECT jsonb_agg(jsonb_build_object('hub', b.hub_id, 'address', b.address, 'device', b.device_id,
        'adapter', b.adapter, 'meaning', b.meaning) ORDER BY b.address)
     FROM (SELECT * FROM devices.binding WHERE device_id = $1 OR hub_id = $1 LIMIT 500) b) AS bindings,
    (SELECT jsonb_agg(jsonb_build_object('fault', f.id, 'kind', f.kind, 'opened_at', f.opened_at,
        'ended_at', f.ended_at, 'outage', f.outage_id) ORDER BY f.opened_at DESC)
     FROM (SELECT * FROM devices.fault WHERE device_id = $1 ORDER BY opened_at DESC LIMIT 50) f) AS fault_history,
    (SELECT jsonb_agg(jsonb_build_object('opened_at', w.opened_at, 'until_at', w.until_at, 'presses', w.presses,
        'opened_by', coalesce(a.name, w.opened_by)) ORDER BY w.opened_at DESC)
     FROM (SELECT * FROM devices.test_window WHERE device_id = $1 ORDER BY opened_at DESC LIMIT 20) w
     LEFT JOIN gateway.account a ON a.id = w.opened_by) AS windows,
    (SELECT jsonb_agg(jsonb_build_object('denial', n.device || '/' || n.why, 'device', n.device, 'why', n.why,
        'county', n.county, 'count', n.count,
        'first_at', n.first_at, 'last_at', n.last_at) ORDER BY n.last_at DESC)
     FROM devices.denial n WHERE n.device = $1) AS denials,
    (SELECT jsonb_build_object('claim', c.id, 'until', c.until_at, 'pressed_at', c.pressed_at,
        'opened_by', coalesce(a.name, c.opened_by))
     FROM devices.claim c LEFT JOIN gateway.account a ON a.id = c.opened_by
     WHERE c.device_id = $1 AND c.right_code AND c.finished_at IS NULL AND c.until_at > $2
     ORDER BY c.opened_at DESC LIMIT 1) AS claim_open
"""
HISTORY = ("placements", "bindings", "fault_history", "windows", "denials")
RAW = """
SELECT r.id AS event, r.received_at, r.claimed_at, r.eid, r.boot, r.seq, r.topic, r.payload, r.flags, r.copies,
       r.last_at
FROM devices.raw_event r
WHERE r.device_id = $1
  AND ($2::uuid IS NULL OR (r.received_at, r.id) < (
      SELECT x.received_at, x.id FROM devices.raw_event x WHERE x.id = $2 AND x.device_id = $1))
ORDER BY r.received_at DESC, r.id DESC LIMIT $3
"""
RAW_ONE = "SELECT topic, payload FROM devices.raw_event WHERE device_id = $1 AND id = $2"
SEEN = "SELECT division FROM devices.device WHERE id = $1"
VISITED = """
SELECT EXISTS (
    SELECT FROM dispatch.assignment a
    JOIN dispatch.incident i ON i.id = a.incident_id
    JOIN devices.device d ON d.home_id = i.home_id OR d.elder_id = i.elder_id
    WHERE a.responder_id = $2 AND a.state IN ('accepted', 'en_route', 'arrived', 'in_service') AND d.id = $1)
"""
BOUND_TO = "SELECT device_id FROM devices.binding WHERE address = $1 ORDER BY hub_id LIMIT 1"
STRAY = "SELECT topic, payload FROM devices.quarantine WHERE id = $1 AND settled_at IS NULL"
HOME = "SELECT division FROM dispatch.home WHERE id = $1"
ELDER = "SELECT home_id, division FROM dispatch.elder WHERE id = $1"

TESTING = """
SELECT DISTINCT ON (w.device_id) w.device_id, a.id
FROM devices.test_window w JOIN gateway.account a ON a.id = w.opened_by AND a.role IN ('installer', 'family')
WHERE w.device_id = ANY($1) ORDER BY w.device_id, w.opened_at DESC
"""


async def page(
    connection: Connection, scope: Division, only: str, q: str, wanted: Wanted, after: tuple[str, str], limit: int,
    now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Devices behind `after` (division, id), in that order; `wanted` are the tokens of `q`."""
    search = (q, q + LAST, wanted.words, wanted.numbers) if q else ()
    sql = PAGE.format(only=ONLY[only], found=FOUND if q else "true")
    return [_line(row) for row in await connection.fetch(sql, now, scope, f"{scope}:", *after, limit, *search)]


async def one(connection: Connection, device: str, now: datetime) -> dict[str, Any] | None:
    """A device with its history; None beyond the scope."""
    row = await connection.fetchrow(ONE, now, device)
    more = await connection.fetchrow(VIEW, device, now)
    if row is None or more is None:
        return None
    lists = {name: [restamp(line) for line in more[name] or ()] for name in HISTORY}
    lists["placements"] = [_masked(placement) for placement in lists["placements"]]
    claim = more["claim_open"]
    return {**_line(row), **lists, "revoked_why": more["revoked_why"], "claim_open": restamp(claim) if claim else None}


async def raw(connection: Connection, device: str, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """What came from a device, newest first, as it came."""
    return [_raw(row) for row in await connection.fetch(RAW, device, after, limit)]


async def raw_one(connection: Connection, device: str, event: UUID) -> tuple[str, bytes] | None:
    """Topic and payload of one message."""
    row = await connection.fetchrow(RAW_ONE, device, event)
    return None if row is None else (row["topic"], row["payload"])


async def testing(connection: Connection, devices: Iterable[str]) -> dict[str, str]:
    """Accounts of the installers, or of the family, who opened the last test window of these devices."""
    return {row["device_id"]: row["id"] for row in await connection.fetch(TESTING, list(devices))}


async def division_of(connection: Connection, device: str) -> str | None:
    """Division of a device in scope."""
    found: str | None = await connection.fetchval(SEEN, device)
    return found


async def visited(connection: Connection, device: str, responder: str) -> bool:
    """Whether this responder is on a job at the device's home or for its elder."""
    found: bool = await connection.fetchval(VISITED, device, responder)
    return found


async def bound_to(connection: Connection, address: str) -> str | None:
    """The device in scope that a foreign address is bound to."""
    found: str | None = await connection.fetchval(BOUND_TO, address)
    return found


async def stray(connection: Connection, quarantine: UUID) -> tuple[str, bytes] | None:
    """Topic and payload of what was set aside in scope and waits for a decision."""
    row = await connection.fetchrow(STRAY, quarantine)
    return None if row is None else (row["topic"], row["payload"])


async def home_division(connection: Connection, home: str) -> str | None:
    """Division of a home in scope."""
    found: str | None = await connection.fetchval(HOME, home)
    return found


async def elder_home(connection: Connection, elder: str) -> tuple[str, str] | None:
    """Home and division of an elder in scope."""
    row = await connection.fetchrow(ELDER, elder)
    return None if row is None else (row["home_id"], row["division"])


def _line(row: Record) -> dict[str, Any]:
    return _masked(dict(row.items()))


def _masked(line: dict[str, Any]) -> dict[str, Any]:
    return {**{k: v for k, v in line.items() if k != "elder_name"}, "elder_name_masked": name_hint(line["elder_name"])}


def _raw(row: Record) -> dict[str, Any]:
    payload: bytes = row["payload"]
    try:
        text, coded = payload.decode(), None
    except UnicodeDecodeError:
        text, coded = None, b64encode(payload).decode()
    return {**dict(row.items()), "payload": text, "payload_b64": coded}
