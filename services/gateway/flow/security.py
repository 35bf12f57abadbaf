"""One's own security: where one is logged in, one's password, what one shows besides it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.gateway.accounts import Accounts, BadCredentialsError, ledger
from services.gateway.domain import doors
from services.gateway.domain.people import TWO_FACTOR_ROLES, Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import accounts as sessions_store
from services.gateway.store import factors, staff
from shared.runtime.database import Database


async def sessions(database: Database, who: Identity, now: datetime) -> Sequence[dict[str, Any]]:
    """Every place where this account is logged in."""
    async with database.pool.acquire(timeout=2) as connection:
        return await staff.sessions(connection, who.account, who.session, now)


async def end_one(database: Database, who: Identity, session: str, now: datetime) -> None:
    """End one session. MissingError when this account has none such."""
    async with ledger.writing(database, who.account) as connection:
        if not await staff.end_one(connection, who.account, session, now):
            raise MissingError("session")
        await ledger.note(connection, "sessions.ended", who.account, who.division, now, by=_by(who))


async def end_others(database: Database, who: Identity, now: datetime) -> None:
    """End every session but the one that asks."""
    async with ledger.writing(database, who.account) as connection:
        await staff.end_all(connection, who.account, now, who.session)
        await ledger.note(connection, "sessions.ended", who.account, who.division, now, by=_by(who))


async def own(database: Database, accounts: Accounts, who: Identity, now: datetime) -> dict[str, Any]:
    """What one's own page shows."""
    found, left = await accounts.factors.own(who.account)
    async with database.pool.acquire(timeout=2) as connection:
        hashed, _ = await staff.own(connection, who.account)
    return {
        "factors": [one.line() for one in found], "recovery_left": left, "must": who.must,
        "needs_factor": who.role in TWO_FACTOR_ROLES, "has_password": hashed is not None,
        "proved": doors.proved(who.proved_at, now),
    }  # fmt: skip


async def change_password(
    database: Database, accounts: Accounts, who: Identity, old: str, new: str, now: datetime, *, demo: bool
) -> None:
    """Set a password of one's own; every other session ends. BadCredentialsError or WeakPasswordError otherwise."""
    async with database.pool.acquire(timeout=2) as connection:
        before, until = await staff.own(connection, who.account)
        there = await factors.confirmed(connection, who.account)
    over = until is not None and until <= now
    if over or not await accounts.passwords.matches(before, old):
        raise BadCredentialsError
    hashed = await accounts.passwords.hashed(new, (who.username, who.name, old))
    then = doors.must(who.role, one_time=False, factors=len(there), demo=demo)
    async with ledger.writing(database, who.account) as connection:
        await staff.set_password(connection, who.account, hashed, None)
        await sessions_store.done(connection, who.account, "password", then)
        await staff.end_all(connection, who.account, now, who.session)
        await ledger.note(connection, "password.changed", who.account, who.division, now, by=_by(who))


def _by(who: Identity) -> str:
    return f"account:{who.account}"
