"""Mosquitto of this machine as the broker of `./yinling up`: the server's configuration with other paths and ports."""

import json
import os
import re
import shutil
from pathlib import Path

from deploy.local.certs import Certificates
from deploy.local.seed import Seeded
from deploy.mosquitto.provision import FILE, provision

CONFIGURATION = Path(__file__).parents[1] / "mosquitto" / "mosquitto.conf"
PLUGIN = "mosquitto_dynamic_security.so"
LIBRARIES = Path("/usr/lib")


class MosquittoUnavailableError(Exception):
    """Mosquitto 2 with its dynamic-security plugin is not installed; the text says what to do."""


def admit(folder: Path, seeded: Seeded, service_password: str) -> None:
    """Let the services and the county's devices in, the first time.

    Later the broker itself knows who was given a new secret, and who is no longer let in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    devices = seeded.county.devices
    provision(
        folder,
        () if _knows_devices(folder / FILE) else seeded.secrets.items(),
        hubs={device.id: device.foreign_prefix for device in devices if device.foreign_prefix},
        service_password=service_password,
        counties={device.id: device.county for device in devices},
    )


def _knows_devices(path: Path) -> bool:
    """Whether the broker's list has anybody but the services."""
    return path.exists() and len(json.loads(path.read_text("utf-8"))["clients"]) > 1


def write_config(folder: Path, *, host: str, port: int, service_port: int, tls: Certificates | None = None) -> Path:
    """Write `folder/mosquitto.conf` and return it; everything the broker keeps is beside it.

    Devices come to `host:port`, with `tls` encrypted; the services to `service_port` on loopback.
    """
    text = CONFIGURATION.read_text("utf-8").replace("/mosquitto/data/", f"{folder}/")
    text = re.sub(rf"^plugin .*{re.escape(PLUGIN)}$", f"plugin {_plugin()}", text, flags=re.MULTILINE)
    text = re.sub(
        r"^listener 1883$", "\n".join([f"listener {port} {host}", *_encrypted(tls)]), text, flags=re.MULTILINE
    )
    text = re.sub(r"^listener 1884$", f"listener {service_port} 127.0.0.1", text, flags=re.MULTILINE)
    path = folder / "mosquitto.conf"
    path.write_text(text + ("user root\n" if os.geteuid() == 0 else ""), "utf-8")
    return path


def _encrypted(tls: Certificates | None) -> list[str]:
    if tls is None:
        return []
    certificate, key = tls.broker
    return [f"certfile {certificate}", f"keyfile {key}"]


def command(config: Path) -> list[str]:
    """The broker's command line; it stays in the foreground and ends cleanly on SIGTERM."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise MosquittoUnavailableError("mosquitto is not installed; Debian's package mosquitto brings it")
    return [found, "-c", str(config)]


def _plugin() -> Path:
    found = next(LIBRARIES.glob(f"**/{PLUGIN}"), None)
    if found is None:
        raise MosquittoUnavailableError(f"{PLUGIN} is not there; Debian's package mosquitto brings it")
    return found
