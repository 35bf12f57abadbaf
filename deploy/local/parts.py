"""The parts of one machine: what each process is started with, and how it is known to serve."""

import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import asyncpg

from deploy.local import certs, mosquitto, nats
from deploy.local.certs import Certificates
from deploy.local.ports import Ports
from deploy.local.postgres import Cluster
from deploy.local.secrets import Secrets
from deploy.local.seed import Canary, Seeded
from deploy.local.supervisor import Part, answers
from deploy.local.web import DIST, ROOT

Kind = Literal["nats", "mosquitto"]

DATABASE = "yinling"
SERVICES = {
    "devices-1": ("services.devices.main", "--worker", "1"),
    "devices-2": ("services.devices.main", "--worker", "2"),
    "presence": ("services.devices.main", "--presence"),
    "dispatch": ("services.dispatch.main",),
    "gateway": ("services.gateway.main",),
    "watch": ("services.watch.main",),
}
SECOND = {"dispatch-2": SERVICES["dispatch"], "gateway-2": SERVICES["gateway"]}
ROOMY = {"max_connections": "160"}
"""Of the database, with two of each."""
SEAL_HEADS = "seal-heads.jsonl"
ADAPTERS = "adapters.toml"
"""In the data folder: payload families that are described and not programmed (docs/adapters.md)."""


@dataclass(frozen=True)
class Wish:
    """What the caller asked for. `postgres` and `mosquitto` are outside servers to use instead of our own."""

    folder: Path
    host: str = "127.0.0.1"
    ports: Ports = field(default_factory=Ports)
    homes: int = 300
    seed: int = 1
    quiet: bool = False
    postgres: str | None = None
    mosquitto: str | None = None
    broker: Kind = "nats"
    tls: bool = False
    two: bool = False
    """Two of each service and two brokers; the services have two of devices in any case."""

    @property
    def kind(self) -> Kind:
        """Which broker it will be; an outside one is a Mosquitto."""
        return "mosquitto" if self.mosquitto else self.broker

    @property
    def certificates(self) -> Certificates:
        """Where the certificates are kept."""
        return Certificates(self.folder / "certs")

    def front(self) -> tuple[str, int]:
        """Where devices find the broker."""
        if self.mosquitto is None:
            return self.host, self.ports.mqtt
        host, _, port = self.mosquitto.partition(":")
        return host, int(port or 1883)

    def back(self) -> tuple[str, int]:
        """Where the services find it: the embedded Mosquitto has a listener for them alone."""
        own = self.broker == "mosquitto" and self.mosquitto is None
        return ("127.0.0.1", self.ports.mqtt_services) if own else self.front()


def postgres(wish: Wish, it: Cluster, url: str) -> Part:
    """The embedded database."""

    async def probe() -> bool:
        try:
            await (await asyncpg.connect(url, timeout=1)).close()
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        return True

    command = it.command(wish.ports.postgres, ROOMY if wish.two else None)
    return Part("postgres", command, {}, it.user, signal.SIGINT, probe, Path("/"))


def brokers(wish: Wish, secrets: Secrets, seeded: Seeded) -> list[Part]:
    """The embedded broker, or both."""
    if wish.tls:
        certs.make(wish.certificates.folder, list(dict.fromkeys((wish.host, *certs.HOSTS))))
    ports = wish.ports
    if wish.kind != "nats":
        return [_listening("broker", _mosquitto(wish, secrets, seeded), ports.mqtt)]
    first = _listening("broker", _nats(wish, secrets, "nats", ports.mqtt, ports.nats), ports.mqtt)
    if not wish.two:
        return [first]
    return [first, _listening("broker-2", _nats(wish, secrets, "nats-2", ports.mqtt_2, ports.nats_2), ports.mqtt_2)]


def _listening(name: str, command: list[str], port: int) -> Part:
    return Part(name, command, probe=lambda: answers("127.0.0.1", port))


def _nats(wish: Wish, secrets: Secrets, folder: str, mqtt_port: int, client_port: int) -> list[str]:
    it = wish.certificates
    config = nats.write_config(
        wish.folder / folder, mqtt_port=mqtt_port, client_port=client_port, mqtt_password=secrets.mqtt,
        nats_password=secrets.nats, issuer_seed=secrets.issuer_seed, mqtt_host=wish.host,
        tls=nats.Tls(*it.broker, it.authority) if wish.tls else None,
    )  # fmt: skip
    return nats.command(config)


def _mosquitto(wish: Wish, secrets: Secrets, seeded: Seeded) -> list[str]:
    folder = wish.folder / "mosquitto"
    mosquitto.admit(folder, seeded, secrets.mqtt)
    config = mosquitto.write_config(
        folder, host=wish.host, port=wish.ports.mqtt, service_port=wish.ports.mqtt_services,
        tls=wish.certificates if wish.tls else None,
    )  # fmt: skip
    return mosquitto.command(config)


