"""Families: the digits they log in with, what elders have agreed to, and with whom."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import personal_inbox
from services.gateway.domain.wording import name_hint
from services.gateway.store import inboxes
from shared.runtime.database import Connection, Record

ASKED = """
SELECT count(*) AS many, max(asked_at) AS last FROM gateway.login_code
WHERE dispatch.whole(phone) = $1 AND asked_at > $2
"""
FORGET = "DELETE FROM gateway.login_code WHERE asked_at <= $1"
ASK = "INSERT INTO gateway.login_code (id, phone, code, asked_at, until_at) VALUES ($1, $2, $3, $4, $5)"
TRY = """
UPDATE gateway.login_code SET tries = tries + 1
WHERE id = (SELECT id FROM gateway.login_code WHERE dispatch.whole(phone) = $1 AND until_at > $2
            ORDER BY asked_at DESC LIMIT 1)
  AND tries < $3
RETURNING code
"""
USED = "DELETE FROM gateway.login_code WHERE dispatch.whole(phone) = $1"
MAKE = """
INSERT INTO gateway.account (id, username, name, role, division, phone) VALUES ($1, $1, '', 'family', $2, $3)
ON CONFLICT (dispatch.whole(phone)) WHERE phone IS NOT NULL DO NOTHING
"""
BY_PHONE = "SELECT id FROM gateway.account WHERE dispatch.whole(phone) = $1 AND disabled_at IS NULL"
NAME = "UPDATE gateway.account SET name = $2 WHERE id = $1 AND role = 'family'"
ME = "SELECT name, phone FROM gateway.account WHERE id = $1"

ELDER = "SELECT division FROM dispatch.elder WHERE id = $1"
OFFER = """
INSERT INTO gateway.kin_code (code_sha256, division, elder_id, relation, may, given_by, how, wording, made_by,
    given_at, until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
SHOWN = """
SELECT k.*, e.name FROM gateway.kin_code k JOIN dispatch.elder e ON e.id = k.elder_id
WHERE k.code_sha256 = $1 AND k.used_at IS NULL AND k.until_at > $2
"""
TAKE = (
    "UPDATE gateway.kin_code SET used_at = $2 WHERE code_sha256 = $1 AND used_at IS NULL AND until_at > $2 RETURNING *"
)
END_OLD = """
UPDATE gateway.kin SET ended_at = $3, ended_by = $4 WHERE elder_id = $1 AND account_id = $2 AND ended_at IS NULL
"""
BIND = """
INSERT INTO gateway.kin (id, division, elder_id, account_id, relation, may, given_by, how, wording, made_by, given_at,
    bound_at)
SELECT $1, t.division, t.elder_id, $2, t.relation, t.may, t.given_by, t.how, t.wording, t.made_by, t.given_at, $3
FROM gateway.kin_code t WHERE t.code_sha256 = $4
RETURNING *
"""
STANDING = """
SELECT k.id AS kin, k.division, k.elder_id AS elder, k.account_id AS account, k.relation, k.may, k.given_by, k.how,
       k.wording, k.given_at, k.bound_at, e.name AS elder_name, a.name
FROM gateway.kin k JOIN dispatch.elder e ON e.id = k.elder_id JOIN gateway.account a ON a.id = k.account_id
WHERE k.ended_at IS NULL AND {which} ORDER BY k.bound_at, k.id
"""
OF_ACCOUNT = STANDING.format(which="k.account_id = $1")
OF_ELDER = STANDING.format(which="k.elder_id = $1")
ONE = STANDING.format(which="k.id = $1")
END = "UPDATE gateway.kin SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL"
TOLD = """
SELECT i.id, i.elder_id, array_agg(k.account_id) AS accounts
FROM dispatch.incident i JOIN gateway.kin k ON k.elder_id = i.elder_id AND k.ended_at IS NULL
    AND CASE WHEN i.order_id IS NULL THEN 'calls' ELSE 'orders' END = ANY(k.may)
WHERE i.id = ANY($1) AND NOT i.canary AND NOT i.drill AND i.family <> 'device' GROUP BY i.id, i.elder_id
"""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What an elder has agreed to, how that is known, and who wrote it down."""

    division: str
    elder: str
    relation: str
    may: Sequence[str]
    given_by: str
    how: str
    wording: str
    made_by: str


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody who may see something of an elder."""

    kin: UUID
    division: str
    elder: str
    account: str
    relation: str
    may: tuple[str, ...]
    given_by: str
    how: str
    wording: str
    given_at: datetime
    bound_at: datetime
    elder_name: str
    name: str

    def line(self) -> dict[str, Any]:
        """As elder and desk see her."""
        return {**asdict(self), "name_masked": name_hint(self.elder_name)}


async def asked(connection: Connection, whole: str, since: datetime) -> tuple[int, datetime | None]:
    """How often digits were asked for since then, and when last. `whole` is the token of the number, here and below."""
    row = await connection.fetchrow(ASKED, whole, since)
    return (row["many"], row["last"]) if row else (0, None)


async def keep_code(connection: Connection, name: UUID, phone: str, code: str, now: datetime, until: datetime) -> None:
    """Digits for a telephone."""
    await connection.execute(ASK, name, phone, code, now, until)


async def forget_codes(connection: Connection, before: datetime) -> None:
    """Delete digits that were asked for long ago."""
    await connection.execute(FORGET, before)


async def digits(connection: Connection, whole: str, now: datetime, tries: int) -> str | None:
    """The digits that this telephone may still use; asking counts as a try."""
    found: str | None = await connection.fetchval(TRY, whole, now, tries)
    return found


async def enter(connection: Connection, phone: str, whole: str, fresh: str, division: str, epoch: str) -> str | None:
    """The account of this telephone, made under the id `fresh` if there is none; its digits are used up."""
    await connection.execute(USED, whole)
    await connection.execute(MAKE, fresh, division, phone)
    account: str | None = await connection.fetchval(BY_PHONE, whole)
    if account is not None:
        await inboxes.make(connection, {personal_inbox(account): division}, epoch)
    return account


async def me(connection: Connection, account: str) -> tuple[str, str]:
    """Name and telephone; empty where there is none."""
    row = await connection.fetchrow(ME, account)
    return (row["name"], row["phone"] or "") if row else ("", "")


async def division_of(connection: Connection, elder: str) -> str | None:
    """Division of an elder in scope."""
    found: str | None = await connection.fetchval(ELDER, elder)
    return found


async def offer(connection: Connection, code: bytes, it: Agreed, now: datetime, until: datetime) -> None:
    """Keep a consent until the one it was given for comes with the code."""
    await connection.execute(
        OFFER, code, it.division, it.elder, it.relation, list(it.may), it.given_by, it.how, it.wording, it.made_by,
        now, until,
    )  # fmt: skip


async def shown(connection: Connection, code: bytes, now: datetime) -> Mapping[str, Any] | None:
    """What a code stands for."""
    row = await connection.fetchrow(SHOWN, code, now)
    return {**dict(row.items()), "name_masked": name_hint(row["name"])} if row else None


async def bind(
    connection: Connection, code: bytes, name: UUID, account: str, called: str, now: datetime
) -> Record | None:
    """Use a code up for this account; an older consent between the two ends. None: no such code any more."""
    taken = await connection.fetchrow(TAKE, code, now)
    if taken is None:
        return None
    await connection.execute(NAME, account, called)
    await connection.execute(END_OLD, taken["elder_id"], account, now, account)
    return await connection.fetchrow(BIND, name, account, now, code)


async def of_account(connection: Connection, account: str) -> list[Kin]:
    """Everybody this account may see."""
    return [_kin(row) for row in await connection.fetch(OF_ACCOUNT, account)]


async def of_elder(connection: Connection, elder: str) -> list[Kin]:
    """Everybody who may see something of her."""
    return [_kin(row) for row in await connection.fetch(OF_ELDER, elder)]


async def one(connection: Connection, name: UUID) -> Kin | None:
    """A consent that stands."""
    row = await connection.fetchrow(ONE, name)
    return _kin(row) if row else None


async def end(connection: Connection, name: UUID, now: datetime, by: str) -> bool:
    """End a consent; False if it had ended."""
    done: str = await connection.execute(END, name, now, by)
    return done.endswith(" 1")


async def told(connection: Connection, incidents: Sequence[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Elder and accounts that are told of these incidents; drills, canaries and a device's own faults are nobody's."""
    rows = await connection.fetch(TOLD, incidents)
    return {row["id"]: (row["elder_id"], tuple(row["accounts"])) for row in rows}


def _kin(row: Record) -> Kin:
    found = dict(row.items())
    return Kin(**{**found, "kin": UUID(int=row["kin"].int), "may": tuple(row["may"])})
