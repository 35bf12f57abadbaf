"""Fill the registry with a synthetic county, and write what a tester needs to know about it.

A second start goes on with the county of the first: its seed, size and device secrets are kept in the data folder.
"""

import json
import os
import secrets as randomness
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
from argon2 import PasswordHasher

from deploy.local.seed_rows import Row, rows_of, statement
from shared.runtime.database import Connection
from shared.vocabulary.people import Role, masked
from simulators.county import HOMES, county
from simulators.registry import Account, County, Device, Home

PASSWORD = "yinling"  # noqa: S105  everybody in the demo has it, and the panel shows it
KEPT = "county.json"
PIECE = 400
"""Rows a transaction: tens of milliseconds, so that nothing holds the log's horizon back."""

INBOX = "INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
FINISHED = "SELECT EXISTS (SELECT FROM gateway.inbox WHERE id = $1)"


@dataclass(frozen=True, slots=True)
class Seeded:
    """The county in the database, and each device's secret."""

    county: County
    secrets: dict[str, str]


async def seed(owner_url: str, folder: Path, at: datetime, *, number: int = 1, homes: int = HOMES) -> Seeded:
    """Load the county of `folder`, made of seed `number` if there is none yet. May be repeated after any end."""
    seeded = _settled(folder / KEPT, number, homes)
    await load(owner_url, seeded.county, seeded.secrets, at)
    return seeded


async def load(owner_url: str, it: County, secrets: Mapping[str, str], at: datetime) -> None:
    """Write the county in small pieces, unless that was finished before."""
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        if await connection.fetchval(FINISHED, _last_inbox(it)):
            return
        # A costly hash of a password that is no secret would only slow a hundred simulated log-ins.
        hashed = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
        for table, rows in rows_of(it, secrets, hashed, at).items():
            await _in_pieces(connection, statement(table), rows)
        await _in_pieces(connection, INBOX, [(*inbox, randomness.token_hex(4)) for inbox in inboxes(it.accounts)])
    finally:
        await connection.close()


def inboxes(accounts: Sequence[Account]) -> list[tuple[str, str]]:
    """Inbox and division: `u:` for each account, then `d:` for each division with a seat or a supervisor."""
    own = [(f"u:{account.id}", account.division) for account in accounts]
    watched = {account.division for account in accounts if account.role is not Role.RESPONDER}
    return own + [(f"d:{division}", division) for division in sorted(watched)]


def write_demo(path: Path, addresses: Mapping[str, object], it: County, secrets: Mapping[str, str]) -> None:
    """Write demo.json (wire contract, section 5), readable by its owner only.

    `addresses` holds `http`, `ws` and `mqtt`.
    """
    homes = {home.id: home for home in it.homes}
    names = {elder.id: masked(elder.name) for elder in it.elders}
    devices = [
        _device(device, homes[device.home_id], secrets) | {"elder_masked": names.get(device.elder_id or "")}
        for device in it.devices
        if device.cls == "own"
    ]
    hubs = [
        {"id": device.id, "secret": secrets[device.id], "prefix": device.foreign_prefix}
        for device in it.devices
        if device.cls == "hub"
    ]
    accounts = [_account(account) for account in it.accounts]
    _write_private(path, {**addresses, "accounts": accounts, "devices": devices, "hubs": hubs})


def _device(device: Device, home: Home, secrets: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": device.id, "county": device.county, "secret": secrets[device.id], "home": home.id,
        "elder": device.elder_id, "lat": home.lat, "lon": home.lon, "place": home.address,
    }  # fmt: skip


def _account(account: Account) -> dict[str, object]:
    return {
        "username": account.id, "password": PASSWORD, "role": account.role, "kind": account.kind,
        "division": account.division, "lat": account.lat, "lon": account.lon,
    }  # fmt: skip


def _settled(kept: Path, number: int, homes: int) -> Seeded:
    """The county this folder began with; its secrets are stored before the first of them is used."""
    if not kept.exists():
        made = county(number, homes)
        secrets = {device.id: randomness.token_hex(32) for device in made.devices if device.cls != "relayed"}
        _write_private(kept, {"seed": number, "homes": homes, "secrets": secrets})
    content = json.loads(kept.read_text("utf-8"))
    return Seeded(county(content["seed"], content["homes"]), content["secrets"])


def _write_private(path: Path, content: Mapping[str, object]) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _last_inbox(it: County) -> str:
    return inboxes(it.accounts)[-1][0]


async def _in_pieces(connection: Connection, query: str, rows: Sequence[Row]) -> None:
    for piece in _pieces(rows):
        await connection.executemany(query, piece)


def _pieces(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), PIECE):
        yield rows[start : start + PIECE]
