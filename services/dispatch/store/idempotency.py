"""Answers to commands already carried out."""

from datetime import datetime
from http import HTTPStatus

from shared.contracts.commands import Answer
from shared.runtime.database import Connection


async def answered(connection: Connection, account: str, key: str, digest: bytes) -> Answer | None:
    """The stored answer to this key; a key used for something else is refused."""
    row = await connection.fetchrow(
        "SELECT digest, status, body FROM dispatch.idempotency WHERE account = $1 AND key = $2", account, key
    )
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
        await connection.execute(
            "INSERT INTO dispatch.idempotency (account, key, digest, status, body, at) VALUES ($1, $2, $3, $4, $5, $6)",
            account, key, digest, answer.status, answer.body, now,
        )  # fmt: skip
