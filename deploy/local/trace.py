"""The way of one press, from the button to the screen and back, as the log and the receipts have it.

What holds it together: the alarm's id is the cause of what dispatch told because of it; the id of a letter's event is
in the frame that a console gets, and the cause of the `screen.seen` it answers with; the device's own `eid` is in
every receipt. Only ids and codes are read.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import orjson

ALARMS = """
SELECT r.id AS alarm, r.device_id AS device, r.eid, r.claimed_at, r.received_at, r.copies, r.flags, a.incident_id
FROM devices.raw_event r LEFT JOIN dispatch.alarm a ON a.id = r.id
WHERE r.id = $1::uuid OR r.eid = $2 OR a.incident_id = $3 ORDER BY r.received_at LIMIT 20
"""
LOG = """
SELECT e.recorded_at AS at, e.tag, e.actor, e.body, e.position FROM log.event e
WHERE (e.stream = 'incident' AND e.stream_id = $1) OR (e.stream = 'device' AND e.stream_id = ANY($2)
    AND e.tag IN ('alarm.raised', 'device.tested') AND e.body->>'alarm' = ANY($3))
ORDER BY e.recorded_at, e.position LIMIT 500
"""
SEEN = """
SELECT e.recorded_at AS at, e.tag, e.actor, e.body, e.position FROM log.event e
WHERE e.position BETWEEN $2 AND $3 AND e.stream = 'screen' AND e.tag = 'screen.seen' AND e.body->>'incident' = $1
ORDER BY e.recorded_at LIMIT 200
"""
RECEIPTS = """
SELECT changed_at AS at, stage, rev, sent_rev FROM devices.receipt
WHERE device_id = $1 AND eid = $2
"""
STAGES = ("recorded", "seen", "accepted", "arrived", "closed")
AFTERWARDS = 2000
"""How many events of the whole log after an incident's last one may hold a screen that saw it."""
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEPT = ("alarm", "incident", "job", "offer", "responder", "account", "role", "ring", "stage", "kind", "why", "wave")
"""What of an event's body is shown: ids and codes."""


class UnknownAlarmError(Exception):
    """There is no such alarm and no such incident."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened; `ms` after the first alarm was stored, `by` a part of the house or an account."""

    at: datetime
    ms: float
    what: str
    by: str
    more: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """All of it, in order."""

    alarms: tuple[str, ...]
    incident: str | None
    steps: tuple[Step, ...]


async def way(owner_url: str, name: str) -> Way:
    """Follow an alarm by its id, its device's `eid` or its incident's number; UnknownAlarmError."""
    connection = await asyncpg.connect(owner_url)
    try:
        return await _followed(connection, name)
    finally:
        await connection.close()


async def _followed(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> Way:
    as_id = name if UUID_FORM.fullmatch(name.lower()) else None
    alarms = await connection.fetch(ALARMS, as_id, name, name)
    if not alarms:
        raise UnknownAlarmError(name)
    incident = next((row["incident_id"] for row in alarms if row["incident_id"]), None)
    first: datetime = alarms[0]["received_at"]
    rows = await connection.fetch(
        LOG, incident, [row["device"] for row in alarms], [str(row["alarm"]) for row in alarms]
    )
    if incident and rows:
        low, high = rows[0]["position"], rows[-1]["position"] + AFTERWARDS
        rows = [*rows, *await connection.fetch(SEEN, incident, low, high)]
    steps = [step for row in alarms for step in _pressed(row, first)]
    steps += [_told(row, first) for row in sorted(rows, key=lambda row: row["position"])]
    for row in alarms:
        steps += [_heard(one, first) for one in await connection.fetch(RECEIPTS, row["device"], row["eid"])]
    ordered = sorted(steps, key=lambda step: step.at)
    return Way(tuple(str(row["alarm"]) for row in alarms), incident, tuple(ordered))


def _step(at: datetime, first: datetime, what: str, by: str, more: dict[str, Any]) -> Step:
    return Step(at, round((at - first) / timedelta(milliseconds=1), 1), what, by, more)


def _pressed(row: asyncpg.Record, first: datetime) -> list[Step]:
    device = f"device:{row['device']}"
    more = {"alarm": str(row["alarm"]), "eid": row["eid"], "copies": row["copies"], "flags": row["flags"]}
    arrived = _step(row["received_at"], first, "alarm.stored", "devices", more)
    return [arrived] if row["claimed_at"] is None else [_step(row["claimed_at"], first, "pressed", device, {}), arrived]


def _heard(row: asyncpg.Record, first: datetime) -> Step:
    sent = "yes" if row["sent_rev"] >= row["rev"] else "not yet"
    return _step(row["at"], first, "receipt", "devices", {"stage": STAGES[row["stage"] - 1], "sent": sent})


def _told(row: asyncpg.Record, first: datetime) -> Step:
    body = orjson.loads(row["body"])
    more = {name: body[name] for name in KEPT if body.get(name) is not None}
    return _step(row["at"], first, row["tag"], row["actor"], more)