def services(wish: Wish, secrets: Secrets, databases: Mapping[str, str], canary: Canary) -> list[Part]:
    """Every process of ours, with `databases` by role."""
    whole = _environment(wish, secrets, databases)
    mine: dict[str, dict[str, object]] = {
        "watch": _as_a_device(wish, canary), "dispatch-2": {"dispatch_port": wish.ports.dispatch_2},
        "gateway-2": {"gateway_port": wish.ports.http_2},
    }  # fmt: skip
    return [
        Part(name, (sys.executable, "-m", *command), _named(whole | mine.get(name, {})), directory=ROOT)
        for name, command in (SERVICES | (SECOND if wish.two else {})).items()
    ]


def _named(settings: Mapping[str, object]) -> dict[str, str]:
    return {f"YINLING_{name.upper()}": str(value) for name, value in settings.items()}


def _environment(wish: Wish, secrets: Secrets, databases: Mapping[str, str]) -> dict[str, object]:
    named: dict[str, object] = {
        **{f"{role}_database": databases[role] for role in ("devices", "dispatch", "gateway", "watch")},
        **_at_the_broker(wish, secrets),
        **_doors(wish),
        **(_twice(wish) if wish.two else {}),
        **_telephones(wish, secrets),
        "service_secret": secrets.service,
        "device_key": secrets.device,
        "field_keys": secrets.fields,
        "search_key": secrets.search,
        "web_root": DIST,
        "seal_heads": wish.folder / SEAL_HEADS,
        "demo": "true",
    }
    adapters = wish.folder / ADAPTERS
    return named | ({"adapters_file": adapters} if adapters.exists() else {})


def _at_the_broker(wish: Wish, secrets: Secrets) -> dict[str, object]:
    host, port = wish.back()
    encrypted = wish.tls and wish.kind == "nats"
    return {
        "broker": wish.kind,
        "mqtt_host": host,
        "mqtt_port": port,
        "mqtt_password": secrets.mqtt,
        "nats_url": f"nats://127.0.0.1:{wish.ports.nats}",
        "nats_password": secrets.nats,
        "nats_issuer_seed": secrets.issuer_seed,
        **({"tls_ca": wish.certificates.authority} if encrypted else {}),
    }


def _as_a_device(wish: Wish, canary: Canary) -> dict[str, object]:
    """The canary of the watch comes in by the front door."""
    host, port = wish.front()
    return {
        "mqtt_host": host,
        "mqtt_port": port,
        "canaries": json.dumps([canary.county]),
        "canary_secret": canary.secret,
        **({"tls_ca": wish.certificates.authority} if wish.tls else {}),
    }


def _doors(wish: Wish) -> dict[str, object]:
    devices = [wish.ports.devices, wish.ports.devices_2]
    return {
        "devices_urls": json.dumps([f"http://127.0.0.1:{port}" for port in devices]),
        "devices_ports": json.dumps(devices),
        "dispatch_url": f"http://127.0.0.1:{wish.ports.dispatch}",
        "dispatch_port": wish.ports.dispatch,
        "gateway_url": f"http://{wish.host}:{wish.ports.http}",
        "gateway_host": wish.host,
        "gateway_port": wish.ports.http,
    }


def _twice(wish: Wish) -> dict[str, object]:
    """Where the second ones are."""
    host, _ = wish.back()
    return {
        "mqtt_also": json.dumps([f"{host}:{wish.ports.mqtt_2}"]),
        "nats_also": json.dumps([f"nats://127.0.0.1:{wish.ports.nats_2}"]),
        "dispatch_also": json.dumps([f"http://127.0.0.1:{wish.ports.dispatch_2}"]),
        "gateway_also": json.dumps([f"http://{wish.host}:{wish.ports.http_2}"]),
    }


def _telephones(wish: Wish, secrets: Secrets) -> dict[str, object]:
    """Texts, calls and pushes end on the demo's own exchange."""
    host = f"{wish.host}:{wish.ports.exchange}"
    return {
        "channel_sms": f"http://{host}/sms",
        "channel_voice": f"http://{host}/calls",
        "channel_push": f"json://{host}/push/{{id}}",
        "channel_secret": secrets.channel,
    }


def simulators(wish: Wish) -> Part:
    """The synthetic county's people, their button page and their telephones."""
    quiet = ("--quiet",) if wish.quiet else ()
    command = (
        sys.executable, "-m", "simulators.main", "--demo", str(wish.folder / "demo.json"), "--host", wish.host,
        "--port", str(wish.ports.page), "--exchange-port", str(wish.ports.exchange), *quiet,
    )  # fmt: skip
    return Part("simulators", command, directory=ROOT)
