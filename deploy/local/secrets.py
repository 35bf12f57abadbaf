"""Secrets of one data folder: made at the first start, never in the environment of anything but our own children."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.migrate import ROLES
from deploy.local.nats import new_issuer_seed


@dataclass(frozen=True)
class Secrets:
    """Random passwords; `roles` by database role."""

    admin: str
    roles: dict[str, str]
    mqtt: str
    nats: str
    issuer_seed: str
    service: str


def kept(folder: Path) -> Secrets:
    """The folder's secrets, made on first use (mode 0600)."""
    path = folder / "secrets.json"
    if not path.exists():
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(_fresh()), file)
        part.rename(path)
    return Secrets(**json.loads(path.read_text("utf-8")))


def _fresh() -> Secrets:
    word = secrets.token_urlsafe
    return Secrets(word(24), {role: word(24) for role in ROLES}, word(24), word(24), new_issuer_seed(), word(32))
