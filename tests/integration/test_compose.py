"""The server of docker-compose.yml without its containers.

No engine runs here. The file itself is checked against what we know of it, and then EVERY command that it names is
started, in its order and with its environment, against a PostgreSQL and a Mosquitto of this machine; only names of
hosts, ports and folders are rewritten. Then one press goes all the way. nginx takes part where it is installed.
"""

import asyncio
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import httpx
import orjson
import pytest
import websockets
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints
from typer.testing import CliRunner
from websockets import Origin, Subprotocol

from deploy.local.postgres import Cluster, cluster, initialise
from deploy.local.server import server
from shared.contracts.console import SUBPROTOCOL
from shared.runtime.mqtt import Broker, session
from tests.brokers import MOSQUITTO, alarm, receipts, until, up
from tests.conftest import free_port

ROOT = Path(__file__).parents[2]
FILE = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
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


def test_nobody_is_root_or_may_write_or_gain_rights() -> None:
    """The model above says most of it; here is what takes two fields."""
    for name, service in plain().services.items():
        assert not service.user.startswith(("0", "root")), name
        assert re.search(r":[0-9$]", service.image), f"{name}: an image without a version"
        assert service.cap_drop == ["ALL"], name
        assert service.security_opt == ["no-new-privileges:true"], name
        assert (service.restart == "no") == (service.healthcheck is None), f"{name}: who stays tells its health"


def test_the_file_names_only_what_is_there() -> None:
    """Networks, volumes, secrets, services, and host paths of configuration only, read-only."""
    it = plain()
    for name, service in it.services.items():
        assert set(service.networks) <= set(it.networks), name
        assert set(service.depends_on) <= set(it.services), name
        assert set(service.secrets) <= set(it.secrets), name
        for volume in service.volumes:
            if isinstance(volume, str) and volume.startswith((".", "/")):
                assert volume.startswith("./deploy/"), volume
                assert volume.endswith(":ro"), volume
                assert (ROOT / volume.split(":")[0]).is_file(), volume
        assert {source for source, _ in service.mounts() if not source.startswith(".")} <= set(it.volumes), name
        for other, wait in service.depends_on.items():
            assert not wait.required or set(it.services[other].profiles) <= set(service.profiles), f"{name} → {other}"


def test_only_the_proxy_and_the_button_page_are_reached_from_outside() -> None:
    """Devices, the core and the consoles have networks of their own without a road out."""
    it = plain()
    assert {name for name, network in it.networks.items() if not network.internal} == {"edge"}
    assert {name for name, s in it.services.items() if s.ports or "edge" in s.networks} == {"proxy", "simulators"}
    assert all(port.startswith("127.0.0.1:") for port in it.services["simulators"].ports)
    assert it.services["postgres"].networks == ["core"]
    assert "core" not in it.services["proxy"].networks


def test_no_secret_has_a_default(tmp_path: Path) -> None:
    """What is secret is asked for, is made by `server secrets`, and is refused when it can be guessed."""
    asked = {match["name"]: match["how"] for match in ANSWER.finditer(FILE)}
    secret = {name for name in asked if name.endswith(("_PASSWORD", "_SECRET"))}
    assert all(asked[name] == ":?" for name in secret)
    for service in plain().services.values():
        for name, value in service.environment.items():
            assert not name.endswith(("_PASSWORD", "_SECRET", "_DATABASE")) or ":?" in value, name
    with pytest.raises(KeyError):
        answered(FILE, {})
    assert set(made_secrets(tmp_path)) == secret
    first = (tmp_path / ".env").read_text("utf-8")
    made_secrets(tmp_path)
    assert (tmp_path / ".env").read_text("utf-8") == first, "what is there stays"
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_a_guessable_secret_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    environment = {
        name: re.sub(r"\$\{[^}]*\}", "please-change-me-please-change-me", value)
        for name, value in plain().services["migrate"].environment.items()
    } | {"YINLING_BROKER_FOLDER": str(tmp_path)}
    done = CliRunner().invoke(server, ["migrate"], env=environment)
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "YINLING_SERVICE_SECRET" in done.output
    assert "please" not in done.output


