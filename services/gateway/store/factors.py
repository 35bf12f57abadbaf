"""Second factors, recovery codes, halves of a login, failures and known browsers. Secrets are hashed or sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shared.runtime.database import Connection, Database

TRIES = 5

CONFIRMED = """
SELECT id, kind, name, secret, credential, counter, added_at, used_at FROM gateway.factor
WHERE account_id = $1 AND confirmed_at IS NOT NULL ORDER BY added_at
"""
ADD = """
INSERT INTO gateway.factor (id, account_id, kind, name, secret, credential, counter, added_at, confirmed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
WAITING = "SELECT secret FROM gateway.factor WHERE id = $1 AND account_id = $2 AND confirmed_at IS NULL"
CONFIRM = "UPDATE gateway.factor SET confirmed_at = $2, used_at = $2, counter = $3 WHERE id = $1"
UNFINISHED = "DELETE FROM gateway.factor WHERE account_id = $1 AND confirmed_at IS NULL"
# Of two who show the same digits, one is too late.
SPEND = "UPDATE gateway.factor SET counter = $2, used_at = $3 WHERE id = $1 AND counter < $2 RETURNING id"
TOUCH = "UPDATE gateway.factor SET counter = $2, used_at = $3 WHERE id = $1"
BY_CREDENTIAL = """
SELECT f.id, f.account_id, f.secret, f.counter FROM gateway.factor f
JOIN gateway.account a ON a.id = f.account_id AND a.disabled_at IS NULL
WHERE f.credential = $1 AND f.confirmed_at IS NOT NULL
"""
REMOVE = "DELETE FROM gateway.factor WHERE id = $1 AND account_id = $2 RETURNING kind"
REMOVE_ALL = "DELETE FROM gateway.factor WHERE account_id = $1"
FORGET_CODES = "DELETE FROM gateway.recovery_code WHERE account_id = $1"
KEEP_CODE = "INSERT INTO gateway.recovery_code (code_sha256, account_id, made_at) VALUES ($1, $2, $3)"
SPEND_CODE = "DELETE FROM gateway.recovery_code WHERE code_sha256 = $1 AND account_id = $2 RETURNING true"
CODES_LEFT = "SELECT count(*) FROM gateway.recovery_code WHERE account_id = $1"

KEEP_HALF = """
INSERT INTO gateway.half (token_sha256, kind, account_id, challenge, until_at) VALUES ($1, $2, $3, $4, $5)
"""
TRY_HALF = f"""
UPDATE gateway.half SET tries = tries + 1
WHERE token_sha256 = $1 AND kind = 'login' AND until_at > $2 AND tries < {TRIES} RETURNING account_id
"""  # noqa: S608  a constant
TAKE_HALF = """
DELETE FROM gateway.half WHERE token_sha256 = $1 AND kind = $2 RETURNING account_id, challenge, until_at > $3 AS fresh
"""

FAIL = "INSERT INTO gateway.login_failure (name_sha256, at) VALUES ($1, $2)"
FAILURES = "SELECT at FROM gateway.login_failure WHERE name_sha256 = $1 AND at > $2 ORDER BY at"
PASS = "DELETE FROM gateway.login_failure WHERE name_sha256 = $1"  # noqa: S105  no password
KNOWN = "SELECT EXISTS (SELECT FROM gateway.known_browser WHERE token_sha256 = $1 AND account_id = $2)"
KNOW = """
INSERT INTO gateway.known_browser (token_sha256, account_id, at) VALUES ($1, $2, $3)
ON CONFLICT (token_sha256) DO UPDATE SET at = excluded.at
"""

HalfKind = Literal["login", "passkey", "registration", "sso"]
FactorKind = Literal["totp", "passkey"]


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor; `secret` is a sealed key or a public key, `counter` the last step or count that was used."""

    id: UUID
    account: str
    kind: FactorKind
    name: str
    secret: bytes
    credential: bytes | None
    counter: int
    added_at: datetime
    used_at: datetime | None = None

    def line(self) -> dict[str, Any]:
        """As its owner sees it."""
        return {name: getattr(self, name) for name in ("id", "kind", "name", "added_at", "used_at")}


@dataclass(frozen=True, slots=True)
class Half:
    """Something begun: whose, and the challenge that is to be answered."""

    account: str | None
    challenge: bytes


async def confirmed(connection: Connection, account: str) -> list[Factor]:
    """The factors of an account, the oldest first."""
    rows = await connection.fetch(CONFIRMED, account)
    return [
        Factor(
            row["id"], account, row["kind"], row["name"], row["secret"], row["credential"], row["counter"],
            row["added_at"], row["used_at"],
        ) for row in rows
    ]  # fmt: skip


async def add(connection: Connection, it: Factor, confirmed_at: datetime | None) -> None:
    """Keep a factor; one that is not confirmed opens nothing, and only the last such is kept."""
    await connection.execute(UNFINISHED, it.account)
    await connection.execute(
        ADD, it.id, it.account, it.kind, it.name, it.secret, it.credential, it.counter, it.added_at, confirmed_at
    )


async def waiting(connection: Connection, factor: UUID, account: str) -> bytes | None:
    """The sealed key of an authenticator that waits for its first digits."""
    found: bytes | None = await connection.fetchval(WAITING, factor, account)
    return found


async def confirm(connection: Connection, factor: UUID, now: datetime, step: int) -> None:
    """The app has shown that it has the key."""
    await connection.execute(CONFIRM, factor, now, step)


async def spend(connection: Connection, factor: UUID, step: int, now: datetime) -> bool:
    """Use digits up; False when they were used before."""
    return await connection.fetchval(SPEND, factor, step, now) is not None


async def touch(connection: Connection, factor: UUID, counter: int, now: datetime) -> None:
    """Remember a passkey's counter."""
    await connection.execute(TOUCH, factor, counter, now)


async def by_credential(connection: Connection, credential: bytes) -> tuple[UUID, str, bytes, int] | None:
    """A passkey by the id its device gave it: factor, account, public key, counter."""
    row = await connection.fetchrow(BY_CREDENTIAL, credential)
    return None if row is None else (row["id"], row["account_id"], row["secret"], row["counter"])


async def remove(connection: Connection, factor: UUID, account: str) -> str | None:
    """Take a factor away and return its kind; None when there is none of this id."""
    kind: str | None = await connection.fetchval(REMOVE, factor, account)
    return kind


async def remove_all(connection: Connection, account: str) -> None:
    """Take every factor and recovery code away."""
    await connection.execute(REMOVE_ALL, account)
    await connection.execute(FORGET_CODES, account)


async def keep_codes(connection: Connection, account: str, digests: Sequence[bytes], now: datetime) -> None:
    """Replace the recovery codes."""
    await connection.execute(FORGET_CODES, account)
    await connection.executemany(KEEP_CODE, [(digest, account, now) for digest in digests])


async def spend_code(connection: Connection, account: str, digest: bytes) -> bool:
    """Use a recovery code up."""
    return await connection.fetchval(SPEND_CODE, digest, account) is not None


async def codes_left(connection: Connection, account: str) -> int:
    """How many recovery codes there are."""
    return int(await connection.fetchval(CODES_LEFT, account))


async def keep_half(
    database: Database, digest: bytes, kind: HalfKind, until: datetime, *, account: str | None = None,
    challenge: bytes = b"",
) -> None:  # fmt: skip
    """Keep half of something until the other half comes."""
    await database.pool.execute(KEEP_HALF, digest, kind, account, challenge, until)


async def try_half(database: Database, digest: bytes, now: datetime) -> str | None:
    """Whose login waits here, and one try less; None when it is over or tried out."""
    account: str | None = await database.pool.fetchval(TRY_HALF, digest, now)
    return account


async def take_half(database: Database, digest: bytes, kind: HalfKind, now: datetime) -> Half | None:
    """Use a half up."""
    row = await database.pool.fetchrow(TAKE_HALF, digest, kind, now)
    return Half(row["account_id"], row["challenge"] or b"") if row is not None and row["fresh"] else None


async def failures(database: Database, name: bytes, since: datetime) -> list[datetime]:
    """When logins under this name failed, oldest first."""
    return [row["at"] for row in await database.pool.fetch(FAILURES, name, since)]


async def fail(database: Database, name: bytes, now: datetime) -> None:
    """Remember a failure."""
    await database.pool.execute(FAIL, name, now)


async def forgive(connection: Connection, name: bytes) -> None:
    """Forget the failures of somebody who got in."""
    await connection.execute(PASS, name)


async def known(database: Database, browser: bytes, account: str) -> bool:
    """Whether this account has come in from this browser before."""
    return bool(await database.pool.fetchval(KNOWN, browser, account))


async def know(connection: Connection, browser: bytes, account: str, now: datetime) -> None:
    """Remember a browser."""
    await connection.execute(KNOW, browser, account, now)
