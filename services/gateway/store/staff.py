"""Accounts of those who work here, as their keeper sees them, and everybody's own sessions and password."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.runtime.database import Connection, Record
from shared.runtime.sealed import Wanted
from shared.vocabulary.divisions import Division

LINE = """
a.id, a.username, a.name, a.role, a.kind, a.division, a.responder_id AS responder, a.disabled_at,
a.sso_subject IS NOT NULL AS sso, a.password_until IS NOT NULL AS one_time,
(SELECT count(*) FROM gateway.factor f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL) AS factors,
(SELECT count(*) FROM gateway.session s
 WHERE s.account_id = a.id AND s.revoked_at IS NULL AND s.expires_at > $1) AS sessions,
(SELECT max(s.used_at) FROM gateway.session s WHERE s.account_id = a.id) AS used_at,
(SELECT count(*) FROM gateway.login_failure l
 WHERE l.name_sha256 = sha256(convert_to('name:' || lower(a.username), 'UTF8'))
   AND l.at > $1::timestamptz - interval '15 minutes') >= 5 AS locked,
coalesce(a.responder_id IN (SELECT x.responder_id FROM dispatch.assignment x
                            WHERE x.state IN ('accepted', 'en_route', 'arrived', 'in_service')), false)
OR a.id IN (SELECT i.taken_by FROM dispatch.incident i
            WHERE i.state NOT IN ('closed', 'false_alarm', 'merged') AND i.taken_by IS NOT NULL) AS on_a_case
"""
OF_STAFF = "a.role NOT IN ('elder', 'family') AND a.kind IS DISTINCT FROM 'canary'"
LIST = f"""
SELECT {LINE} FROM gateway.account a
WHERE {OF_STAFF} AND starts_with(a.division, $2) AND a.username > $3 AND ($4 = '' OR a.role = $4)
  AND ($5 = '' OR strpos(lower(a.username), lower($5)) > 0
       OR (cardinality($7::text[]) > 0 AND dispatch.tokens(a.name) @> $7))
ORDER BY a.username LIMIT $6
"""  # noqa: S608  constants
ONE = f"SELECT {LINE} FROM gateway.account a WHERE {OF_STAFF} AND a.id = $3 AND starts_with(a.division, $2)"  # noqa: S608  constants
MAKE = """
INSERT INTO gateway.account
    (id, username, name, role, kind, division, responder_id, sso_subject, password_hash, password_until, made_at,
     made_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
THERE = "SELECT EXISTS (SELECT FROM dispatch.division WHERE code = $1)"
TAKEN = "SELECT EXISTS (SELECT FROM gateway.account WHERE username = $1)"
RESPONDER = "SELECT kind FROM dispatch.responder WHERE id = $1"
CHANGE = "UPDATE gateway.account SET name = $2, role = $3, division = $4, sso_subject = $5 WHERE id = $1"
DISABLE = "UPDATE gateway.account SET disabled_at = $2 WHERE id = $1"
PASSWORD = "UPDATE gateway.account SET password_hash = $2, password_until = $3 WHERE id = $1"  # noqa: S105  no password
END_ALL = """
UPDATE gateway.session SET revoked_at = $2
WHERE account_id = $1 AND token_sha256 <> $3 AND revoked_at IS NULL AND expires_at > $2
"""
END_ONE = """
UPDATE gateway.session SET revoked_at = $3
WHERE account_id = $1 AND encode(token_sha256, 'hex') LIKE $2 || '%' AND revoked_at IS NULL
"""
SESSIONS = """
SELECT left(encode(token_sha256, 'hex'), 24) AS id, token_sha256 = $3 AS current, agent, address, created_at, used_at,
       expires_at
FROM gateway.session WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2
ORDER BY created_at DESC LIMIT 100
"""
OWN = "SELECT password_hash, password_until FROM gateway.account WHERE id = $1"
FORGET_BROWSERS = "DELETE FROM gateway.known_browser WHERE account_id = $1"
NOBODY = b""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made; it comes in with a one-time password or by the office's sign-on."""

    id: str
    username: str
    name: str
    role: str
    kind: str | None
    division: str
    responder: str | None
    sso: str | None
    password_hash: str
    password_until: datetime


async def listed(
    connection: Connection, within: Division, after: str, role: str, q: str, wanted: Wanted, limit: int, now: datetime
) -> list[Record]:
    """Accounts of a division and of what lies below, by user name; `wanted` are the tokens of `q`."""
    return await connection.fetch(LIST, now, within, after, role, q, limit, wanted.words)


async def one(connection: Connection, within: Division, account: str, now: datetime) -> Record | None:
    """One account of those who work here."""
    return await connection.fetchrow(ONE, now, within, account)


async def is_division(connection: Connection, code: str) -> bool:
    """Whether there is such a division."""
    return bool(await connection.fetchval(THERE, code))


async def username_taken(connection: Connection, username: str) -> bool:
    """Whether somebody has this user name."""
    return bool(await connection.fetchval(TAKEN, username))


async def responder_kind(connection: Connection, responder: str) -> str | None:
    """The kind of a person in the registry; None when there is none such in scope."""
    kind: str | None = await connection.fetchval(RESPONDER, responder)
    return kind


async def make(connection: Connection, it: NewAccount, now: datetime, by: str | None) -> None:
    """Make an account. UniqueViolationError when name, person or subject has one already."""
    await connection.execute(
        MAKE, it.id, it.username, it.name, it.role, it.kind, it.division, it.responder, it.sso, it.password_hash,
        it.password_until, now, by,
    )  # fmt: skip


async def change(connection: Connection, account: str, name: str, role: str, division: str, sso: str | None) -> None:
    """Write what an account is."""
    await connection.execute(CHANGE, account, name, role, division, sso)


async def disable(connection: Connection, account: str, at: datetime | None) -> None:
    """Close an account, or open it again."""
    await connection.execute(DISABLE, account, at)


async def set_password(connection: Connection, account: str, hashed: str, until: datetime | None) -> None:
    """Write a password; `until` makes it a one-time one. Browsers known by the old one are strangers again."""
    await connection.execute(PASSWORD, account, hashed, until)
    await connection.execute(FORGET_BROWSERS, account)


async def end_all(connection: Connection, account: str, now: datetime, but: bytes = NOBODY) -> None:
    """End every session, or every one but this."""
    await connection.execute(END_ALL, account, now, but)


async def end_one(connection: Connection, account: str, session: str, now: datetime) -> bool:
    """End one session, named by the beginning of its digest in hex; False when there is none such."""
    return str(await connection.execute(END_ONE, account, session, now)) != "UPDATE 0"


async def sessions(connection: Connection, account: str, current: bytes, now: datetime) -> Sequence[dict[str, Any]]:
    """Sessions that stand, the youngest first."""
    return [dict(row) for row in await connection.fetch(SESSIONS, account, now, current)]


async def own(connection: Connection, account: str) -> tuple[str | None, datetime | None]:
    """An account's password hash, and until when it is a one-time password."""
    row = await connection.fetchrow(OWN, account)
    return (row["password_hash"], row["password_until"]) if row else (None, None)
