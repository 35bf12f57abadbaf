"""The instance that is measured: one of our own for the time of the measurement, or one that runs already."""

import asyncio
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.ports import another
from deploy.local.secrets import kept
from simulators.demo import Demo

ROOT = Path(__file__).parents[1]
STARTS_WITHIN_S = 600
DATABASE = "yinling"


class InstanceFailedError(Exception):
    """The instance did not start; the text is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A running instance by its data folder."""

    folder: Path

    @property
    def demo(self) -> Demo:
        """Its description."""
        return Demo.read(self.folder / "demo.json")

    @property
    def mqtt_password(self) -> str:
        """Password of the broker's service user."""
        return kept(self.folder).mqtt

    @property
    def owner_url(self) -> str:
        """The database under the role that owns it."""
        return f"postgresql://yl_owner:{kept(self.folder).roles['owner']}@127.0.0.1:{self._postgres_port()}/{DATABASE}"

    @property
    def admin_url(self) -> str:
        """The embedded database under its first user."""
        return f"postgresql://postgres:{kept(self.folder).admin}@127.0.0.1:{self._postgres_port()}/{DATABASE}"

    def processes(self) -> dict[str, int]:
        """Process numbers by name, as the supervisor has written them last."""
        content = json.loads((self.folder / "run.json").read_text("utf-8"))
        return dict(content["processes"])

    def _postgres_port(self) -> int:
        """The port is the fourth line of PostgreSQL's own lock file."""
        places = ("*/postmaster.pid", "*/*/postmaster.pid")
        lock = next(path for place in places for path in self.folder.glob(place))
        return int(lock.read_text("utf-8").splitlines()[3])


@asynccontextmanager
async def instance(data: Path | None, homes: int, *options: str) -> AsyncIterator[Instance]:
    """Use the instance in `data`, or start one with that many homes and remove it afterwards.

    `options` are further ones of `./yinling up`.
    """
    many_files()
    if data is not None:
        yield Instance(data)
        return
    with fresh_folder() as folder:
        async with started(folder, homes, *options) as it:
            yield it


def own_ports() -> tuple[str, ...]:
    """Options for ports that no other instance begins with: whoever ends and starts again finds them free."""
    http = another(set())
    return ("--http-port", str(http), "--mqtt-port", str(another({http})))


def many_files() -> None:
    """Allow this process and all it starts as many open files as the system lets it: each device is a connection."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A data folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="yinling-bench-"))
    # PostgreSQL may have to run as another user, who must get through.
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def started(
    folder: Path, homes: int, *options: str, environment: Mapping[str, str] | None = None, tree: Path = ROOT
) -> AsyncIterator[Instance]:
    """Start one on this folder, by the code that lies in `tree`, with more in its environment; end it afterwards."""
    said = folder / "up.log"
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.local.cli", "up", "--demo", "huichang", "--data", str(folder), "--quiet",
            "--homes", str(homes), *options, cwd=tree, env={**os.environ, **(environment or {})},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        if not (await _ready_line(process)).get("ready"):
            raise InstanceFailedError(said.read_text("utf-8", errors="replace")[-2000:])
        yield Instance(folder)
    finally:
        await _end(process)


async def _ready_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(STARTS_WITHIN_S):
        line = await process.stdout.readline()
    return json.loads(line) if line.strip() else {}


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 60)
        except TimeoutError:
            process.kill()
            await process.wait()
