"""Accounts, sessions and tickets. Only hashes are stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.gateway.domain.people import Identity, personal_inbox
from services.gateway.store import inboxes
from shared.runtime.database import Connection, Database, Record
from shared.vocabulary.divisions import Division
from shared.vocabulary.people import Role

WHO = "a.id, a.username, a.name, a.role, a.kind, a.division, a.responder_id, s.token_sha256, s.expires_at, a.elder_id"

MAKE = """
INSERT INTO gateway.account (id, username, name, role, division, elder_id) VALUES ($1, $1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, division = excluded.division
"""
CREDENTIALS = "SELECT id, password_hash FROM gateway.account WHERE username = $1 AND disabled_at IS NULL"
OPEN = f"""
WITH s AS (
    INSERT INTO gateway.session (token_sha256, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)
    RETURNING token_sha256, account_id, expires_at
)
SELECT {WHO} FROM s JOIN gateway.account a ON a.id = s.account_id
"""  # noqa: S608  a constant
LIVE = f"""
SELECT {WHO} FROM gateway.session s JOIN gateway.account a ON a.id = s.account_id
WHERE s.token_sha256 = ANY($1) AND s.expires_at > $2 AND s.revoked_at IS NULL AND a.disabled_at IS NULL
"""  # noqa: S608  a constant
TAKE_TICKET = "DELETE FROM gateway.ticket WHERE token_sha256 = $1 RETURNING session_sha256, expires_at > $2 AS fresh"
GIVE_TICKET = """
INSERT INTO gateway.ticket (token_sha256, account_id, session_sha256, expires_at) VALUES ($1, $2, $3, $4)
"""
REVOKE = "UPDATE gateway.session SET revoked_at = $2 WHERE token_sha256 = $1 AND revoked_at IS NULL"
FORGET = """
WITH tickets AS (DELETE FROM gateway.ticket WHERE expires_at < $1)
DELETE FROM gateway.session WHERE expires_at < $2
"""


@dataclass(frozen=True, slots=True)
class Household:
    """An elder's or a family member's account; `elder` is the elder's own id, None for family."""

    id: str
    name: str
    role: Role
    division: Division
    elder: str | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    account: str
    password_hash: str | None


async def make(connection: Connection, it: Household, epoch: str) -> None:
    """Make a household's account and its inbox, or bring its name and division up to date."""
    await connection.execute(MAKE, it.id, it.name, it.role, it.division, it.elder)
    await inboxes.make(connection, {personal_inbox(it.id): it.division}, epoch)


async def credentials(database: Database, username: str) -> Credentials | None:
    """Find a login that is not disabled."""
    row = await database.pool.fetchrow(CREDENTIALS, username)
    return None if row is None else Credentials(row["id"], row["password_hash"])


async def open_session(database: Database, digest: bytes, account: str, now: datetime, until: datetime) -> Identity:
    """Start a session and say who it is. LookupError when the account does not stand."""
    row = await database.pool.fetchrow(OPEN, digest, account, now, until)
    if row is None:
        raise LookupError(account)
    return _identity(row)


async def live(connection: Database | Connection, digests: Iterable[bytes], now: datetime) -> dict[bytes, Identity]:
    """Return the sessions that still stand, by the hash of their token."""
    source = connection.pool if isinstance(connection, Database) else connection
    rows = await source.fetch(LIVE, list(digests), now)
    return {row["token_sha256"]: _identity(row) for row in rows}


async def revoke(database: Database, digest: bytes, now: datetime) -> None:
    """End a session."""
    await database.pool.execute(REVOKE, digest, now)


async def give_ticket(database: Database, digest: bytes, who: Identity, until: datetime) -> None:
    """Store a single-use ticket for a session."""
    await database.pool.execute(GIVE_TICKET, digest, who.account, who.session, until)


async def take_ticket(database: Database, digest: bytes, now: datetime) -> bytes | None:
    """Use a ticket up and return its session's hash, or None."""
    row = await database.pool.fetchrow(TAKE_TICKET, digest, now)
    return row["session_sha256"] if row is not None and row["fresh"] else None


async def forget(database: Database, now: datetime, sessions_before: datetime) -> None:
    """Delete tickets and sessions that ended."""
    await database.pool.execute(FORGET, now, sessions_before)


def _identity(row: Record) -> Identity:
    return Identity(
        account=row["id"], username=row["username"], name=row["name"], role=row["role"], kind=row["kind"],
        division=Division(row["division"]), responder=row["responder_id"], session=row["token_sha256"],
        expires_at=row["expires_at"], elder=row["elder_id"],
    )  # fmt: skip
