"""A backup comes back in another cluster, whose transactions begin to count anew; the log goes on without a hole."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.local.backup import BackupFailedError, back_up, rehearse, restore_into
from deploy.local.secrets import kept
from deploy.local.up import BusyFolderError, addresses, database_alone
from services.gateway.flow.sealing import seal_next, verified
from shared.runtime.clock import SystemClock
from shared.runtime.database import Connection, Database
from shared.runtime.log import Event, Follower, NewEvent, append, lock
from shared.vocabulary.ids import uuid7
from tests.conftest import TestDatabase
from tests.instances import reachable_folder

CLOCK = SystemClock()
BURNT = """DO $$ BEGIN FOR n IN 1 .. 5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"""
"""Transactions of the first cluster before anything is written, so that its numbers lie above those of the second."""


async def _opened(url: str) -> Database:
    it = Database(url, name="test-restore", size=2)
    await it.open()
    return it


async def _write(database: Database, *numbers: int) -> None:
    async with database.transaction() as connection:
        await lock(connection, ["test/one"])
        events = [
            NewEvent(uuid7(CLOCK.now()), "test", "one", "test.counted", {"n": n}, "360733", "test") for n in numbers
        ]
        await append(connection, events, CLOCK.now())


class Reader:
    """A follower that remembers."""

    def __init__(self, database: Database) -> None:
        """Follow under one name, whichever cluster it is."""
        self.seen: list[int] = []
        self.follower = Follower("test", ["test.counted"], self._handle, database, CLOCK)

    async def _handle(self, _: Connection, events: Sequence[Event]) -> None:
        self.seen += [event.body["n"] for event in events]

    async def catch_up(self) -> list[int]:
        """Everything there is to take."""
        await self.follower._begin()
        while await self.follower.step():
            pass
        return self.seen


@pytest.mark.timeout(120)
async def test_the_log_goes_on_in_a_new_era(database: TestDatabase, tmp_path: Path) -> None:
    """What was read stays read, what was not is read, what comes later follows; consoles get everything anew."""
    archive, folder = tmp_path / "yinling.dump", reachable_folder(tmp_path) / "data"
    before = await _opened(database.url("dispatch"))
    await before.pool.execute(BURNT)
    await _write(before, 1, 2)
    assert await Reader(before).catch_up() == [1, 2]
    await _write(before, 3, 4)
    await before.close()
    owner = await _opened(database.url("owner"))
    await owner.pool.execute("INSERT INTO gateway.inbox (id, division, epoch) VALUES ('d:360733', '360733', 'old')")
    async with owner.transaction() as connection:
        assert await seal_next(connection, CLOCK.now())
    await owner.close()
    await back_up(database.server.admin_url.removesuffix("/postgres") + f"/{database.name}", archive)
    assert archive.stat().st_mode & 0o077 == 0

    restored = await restore_into(folder, archive)
    assert (restored.era, restored.events) == (2, 4)
    async with database_alone(folder) as admin:
        urls = addresses(admin, kept(folder))
        with pytest.raises(BusyFolderError):
            await restore_into(folder, archive)
        after = await _opened(urls["dispatch"])
        reader = Reader(after)
        assert await after.pool.fetchval("SELECT log.pending('test')") == 1
        assert await reader.catch_up() == [3, 4]
        await _write(after, 5)
        assert await reader.catch_up() == [3, 4, 5]
        await reader.follower._pass_over()
        await _write(after, 6)
        assert await reader.catch_up() == [3, 4, 5, 6]
        await after.close()
        owner = await _opened(urls["owner"])
        assert await owner.pool.fetchval("SELECT epoch FROM gateway.inbox") != "old"
        async with owner.transaction() as connection:
            sealed = await seal_next(connection, CLOCK.now())
            assert sealed is not None
            assert (sealed.n, sealed.to.era) == (2, 2)
            assert (await verified(connection, {})).findings == ()
        await owner.close()


async def test_what_is_no_backup_throws_nothing_away(tmp_path: Path) -> None:
    """It is read before the database is touched; so a wrong file costs nothing."""
    wrong = tmp_path / "wrong.dump"
    await asyncio.to_thread(wrong.write_bytes, b"not a backup")
    with pytest.raises(BackupFailedError):
        await rehearse(wrong)
