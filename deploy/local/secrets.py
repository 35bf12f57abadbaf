"""Secrets of one data folder: made at the first start, never in the environment of anything but our own children."""

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.local.migrate import ROLES
from deploy.local.nats import new_issuer_seed
from shared.runtime.sealed import Fields
from shared.runtime.settings import Settings


@dataclass(frozen=True)
class Secrets:
    """Random passwords; `roles` by database role.

    `device` is base64 of 32 bytes (settings.device_key), `canary` the one secret of every canary's device and account
    (settings.canary_secret), `channel` is shared with the telephone exchange (settings.channel_secret), `fields` and
    `search` are the keys for words about people (settings.field_keys, settings.search_key).
    """

    admin: str
    roles: dict[str, str]
    mqtt: str
    nats: str
    issuer_seed: str
    service: str
    device: str
    canary: str
    channel: str
    fields: str
    search: str


def kept(folder: Path) -> Secrets:
    """The folder's secrets (mode 0600); what is missing in it, or all of it, is made now."""
    path = folder / "secrets.json"
    known: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    whole = asdict(_fresh()) | known
    if whole != known:
        _write(path, whole)
    return Secrets(**whole)


def fields(folder: Path | None) -> Fields:
    """What opens words about people: the environment's keys, else those of the data folder."""
    given = Settings()
    if given.field_keys.get_secret_value() or folder is None or not (folder / "secrets.json").exists():
        return Fields(given.field_keys.get_secret_value(), given.search_key.get_secret_value())
    it = kept(folder)
    return Fields(it.fields, it.search)


def _write(path: Path, content: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _fresh() -> Secrets:
    word = secrets.token_urlsafe
    return Secrets(
        word(24), {role: word(24) for role in ROLES}, word(24), word(24), new_issuer_seed(), word(32),
        _key(), word(24), word(24), f"1:{_key()}", _key(),
    )  # fmt: skip


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