def test_the_image_is_made_of_pinned_parts_and_runs_as_nobody_special() -> None:
    """Two stages, hashes checked, no registry named, only files that exist."""
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    assert "--require-hashes -r requirements/run.txt" in DOCKERFILE
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert not re.search(r"https?://|index-url|--registry", DOCKERFILE)
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
    pinned = (ROOT / "requirements" / "run.txt").read_text("utf-8")
    [dropped] = re.findall(r"pip uninstall -y (.+) pip$", DOCKERFILE, re.MULTILINE)
    assert all(f"\n{package}==" in f"\n{pinned}" for package in dropped.split())


def test_mosquitto_keeps_sessions_and_drops_nothing() -> None:
    """The queue caps are off, the sessions outlive a restart, nobody is anonymous."""
    lines = dict(
        line.split(" ", 1)
        for line in (ROOT / "deploy" / "mosquitto" / "mosquitto.conf").read_text("utf-8").splitlines()
        if line and not line.startswith(("#", "listener", "log_type"))
    )
    assert lines["persistence"] == "true"
    assert lines["autosave_interval"] == "1"
    assert lines["persistent_client_expiration"] == "30d"
    assert (lines["max_queued_messages"], lines["max_queued_bytes"]) == ("0", "0")
    assert lines["allow_anonymous"] == "false"
    assert {"password_file", "acl_file"} <= set(lines)


def test_the_proxy_outwaits_the_consoles_and_the_devices() -> None:
    """A console is silent for at most a ping, a device for at most one and a half keep-alives."""
    text = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text("utf-8")
    assert all(int(s) >= 75 for s in re.findall(r"proxy_(?:read|send)_timeout (\d+)s;", text))
    assert len(re.findall(r"proxy_(?:read|send)_timeout", text)) == 2
    assert int(re.findall(r"proxy_timeout (\d+)m;", text)[0]) * 60 > 1.5 * 1800
    assert "http2 on;" in text
    assert "Strict-Transport-Security" in text


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
        self.file = read(answered(FILE, {**self.secrets, "YINLING_DEMO_HOMES": "24"}))
        for name, value in {"postgres": "5432", "broker": "1883 1884", "dispatch": "8602", "gateway": "8600",
                            "simulators": "8601", "proxy": "8080 8443 8883"}.items():  # fmt: skip
            assert name in self.file.services
            self.ports |= {port: free_port() for port in value.split()}

    def here(self, name: str, text: str) -> str:
        """A value of the file as it reads on this machine."""
        port = rf"({'|'.join(self.ports)})(?![\w-])"
        text = re.sub(rf"(?<=[/@ ])(?:{'|'.join(self.file.services)})(?=:{port})", "127.0.0.1", text)
        text = re.sub(rf"(?<![\w-]){port}", lambda match: str(self.ports[match[1]]), text)
        for source, target in self.file.services[name].mounts():
            ours = self.folder / (f"{name}.conf" if source.startswith(".") else source)
            text = text.replace(target, str(ours))
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
        (self.folder / "broker.conf").write_text(mosquitto + root, "utf-8")
        if NGINX:
            (self.folder / "proxy.conf").write_text(self._nginx(Path(NGINX)), "utf-8")
        for made, named in (("tls.crt", "tls_certificate"), ("tls.key", "tls_key")):
            shutil.copy(self.folder / "secrets" / made, self.folder / "secrets" / named)

    def _nginx(self, program: Path) -> str:
        text = self.here("proxy", (ROOT / "deploy/proxy/nginx.conf").read_text("utf-8"))
        text = text.replace("listen ", "listen 127.0.0.1:").replace("/tmp/", f"{self.folder}/nginx-")  # noqa: S108
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


