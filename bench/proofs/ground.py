"""The ground an instance stands on, to be shaken: PostgreSQL of our own behind a line, on a disk that can be filled.

The disk is a small tmpfs, which only root may mount; elsewhere it is the folder itself and cannot be filled. With
libfaketime installed, what `./yinling up` starts goes by a wall clock that we set; the database keeps the machine's.
"""

import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import asyncpg

from bench.instance import Instance
from bench.proofs.cable import Cable, cable
from bench.proofs.faults import Chaos, Fault
from bench.proofs.line import Far
from deploy.local import parts
from deploy.local.parts import Wish
from deploy.local.ports import Ports, choose
from deploy.local.postgres import cluster, initialise
from deploy.local.secrets import kept
from deploy.local.supervisor import Supervisor
from shared.runtime.clock import Clock

DISK_MIB = 900
FULL_S, TAKEN_S, LOCKED_S, OPEN_S, AWAY_S, PULLED_S = 5.0, 4.0, 4.0, 5.0, 8.0, 6.0
SKEW_S = 2 * 3600
FAKETIME = "**/faketime/libfaketime.so.1"
LIBRARIES = Path("/usr/lib")


@dataclass(frozen=True)
class Ground:
    """What stands under an instance; `points` is where orders to die lie. What is None cannot be had here."""

    folder: Path
    supervisor: Supervisor
    line: Far
    disk: Path | None
    cable: Cable | None
    faketime: Path | None
    points: Path

    @property
    def clock_file(self) -> Path:
        """How far the wall clock of everything but the database is off."""
        return self.folder / "wall-clock"

    def environment(self) -> dict[str, str]:
        """What the instance is started with."""
        admin = kept(self.folder).admin
        named = {
            "YINLING_ADMIN_DATABASE": f"postgresql://postgres:{admin}@{self.line.host}:{self.line.port}/postgres",
            "YINLING_FAILPOINTS": str(self.points),
        }
        if self.faketime is not None:
            named |= {
                "LD_PRELOAD": str(self.faketime), "FAKETIME_TIMESTAMP_FILE": str(self.clock_file),
                "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DISABLE_SHM": "1",
                "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else each hand-over between threads costs ten milliseconds
            }  # fmt: skip
        return named

    @property
    def kept(self) -> Path:
        """Folder of whoever keeps the database alive."""
        return self.folder / "ground"

    def shift(self, seconds: int) -> None:
        """Set the wall clock off by so much."""
        self.clock_file.write_text(f"{seconds:+d}s\n", "utf-8")


@asynccontextmanager
async def ground(folder: Path) -> AsyncIterator[Ground]:
    """A database in `folder`, kept alive, and the line to it."""
    home, points = folder / "disk", folder / "points"
    for path in (home, points):
        path.mkdir()
    with _small_disk(home) as disk, cable() as laid:
        it = cluster(home / "postgres")
        secret = kept(folder).admin
        initialise(it, secret)
        ports, _ = choose(Ports(), "127.0.0.1")
        url = f"postgresql://postgres:{secret}@127.0.0.1:{ports.postgres}/postgres"
        supervisor = Supervisor(folder / "ground", lambda *_: None)
        line = await Far.laid("127.0.0.1", ports.postgres, laid)
        try:
            await supervisor.start(parts.postgres(Wish(folder, ports=ports), it, url))
            made = Ground(folder, supervisor, line, disk, laid, _faketime(), points)
            made.shift(0)
            yield made
        finally:
            await line.helper.end()
            await supervisor.stop()


def _faketime() -> Path | None:
    return next(LIBRARIES.glob(FAKETIME), None)


@contextmanager
def _small_disk(home: Path) -> Iterator[Path | None]:
    """Mount it, if that is allowed here."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m,mode=0755", "tmpfs", str(home)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield home
    finally:
        subprocess.run(["umount", "-l", str(home)], check=False, capture_output=True)  # noqa: S607


class Tremors:
    """Faults of the ground."""

    def __init__(self, under: Ground, it: Instance, chaos: Chaos, clock: Clock) -> None:
        """They are noted by `chaos`."""
        self._under = under
        self._chaos = chaos
        self._clock = clock
        self._url, self._owner = it.admin_url, it.owner_url

    def faults(self) -> tuple[list[Fault], list[str]]:
        """Those that can be made here, and in words those that cannot."""
        found = [
            Fault("write transaction left open", self._left_open), Fault("table locked", self._locked),
            Fault("connections used up", self._used_up),
            self._chaos.cut("database away", self._under.line, AWAY_S),
        ]  # fmt: skip
        left_out: list[str] = []
        if self._under.disk is not None:
            found.append(Fault("disk full", partial(self._full, self._under.disk)))
        else:
            left_out.append("disk full: a small disk may not be mounted here")
        if self._under.cable is not None:
            found.append(self._chaos.pulled("database line", self._under.cable, PULLED_S))
        else:
            left_out.append("cable pulled: no network namespace may be made here")
        if self._under.faketime is not None:
            found += [Fault(f"clock {seconds:+d} s", partial(self._skewed, seconds)) for seconds in (SKEW_S, -SKEW_S)]
        else:
            left_out.append("clock skew: libfaketime is not installed")
        return found, left_out

    async def _left_open(self) -> None:
        """Somebody's own write, never finished: followers may read nothing younger until it is over."""
        async with self._chaos.noted("write transaction left open"), self._connected() as connection:
            await connection.execute("BEGIN; SELECT pg_current_xact_id()")
            await self._clock.sleep(OPEN_S)
            await connection.execute("ROLLBACK")

    async def _locked(self) -> None:
        async with self._chaos.noted("table locked"), self._connected() as connection:
            await connection.execute("BEGIN; LOCK TABLE dispatch.incident, log.stream IN EXCLUSIVE MODE")
            await self._clock.sleep(LOCKED_S)
            await connection.execute("ROLLBACK")

    async def _used_up(self) -> None:
        """Every connection the database has is somebody else's; a worker that dies then finds none."""
        async with self._chaos.noted("connections used up"), AsyncExitStack() as taken:
            with contextlib.suppress(asyncpg.TooManyConnectionsError):
                while True:
                    connection = await asyncpg.connect(self._owner)
                    taken.push_async_callback(connection.close)
            await self._clock.sleep(TAKEN_S)

    async def _full(self, disk: Path) -> None:
        ballast = disk / "ballast"
        async with self._chaos.noted("disk full"):
            try:
                with contextlib.suppress(OSError), ballast.open("wb") as file:
                    while file.write(bytes(1 << 20)):
                        file.flush()
                await self._clock.sleep(FULL_S)
            finally:
                ballast.unlink()
            await self._answering()

    async def _skewed(self, seconds: int) -> None:
        """Processes that start meanwhile read the wrong time from their host."""
        self._under.shift(seconds)
        for name in ("dispatch", "devices-1", "gateway"):
            await self._chaos.killed(name).begin()
        self._under.shift(0)

    async def _answering(self) -> None:
        """Until the database has come back."""
        while True:
            with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError):
                async with self._connected():
                    return
            await self._clock.sleep(0.1)

    @asynccontextmanager
    async def _connected(self) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
        connection = await asyncpg.connect(self._url, timeout=2)
        try:
            yield connection
        finally:
            await connection.close(timeout=2)
