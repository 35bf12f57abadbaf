"""Faults and outages, each with its event, in short transactions that may be done again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.devices.store.health import Fault, Health, write_with
from shared.contracts.events import DeviceFault, DeviceMended, DeviceOutage
from shared.runtime import log
from shared.runtime.database import Database, Record
from shared.runtime.log import NewEvent
from shared.vocabulary.devices import FaultKind
from shared.vocabulary.ids import uuid7

ACTOR = "devices:presence"

# Answers every fault that is open now, stored by us or by an earlier try; `fresh` ones are told.
OPEN = """
WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[], $6::uuid[])
        AS g(id, device_id, kind, opened_at, protects, outage_id)
), stored AS (
    INSERT INTO devices.fault
        (id, device_id, kind, division, home_id, elder_id, protects, outage_id, opened_at)
    SELECT g.id, g.device_id, g.kind, d.division, d.home_id, d.elder_id, g.protects, g.outage_id, g.opened_at
    FROM given g JOIN devices.device d ON d.id = g.device_id WHERE d.revoked_at IS NULL
    ON CONFLICT (device_id, kind) WHERE ended_at IS NULL DO NOTHING
    RETURNING *
)
SELECT s.id, s.device_id, s.kind, s.division, s.home_id, s.elder_id, s.protects, s.outage_id, s.opened_at,
       s.alone_at, d.county, true AS fresh
FROM stored s JOIN devices.device d ON d.id = s.device_id
UNION ALL
SELECT f.id, f.device_id, f.kind, f.division, f.home_id, f.elder_id, f.protects, f.outage_id, f.opened_at,
       f.alone_at, '', false
FROM given g JOIN devices.fault f ON (f.device_id, f.kind) = (g.device_id, g.kind) AND f.ended_at IS NULL
"""
CHANGE = """
UPDATE devices.fault f
SET protects = g.protects, outage_id = g.outage_id,
    alone_at = CASE WHEN g.alone THEN coalesce(f.alone_at, $5) END
FROM unnest($1::uuid[], $2::boolean[], $3::uuid[], $4::boolean[]) AS g(id, protects, outage_id, alone),
     devices.device d
WHERE f.id = g.id AND f.ended_at IS NULL AND d.id = f.device_id
  AND (f.protects, f.outage_id, f.alone_at IS NOT NULL) IS DISTINCT FROM (g.protects, g.outage_id, g.alone)
RETURNING f.id, f.device_id, f.kind, f.division, f.home_id, f.elder_id, f.protects, f.outage_id, f.opened_at,
          f.alone_at, d.county, true AS fresh
