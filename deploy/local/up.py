"""`./yinling up`: everything on one machine, from an empty folder to a ringing desk."""

import asyncio
import fcntl
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from deploy.local import parts
from deploy.local.certs import CertificateError
from deploy.local.migrate import bootstrap, migrate
from deploy.local.mosquitto import MosquittoUnavailableError
from deploy.local.nats import NatsUnavailableError
from deploy.local.parts import Wish
from deploy.local.ports import Ports, choose
from deploy.local.postgres import PostgresUnavailableError, cluster, initialise
from deploy.local.roads import load_synthetic
from deploy.local.sealing import seal
from deploy.local.secrets import Secrets, kept
from deploy.local.seed import Seeded, seed, write_demo
from deploy.local.shapes import load_synthetic as load_shapes
from deploy.local.supervisor import PartFailedError, Supervisor
from deploy.local.web import ROOT, WebBuildError
from shared.contracts.channels import REPORTS
from shared.runtime.sealed import Fields
from simulators.places import COUNTY


@dataclass(frozen=True)
class Running:
    """An instance that serves."""

    folder: Path
    http: str
    page: str
    phones: str
    mqtt: Mapping[str, object]
    ports: Ports
    moved: tuple[str, ...]
    seeded: Seeded


class BusyFolderError(Exception):
    """Another instance runs on this data folder."""


FAULTS = (
    PostgresUnavailableError, NatsUnavailableError, MosquittoUnavailableError, CertificateError, PartFailedError,
    BusyFolderError, WebBuildError, asyncpg.PostgresError, OSError,
)  # fmt: skip
"""What can go wrong on the way up; the texts are for people."""


@asynccontextmanager
async def running(wish: Wish, say: Callable[[str], None]) -> AsyncIterator[Running]:
    """Start everything, hand over the addresses, and end everything that was started."""
    folder = wish.folder
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


@asynccontextmanager
async def database_alone(folder: Path) -> AsyncIterator[str]:
    """The database of a folder and nothing else of it; its superuser's address. BusyFolderError while it is in use."""
    with _alone(folder):
        supervisor = Supervisor(folder, lambda _, __: None)
        try:
            async with _in_turn():
                ports, _ = choose(Ports(), "127.0.0.1")
                admin = await _postgres(Wish(folder, ports=ports), kept(folder), supervisor)
            yield admin
        finally:
            await supervisor.stop()


async def _start(
    wish: Wish, secrets: Secrets, supervisor: Supervisor, moved: tuple[str, ...], say: Callable[[str], None]
) -> Running:
    say("starting PostgreSQL 启动数据库")
    admin = wish.postgres or await _postgres(wish, secrets, supervisor)
    await bootstrap(admin, parts.DATABASE, secrets.roles)
    databases = addresses(admin, secrets)
    await asyncio.to_thread(migrate, databases["owner"])
    fields = Fields(secrets.fields, secrets.search)
    await seal(databases["owner"], fields)
    say("loading the county 载入会昌县")
    seeded = await seed(
        databases["owner"], wish.folder, datetime.now(UTC), number=wish.seed, homes=wish.homes,
        device_key=secrets.device, canary_secret=secrets.canary, fields=fields,
    )  # fmt: skip
    for load in (load_synthetic, load_shapes):
        await load(databases["owner"], COUNTY, datetime.now(UTC))
    say("starting the broker and the services 启动服务")
    if wish.mosquitto is None:
        await supervisor.start(*parts.brokers(wish, secrets, seeded))
    await supervisor.start(*parts.services(wish, secrets, databases, seeded.canary))
    it = _running(wish, seeded, moved)
    write_demo(
        wish.folder / "demo.json", {
            "http": it.http, "ws": it.http.replace("http", "ws", 1) + "/ws", "mqtt": it.mqtt,
            "exchange": {"page": it.phones, "secret": secrets.channel, "reports": it.http + REPORTS},
            **({"also": _also(wish)} if wish.two else {}),
        }, seeded.county, seeded.secrets,
    )  # fmt: skip
    await supervisor.start(parts.simulators(wish))
    return it


async def _postgres(wish: Wish, secrets: Secrets, supervisor: Supervisor) -> str:
    it = cluster(wish.folder / "postgres")
    await asyncio.to_thread(initialise, it, secrets.admin)
    url = f"postgresql://postgres:{secrets.admin}@127.0.0.1:{wish.ports.postgres}/postgres"
    await supervisor.start(parts.postgres(wish, it, url))
    return url


def addresses(admin: str, secrets: Secrets) -> dict[str, str]:
    """The database's address by role, on the server that `admin` leads to."""
    server = admin.split("@", 1)[1].split("/", 1)[0]
    return {role: f"postgresql://yl_{role}:{word}@{server}/{parts.DATABASE}" for role, word in secrets.roles.items()}


def _running(wish: Wish, seeded: Seeded, moved: tuple[str, ...]) -> Running:
    host, port = wish.front()
    http, page, phones = (f"http://{wish.host}:{n}" for n in (wish.ports.http, wish.ports.page, wish.ports.exchange))
    return Running(
        wish.folder, http, page, phones,
        {"host": host, "port": port, **_encrypted(wish)}, wish.ports, moved, seeded,
    )  # fmt: skip


def _also(wish: Wish) -> dict[str, object]:
    """The second gateway and the second broker."""
    http = f"http://{wish.host}:{wish.ports.http_2}"
    at = {"host": wish.host, "port": wish.ports.mqtt_2, **_encrypted(wish)}
    return {"http": http, "ws": http.replace("http", "ws", 1) + "/ws", "mqtt": at}


def _encrypted(wish: Wish) -> dict[str, object]:
    return {"tls": True, "ca": str(wish.certificates.authority)} if wish.tls else {}


@asynccontextmanager
async def _in_turn() -> AsyncIterator[None]:
    """One instance starts at a time, so that none takes a port another has just found free."""
    path = Path(tempfile.gettempdir()) / f"yinling-starting-{os.geteuid()}"
    with path.open("a") as turn:
        await asyncio.to_thread(fcntl.flock, turn, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
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
    return json.dumps(
        {
            "ready": True,
            "http": it.http,
            "page": it.page,
            "phones": it.phones,
            "mqtt": it.mqtt,
            "ports": asdict(it.ports),
        }
    )
