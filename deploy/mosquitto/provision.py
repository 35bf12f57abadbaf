"""The list of Mosquitto's dynamic-security plugin, from devices and their secrets.

The running broker keeps this file and rewrites it whenever it is told of a change, so it is written only while the
broker is down: before its first start, by `migrate` and `seed`. Passwords are kept as the plugin keeps them
(PBKDF2-SHA512). Secrets are random 256 bits, so few iterations are enough; the broker computes one hash per connection,
and thousands reconnect at once after an outage.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from services.devices.authority.mosquitto import acl, acls, client, role_of
from services.devices.domain.permissions import grant_of

ITERATIONS = 101
SALT_BYTES = 12
SERVICE_USER = "devices"
SERVICE_ROLE = "service"
FILE = "dynamic-security.json"
SERVICE_TOPICS = ("#", "$CONTROL/dynamic-security/#", "$SYS/broker/log/N")
ANY_COUNTY = "+"

Order = dict[str, Any]

NOBODY: Order = {
    "defaultACLAccess": {
        "publishClientSend": False, "publishClientReceive": False, "subscribe": False, "unsubscribe": True,
    },
    "clients": [],
    "groups": [],
    "roles": [],
}  # fmt: skip


def hashed(secret: str, salt: bytes | None = None) -> Order:
    """A password as the plugin keeps it."""
    grains = salt or secrets.token_bytes(SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), grains, ITERATIONS)
    return {
        "password": base64.b64encode(digest).decode(),
        "salt": base64.b64encode(grains).decode(),
        "iterations": ITERATIONS,
    }


def provision(
    folder: Path,
    devices: Iterable[tuple[str, str]],
    *,
    hubs: Mapping[str, str],
    service_password: str,
    service_user: str = SERVICE_USER,
    counties: Mapping[str, str] | None = None,
) -> Path:
    """Let the services in under this password, and these devices; returns `dynamic-security.json` in the folder.

    `devices` are (id, secret) of every device and hub, `hubs` foreign prefix by hub id, `counties` county by device;
    without its county a device may use its own topics under any. A device that the file knows keeps its secret, which
    may be another by now, and a file that needs no change is not touched.
    """
    path, counties = folder / FILE, counties or {}
    known: Order = json.loads(path.read_text("utf-8")) if path.exists() else NOBODY
    names = {client["username"] for client in known["clients"]}
    new = [(name, secret) for name, secret in devices if name not in names]
    mine = next((client for client in known["clients"] if client["username"] == service_user), None)
    if not new and mine is not None and _fits(mine, service_password):
        return path
    grants = {name: grant_of(counties.get(name, ANY_COUNTY), name, hubs.get(name)) for name, _ in new}
    clients = [
        _service(service_user, service_password),
        *(one for one in known["clients"] if one["username"] != service_user),
        *({**client(name, role_of(name)), **hashed(secret)} for name, secret in new),
    ]
    roles = [
        {"rolename": SERVICE_ROLE, "acls": _service_acls()},
        *(role for role in known["roles"] if role["rolename"] != SERVICE_ROLE),
        *({"rolename": role_of(name), "acls": acls(grant)} for name, grant in grants.items()),
    ]
    return _written(path, known | {"clients": clients, "roles": roles})


def _fits(kept: Order, password: str) -> bool:
    salt, iterations = base64.b64decode(kept.get("salt", "")), kept.get("iterations", 0)
    return bool(iterations == ITERATIONS and hashed(password, salt)["password"] == kept.get("password"))


def _service(user: str, password: str) -> Order:
    """Not tied to a client id: two workers share it."""
    return {"username": user, "roles": [{"rolename": SERVICE_ROLE}], **hashed(password)}


def _service_acls() -> list[Order]:
    kinds = ("publishClientSend", "publishClientReceive", "subscribePattern")
    return [acl(kind, topic) for kind in kinds for topic in SERVICE_TOPICS]


def _written(path: Path, content: Order) -> Path:
    """Replace the file whole, readable by its owner only."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
    part.rename(path)
    return path
