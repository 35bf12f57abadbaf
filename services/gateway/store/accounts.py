"""Accounts, sessions and tickets. Only hashes are stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.gateway.domain.people import Identity, Must, personal_inbox
from services.gateway.store import inboxes
from shared.runtime.database import Connection, Database, Record, set_scope
from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.people import Role

Naming = Literal["username", "id", "sso_subject"]

WHO = """a.id, a.username, a.name, a.role, a.kind, a.division, a.responder_id, a.elder_id,
    s.token_sha256, s.expires_at, s.must, s.proved_at, s.used_at"""
STAYS = timedelta(hours=12)
"""How long a session that ended is kept, for the case its owner is on."""

MAKE = """
INSERT INTO gateway.account (id, username, name, role, division, elder_id) VALUES ($1, $1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, division = excluded.division
"""
CREDENTIALS = """
SELECT a.id, a.username, a.role, a.kind, a.division, a.password_hash, a.password_until,
       (SELECT count(*) FROM gateway.factor f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL) AS factors
FROM gateway.account a WHERE {} = $1 AND a.disabled_at IS NULL
"""
OPEN = f"""
WITH s AS (
    INSERT INTO gateway.session
        (token_sha256, account_id, created_at, expires_at, must, proved_at, used_at, agent, address, browser_sha256)
    VALUES ($1, $2, $3, $4, $5, $3, $3, $6, $7, $8)
    RETURNING token_sha256, account_id, expires_at, must, proved_at, used_at
)
SELECT {WHO} FROM s JOIN gateway.account a ON a.id = s.account_id AND a.disabled_at IS NULL
"""  # noqa: S608  a constant
LIVE = f"""
SELECT {WHO} FROM gateway.session s JOIN gateway.account a ON a.id = s.account_id
WHERE s.token_sha256 = ANY($1) AND s.expires_at > $2 AND s.revoked_at IS NULL AND a.disabled_at IS NULL
"""  # noqa: S608  a constant
# Only sessions that are over come here, so what it costs to look at cases is paid rarely.
PROLONG = """
UPDATE gateway.session s SET expires_at = $4 FROM gateway.account a
WHERE s.token_sha256 = ANY($1) AND a.id = s.account_id AND s.revoked_at IS NULL AND a.disabled_at IS NULL
  AND s.expires_at <= $2 AND s.expires_at > $3
  AND (a.responder_id IN (SELECT x.responder_id FROM dispatch.assignment x
                          WHERE x.responder_id = a.responder_id
                            AND x.state IN ('accepted', 'en_route', 'arrived', 'in_service'))
       OR EXISTS (SELECT FROM dispatch.incident i
                  WHERE i.taken_by = a.id AND i.state NOT IN ('closed', 'false_alarm', 'merged')))
"""
OVER = """
SELECT EXISTS (SELECT FROM gateway.session
               WHERE token_sha256 = ANY($1) AND revoked_at IS NULL AND expires_at <= $2 AND expires_at > $3)
"""
ON_A_CASE = """
SELECT EXISTS (SELECT FROM dispatch.assignment x JOIN gateway.account a ON a.responder_id = x.responder_id
               WHERE a.id = $1 AND x.state IN ('accepted', 'en_route', 'arrived', 'in_service'))
    OR EXISTS (SELECT FROM dispatch.incident i
               WHERE i.taken_by = $1 AND i.state NOT IN ('closed', 'false_alarm', 'merged'))
"""
USED = "UPDATE gateway.session SET used_at = $2 WHERE token_sha256 = $1"
PROVED = "UPDATE gateway.session SET proved_at = $2 WHERE token_sha256 = $1"
MUST = "UPDATE gateway.session SET must = $3 WHERE account_id = $1 AND must = $2"
TAKE_TICKET = "DELETE FROM gateway.ticket WHERE token_sha256 = $1 RETURNING session_sha256, expires_at > $2 AS fresh"
GIVE_TICKET = """
INSERT INTO gateway.ticket (token_sha256, account_id, session_sha256, expires_at) VALUES ($1, $2, $3, $4)
"""
REVOKE = "UPDATE gateway.session SET revoked_at = $2 WHERE token_sha256 = $1 AND revoked_at IS NULL"
FORGET = """
WITH tickets AS (DELETE FROM gateway.ticket WHERE expires_at < $1),
     halves AS (DELETE FROM gateway.half WHERE until_at < $1),
     failures AS (DELETE FROM gateway.login_failure WHERE at < $2),
     browsers AS (DELETE FROM gateway.known_browser WHERE at < $3)
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
    username: str
    role: str
    kind: str | None
    division: Division
    password_hash: str | None
    password_until: datetime | None
    factors: int


async def make(connection: Connection, it: Household, epoch: str) -> None:
    """Make a household's account and its inbox, or bring its name and division up to date."""
    await connection.execute(MAKE, it.id, it.name, it.role, it.division, it.elder)
    await inboxes.make(connection, {personal_inbox(it.id): it.division}, epoch)


async def credentials(database: Database, name: str, by: Naming) -> Credentials | None:
    """Find an account that is not disabled, by its user name, its id or its subject at the office's sign-on."""
    row = await database.pool.fetchrow(CREDENTIALS.format(f"a.{by}"), name)
    if row is None:
        return None
    return Credentials(
        row["id"], row["username"], row["role"], row["kind"], Division(row["division"]), row["password_hash"],
        row["password_until"], row["factors"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be opened; `digest` is the SHA-256 of its token, `browser` that of where it was given."""

    digest: bytes
    account: str
    at: datetime
    until: datetime
    must: Must | None = None
    agent: str = ""
    address: str = ""
    browser: bytes | None = None


async def open_session(connection: Connection, it: NewSession) -> Identity:
    """Start a session and say who it is. LookupError when the account does not stand."""
    agent, address = it.agent or None, it.address or None
    row = await connection.fetchrow(OPEN, it.digest, it.account, it.at, it.until, it.must, agent, address, it.browser)
    if row is None:
        raise LookupError(it.account)
    return _identity(row)


async def live(connection: Database | Connection, digests: Iterable[bytes], now: datetime) -> dict[bytes, Identity]:
    """Return the sessions that still stand, by the hash of their token."""
    source = connection.pool if isinstance(connection, Database) else connection
    rows = await source.fetch(LIVE, list(digests), now)
    return {row["token_sha256"]: _identity(row) for row in rows}


async def prolong(database: Database, digests: Iterable[bytes], now: datetime, until: datetime) -> None:
    """Sessions that are just over go on while their owner is on a case."""
    wanted = list(digests)
    if wanted and await database.pool.fetchval(OVER, wanted, now, now - STAYS):
        async with database.transaction() as connection:
            await set_scope(connection, WHOLE_CELL)
            await connection.execute(PROLONG, wanted, now, now - STAYS, until)


async def on_a_case(connection: Connection, account: str) -> bool:
    """Whether somebody goes to an elder or has taken an incident at this moment."""
    return bool(await connection.fetchval(ON_A_CASE, account))


async def used(database: Database, digest: bytes, now: datetime) -> None:
    """Remember when a session was last used."""
    await database.pool.execute(USED, digest, now)


async def proved(database: Database, digest: bytes, now: datetime) -> None:
    """Remember that a session has shown the password again."""
    await database.pool.execute(PROVED, digest, now)


async def done(connection: Connection, account: str, what: Must, then: Must | None) -> None:
    """Sessions that had to do this first may go on, or have to do the next."""
    await connection.execute(MUST, account, what, then)


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


async def forget(database: Database, now: datetime, ended_before: datetime, browsers_before: datetime) -> None:
    """Delete tickets, halves, failures, sessions and browsers that nobody needs any more."""
    await database.pool.execute(FORGET, now, ended_before, browsers_before)


def _identity(row: Record) -> Identity:
    return Identity(
        account=row["id"], username=row["username"], name=row["name"], role=row["role"], kind=row["kind"],
        division=Division(row["division"]), responder=row["responder_id"], session=row["token_sha256"],
        expires_at=row["expires_at"], elder=row["elder_id"], must=row["must"], proved_at=row["proved_at"],
        used_at=row["used_at"],
    )  # fmt: skip
