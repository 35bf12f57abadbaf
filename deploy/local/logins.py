"""Accounts from a table, each with a one-time password: for a house that has nobody yet who could make them."""

import csv
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from services.dispatch.domain.imports import cells
from services.dispatch.domain.imports.sheets import Column, Sheet
from services.dispatch.domain.imports.table import Fault, Row, read
from services.dispatch.registry.files import lines
from services.gateway.accounts import hash_password, ledger, one_time
from services.gateway.domain.people import DESK_ROLES, desk_inbox, personal_inbox
from services.gateway.flow.staff import GOOD_FOR
from services.gateway.store import inboxes, staff
from services.gateway.store.staff import NewAccount
from shared.runtime.database import Connection, Database, set_scope
from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import Role

ROLES: dict[str, str] = {
    "服务人员": "responder", "值守席": "desk", "督导": "supervisor", "系统管理员": "admin", "安装员": "installer",
    "监管": "office", "审计员": "auditor", "安全管理员": "security",
    **{role.value: role.value for role in Role if role not in {Role.ELDER, Role.FAMILY}},
}  # fmt: skip
ACCOUNTS = Sheet(
    "accounts", "账号",
    (
        Column("username", cells.number, ("用户名", "账号", "登录名"), required=True),
        Column("name", cells.words(64), ("姓名",), required=True),
        Column("role", cells.one_of(ROLES), ("角色",), required=True),
        Column("division", cells.division, ("行政区划", "行政区划代码", "区划"), required=True),
        Column("responder", cells.number, ("人员编号", "服务人员编号", "工号")),
    ),
    ("username",),
)  # fmt: skip


async def take(
    database: Database, content: bytes, area: str, to: Path, now: datetime, *, dry_run: bool
) -> tuple[int, int, list[Fault]]:
    """How many were made and how many were there; with a fault in the table nobody is made.

    Names and one-time passwords are written to `to`, line by line as accounts are made, readable by its owner only.
    """
    table = read(ACCOUNTS, lines(content))
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        faults = [*table.faults, *[f for row in table.rows for f in await _wrong(connection, row, area)]]
        new = [row for row in table.rows if not await staff.username_taken(connection, row.values["username"])]
    if not faults and not dry_run and new:
        await _made(database, new, to, now)
    return len(new), len(table.rows) - len(new), faults


async def _wrong(connection: Connection, row: Row, area: str) -> list[Fault]:
    values, faults = row.values, []
    division = values["division"]
    if not division.startswith(area):
        faults.append(Fault(row.line, "outside", "division", division, {"area": area}))
    elif not await staff.is_division(connection, division):
        faults.append(Fault(row.line, "unknown_division", "division", division, {"area": area}))
    responder = values.get("responder")
    if (values["role"] == Role.RESPONDER) != (responder is not None):
        faults.append(Fault(row.line, "responder_and_role", "responder", responder or ""))
    elif responder is not None and await staff.responder_kind(connection, responder) is None:
        faults.append(Fault(row.line, "no_responder", "responder", responder))
    return faults


async def _made(database: Database, rows: Sequence[Row], to: Path, now: datetime) -> None:
    with _private(to) as file:
        writer = csv.writer(file)
        writer.writerow(("用户名", "姓名", "一次性密码", "有效期至"))
        for row in rows:
            password = one_time()
            await _make(database, row, password, now)
            until = (now + GOOD_FOR).isoformat(timespec="minutes")
            writer.writerow((row.values["username"], row.values["name"], password, until))
            file.flush()


def _private(path: Path) -> TextIO:
    path.touch(0o600, exist_ok=False)
    return path.open("w", encoding="utf-8-sig", newline="")


async def _make(database: Database, row: Row, password: str, now: datetime) -> None:
    values, name = row.values, f"a-{uuid7(now)}"
    hashed = hash_password(password)
    async with ledger.writing(database, name) as connection:
        await set_scope(connection, WHOLE_CELL)
        responder, division = values.get("responder"), Division(values["division"])
        kind = await staff.responder_kind(connection, responder) if responder else None
        account = NewAccount(
            name, values["username"], values["name"], values["role"], kind, division, responder, None, hashed,
            now + GOOD_FOR,
        )  # fmt: skip
        await staff.make(connection, account, now, None)
        wanted = {personal_inbox(name): division}
        if values["role"] in DESK_ROLES:
            wanted[desk_inbox(division)] = division
        await inboxes.make(connection, wanted, secrets.token_hex(4))
        await ledger.note(connection, "account.made", name, division, now, by="service:import", role=values["role"])
