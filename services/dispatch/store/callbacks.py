"""Calls that are owed after help has been with somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.store import waits
from shared.runtime.database import Connection, Record

KIND = "call_back"
PLAN = """
INSERT INTO dispatch.call_back (incident_id, division, elder_id, due_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (incident_id) DO NOTHING
"""
OPEN = "SELECT incident_id, division, rung_at FROM dispatch.call_back WHERE incident_id = $1 AND made_at IS NULL"
RUNG = "UPDATE dispatch.call_back SET rung_at = $2 WHERE incident_id = $1 AND rung_at IS NULL RETURNING true"
MADE = """
UPDATE dispatch.call_back SET made_at = CASE WHEN $3 THEN $2 ELSE made_at END, result = $4, by_account = $5,
    by_name = $6, note = $7
WHERE incident_id = $1
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """One call: about which incident, to whom, by when."""

    incident: str
    division: str
    elder: str
    due_at: datetime


async def plan(connection: Connection, owed: Sequence[Owed]) -> None:
    """Write them down with their waits."""
    for one in owed:
        await connection.execute(PLAN, one.incident, one.division, one.elder, one.due_at)
        await waits.plan(connection, one.incident, frozenset({KIND}), {KIND: one.due_at})


async def still_open(connection: Connection, incident: str) -> Record | None:
    """The call that is still owed for an incident."""
    return await connection.fetchrow(OPEN, incident)


async def rung(connection: Connection, incident: str, now: datetime) -> bool:
    """It is overdue: noted once; its wait is over."""
    await waits.plan(connection, incident, frozenset({KIND}), {})
    return bool(await connection.fetchval(RUNG, incident, now))


async def made(
    connection: Connection, incident: str, now: datetime, result: str, by: tuple[str, str], note: str, *, over: bool
) -> None:
    """She was called; `over` unless nobody answered. `by` is account and name."""
    await connection.execute(MADE, incident, now, over, result, *by, note)
    if over:
        await waits.plan(connection, incident, frozenset({KIND}), {})
