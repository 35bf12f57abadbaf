"""A county is loaded whole, once, and described for testers."""

import hashlib
import json
from pathlib import Path

import asyncpg
import pytest

from deploy.local.seed import PASSWORD, load, seed, write_demo
from shared.runtime.clock import SystemClock, stopwatch
from tests.conftest import TestDatabase

CLOCK = SystemClock()
ADDRESSES = {"http": "http://127.0.0.1:1", "ws": "ws://127.0.0.1:1/ws", "mqtt": {"host": "127.0.0.1", "port": 2}}
COUNTED = (
    "dispatch.home", "dispatch.elder", "dispatch.responder", "devices.device", "gateway.account", "gateway.inbox",
)  # fmt: skip


async def counts(connection: asyncpg.Connection) -> list[int]:
    """Rows of the tables that must not grow at a second start."""
    return [await connection.fetchval(f"SELECT count(*) FROM {table}") for table in COUNTED]


async def test_a_second_start_goes_on_with_the_first_county(database: TestDatabase, tmp_path: Path) -> None:
    """Another size asked for later changes nothing: the data is there."""
    first = await seed(database.url("owner"), tmp_path, CLOCK.now(), number=3, homes=40)
    connection = await asyncpg.connect(database.url("owner"))
    before = await counts(connection)
    second = await seed(database.url("owner"), tmp_path, CLOCK.now(), number=4, homes=90)
    assert second == first
    assert await counts(connection) == before
    assert before[0] == 40
    assert await connection.fetchval("SELECT count(*) FROM gateway.inbox WHERE id = 'd:360733'") == 1
    await connection.close()


async def test_an_interrupted_load_is_finished_by_the_next(database: TestDatabase, tmp_path: Path) -> None:
    """The last row written is the mark; without it everything is folded and completed."""
    url = database.url("owner")
    seeded = await seed(url, tmp_path, CLOCK.now(), homes=20)
    connection = await asyncpg.connect(url)
    whole = await counts(connection)
    await connection.execute("DELETE FROM gateway.inbox; DELETE FROM gateway.account WHERE id LIKE 'r%'")
    await connection.execute("DELETE FROM dispatch.contact; DELETE FROM devices.binding")
    await load(url, seeded.county, seeded.secrets, CLOCK.now())
    assert await counts(connection) == whole
    assert await connection.fetchval("SELECT count(*) FROM dispatch.contact") == len(seeded.county.contacts)
    await connection.close()


async def test_the_description_opens_the_doors(database: TestDatabase, tmp_path: Path) -> None:
    """demo.json is private, and its secrets are those whose digests are stored."""
    seeded = await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=20)
    path = tmp_path / "demo.json"
    write_demo(path, ADDRESSES, seeded.county, seeded.secrets)
    assert path.stat().st_mode & 0o777 == 0o600
    demo = json.loads(path.read_text("utf-8"))
    assert set(demo) == {"http", "ws", "mqtt", "accounts", "devices", "hubs"}
    assert {account["password"] for account in demo["accounts"]} == {PASSWORD}
    connection = await asyncpg.connect(database.url("owner"))
    for device in [*demo["devices"], *demo["hubs"]]:
        stored = await connection.fetchval("SELECT secret_sha256 FROM devices.device WHERE id = $1", device["id"])
        assert stored == hashlib.sha256(device["secret"].encode()).digest()
    await connection.close()


async def test_services_see_the_county_in_their_scope_only(database: TestDatabase, tmp_path: Path) -> None:
    """Row-level security covers what was seeded."""
    seeded = await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=60)
    inside = sum(home.division.startswith("360733100") for home in seeded.county.homes)
    connection = await asyncpg.connect(database.url("gateway"))
    async with connection.transaction():
        await connection.execute("SELECT set_config('yl.scope', '/360733100', true)")
        assert await connection.fetchval("SELECT count(*) FROM dispatch.home") == inside
    await connection.close()


@pytest.mark.timeout(120)
async def test_a_whole_countys_homes_load_within_a_minute(database: TestDatabase, tmp_path: Path) -> None:
    """7,600 homes, the real county's order of size."""
    begun = stopwatch()
    seeded = await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=7_600)
    assert len(seeded.county.homes) == 7_600
    assert stopwatch() - begun < 60
