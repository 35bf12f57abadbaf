"""Calls that an exchange announced."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.dispatch.domain.numbers import Callers
from shared.contracts.desk import IncomingCall
from shared.runtime.database import Connection, Record

SAME = "SELECT id, division, elders, responders FROM dispatch.phone_call WHERE by_account = $1 AND call_id = $2"
WRITE = """
INSERT INTO dispatch.phone_call (id, division, call_id, number, line, direction, at, recorded_at, by_account, elders,
    responders)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
IN_SCOPE = "SELECT id, division, elders FROM dispatch.phone_call WHERE id = $1 AND starts_with(division, $2)"
OPENED = """
UPDATE dispatch.phone_call SET opened_by = coalesce(opened_by, $2), opened_at = coalesce(opened_at, $3) WHERE id = $1
"""
LINKED = "UPDATE dispatch.phone_call SET incident_id = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Announced:
    """A call as it is written: when it was announced, by which account, in which division."""

    id: UUID
    given: IncomingCall
    division: str
    account: str
    now: datetime
    callers: Callers


async def same(connection: Connection, account: str, call_id: str) -> Record | None:
    """The call that this exchange announced under this name before."""
    return await connection.fetchrow(SAME, account, call_id)


async def write(connection: Connection, it: Announced) -> None:
    """Keep a call."""
    given = it.given
    await connection.execute(
        WRITE, it.id, it.division, given.call_id or str(it.id), given.number, given.line, given.direction,
        given.at or it.now, it.now, it.account, list(it.callers.elders), list(it.callers.responders),
    )  # fmt: skip


async def in_scope(connection: Connection, call: UUID, scope: str) -> Record | None:
    """A call that this scope covers."""
    return await connection.fetchrow(IN_SCOPE, call, scope)


async def opened(connection: Connection, call: UUID, account: str, now: datetime) -> None:
    """Somebody has looked behind the masks; the first one is kept here, all of them in the log."""
    await connection.execute(OPENED, call, account, now)


async def linked(connection: Connection, call: UUID, incident: str) -> None:
    """The call was about this incident."""
    await connection.execute(LINKED, call, incident)


async def is_known(connection: Connection, incident: str, scope: str) -> bool:
    """Whether there is such an incident in the scope."""
    found = await connection.fetchval(
        "SELECT true FROM dispatch.incident WHERE id = $1 AND starts_with(division, $2)", incident, scope
    )
    return found is not None
