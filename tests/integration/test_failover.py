"""docs/operations/failover.md as it stands: a standby becomes the first, and nothing that was answered is lost."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.local.migrate import bootstrap, migrate
from deploy.local.postgres import Cluster, cluster, initialise
from shared.runtime.clock import SystemClock, stopwatch, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.ids import uuid7
from tests.conftest import PASSWORDS, _answering, free_port
from tests.instances import ROOT, reachable_folder

CLOCK = SystemClock()
PAGE = ROOT / "docs" / "operations" / "failover.md"
BLOCKS = dict(re.findall(r"```sh (\w+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
OLD_MUST_GO_WITHIN_S = 30


@contextmanager
def _serving(it: Cluster, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    log = (it.data.parent / f"{it.data.name}.log").open("ab")
    with log:
        process = subprocess.Popen(
            it.command(port), user=it.user, cwd="/", stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


class Machines:
    """Two data folders on one machine, and the page's words for them."""

    def __init__(self, folder: Path) -> None:
        """Make the first; the second is empty."""
        self.first = cluster(folder / "first")
        initialise(self.first, "test")
        self.second = Cluster(self.first.binaries, folder / "second", self.first.user)
        self._make_room()
        self.ports = free_port(), free_port()
        self.admin, self.new_admin = (f"postgresql://postgres:test@127.0.0.1:{port}/postgres" for port in self.ports)

    def _make_room(self) -> None:
        self.second.data.mkdir(mode=0o700)
        if self.second.user:
            shutil.chown(self.second.data, self.second.user)

    def change_places(self) -> None:
        """The standby is the first now; what was the first has an empty folder."""
        self.first, self.second = self.second, self.first
        self.ports = self.ports[1], self.ports[0]
        self.admin, self.new_admin = self.new_admin, self.admin
        shutil.rmtree(self.second.data)
        self._make_room()

    def do(self, block: str) -> str:
        """Give the commands of a block, as PostgreSQL's user; what they said."""
        words = {
            "BIN": self.first.binaries, "PRIMARY": self.first.data, "STANDBY": self.second.data, "WORD": "copy",
            "PRIMARY_PORT": self.ports[0], "STANDBY_PORT": self.ports[1], "ADMIN": self.admin,
            "NEW_ADMIN": self.new_admin, "PATH": os.environ["PATH"], "HOME": "/tmp",  # noqa: S108
        }  # fmt: skip
        done = subprocess.run(
            ["/bin/sh", "-euc", BLOCKS[block]], env={name: str(word) for name, word in words.items()}, cwd="/",
            user=self.first.user, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def both(self, role: str) -> str:
        """The address that a service is given."""
        places = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"postgresql://yl_{role}:{PASSWORDS[role]}@{places}/yinling?target_session_attrs=read-write"


class Writer:
    """Writes numbers into the log for as long as it can, and remembers which were answered."""

    def __init__(self, database: Database) -> None:
        """Nothing is written."""
        self.answered: list[int] = []
        self._database = database

    async def write(self, number: int) -> bool:
        """One event in a transaction of its own; False when nobody answered."""
        event = NewEvent(uuid7(CLOCK.now()), "test", "one", "test.counted", {"n": number}, "360733", "test")
        try:
            async with self._database.transaction() as connection:
                await lock(connection, ["test/one"])
                await append(connection, [event], CLOCK.now())
        except AWAY:
            await woken(asyncio.Event(), 0.05)
            return False
        self.answered.append(number)
        return True


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    it = Database(url, name="test-failover", size=2)
    await it.open()
    try:
        yield it
    finally:
        await it.close()


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_the_page_leads_through_the_loss_of_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every answered write is there, numbered on without a hole; how long it took is printed."""
    it = Machines(reachable_folder(tmp_path))
    with _serving(it.first, it.ports[0]) as first:
        await _answering(it.admin)
        await bootstrap(it.admin, "yinling", PASSWORDS)
        await asyncio.to_thread(migrate, f"postgresql://yl_owner:{PASSWORDS['owner']}@127.0.0.1:{it.ports[0]}/yinling")
        for block in ("prepare", "copy"):
            await asyncio.to_thread(it.do, block)
        with _serving(it.second, it.ports[1]):
            await asyncio.to_thread(it.do, "join")
            await _until(it, "sync")
            async with _database(it.both("devices")) as database:
                writer = Writer(database)
                for number in range(300):
                    assert await writer.write(number)
                os.killpg(first.pid, signal.SIGKILL)
                gone = stopwatch()
                await writer.write(300)
                await asyncio.to_thread(it.do, "promote")
                number = 300
                while not await writer.write(number := number + 1):
                    assert stopwatch() - gone < OLD_MUST_GO_WITHIN_S
                rto_s = stopwatch() - gone
                it.change_places()
                await _with_a_new_standby_and_without(it, writer, number)
                await _nothing_lost(it, writer)
    with capsys.disabled():
        print(f"\nstandby promoted: RPO 0 of {len(writer.answered)} answered writes, RTO {rto_s:.1f} s")  # noqa: T201


async def _with_a_new_standby_and_without(it: Machines, writer: Writer, number: int) -> None:
    """The old first is the new one's standby; then that is gone for long."""
    await asyncio.to_thread(it.do, "copy")
    with _serving(it.second, it.ports[1]):
        await asyncio.to_thread(it.do, "join")
        await _until(it, "sync")
        assert await writer.write(number + 1)
    await _until(it, "")
    await asyncio.to_thread(it.do, "alone")
    assert await writer.write(number + 2)


async def _until(it: Machines, state: str) -> None:
    for _ in range(300):
        if (await asyncio.to_thread(it.do, "look")).strip() == state:
            return
        await woken(asyncio.Event(), 0.1)
    raise AssertionError(state)


async def _nothing_lost(it: Machines, writer: Writer) -> None:
    owner = await asyncpg.connect(f"postgresql://postgres:test@127.0.0.1:{it.ports[0]}/yinling")
    try:
        rows = await owner.fetch("SELECT stream_seq, (body ->> 'n')::integer AS n FROM log.event ORDER BY stream_seq")
        follower = await owner.fetchval("SELECT pg_is_in_recovery()")
    finally:
        await owner.close()
    assert set(writer.answered) <= {row["n"] for row in rows}
    assert [row["stream_seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert follower is False


def test_the_page_names_every_step() -> None:
    """The blocks that the long test follows stand there, and no address is written into them."""
    assert list(BLOCKS) == ["prepare", "copy", "join", "look", "promote", "alone"]
    assert not any(urlsplit(word).port for block in BLOCKS.values() for word in re.findall(r"postgresql://\S+", block))