@pytest.mark.timeout(120)
async def test_every_command_of_the_file_together_answer_one_press(tmp_path_factory: pytest.TempPathFactory) -> None:
    """From MQTT under a seeded device's credential to the desk's list, through what the file starts and nothing else."""
    if not Path(MOSQUITTO).exists():
        pytest.skip("mosquitto is not installed; ./yinling test installs it")
    folder = tmp_path_factory.mktemp("house")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)  # PostgreSQL runs as another user
    async with house(folder) as it:
        demo = orjson.loads((folder / "demo" / "demo.json").read_bytes())
        await pressed_and_shown(it, demo)
        await started_again(it)
        if NGINX:
            await through_the_proxy(it, demo)
        dead = {name for name, process in it.running.items() if process.poll() not in {None, 0}}
        assert not dead, [it.last_words(name) for name in dead]


async def pressed_and_shown(it: House, demo: dict[str, Any]) -> None:
    """MQTT, receipt, incident, and every part well."""
    device = demo["devices"][0]
    broker = Broker("127.0.0.1", it.ports["1883"], device["id"], device["secret"])
    async with session(broker, topics=[f"yl/v1/{device['county']}/{device['id']}/down/receipt"]) as link:
        await link.publish(up(device["id"], device["county"]), alarm(device["id"]))
        [receipt] = await receipts(link)
    assert (receipt["eid"], receipt["stage"]) == (f"{device['id']}:1:1", "recorded")
    async with httpx.AsyncClient(base_url=demo["http"], trust_env=False) as client:
        headers = await log_in(client)

        async def shown() -> list[str | None]:
            rows = await client.get("/api/v1/incidents?limit=200", headers=headers)
            return [row["device"] for row in rows.json()["items"]]

        await until(shown, lambda devices: device["id"] in devices)
        assert (await client.get("/api/v1/status")).json()["ok"] is True


async def log_in(client: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a session of the county's supervisor."""
    reply = await client.post("/api/v1/sessions", json={"username": "sup-county", "password": "yinling"})
    assert reply.status_code == 201, reply.text
    return {"authorization": f"Bearer {reply.json()['token']}"}


async def started_again(it: House) -> None:
    """`migrate` and `seed` run at every start and leave the devices admitted."""
    known = (it.folder / "broker" / "passwords").read_text("utf-8").splitlines()
    for name in ("migrate", "seed"):
        it.spawn(name)
        await it.reached(name, "service_completed_successfully")
        now = (it.folder / "broker" / "passwords").read_text("utf-8").splitlines()
        assert {line.split(":")[0] for line in now} == {line.split(":")[0] for line in known}


async def through_the_proxy(it: House, demo: dict[str, Any]) -> None:
    """HTTPS with HSTS, the cookie marked secure, and a socket that says welcome."""
    base = f"https://127.0.0.1:{it.ports['8443']}"
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    async with httpx.AsyncClient(base_url=base, verify=trusting, trust_env=False) as client:
        account = demo["accounts"][0]
        login = {"username": account["username"], "password": account["password"]}
        reply = await client.post("/api/v1/sessions", json=login)
        assert reply.status_code == 201
        assert "max-age" in reply.headers["strict-transport-security"]
        assert "secure" in reply.headers["set-cookie"].lower()
    address = base.replace("https", "wss") + "/ws"
    console = websockets.connect(
        address, ssl=trusting, subprotocols=[Subprotocol(SUBPROTOCOL)], origin=Origin(base), proxy=None
    )  # fmt: skip
    async with console as open_console:
        await open_console.send(orjson.dumps({"t": "hello", "v": 1, "token": reply.json()["token"]}).decode())
        assert orjson.loads(await open_console.recv())["t"] == "welcome"
    _, writer = await asyncio.open_connection("127.0.0.1", it.ports["8883"], ssl=trusting)
    assert writer.get_extra_info("cipher")
    writer.close()
