"""Real parts for tests: one throw-away PostgreSQL a worker, a fresh database a test."""

import asyncio
import base64
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from deploy.local.migrate import ROLES, bootstrap, migrate
from deploy.local.ports import another
from deploy.local.postgres import THROW_AWAY, Cluster, cluster, initialise
from shared.runtime.sealed import Fields
from shared.runtime.settings import Settings

PASSWORDS = {role: f"test-{role}" for role in ROLES}


def free_port() -> int:
    """A loopback port that nobody holds at this moment."""
    return another(set())


KEY = base64.b64encode(bytes(32)).decode()
RING = Fields(f"1:{KEY}", KEY)
"""What seals words about people in the settings below, and in worlds that have none."""


@dataclass(frozen=True)
class Server:
    """A running test cluster with a migrated template database."""

    cluster: Cluster
    port: int

    @property
    def admin_url(self) -> str:
        """Superuser address."""
        return f"postgresql://postgres:test@127.0.0.1:{self.port}/postgres"

    def url(self, role: str, database: str) -> str:
        """Address of a database under a service's role."""
        return f"postgresql://yl_{role}:{PASSWORDS[role]}@127.0.0.1:{self.port}/{database}"


async def _answering(url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                connection = await asyncpg.connect(url, timeout=1)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                await asyncio.wait({asyncio.ensure_future(asyncio.Event().wait())}, timeout=0.05)
            else:
                await connection.close()
                return


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A cluster in memory where the machine has /dev/shm."""
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="yinling-test-", dir=base))
    folder.chmod(0o755)
    it = cluster(folder / "pg")
    initialise(it, "test")
    port = free_port()
    with (folder / "postgres.log").open("wb") as log:
        process = subprocess.Popen(
            it.command(port, THROW_AWAY), user=it.user, cwd="/", stdout=log, stderr=subprocess.STDOUT
        )
    server = Server(it, port)
    try:
        asyncio.run(_answering(server.admin_url))
        asyncio.run(bootstrap(server.admin_url, "template_yinling", PASSWORDS))
        migrate(server.url("owner", "template_yinling"))
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class TestDatabase:
    """A fresh, migrated database."""

    __test__ = False
    server: Server
    name: str

    def url(self, role: str) -> str:
        """Address under a service's role: owner, devices, dispatch, gateway, watch or report."""
        return self.server.url(role, self.name)


@pytest_asyncio.fixture
async def database(postgres: Server) -> AsyncIterator[TestDatabase]:
    """A database of this test alone, copied from the template."""
    name = f"test_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(postgres.admin_url)
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE template_yinling OWNER yl_owner STRATEGY file_copy')
    try:
        yield TestDatabase(postgres, name)
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


@pytest.fixture
def settings(database: TestDatabase) -> Settings:
    """Settings that point every service at this test's database; ports are free ones."""
    dispatch = free_port()
    devices = (free_port(), free_port())
    named: dict[str, Any] = {
        **{f"{role}_database": database.url(role) for role in ("owner", "devices", "dispatch", "gateway", "watch")},
        "service_secret": "test-service-secret",
        "dispatch_port": dispatch,
        "dispatch_url": f"http://127.0.0.1:{dispatch}",
        "devices_ports": devices,
        "devices_urls": tuple(f"http://127.0.0.1:{port}" for port in devices),
        "device_key": KEY,
        "field_keys": f"1:{KEY}",
        "search_key": KEY,
        "gateway_port": free_port(),
        "demo": True,
    }
    return Settings(**named)


BROWSER = "tests/browser/"


class OneBrowser(LoadFileScheduling):  # type: ignore[misc]  # the library has no types
    """A file stays on one worker; so do all tests with a browser, which share an instance and want the processor."""

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Take part where files are kept together."""
    return OneBrowser(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failed run: what could not be tried was not shown."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
