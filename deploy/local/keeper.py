"""The first account of an empty house: a security administrator with a one-time password, who makes all others."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.gateway.accounts import hash_password, one_time
from services.gateway.domain.people import personal_inbox
from services.gateway.flow.staff import GOOD_FOR
from shared.runtime.database import Connection
from shared.vocabulary.people import Role

USERNAME, NAME, WHOLE_CELL = "security", "安全管理员", ""

ANY = "SELECT EXISTS (SELECT FROM gateway.account WHERE role = 'security')"
MAKE = """
INSERT INTO gateway.account (id, username, name, role, division, password_hash, password_until, made_at)
VALUES ($1, $1, $2, $3, $4, $5, $6, $7)
"""
INBOX = "INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
AGAIN = """
UPDATE gateway.account SET password_hash = $2, password_until = $3, disabled_at = NULL
WHERE id = $1 RETURNING id
"""
NO_FACTORS = """
WITH f AS (DELETE FROM gateway.factor WHERE account_id = $1),
     s AS (UPDATE gateway.session SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL)
DELETE FROM gateway.recovery_code WHERE account_id = $1
"""


@dataclass(frozen=True, slots=True)
class FirstKeeper:
    """Who may come in, with what, until when."""

    username: str
    password: str
    until: datetime


async def first(owner_url: str, at: datetime) -> FirstKeeper | None:
    """Make the account, unless there is a security administrator already."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        return None if await connection.fetchval(ANY) else await _made(connection, at)
    finally:
        await connection.close()


async def let_in_again(owner_url: str, at: datetime) -> FirstKeeper | None:
    """A fresh one-time password, with second factors and sessions gone; makes the account where there is none."""
    it = FirstKeeper(USERNAME, one_time(), at + GOOD_FOR)
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        async with connection.transaction():
            if await connection.fetchval(AGAIN, USERNAME, hash_password(it.password), it.until) is None:
                return await _made(connection, at)
            await connection.execute(NO_FACTORS, USERNAME, at)
    finally:
        await connection.close()
    return it


async def _made(connection: Connection, at: datetime) -> FirstKeeper:
    it = FirstKeeper(USERNAME, one_time(), at + GOOD_FOR)
    hashed = hash_password(it.password)
    async with connection.transaction():
        await connection.execute(MAKE, USERNAME, NAME, Role.SECURITY, WHOLE_CELL, hashed, it.until, at)
        await connection.execute(INBOX, personal_inbox(USERNAME), WHOLE_CELL, secrets.token_hex(4))
    return it
