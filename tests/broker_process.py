"""A real broker as a process: nats-server with its authority inside devices, or Mosquitto with dynamic security."""

import asyncio
import os
import select
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from deploy.local import nats
from deploy.local.certs import Certificates
from deploy.mosquitto.provision import provision
from services.devices.authority.mosquitto import MosquittoAuthority
from shared.runtime.clock import SystemClock
from shared.runtime.database import Database
from shared.runtime.mqtt import Broker
from shared.runtime.settings import Settings
from tests.conftest import free_port

MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
PLUGIN = next(
    (str(path) for path in sorted(Path("/usr/lib").glob("**/mosquitto_dynamic_security.so"))),
    "/usr/lib/mosquitto_dynamic_security.so",
)
SERVICE = "test-service"
COUNTY = "360733"
CLOCK = SystemClock()
LOOKS = 500


CONFIG = """
allow_anonymous false
plugin {plugin}
plugin_opt_config_file {folder}/dynamic-security.json
listener {port} 127.0.0.1
use_username_as_clientid true
{tls}
listener {service_port} 127.0.0.1
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_inflight_messages 500
set_tcp_nodelay true
log_dest stderr
log_dest topic
log_type error
log_type warning
log_type notice
connection_messages true
{user}
"""


def secret_of(device: str) -> str:
    """A test device's secret."""
    return f"secret-of-{device}"


@dataclass
class RunningBroker:
    """A broker that a test may kill and start again."""

    kind: str
    folder: Path
    port: int
    service_port: int
    client_port: int
    seed: str
    process: "subprocess.Popen[bytes] | None" = None
    tls: Certificates | None = None
    mtls: bool = False

    def start(self) -> None:
        """Start and wait until it listens."""
        command = self._nats() if self.kind == "nats" else self._mosquitto()
        with (self.folder / "broker.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            for port in {self.port, self.service_port}:
                _listening(port)
        except TimeoutError as late:
            late.add_note((self.folder / "broker.log").read_text("utf-8", errors="replace")[-2000:])
            self.stop(signal.SIGKILL)
            raise

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; SIGKILL is how brokers die."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(10)
            self.process = None

    def settings(self, base: Settings) -> Settings:
        """Settings of a devices worker that uses this broker."""
        return base.model_copy(
            update={
                "broker": self.kind,
                "mqtt_port": self.service_port,
                "mqtt_password": type(base.mqtt_password)(SERVICE),
                "nats_url": f"nats://127.0.0.1:{self.client_port}",
                "nats_password": type(base.nats_password)(SERVICE),
                "nats_issuer_seed": type(base.nats_issuer_seed)(self.seed),
                **self._service_tls(),
            }
        )

    def _service_tls(self) -> dict[str, Path]:
        """NATS has one MQTT listener; Mosquitto's second one, for services, stays as it is."""
        if self.tls is None or self.kind == "mosquitto":
            return {}
        certificate, key = self.tls.service
        return {"tls_ca": self.tls.authority, "tls_cert": certificate, "tls_key": key}

    def address(self, device: str, secret: str | None = None) -> Broker:
        """The broker as this device sees it."""
        plain = Broker("127.0.0.1", self.port, device, secret or secret_of(device))
        if self.tls is None:
            return plain
        certificate, key = self.tls.device(device) if self.mtls else (None, None)
        return replace(plain, ca=self.tls.authority, cert=certificate, key=key)

    @property
    def service(self) -> Broker:
        """The broker as a service sees it: may publish anywhere."""
        return Broker("127.0.0.1", self.service_port, "devices", SERVICE)

    def admit(self, *devices: str, **hubs: str) -> None:
        """Let Mosquitto know devices, as the authority does; NATS asks the registry instead."""
        if self.kind != "mosquitto":
            return
        prefixes: dict[str, str | None] = {**dict.fromkeys(devices), **hubs}
        if self.process is None:
            self._files([(name, secret_of(name)) for name in prefixes], hubs)
        else:
            with ThreadPoolExecutor(1) as other:
                other.submit(asyncio.run, self._issue(prefixes)).result(20)

    async def _issue(self, prefixes: dict[str, str | None]) -> None:
        """In a loop of its own, since tests call it from within theirs."""
        authority = MosquittoAuthority(self.service, "test", Database("", name="none"), CLOCK)
        running = asyncio.create_task(authority.run())
        await authority.ready.wait()
        for name, prefix in prefixes.items():
            await authority.issue(name, COUNTY, secret_of(name), prefix)
        running.cancel()
        await asyncio.wait({running})

    def _files(self, devices: Sequence[tuple[str, str]] = (), hubs: Mapping[str, str] = MappingProxyType({})) -> None:
        counties = {name: COUNTY for name, _ in devices}
        provision(self.folder, devices, hubs=hubs, service_password=SERVICE, counties=counties)

    def _nats(self) -> list[str]:
        config = nats.write_config(
            self.folder, mqtt_port=self.port, client_port=self.client_port, mqtt_password=SERVICE,
            nats_password=SERVICE, issuer_seed=self.seed, ack_wait_s=2,
            tls=nats.Tls(*self.tls.broker, self.tls.authority, clients=self.mtls) if self.tls else None,
        )  # fmt: skip
        return nats.command(config)

    def _mosquitto(self) -> list[str]:
        self._files()
        user = "user root" if os.geteuid() == 0 else ""
        config = self.folder / "mosquitto.conf"
        config.write_text(
            CONFIG.format(
                folder=self.folder, port=self.port, service_port=self.service_port, user=user, plugin=PLUGIN,
                tls=self._mosquitto_tls(),
            ),
            "utf-8",
        )  # fmt: skip
        return [MOSQUITTO, "-c", str(config)]

    def _mosquitto_tls(self) -> str:
        if self.tls is None:
            return ""
        certificate, key = self.tls.broker
        lines = [f"cafile {self.tls.authority}", f"certfile {certificate}", f"keyfile {key}"]
        clients = ["require_certificate true", "use_identity_as_username true"] if self.mtls else []
        return "\n".join([*lines, *clients])


def _listening(port: int) -> None:
    for _ in range(LOOKS):
        with socket.socket() as probe:
            probe.settimeout(0.05)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        select.select([], [], [], 0.02)
    message = f"nothing listens on {port}"
    raise TimeoutError(message)


def running(kind: str, folder: Path, tls: Certificates | None = None, *, mtls: bool = False) -> RunningBroker:
    """Start a broker of this kind in the folder; with `mtls` devices must show certificates."""
    if kind == "mosquitto" and not Path(MOSQUITTO).exists():
        pytest.skip("mosquitto is not installed")
    port = free_port()
    service_port = port if kind == "nats" else free_port()
    it = RunningBroker(kind, folder, port, service_port, free_port(), nats.new_issuer_seed(), tls=tls, mtls=mtls)
    it.start()
    return it
