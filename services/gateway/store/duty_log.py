"""What seats have said, from the log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.gateway.domain.duty_log import TAGS, Said
from shared.runtime.database import Connection

SAID = """
SELECT stream_id AS division, tag, recorded_at AS at, body FROM log.event
WHERE stream = 'duty' AND starts_with(stream_id, $1) AND tag = ANY($2) AND recorded_at >= $3 AND recorded_at < $4
ORDER BY recorded_at, stream_id, stream_seq
"""
NAMES = "SELECT id, name FROM gateway.account WHERE id = ANY($1)"
PLACES = "SELECT code, name FROM dispatch.division WHERE code = ANY($1)"

HANDED = """
SELECT id, division, from_name, to_name, to_division, note, incidents, at FROM dispatch.hand_over
WHERE at >= $1 AND at < $2 ORDER BY at DESC, id DESC LIMIT 500
"""


async def handed(connection: Connection, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """What was left to the next in a time, newest first."""
    return [dict(row.items()) for row in await connection.fetch(HANDED, since, until)]


async def said(connection: Connection, scope: str, since: datetime, until: datetime) -> list[Said]:
    """Everything seats of a scope have said in a time, in order."""
    rows = await connection.fetch(SAID, scope, list(TAGS), since, until)
    return [Said(row["division"], row["tag"], row["at"], row["body"]) for row in rows]


async def names(connection: Connection, accounts: Sequence[str], divisions: Sequence[str]) -> dict[str, str]:
    """Names of accounts and of divisions."""
    rows = [*await connection.fetch(NAMES, list(accounts)), *await connection.fetch(PLACES, list(divisions))]
    return {row[0]: row["name"] for row in rows}
