"""`./yinling up`: everything on one machine, from an empty folder to a ringing desk."""

import asyncio
import fcntl
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from deploy.local import nats
from deploy.local.migrate import bootstrap, migrate
from deploy.local.ports import Ports, choose
from deploy.local.postgres import PostgresUnavailableError, cluster, initialise
from deploy.local.secrets import Secrets, kept
from deploy.local.seed import Seeded, seed, write_demo
from deploy.local.supervisor import Part, PartFailedError, Supervisor, answers
from deploy.local.web import DIST, ROOT, WebBuildError

DATABASE = "yinling"
SERVICES = {
    "devices-1": ("services.devices.main", "--worker", "1"),
    "devices-2": ("services.devices.main", "--worker", "2"),
    "dispatch": ("services.dispatch.main",),
    "gateway": ("services.gateway.main",),
    "watch": ("services.watch.main",),
}


@dataclass(frozen=True)
class Wish:
    """What the caller asked for. `postgres` and `mqtt` are outside servers to use instead of the embedded ones."""

    folder: Path
    host: str = "127.0.0.1"
    ports: Ports = field(default_factory=Ports)
    homes: int = 300
    seed: int = 1
    quiet: bool = False
    postgres: str | None = None
    mosquitto: str | None = None


@dataclass(frozen=True)
class Running:
    """An instance that serves."""

    folder: Path
    http: str
    page: str
    mqtt: Mapping[str, object]
    ports: Ports
    moved: tuple[str, ...]
    seeded: Seeded


class BusyFolderError(Exception):
    """Another instance runs on this data folder."""


FAULTS = (
    PostgresUnavailableError, nats.NatsUnavailableError, PartFailedError, BusyFolderError, WebBuildError,
    asyncpg.PostgresError, OSError,
)  # fmt: skip
"""What can go wrong on the way up; the texts are for people."""


@asynccontextmanager
async def running(wish: Wish, say: Callable[[str], None]) -> AsyncIterator[Running]:
    """Start everything, hand over the addresses, and end everything that was started."""
    folder = wish.folder
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        secrets = kept(folder)
        supervisor = Supervisor(folder, lambda name, what: say(f"{name}: {what}"))
        try:
            async with _in_turn():
                ports, moved = choose(wish.ports, wish.host)
                it = await _start(replace(wish, ports=ports), secrets, supervisor, tuple(moved), say)
            yield it
        finally:
            await supervisor.stop()


async def _start(
    wish: Wish, secrets: Secrets, supervisor: Supervisor, moved: tuple[str, ...], say: Callable[[str], None]
) -> Running:
    say("starting PostgreSQL 启动数据库")
    admin = wish.postgres or await _postgres(wish, secrets, supervisor)
    await bootstrap(admin, DATABASE, secrets.roles)
    addresses = _addresses(admin, secrets)
    await asyncio.to_thread(migrate, addresses["owner"])
    say("loading the county 载入会昌县")
    seeded = await seed(addresses["owner"], wish.folder, datetime.now(UTC), number=wish.seed, homes=wish.homes)
    say("starting the broker and the services 启动服务")
    if wish.mosquitto is None:
        await supervisor.start(_nats(wish, secrets))
    environment = _environment(wish, secrets, addresses)
    await supervisor.start(*(_service(name, command, environment) for name, command in SERVICES.items()))
    it = _running(wish, seeded, moved)
    write_demo(
        wish.folder / "demo.json", {"http": it.http, "ws": it.http.replace("http", "ws", 1) + "/ws", "mqtt": it.mqtt},
        seeded.county, seeded.secrets,
    )  # fmt: skip
    await supervisor.start(_simulators(wish))
    return it


async def _postgres(wish: Wish, secrets: Secrets, supervisor: Supervisor) -> str:
    it = cluster(wish.folder / "postgres")
    await asyncio.to_thread(initialise, it, secrets.admin)
    url = f"postgresql://postgres:{secrets.admin}@127.0.0.1:{wish.ports.postgres}/postgres"

    async def probe() -> bool:
        try:
            await (await asyncpg.connect(url, timeout=1)).close()
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        return True

    part = Part(
        "postgres", it.command(wish.ports.postgres), {}, it.user, signal.SIGINT, probe, Path("/")
    )  # fmt: skip
    await supervisor.start(part)
    return url


