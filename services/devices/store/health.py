"""Health, faults and outages in the database; written by the presence road alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.devices.domain.presence import Gap, Rhythm, rhythm
from shared.runtime.database import Connection, Database, Record
from shared.vocabulary.devices import DeviceKind, FaultKind

AT_ONCE = 200
"""Rows a transaction: keeps it well under a tenth of a second."""

READ_AT_ONCE = 1000
REMEMBERED = timedelta(days=7)

KNOWN = """
SELECT d.id, d.division, d.home_id, d.elder_id, d.kind, d.class, d.beat_s, d.foreign_prefix,
       greatest(p.pressed_at, p.tested_at, p.self_tested_at) AS pressed,
       h.seen_at, h.online, h.changed_at, h.will_at, h.batt, h.rssi, h.mains, h.fw
FROM devices.device d LEFT JOIN devices.health h ON h.device_id = d.id LEFT JOIN devices.pressed p ON p.device_id = d.id
WHERE d.id > $1 AND d.revoked_at IS NULL ORDER BY d.id LIMIT $2
"""
ADDRESSES = """
SELECT address, device_id FROM devices.binding WHERE (address, device_id) > ($1, $2)
ORDER BY address, device_id LIMIT $3
"""
SHAPE = "SELECT count(*), count(revoked_at), max(added_at), (SELECT count(*) FROM devices.binding) FROM devices.device"
WRITE = """
INSERT INTO devices.health (device_id, seen_at, online, changed_at, will_at, batt, rssi, mains, fw)
SELECT g.* FROM {quick}unnest($1::text[], $2::timestamptz[], $3::boolean[], $4::timestamptz[], $5::timestamptz[],
                       $6::real[], $7::real[], $8::boolean[], $9::text[]) AS g
ON CONFLICT (device_id) DO UPDATE
SET seen_at = excluded.seen_at, online = excluded.online, changed_at = excluded.changed_at, will_at = excluded.will_at,
    batt = excluded.batt, rssi = excluded.rssi, mains = excluded.mains, fw = excluded.fw
"""
WRITE_SAFELY = WRITE.format(quick="")
WRITE_QUICKLY = "WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) " + WRITE.format(
    quick="quick, "
)
"""What is lost with the machine's power is heard again with the next beat."""

FAULTS = """
SELECT id, device_id, kind, opened_at, protects, outage_id, alone_at IS NOT NULL AS alone
FROM devices.fault WHERE ended_at IS NULL AND (device_id, kind) > ($1, $2) ORDER BY device_id, kind LIMIT $3
"""
GAPS = "SELECT from_at, until_at FROM devices.deaf WHERE until_at IS NULL OR until_at > $1 ORDER BY from_at"
NEWEST = "SELECT max(seen_at) FROM devices.health"
GAP = """
INSERT INTO devices.deaf (from_at, until_at) SELECT * FROM unnest($1::timestamptz[], $2::timestamptz[])
ON CONFLICT (from_at) DO UPDATE SET until_at = excluded.until_at
"""
FORGET = "DELETE FROM devices.deaf WHERE until_at < $2 OR (until_at IS NULL AND from_at <> $1)"
MARK = "INSERT INTO devices.deaf (from_at) VALUES ($1) ON CONFLICT DO NOTHING"


