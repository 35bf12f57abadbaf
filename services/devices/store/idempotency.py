"""Answers already given, kept with their effect."""

from datetime import datetime
from http import HTTPStatus

from shared.contracts.commands import Answer
from shared.runtime.database import Connection

KNOWN = "SELECT digest, status, body FROM devices.idempotency WHERE account = $1 AND key = $2"
REMEMBER = "INSERT INTO devices.idempotency (account, key, digest, status, body, at) VALUES ($1, $2, $3, $4, $5, $6)"
FORGET = """
DELETE FROM devices.idempotency WHERE (account, key) IN (
    SELECT account, key FROM devices.idempotency WHERE at < $1 ORDER BY at LIMIT 500)
"""


async def answered(connection: Connection, account: str, key: str, digest: bytes) -> Answer | None:
    """What this key was answered; a refusal if it is used for something else now."""
    row = await connection.fetchrow(KNOWN, account, key)
    if row is None:
        return None
    if row["digest"] != digest:
        return Answer(status=422, body={"code": "key_reused", "params": {"field": "Idempotency-Key"}})
    return Answer(status=row["status"], body=row["body"])


async def remember(
    connection: Connection, account: str, key: str, digest: bytes, answer: Answer, now: datetime
) -> None:
    """Keep the answer with its effect. Refusals are not kept: the same press may succeed a moment later."""
    if answer.status == HTTPStatus.OK:
        await connection.execute(REMEMBER, account, key, digest, answer.status, answer.body, now)


async def forget(connection: Connection, before: datetime) -> None:
    """Drop old answers, a few at a time."""
    await connection.execute(FORGET, before)
