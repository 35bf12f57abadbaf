"""Accounts of those who work here, kept by a security administrator, who reads no elder.

Each change is one transaction with its event. Nobody keeps an account of her own, nor one outside her division.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asyncpg import UniqueViolationError

from services.gateway.accounts import ledger, named, one_time
from services.gateway.accounts.passwords import Passwords
from services.gateway.domain.people import DESK_ROLES, Identity, desk_inbox, personal_inbox
from services.gateway.flow.commands import MissingError
from services.gateway.store import factors, inboxes
from services.gateway.store import staff as store
from services.gateway.store.staff import NewAccount
from shared.contracts import accounts as contract
from shared.runtime.database import Connection, Database, set_scope
from shared.vocabulary.divisions import WHOLE_CELL, Division, covers
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

GOOD_FOR = timedelta(hours=72)


class RefusedError(Exception):
    """Something that is not done: a stable `code`, and the `field` it is about."""

    def __init__(self, code: str, field: str | None = None) -> None:
        """Say what, and where."""
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps accounts, with what, and when."""

    database: Database
    passwords: Passwords
    who: Identity
    now: datetime

    @property
    def by(self) -> str:
        """As the log names her."""
        return f"account:{self.who.account}"


async def page(it: Keeper, q: str, role: str, cursor: str, limit: int) -> dict[str, Any]:
    """Accounts in scope by user name."""
    async with it.database.reading(WHOLE_CELL) as connection:
        rows = await store.listed(
            connection, it.who.division, cursor, role, q, it.database.fields.wanted(q), limit + 1, it.now
        )
    items = [dict(row) for row in rows[:limit]]
    return {"items": items, "next": items[-1]["username"] if len(rows) > limit else None}


async def make(it: Keeper, given: contract.NewAccount) -> dict[str, Any]:
    """Make an account with a one-time password."""
    password, until = one_time(), it.now + GOOD_FOR
    hashed = await it.passwords.hashed(password, ())
    name = f"a-{uuid7(it.now)}"
    async with ledger.writing(it.database, name) as connection:
        await set_scope(connection, WHOLE_CELL)
        kind = await _fitting(it, connection, given)
        account = NewAccount(
            name, given.username, given.name, given.role, kind, given.division, given.responder, given.sso, hashed,
            until,
        )  # fmt: skip
        try:
            await store.make(connection, account, it.now, it.who.account)
        except UniqueViolationError as twice:
            raise RefusedError("account_taken", _which(twice)) from None
        await _inboxes(connection, name, given.role, Division(given.division))
        await ledger.note(connection, "account.made", name, given.division, it.now, by=it.by, role=given.role)
        return {"account": await _line(it, connection, name), "password": password, "until": until}


async def _fitting(it: Keeper, connection: Connection, given: contract.NewAccount) -> str | None:
    """The kind of the person behind a responder's account."""
    await _placed(it, connection, given.division)
    if await store.username_taken(connection, given.username):
        raise RefusedError("account_taken", "username")
    if (Role(given.role) is Role.RESPONDER) != (given.responder is not None):
        raise RefusedError("responder_and_role", "responder")
    kind = await store.responder_kind(connection, given.responder) if given.responder else None
    if given.responder and kind is None:
        raise RefusedError("unknown_responder", "responder")
    return kind


async def _placed(it: Keeper, connection: Connection, division: str) -> None:
    if not covers(it.who.division, Division(division)):
        raise RefusedError("outside_division", "division")
    if not await store.is_division(connection, division):
        raise RefusedError("unknown_division", "division")


def _which(twice: UniqueViolationError) -> str:
    rule = str(twice.constraint_name)
    return "responder" if "responder" in rule else "sso" if "sso" in rule else "username"


async def _inboxes(connection: Connection, account: str, role: str, division: Division) -> None:
    wanted = {personal_inbox(account): division}
    if role in DESK_ROLES:
        wanted[desk_inbox(division)] = division
    await inboxes.make(connection, wanted, secrets.token_hex(4))