class Health(NamedTuple):
    """A row of devices.health."""

    device: str
    seen: datetime | None = None
    online: bool | None = None
    changed: datetime | None = None
    will: datetime | None = None
    batt: float | None = None
    rssi: float | None = None
    mains: bool | None = None
    fw: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A registered device, and its health as last written. `pressed` is its last press by any path."""

    device: str
    division: str
    home: str | None
    elder: str | None
    kind: DeviceKind
    rhythm: Rhythm | None
    prefix: str | None
    pressed: datetime | None
    health: Health


@dataclass(frozen=True, slots=True)
class Fault:
    """An open fault. `alone`: its outage is over, and it has become work of its own."""

    id: UUID
    device: str
    kind: FaultKind
    since: datetime
    protects: bool
    outage: UUID | None = None
    alone: bool = False


async def known(database: Database, after: str) -> list[Known]:
    """The next thousand registered devices above this id."""
    return [_known(row) for row in await database.pool.fetch(KNOWN, after, READ_AT_ONCE)]


async def addresses(database: Database) -> dict[str, tuple[str, ...]]:
    """Devices by the foreign address they are bound to."""
    found: dict[str, tuple[str, ...]] = {}
    last = ("", "")
    while rows := await database.pool.fetch(ADDRESSES, *last, READ_AT_ONCE):
        for row in rows:
            found[row["address"]] = (*found.get(row["address"], ()), row["device_id"])
        last = (rows[-1]["address"], rows[-1]["device_id"])
    return found


async def shape(database: Database) -> tuple[object, ...]:
    """What changes when devices come, go or are bound; cheap enough to ask every few seconds."""
    row = await database.pool.fetchrow(SHAPE)
    return tuple(row) if row is not None else ()


async def open_faults(database: Database) -> dict[str, dict[FaultKind, Fault]]:
    """Every open fault, by device and kind."""
    found: dict[str, dict[FaultKind, Fault]] = {}
    last = ("", "")
    while rows := await database.pool.fetch(FAULTS, *last, READ_AT_ONCE):
        for row in rows:
            found.setdefault(row["device_id"], {})[FaultKind(row["kind"])] = Fault(
                row["id"], row["device_id"], FaultKind(row["kind"]), row["opened_at"], row["protects"],
                row["outage_id"], row["alone"],
            )  # fmt: skip
        last = (rows[-1]["device_id"], rows[-1]["kind"])
    return found


async def write_quickly(database: Database, rows: Sequence[Health]) -> None:
    """Write at most AT_ONCE rows in one statement, without waiting for the disk."""
    await database.pool.execute(WRITE_QUICKLY, *_columns(rows))


async def write_with(connection: Connection, rows: Sequence[Health]) -> None:
    """Write in the caller's transaction."""
    await connection.execute(WRITE_SAFELY, *_columns(rows))


async def gaps(database: Database, now: datetime) -> tuple[list[Gap], datetime]:
    """When we were deaf before, and up to when we have surely heard: the open row, else the newest sign of life."""
    rows = await database.pool.fetch(GAPS, now - REMEMBERED)
    closed = [Gap(row["from_at"], row["until_at"]) for row in rows if row["until_at"] is not None]
    marks = [row["from_at"] for row in rows if row["until_at"] is None]
    newest: datetime | None = await database.pool.fetchval(NEWEST)
    return closed, min(marks, default=newest or now)


async def remember(database: Database, new: Sequence[Gap], heard_up_to: datetime) -> None:
    """Store gaps that have ended, and that we have heard until now."""
    async with database.transaction() as connection:
        if new:
            await connection.execute(GAP, [gap.begin for gap in new], [gap.end for gap in new])
        await connection.execute(FORGET, heard_up_to, heard_up_to - REMEMBERED)
        await connection.execute(MARK, heard_up_to)


def _columns(rows: Sequence[Health]) -> list[Sequence[object]]:
    return list(zip(*sorted(rows), strict=True))


def _rhythm(row: Record, kind: DeviceKind) -> Rhythm | None:
    """What stands behind a hub often speaks only when it is used: its hub says when it is gone, not its silence."""
    return None if row["class"] == "relayed" and row["beat_s"] is None else rhythm(kind, row["beat_s"])


def _known(row: Record) -> Known:
    kind = DeviceKind(row["kind"])
    return Known(
        row["id"], row["division"], row["home_id"], row["elder_id"], kind, _rhythm(row, kind),
        row["foreign_prefix"], row["pressed"],
        Health(
            row["id"], row["seen_at"], row["online"], row["changed_at"], row["will_at"], row["batt"], row["rssi"],
            row["mains"], row["fw"],
        ),
    )  # fmt: skip