"""
END = """
UPDATE devices.fault SET ended_at = greatest($2, opened_at) WHERE id = ANY($1) AND ended_at IS NULL
RETURNING id, device_id, kind, division, home_id, elder_id
"""
BEGIN_OUTAGE = """
INSERT INTO devices.outage (id, division, devices, opened_at, grew_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO NOTHING RETURNING true
"""
GROW_OUTAGE = """
UPDATE devices.outage SET division = $2, devices = $3, grew_at = $4
WHERE id = $1 AND ended_at IS NULL AND devices < $3 RETURNING true
"""
END_OUTAGE = "UPDATE devices.outage SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING true"
OUTAGES = """
SELECT o.id, o.division, o.devices, o.opened_at, o.grew_at, o.ended_at FROM devices.outage o
WHERE o.ended_at IS NULL
   OR EXISTS (SELECT FROM devices.fault f
              WHERE f.outage_id = o.id AND f.ended_at IS NULL AND f.alone_at IS NULL)
ORDER BY o.opened_at
"""
MEMBERS = "SELECT DISTINCT device_id, division, elder_id FROM devices.fault WHERE outage_id = $1"


@dataclass(frozen=True, slots=True)
class Group:
    """An outage as it stands in the database."""

    id: UUID
    area: str
    devices: int
    elders: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """An outage read back, with the division and the person of each of its devices."""

    group: Group
    joined_at: datetime
    over: bool
    members: Mapping[str, tuple[str, str | None]]


async def open_them(
    database: Database, faults: Sequence[Fault], health: Sequence[Health], now: datetime
) -> list[Fault]:
    """Store and tell at most AT_ONCE faults with the health of their devices; answers what is open of them now."""
    async with database.transaction() as connection:
        await log.lock(connection, (f"device/{fault.device}" for fault in faults))
        await write_with(connection, health)
        rows = await connection.fetch(OPEN, *_columns(faults))
        await log.append(connection, [_told(row, now) for row in rows if row["fresh"]], now)
    return [_fault(row) for row in rows]


async def change_them(database: Database, faults: Sequence[Fault], now: datetime) -> None:
    """Tell again what has become of open faults: of an outage or no more, graver than before."""
    async with database.transaction() as connection:
        await log.lock(connection, (f"device/{fault.device}" for fault in faults))
        rows = await connection.fetch(
            CHANGE, [fault.id for fault in faults], [fault.protects for fault in faults],
            [fault.outage for fault in faults], [fault.alone for fault in faults], now,
        )  # fmt: skip
        await log.append(connection, [_told(row, now) for row in rows], now)


async def end_them(database: Database, faults: Sequence[Fault], health: Sequence[Health], now: datetime) -> None:
    """These are over by themselves."""
    async with database.transaction() as connection:
        await log.lock(connection, (f"device/{fault.device}" for fault in faults))
        if health:
            await write_with(connection, health)
        rows = await connection.fetch(END, [fault.id for fault in faults], now)
        await log.append(connection, [_mended(row, now) for row in rows], now)


async def begin_outage(database: Database, group: Group, now: datetime) -> None:
    """One report for all of them."""
    what = (group.area, group.devices, group.since, now)
    await _outage(database, group, "device.outage", now, BEGIN_OUTAGE, *what)


async def grow_outage(database: Database, group: Group, now: datetime) -> None:
    """More of them by now."""
    await _outage(database, group, "device.outage_grew", now, GROW_OUTAGE, group.area, group.devices, now)


async def end_outage(database: Database, group: Group, now: datetime) -> None:
    """Most are back."""
    await _outage(database, group, "device.outage_over", now, END_OUTAGE, now)


async def outages(database: Database) -> list[Stored]:
    """Outages that are not over, or over with somebody still silent in them who was not told alone yet."""
    return [await _read(database, row) for row in await database.pool.fetch(OUTAGES)]


async def _read(database: Database, row: Record) -> Stored:
    found = await database.pool.fetch(MEMBERS, row["id"])
    members = {m["device_id"]: (m["division"], m["elder_id"]) for m in found}
    elders = {elder for _, elder in members.values() if elder}
    group = Group(row["id"], row["division"], row["devices"], len(elders), row["opened_at"])
    return Stored(group, row["grew_at"], row["ended_at"] is not None, members)


async def _outage(
    database: Database, group: Group, tag: str, now: datetime, statement: str, *arguments: object
) -> None:
    """Write and tell, unless an earlier try has done so."""
    body = DeviceOutage(outage=group.id, area=group.area, devices=group.devices, elders=group.elders, since=group.since)
    event = NewEvent(uuid7(now), "outage", str(group.id), tag, body.model_dump(mode="json"), group.area, ACTOR)
    async with database.transaction() as connection:
        await log.lock(connection, [f"outage/{group.id}"])
        if await connection.fetchval(statement, group.id, *arguments):
            await log.append(connection, [event], now)


def _told(row: Record, now: datetime) -> NewEvent:
    """`device.fault`; a fault that has outlived its outage is told without it."""
    body = DeviceFault(
        fault=row["id"], device=row["device_id"], kind=row["kind"], subject=_subject(row), county=row["county"],
        home=row["home_id"], elder=row["elder_id"], protects=row["protects"], since=row["opened_at"],
        outage=None if row["alone_at"] else row["outage_id"],
    )  # fmt: skip
    return _event(row, "device.fault", body.model_dump(mode="json", exclude_none=True), now)


def _mended(row: Record, now: datetime) -> NewEvent:
    body = DeviceMended(fault=row["id"], device=row["device_id"], kind=row["kind"], subject=_subject(row))
    return _event(row, "device.mended", body.model_dump(mode="json"), now)


def _event(row: Record, tag: str, body: dict[str, Any], now: datetime) -> NewEvent:
    return NewEvent(uuid7(now), "device", row["device_id"], tag, body, row["division"], ACTOR)


def _subject(row: Record) -> str:
    if row["elder_id"] is not None:
        return f"elder:{row['elder_id']}"
    return f"home:{row['home_id']}" if row["home_id"] is not None else f"device:{row['device_id']}"


def _fault(row: Record) -> Fault:
    return Fault(
        row["id"], row["device_id"], FaultKind(row["kind"]), row["opened_at"], row["protects"], row["outage_id"],
        alone=row["alone_at"] is not None,
    )  # fmt: skip


def _columns(faults: Sequence[Fault]) -> list[list[object]]:
    return [
        [fault.id for fault in faults], [fault.device for fault in faults], [fault.kind for fault in faults],
        [fault.since for fault in faults], [fault.protects for fault in faults], [fault.outage for fault in faults],
    ]  # fmt: skip
