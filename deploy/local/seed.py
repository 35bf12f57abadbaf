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
from typing import Any

import asyncpg
from argon2 import PasswordHasher

from deploy.local.seed_rows import Locked, Row, rows_of, statement
from services.devices.adapters import generic
from services.devices.store.keys import Sealer
from shared.runtime.database import Connection, speak
from shared.runtime.sealed import Fields
from shared.vocabulary.devices import DeviceKind
from shared.vocabulary.people import ResponderKind, Role, masked
from simulators.county import HOMES, county
from simulators.equipment import SPARE
from simulators.registry import Account, County, Device, Home

PASSWORD = "yinling"  # noqa: S105  everybody in the demo has it, and the panel shows it
KEPT, DESCRIBED = "county.json", "adapters.toml"
EXAMPLES = Path(generic.__file__).with_name("examples.toml")
PIECE = 400
"""Rows a transaction: tens of milliseconds, so that nothing holds the log's horizon back."""

INBOX = "INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
FINISHED = "SELECT EXISTS (SELECT FROM gateway.inbox WHERE id = $1)"


@dataclass(frozen=True, slots=True)
class Canary:
    """Both ends of a county's test loop: the device that presses and the account that answers."""

    county: str
    device: str
    secret: str
    account: str
    password: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """The county in the database, each device's secret, and the canary, of which demo.json says nothing."""

    county: County
    secrets: dict[str, str]
    canary: Canary


async def seed(
    owner_url: str,
    folder: Path,
    at: datetime,
    *,
    number: int = 1,
    homes: int = HOMES,
    device_key: str = "",
    canary_secret: str = "",
    fields: Fields | None = None,
) -> Seeded:
    """Load the county of `folder`, made of seed `number` if there is none yet. May be repeated after any end.

    The canary gets `canary_secret`, else one of its own.
    """  # fmt: skip
    seeded = _settled(folder / KEPT, number, homes, canary_secret)
    _describe(folder / DESCRIBED)
    await load(owner_url, seeded.county, seeded.secrets, at, device_key=device_key, fields=fields)
    return seeded


def _describe(path: Path) -> None:
    """The families that the county's things need and no code knows; an operator's own file stays."""
    if not path.exists():
        path.write_bytes(EXAMPLES.read_bytes())


async def load(
    owner_url: str, it: County, secrets: Mapping[str, str], at: datetime, *, device_key: str = "",
    fields: Fields | None = None,
) -> None:  # fmt: skip
    """Write the county in small pieces, unless that was finished before.

    `device_key` seals the devices' signing keys; without it their signatures can't be checked. `fields` seals words
    about people.
    """
    connection = await asyncpg.connect(owner_url, timeout=5)
    try:
        await speak(connection, fields or Fields())
        if await connection.fetchval(FINISHED, _last_inbox(it)):
            return
        for table, rows in rows_of(it, _locked(it, secrets, device_key), at).items():
            await _in_pieces(connection, statement(table), rows)
        await _in_pieces(connection, INBOX, [(*inbox, randomness.token_hex(4)) for inbox in inboxes(it.accounts)])
    finally:
        await connection.close()


def _locked(it: County, secrets: Mapping[str, str], device_key: str) -> Locked:
    # A costly hash of a password that is no secret would only slow a hundred simulated log-ins.
    known = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    canary = _canary(it, secrets)
    secret = PasswordHasher().hash(canary.password)
    return Locked(secrets, Sealer(device_key), lambda account: secret if account == canary.account else known)


def _canary(it: County, secrets: Mapping[str, str]) -> Canary:
    """One secret opens both ends: whoever may press may answer."""
    device = next(device for device in it.devices if device.kind is DeviceKind.CANARY)
    account = next(account for account in it.accounts if account.kind is ResponderKind.CANARY)
    return Canary(device.county, device.id, secrets[device.id], account.id, secrets[device.id])


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
        if device.cls == "own" and device.home_id is not None
    ]
    hubs = [_hub(device, it, secrets) for device in it.devices if device.foreign_prefix is not None]
    gateways = [_hub(device, it, secrets) for device in it.devices if device.kind is DeviceKind.SMS]
    on_duty = {one.id for one in it.responders if one.on_duty}
    accounts = [
        _account(account) | {"on_duty": account.responder_id in on_duty}
        for account in it.accounts
        if account.kind is not ResponderKind.CANARY
    ]
    _write_private(path, {**addresses, "accounts": accounts, "devices": devices, "hubs": hubs, "sms": gateways})


def _device(device: Device, home: Home, secrets: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": device.id, "kind": device.kind, "county": device.county, "secret": secrets[device.id], "home": home.id,
        "elder": device.elder_id, "lat": home.lat, "lon": home.lon, "place": home.address,
    }  # fmt: skip


def _hub(hub: Device, it: County, secrets: Mapping[str, str]) -> dict[str, object]:
    models = {device.id: device.model for device in it.devices}
    bound = [(b.address, b.adapter, models[b.device_id], b.device_id) for b in it.bindings if b.hub_id == hub.id]
    spare = [(address, adapter, model, None) for owner, adapter, address, model in SPARE if owner == hub.id]
    names = ("address", "adapter", "model", "device")
    return {
        "id": hub.id, "county": hub.county, "secret": secrets[hub.id], "prefix": hub.foreign_prefix,
        "things": [dict(zip(names, thing, strict=True)) for thing in bound + spare],
    }  # fmt: skip


def _account(account: Account) -> dict[str, object]:
    return {
        "username": account.id, "password": PASSWORD, "role": account.role, "kind": account.kind,
        "division": account.division, "lat": account.lat, "lon": account.lon,
    }  # fmt: skip


def _settled(kept: Path, number: int, homes: int, canary_secret: str) -> Seeded:
    """The county this folder began with; its secrets are stored before the first of them is used."""
    begun: dict[str, Any] = {"seed": number, "homes": homes, "secrets": {}}
    if kept.exists():
        begun = json.loads(kept.read_text("utf-8"))
    made, secrets = county(begun["seed"], begun["homes"]), dict[str, str](begun["secrets"])
    fresh = {d.id: _secret(d, canary_secret) for d in made.devices if d.cls != "relayed" and d.id not in secrets}
    if fresh:
        secrets |= fresh
        _write_private(kept, {**begun, "secrets": secrets})
    return Seeded(made, secrets, _canary(made, secrets))


def _secret(device: Device, canary_secret: str) -> str:
    given = canary_secret if device.kind is DeviceKind.CANARY else ""
    return given or randomness.token_hex(32)


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
