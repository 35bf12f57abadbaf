"""Password and access files of Mosquitto, from devices and their secrets.

Hashes are Mosquitto's own `$7$` form (PBKDF2-SHA512). Secrets are random 256 bits, so few iterations are enough; the
broker computes one hash per connection, and thousands reconnect at once after an outage.
"""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from services.devices.domain.permissions import foreign_filter

ITERATIONS = 101
SALT_BYTES = 12
SERVICE_USER = "devices"

OWN_TOPICS = ("pattern write yl/v1/+/%u/up/#", "pattern read yl/v1/+/%u/down/#")


def hashed(secret: str, salt: bytes | None = None) -> str:
    """A password as Mosquitto keeps it."""
    grains = salt or secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), grains, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(grains).decode()}${base64.b64encode(digest).decode()}"


def password_lines(accounts: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Lines of the password file for (name, secret) pairs."""
    return (f"{name}:{hashed(secret)}" for name, secret in accounts)


def access_lines(hubs: Mapping[str, str], service_user: str = SERVICE_USER) -> list[str]:
    """Lines of the access file: the service everything, a device its own topics, a hub also its foreign prefix."""
    lines = [f"user {service_user}", "topic readwrite #"]
    for hub, prefix in sorted(hubs.items()):
        lines += [f"user {hub}", f"topic readwrite {foreign_filter(prefix)}"]
    return [*lines, *OWN_TOPICS]


def provision(
    folder: Path,
    devices: Iterable[tuple[str, str]],
    *,
    hubs: Mapping[str, str],
    service_password: str,
    service_user: str = SERVICE_USER,
) -> tuple[Path, Path]:
    """Write `passwords` and `access` into the folder; the broker reads them again on SIGHUP.

    `devices` are (id, secret) of every device and hub, `hubs` foreign prefix by hub id.
    """
    accounts = [(service_user, service_password), *devices]
    return (
        _written(folder / "passwords", password_lines(accounts)),
        _written(folder / "access", access_lines(hubs, service_user)),
    )


def _written(path: Path, lines: Iterable[str]) -> Path:
    """Replace the file whole: a broker that is told to reload must never see half of it."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    part.rename(path)
    return path