async def change(it: Keeper, account: str, given: contract.AccountChange) -> dict[str, Any]:
    """Write what an account is; whoever's rights change is sent away from open sockets and comes back with the new."""
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        await _placed(it, connection, given.division)
        if (Role(given.role) is Role.RESPONDER) != (before["responder"] is not None):
            raise RefusedError("responder_and_role", "role")
        rights = (before["role"], before["division"]) != (given.role, given.division)
        _free(before, at_once=given.at_once or not rights)
        try:
            await store.change(connection, account, given.name, given.role, given.division, given.sso)
        except UniqueViolationError as twice:
            raise RefusedError("account_taken", _which(twice)) from None
        await _inboxes(connection, account, given.role, Division(given.division))
        await ledger.note(
            connection, "account.changed", account, given.division, it.now, by=it.by, role=given.role, rights=rights
        )
        return await _line(it, connection, account)


async def close(it: Keeper, account: str, *, at_once: bool) -> dict[str, Any]:
    """Close an account: it opens nothing any more, and its sessions end."""
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        _free(before, at_once=at_once)
        await store.disable(connection, account, it.now)
        await store.end_all(connection, account, it.now)
        await ledger.note(connection, "account.closed", account, before["division"], it.now, by=it.by)
        return await _line(it, connection, account)


async def reopen(it: Keeper, account: str) -> dict[str, Any]:
    """Open a closed account again."""
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        await store.disable(connection, account, None)
        await ledger.note(connection, "account.reopened", account, before["division"], it.now, by=it.by)
        return await _line(it, connection, account)


async def reset_password(it: Keeper, account: str) -> dict[str, Any]:
    """A fresh one-time password. Sessions end, but not those of somebody on a case."""
    password, until = one_time(), it.now + GOOD_FOR
    hashed = await it.passwords.hashed(password, ())
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        await store.set_password(connection, account, hashed, until)
        await _end_unless_on_a_case(it, connection, before)
        await factors.forgive(connection, named(before["username"]))
        await ledger.note(connection, "account.password_reset", account, before["division"], it.now, by=it.by)
        return {"account": await _line(it, connection, account), "password": password, "until": until}


async def reset_factors(it: Keeper, account: str) -> dict[str, Any]:
    """Take every second factor away: the telephone is lost and so are the recovery codes."""
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        await factors.remove_all(connection, account)
        await _end_unless_on_a_case(it, connection, before)
        await ledger.note(connection, "account.factors_reset", account, before["division"], it.now, by=it.by)
        return await _line(it, connection, account)


async def end_sessions(it: Keeper, account: str, *, at_once: bool) -> dict[str, Any]:
    """End every session; sockets follow within seconds."""
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        _free(before, at_once=at_once)
        await store.end_all(connection, account, it.now)
        await ledger.note(connection, "sessions.ended", account, before["division"], it.now, by=it.by)
        return await _line(it, connection, account)


async def unlock(it: Keeper, account: str) -> dict[str, Any]:
    """Forget the failures that closed the door."""
    async with ledger.writing(it.database, account) as connection:
        before = await _kept(it, connection, account)
        await factors.forgive(connection, named(before["username"]))
        await ledger.note(connection, "account.unlocked", account, before["division"], it.now, by=it.by)
        return await _line(it, connection, account)


async def _kept(it: Keeper, connection: Connection, account: str) -> dict[str, Any]:
    await set_scope(connection, WHOLE_CELL)
    if account == it.who.account:
        raise RefusedError("own_account")
    return await _line(it, connection, account)


async def _line(it: Keeper, connection: Connection, account: str) -> dict[str, Any]:
    found = await store.one(connection, it.who.division, account, it.now)
    if found is None:
        raise MissingError("account")
    return dict(found)


def _free(account: dict[str, Any], *, at_once: bool) -> None:
    if account["on_a_case"] and not at_once:
        raise RefusedError("on_a_case")


async def _end_unless_on_a_case(it: Keeper, connection: Connection, account: dict[str, Any]) -> None:
    if not account["on_a_case"]:
        await store.end_all(connection, account["id"], it.now)
