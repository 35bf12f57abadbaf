"""The services of docker-compose.yml as processes of one machine: what the file says, and how to start it here.

Only names of hosts, ports and folders are rewritten; order, commands and environment are the file's own.
"""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from typer.testing import CliRunner

from deploy.local.postgres import Cluster, cluster, initialise
from deploy.local.server import server
from tests.brokers import MOSQUITTO, PLUGIN, until
from tests.conftest import free_port

ROOT = Path(__file__).parents[1]
FILE = (ROOT / "docker-compose.yml").read_text("utf-8")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PORTS = ("5432", "1883", "1884", "8600", "8601", "8602", "8603", "8604", "8606", "8607", "8080",
         "8443", "8883")  # fmt: skip
"""Every port that the file and the configurations name; no two containers share one."""

DEMO = {"YINLING_DEMO": "true", "YINLING_DEMO_HOMES": "24", "YINLING_CANARIES": '["360733"]'}
"""What an operator writes beside the secrets."""

ANSWER = re.compile(r"\$\{(?P<name>\w+)(?:(?P<how>:-|:\?)(?P<rest>[^}]*))?\}")

Duration = Annotated[str, StringConstraints(pattern=r"^\d+s$")]
Text = Annotated[str, BeforeValidator(str)]


class Strict(BaseModel):
    """Only what we use; a typing mistake in the file is an error here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Build(Strict):
    """How an image of ours is made."""

    context: Literal["."]
    dockerfile: str


class Health(Strict):
    """When a container counts as well."""

    test: list[str]
    interval: Duration
    timeout: Duration
    start_period: Duration
    retries: int


class Await(Strict):
    """What must have happened before a container starts."""

    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]
    required: bool = True


class VolumeOptions(Strict):
    """Whether the image's files are copied into an empty volume."""

    nocopy: bool


class Mount(Strict):
    """A volume in the long form."""

    type: Literal["volume"]
    source: str
    target: str
    volume: VolumeOptions


class Logging(Strict):
    """Where the logs go and how much of them stays."""

    driver: Literal["json-file"]
    options: dict[str, str]


class Service(Strict):
    """One container."""

    image: str
    user: str
    read_only: Literal[True]
    cap_drop: list[Literal["ALL"]]
    security_opt: list[Literal["no-new-privileges:true"]]
    restart: Literal["no", "unless-stopped"]
    logging: Logging
    networks: list[str]
    tmpfs: list[str]
    build: Build | None = None
    entrypoint: list[str] = []
    command: list[str] = []
    environment: dict[str, Text] = {}
    profiles: list[Literal["demo"]] = []
    volumes: list[str | Mount] = []
    ports: list[str] = []
    secrets: list[str] = []
    depends_on: dict[str, Await] = {}
    healthcheck: Health | None = None
    shm_size: str | None = None
    stop_grace_period: Duration | None = None

    def mounts(self) -> Iterator[tuple[str, str]]:
        """Source and target of each volume."""
        for one in self.volumes:
            if isinstance(one, Mount):
                yield one.source, one.target
            else:
                source, target, *_ = one.split(":")
                yield source, target


class Network(Strict):
    """Who may talk to whom; an internal one has no road out."""

    internal: bool = False


class SecretFile(Strict):
    """A file given into a container."""

    file: str


class Compose(Strict):
    """docker-compose.yml."""

    name: str
    services: dict[str, Service]
    networks: dict[str, Network]
    volumes: dict[str, None]
    secrets: dict[str, SecretFile]


def read(text: str) -> Compose:
    """The file as values; our own anchors (`x-…`) have done their work."""
    whole: dict[str, Any] = yaml.safe_load(text)
    return Compose.model_validate({key: value for key, value in whole.items() if not key.startswith("x-")})


def answered(text: str, given: dict[str, str]) -> str:
    """The file with its questions answered as compose does; KeyError where an answer is required."""

    def answer(match: re.Match[str]) -> str:
        value = given.get(match["name"], "")
        if not value and match["how"] != ":-":
            raise KeyError(match["name"])
        return value or match["rest"]

    return ANSWER.sub(answer, text)


@cache
def plain() -> Compose:
    """The file as it is written."""
    return read(FILE)


def made_secrets(folder: Path) -> dict[str, str]:
    """What `./yinling server secrets` writes into the folder's .env."""
    done = CliRunner().invoke(server, ["secrets", "--into", str(folder)])
    assert done.exit_code == 0, done.output
    lines = (folder / ".env").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


