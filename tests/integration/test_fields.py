"""Nothing of what is known about people lies open in the database, and every door still reads it."""

import asyncio
import base64
import os

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.local.sealing import LostKeyError, seal
from deploy.local.server import server
from shared.runtime.database import Database, speak
from shared.runtime.sealed import Fields
from shared.runtime.settings import Settings
from tests.conftest import KEY, RING, TestDatabase
from tests.integration.gateway_world import ADDRESS, STREET, world
from tests.lying_open import lying_open

OTHER = base64.b64encode(os.urandom(32)).decode()
LATER = Fields(f"2:{OTHER} 1:{KEY}", KEY)
HOME = "INSERT INTO dispatch.home (id, division, address, door_code, lat, lon) VALUES ($1, $2, $3, $4, 25.6, 115.79)"
ELDER = "INSERT INTO dispatch.elder (id, home_id, division, name, phone, health) VALUES ($1, 'H-9', $2, $3, $4, $5)"
PEOPLE = [(f"E-{n}", STREET, f"欧阳{n:04}", f"1370000{n:04}", "哮喘") for n in range(900)]


async def people(url: str, fields: Fields) -> None:
    """Nine hundred elders in one home, written by somebody with these keys."""
    owner = await asyncpg.connect(url)
    try:
        await speak(owner, fields)
        await owner.execute(HOME, "H-9", STREET, ADDRESS, "4711#")
        await owner.executemany(ELDER, PEOPLE)
    finally:
        await owner.close()


async def read(url: str, fields: Fields) -> list[tuple[str, ...]]:
    """Everybody, as somebody with these keys reads them."""
    database = Database(url, name="test", size=1, fields=fields)
    await database.open()
    try:
        rows = await database.pool.fetch("SELECT id, division, name, phone, health FROM dispatch.elder ORDER BY id")
        return [tuple(row.values()) for row in rows]
    finally:
        await database.close()


async def test_what_lay_open_is_sealed_and_sealed_anew(database: TestDatabase) -> None:
    """Rows from before the keys are read as they are; a rotation leaves nothing under the old key."""
    url = database.url("owner")
    await people(url, Fields())
    assert "dispatch.elder" in await lying_open(url, ["欧阳0007"])
    assert await read(url, RING) == sorted(PEOPLE)

    assert await seal(url, RING) == {"dispatch.elder": 900, "dispatch.home": 1}
    assert await lying_open(url, ["欧阳", "1370000", "哮喘", "红旗路", "4711#"]) == {}
    assert await seal(url, RING) == {}

    assert await seal(url, LATER) == {"dispatch.elder": 900, "dispatch.home": 1}
    assert await read(url, Fields(f"2:{OTHER}", KEY)) == sorted(PEOPLE)

    assert await seal(url, LATER.open_only()) == {"dispatch.elder": 900, "dispatch.home": 1}
    assert await read(url, Fields()) == sorted(PEOPLE)


async def test_keys_are_changed_by_a_command(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """As docs/operations/keys.md says it: a new key in front, everything anew, the old one out; and the way back."""
    url = database.url("owner")
    await people(url, RING)
    for name, value in {"OWNER_DATABASE": url, "FIELD_KEYS": f"2:{OTHER} 1:{KEY}", "SEARCH_KEY": KEY}.items():
        monkeypatch.setenv(f"YINLING_{name}", value)
    said = await asyncio.to_thread(CliRunner().invoke, server, ["rotate-keys"])
    assert (said.exit_code, "901 rows sealed anew" in said.output) == (0, True), said.output
    assert await read(url, Fields(f"2:{OTHER}", KEY)) == sorted(PEOPLE)

    monkeypatch.setenv("YINLING_FIELD_KEYS", f"1:{KEY}")
    said = await asyncio.to_thread(CliRunner().invoke, server, ["rotate-keys"])
    assert (said.exit_code, "YINLING_FIELD_KEYS" in said.output) == (2, True), said.output
    monkeypatch.setenv("YINLING_FIELD_KEYS", f"2:{OTHER}")
    said = await asyncio.to_thread(CliRunner().invoke, server, ["rotate-keys", "--open"])
    assert (said.exit_code, "901 rows lie open" in said.output) == (0, True), said.output
    assert await read(url, Fields()) == sorted(PEOPLE)


async def test_a_lost_key_stops_the_rotation_and_no_word_is_lost(database: TestDatabase) -> None:
    """What can't be opened must not be written over."""
    url = database.url("owner")
    await people(url, RING)
    with pytest.raises(LostKeyError, match="YINLING_FIELD_KEYS"):
        await seal(url, Fields(f"2:{OTHER}", KEY))
    assert await read(url, RING) == sorted(PEOPLE)


FOUND = {
    "李建国": ["E1"], "建国": ["E1"], "国建": [], "李": ["E1"], "王": ["E2"], "13900000001": ["E1", "E2"],
    "0002": ["E1"], "红旗路5号": ["E1", "E2"], "红旗路号5": [], "E2": ["E2"],
}  # fmt: skip


async def test_elders_are_found_by_their_parts(settings: Settings) -> None:
    """By two signs of a name, by a surname, a telephone of hers or of a contact's, an address; within the scope."""
    async with world(settings) as it:
        desk, elsewhere = await it.log_in("desk"), await it.log_in("elsewhere")
        for q, found in FOUND.items():
            answer = await it.get("/elders", desk, q=q)
            assert [line["id"] for line in answer.json()["items"]] == found, q
            assert (await it.get("/elders", elsewhere, q=q)).json()["items"] == []
        assert await lying_open(settings.owner_database, ["李建国", "13900000001", "红旗路", "王护士", "#42"]) == {}
