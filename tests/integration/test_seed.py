"""A county is loaded whole, once, and described for testers."""

import base64
import hashlib
import json
import re
from pathlib import Path

import asyncpg
import pytest
from argon2 import PasswordHasher

from deploy.local.seed import PASSWORD, load, seed, write_demo
from services.devices.domain.mac import key_of
from services.devices.store.keys import Sealer
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
    assert set(demo) == {"http", "ws", "mqtt", "accounts", "devices", "hubs", "sms"}
    assert {account["password"] for account in demo["accounts"]} == {PASSWORD}
    connection = await asyncpg.connect(database.url("owner"))
    for device in [*demo["devices"], *demo["hubs"], *demo["sms"]]:
        stored = await connection.fetchval("SELECT secret_sha256 FROM devices.device WHERE id = $1", device["id"])
        assert stored == hashlib.sha256(device["secret"].encode()).digest()
    await connection.close()


async def test_the_canary_is_told_to_nobody_but_the_settings(database: TestDatabase, tmp_path: Path) -> None:
    """It has a device and an account with one secret of their own, and demo.json knows neither."""
    seeded = await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=20, canary_secret="tweet-tweet")
    path = tmp_path / "demo.json"
    write_demo(path, ADDRESSES, seeded.county, seeded.secrets)
    assert not re.search("canary|tweet", path.read_text("utf-8"), re.IGNORECASE)
    assert (seeded.canary.device, seeded.canary.account) == ("CANARY-360733", "canary-360733")
    assert seeded.canary.secret == seeded.canary.password == "tweet-tweet"
    connection = await asyncpg.connect(database.url("owner"))
    hashed = await connection.fetchval("SELECT password_hash FROM gateway.account WHERE id = 'canary-360733'")
    assert PasswordHasher().verify(hashed, "tweet-tweet")
    shown = await connection.fetchval("SELECT password_hash FROM gateway.account WHERE id = 'desk1'")
    assert PasswordHasher().verify(shown, PASSWORD)
    await connection.close()


async def test_devices_are_placed_and_their_keys_are_sealed(database: TestDatabase, tmp_path: Path) -> None:
    """Imported placements count as confirmed; a sealed key opens with the service's own key only."""
    key = base64.b64encode(bytes(32)).decode()
    seeded = await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=20, device_key=key)
    connection = await asyncpg.connect(database.url("owner"))
    placed = await connection.fetchval(
        "SELECT count(*) FROM devices.placement WHERE confirmed_how = 'import' AND until_at IS NULL"
    )
    assert placed == sum(device.home_id is not None for device in seeded.county.devices)
    sealed = await connection.fetchval("SELECT mac_key FROM devices.device WHERE id = 'B-00001'")
    assert Sealer(key).opened("B-00001", sealed) == key_of(seeded.secrets["B-00001"])
    assert Sealer(base64.b64encode(bytes(31) + b"1").decode()).opened("B-00001", sealed) is None
    kinds = {row["kind"] for row in await connection.fetch("SELECT DISTINCT kind FROM devices.device")}
    assert kinds == {"button", "wearable", "hub", "sensor", "sms", "canary"}
    await connection.close()


async def test_an_operators_own_adapters_stay(database: TestDatabase, tmp_path: Path) -> None:
    """The first start describes what the county's things need; a file that is there is nobody's to overwrite."""
    await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=20)
    described = tmp_path / "adapters.toml"
    assert "esphome" in described.read_text("utf-8")
    described.write_text("# ours\n", "utf-8")
    await seed(database.url("owner"), tmp_path, CLOCK.now(), homes=20)
    assert described.read_text("utf-8") == "# ours\n"


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