@dataclass
class House:
    """The services of the file as processes of this machine."""

    folder: Path
    secrets: dict[str, str]
    ports: dict[str, int] = field(default_factory=dict)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Answer the file's questions and find a free port for every one it names."""
        self.file = read(answered(FILE, {**self.secrets, **DEMO}))
        self.ports = {port: free_port() for port in PORTS}

    def here(self, name: str, text: str) -> str:
        """A value of the file as it reads on this machine."""
        port = rf"({'|'.join(self.ports)})(?![\w-])"
        text = re.sub(rf"(?<=[/@ ])(?:{'|'.join(self.file.services)})(?=:{port})", "127.0.0.1", text)
        text = re.sub(rf"(?<![\w-]){port}", lambda match: str(self.ports[match[1]]), text)
        for source, target in self.file.services[name].mounts():
            rewritten = self.folder / (f"{name}.conf" if source.endswith(".conf") else source)
            text = text.replace(target, str(ROOT / source if source.endswith(".toml") else rewritten))
        return text.replace("0.0.0.0", "127.0.0.1").replace("/run/secrets/tls_", f"{self.folder}/secrets/tls_")  # noqa: S104

    def environment(self, name: str) -> dict[str, str]:
        """Nothing but what the file gives, and where programs are."""
        given = self.file.services[name].environment
        hosts = dict.fromkeys(self.file.services, "127.0.0.1")
        here = {key: hosts.get(value) or self.here(name, value) for key, value in given.items()}
        return {"PATH": os.environ["PATH"], **here}

    def command(self, name: str) -> list[str]:
        """The container's command with this machine's programs."""
        service = self.file.services[name]
        program, *rest = [self.here(name, part) for part in (*service.entrypoint, *service.command)]
        if name == "postgres":
            extra = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
            options = [part for key, value in extra.items() for part in ("-c", f"{key}={value}")]
            return [str(self.cluster.binaries / program), "-D", str(self.cluster.data), "-p", str(self.ports["5432"]),
                    *rest, *options]  # fmt: skip
        return [{"python": sys.executable, "mosquitto": MOSQUITTO, "nginx": NGINX or ""}[program], *rest]

    @property
    def cluster(self) -> Cluster:
        """The database's folder and user."""
        return cluster(self.folder / "postgres" / "data")

    def prepare(self) -> None:
        """What the images bring along: an initialised database, folders, configuration."""
        for name in self.file.volumes:
            (self.folder / name).mkdir(exist_ok=True)
        initialise(self.cluster, self.secrets["YINLING_ADMIN_PASSWORD"])
        root = "user root\n" if os.geteuid() == 0 else ""
        mosquitto = self.here("broker", (ROOT / "deploy/mosquitto/mosquitto.conf").read_text("utf-8"))
        mosquitto = re.sub(r"^(listener \d+)$", r"\1 127.0.0.1", mosquitto, flags=re.MULTILINE)
        mosquitto = re.sub(r"^plugin .+$", f"plugin {PLUGIN}", mosquitto, flags=re.MULTILINE)
        (self.folder / "broker.conf").write_text(mosquitto + root, "utf-8")
        if NGINX:
            (self.folder / "proxy.conf").write_text(self._nginx(Path(NGINX)), "utf-8")
        for made, named in (("tls.crt", "tls_certificate"), ("tls.key", "tls_key")):
            shutil.copy(self.folder / "secrets" / made, self.folder / "secrets" / named)

    def _nginx(self, program: Path) -> str:
        text = (ROOT / "deploy/proxy/nginx.conf").read_text("utf-8").replace("/tmp/", "scratch/")  # noqa: S108
        text = self.here("proxy", text).replace("scratch/", f"{self.folder}/nginx-")
        text = text.replace("listen ", "listen 127.0.0.1:")
        module = program.parents[1] / "lib/nginx/modules/ngx_stream_module.so"
        head = f"load_module {module};\n" if module.exists() else ""
        if re.search(r"/1\.(\d|1\d|2[0-4])\.", subprocess.run([program, "-v"], capture_output=True, text=True,
                                                             check=True).stderr):  # fmt: skip
            text = text.replace("http2 on;", "").replace(" ssl;", " ssl http2;", 1)  # as it was written before 1.25
        return head + ("user root;\n" if os.geteuid() == 0 else "") + text

    async def start(self) -> None:
        """Everything, each when what it waits for has happened."""
        waiting = dict(self.file.services)
        if not NGINX:
            self.left_out.add("proxy")
            del waiting["proxy"]
        while waiting:
            name = next(name for name, service in waiting.items() if not set(service.depends_on) & set(waiting))
            for other, wait in waiting.pop(name).depends_on.items():
                await self.reached(other, wait.condition)
            self.spawn(name)
        for name, service in self.file.services.items():
            if service.healthcheck and name not in self.left_out:
                await self.reached(name, "service_healthy")

    def spawn(self, name: str) -> None:
        """Start a command."""
        own = name == "postgres"
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.command(name), env=self.environment(name), cwd="/" if own else ROOT, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, user=self.cluster.user if own else None,
            )  # fmt: skip

    async def reached(self, name: str, condition: str) -> None:
        """Wait for a condition; a process that dies instead ends the wait with its last words."""

        async def look() -> bool:
            code = self.running[name].poll()
            if condition == "service_completed_successfully":
                assert code in {None, 0}, self.last_words(name)
                return code == 0
            assert code is None, self.last_words(name)
            return condition == "service_started" or await self.healthy(name)

        await until(look, within_s=30)

    async def healthy(self, name: str) -> bool:
        """What the container's own health check says."""
        check = self.file.services[name].healthcheck
        assert check is not None
        kind, program, *rest = [self.here(name, part) for part in check.test]
        assert kind == "CMD"
        if program == "nc":
            return await listening(rest[1], int(rest[2]))
        known = {"python": sys.executable, "pg_isready": str(self.cluster.binaries / "pg_isready")}
        if program == "pg_isready":
            rest += ["-p", str(self.ports["5432"])]
        asked = await asyncio.create_subprocess_exec(
            known.get(program, program), *rest, cwd=ROOT, env=self.environment(name),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return await asked.wait() == 0

    def last_words(self, name: str) -> str:
        """The end of a process's log."""
        return f"{name}: " + (self.folder / f"{name}.log").read_text("utf-8", errors="replace")[-3000:]

    def stop(self) -> None:
        """End everything, last started first."""
        for name, process in reversed(self.running.items()):
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


async def listening(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Everything that the file names, well and ended in the end."""
    it = House(folder, made_secrets(folder))
    it.prepare()
    try:
        await it.start()
        yield it
    finally:
        it.stop()