def _addresses(admin: str, secrets: Secrets) -> dict[str, str]:
    server = admin.split("@", 1)[1].split("/", 1)[0]
    return {role: f"postgresql://yl_{role}:{word}@{server}/{DATABASE}" for role, word in secrets.roles.items()}


def _nats(wish: Wish, secrets: Secrets) -> Part:
    config = nats.write_config(
        wish.folder / "nats", mqtt_port=wish.ports.mqtt, client_port=wish.ports.nats, mqtt_password=secrets.mqtt,
        nats_password=secrets.nats, issuer_seed=secrets.issuer_seed, mqtt_host=wish.host,
    )  # fmt: skip
    return Part("broker", nats.command(config), probe=lambda: answers("127.0.0.1", wish.ports.mqtt))


def _environment(wish: Wish, secrets: Secrets, addresses: Mapping[str, str]) -> dict[str, str]:
    host, port = _broker(wish)
    named = {
        **{f"{role}_database": addresses[role] for role in ("devices", "dispatch", "gateway", "watch")},
        "broker": "mosquitto" if wish.mosquitto else "nats",
        "mqtt_host": host,
        "mqtt_port": port,
        "mqtt_password": secrets.mqtt,
        "nats_url": f"nats://127.0.0.1:{wish.ports.nats}",
        "nats_password": secrets.nats,
        "nats_issuer_seed": secrets.issuer_seed,
        "service_secret": secrets.service,
        "dispatch_url": f"http://127.0.0.1:{wish.ports.dispatch}",
        "dispatch_port": wish.ports.dispatch,
        "gateway_host": wish.host,
        "gateway_port": wish.ports.http,
        "web_root": DIST,
        "demo": "true",
    }
    return {f"YINLING_{name.upper()}": str(value) for name, value in named.items()}


def _broker(wish: Wish) -> tuple[str, int]:
    if wish.mosquitto is None:
        return wish.host, wish.ports.mqtt
    host, _, port = wish.mosquitto.partition(":")
    return host, int(port or 1883)


def _service(name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> Part:
    return Part(name, (sys.executable, "-m", *command), environment, directory=ROOT)


def _simulators(wish: Wish) -> Part:
    quiet = ("--quiet",) if wish.quiet else ()
    command = (
        sys.executable, "-m", "simulators.main", "--demo", str(wish.folder / "demo.json"), "--host", wish.host,
        "--port", str(wish.ports.page), *quiet,
    )  # fmt: skip
    return Part("simulators", command, directory=ROOT)


def _running(wish: Wish, seeded: Seeded, moved: tuple[str, ...]) -> Running:
    host, port = _broker(wish)
    return Running(
        wish.folder, f"http://{wish.host}:{wish.ports.http}", f"http://{wish.host}:{wish.ports.page}",
        {"host": host, "port": port}, wish.ports, moved, seeded,
    )  # fmt: skip


@asynccontextmanager
async def _in_turn() -> AsyncIterator[None]:
    """One instance starts at a time, so that none takes a port another has just found free."""
    path = Path(tempfile.gettempdir()) / f"yinling-starting-{os.geteuid()}"
    with path.open("a") as turn:
        await asyncio.to_thread(fcntl.flock, turn, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"{folder} is in use by another instance 数据目录正在使用"
            raise BusyFolderError(message) from None
        yield


def default_folder() -> Path:
    """`data/` in the checkout; where root's PostgreSQL user can't enter that, a folder of its own."""
    folder = ROOT / "data"
    if os.geteuid() == 0 and any(not p.stat().st_mode & 0o001 for p in ROOT.parents):
        return Path("/var/lib/yinling") / ROOT.name
    return folder


async def until_told() -> None:
    """Wait for SIGINT or SIGTERM."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()


def ready_line(it: Running) -> str:
    """The one line on standard output."""
    return json.dumps({"ready": True, "http": it.http, "page": it.page, "mqtt": it.mqtt, "ports": asdict(it.ports)})
