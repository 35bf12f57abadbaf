"""An elder may have everything that is held about her, and may be forgotten."""

import asyncio
import json

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.local.audit_cli import audit
from shared.runtime.database import speak
from shared.runtime.settings import Settings
from tests.conftest import KEY, RING
from tests.integration.gateway_world import ADDRESS, COUNTY, START, world
from tests.integration.test_regulation import account

WORDS = ("李建国", "13900000001", "李小军", "女儿说她怕狗", "13977776666")
TEXTS = """
SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
WHERE table_schema IN ('log', 'devices', 'dispatch', 'gateway', 'report') AND table_type = 'BASE TABLE'
"""
CALL = """
INSERT INTO dispatch.phone_call VALUES (gen_random_uuid(), $1, 'c1', '13977776666', '1', 'in', $2, $2, 'desk', '{E1}',
                                        '{}', 'I-1', NULL, NULL)
"""


async def where(settings: Settings, word: str) -> set[str]:
    """Tables that hold a word, anywhere, for somebody who has the keys."""
    owner = await asyncpg.connect(settings.owner_database)
    await speak(owner, RING)
    names = [row["name"] for row in await owner.fetch(TEXTS)]
    found = {
        name for name in names if word in str(await owner.fetchval(f"SELECT jsonb_agg(to_jsonb(t)) FROM {name} t"))
    }
    await owner.close()
    return found


async def command(*asked: str) -> tuple[int, str]:
    """Exit code and output of `./yinling audit …`."""
    result = await asyncio.to_thread(CliRunner().invoke, audit, list(asked))
    return result.exit_code, result.stdout


async def test_what_is_held_is_told_and_then_forgotten(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table with her is in the file; afterwards her words are in none, while her neighbour's and the log stay."""
    owned = ("--database", settings.owner_database)
    monkeypatch.setenv("YINLING_FIELD_KEYS", f"1:{KEY}")
    monkeypatch.setenv("YINLING_SEARCH_KEY", KEY)
    async with world(settings) as it:
        await it.city.open("I-1")
        pool = it.city.database.pool
        await pool.execute(CALL, "360733100", START)
        note = "INSERT INTO dispatch.note VALUES (gen_random_uuid(), 'I-1', '360733100', '女儿说她怕狗', 'd', 'd', $1)"
        await pool.execute(note, START)
        await it.get("/incidents/I-1", await it.log_in("desk"))
        code, said = await command("file", "E1", *owned)
        told = json.loads(said)
        assert code == 0
        assert {"dispatch.elder", "dispatch.home", "dispatch.contact", "dispatch.incident", "dispatch.note",
                "dispatch.phone_call", "log.event"} <= set(told)  # fmt: skip
        assert all(word in said for word in WORDS)
        assert told["log.event"][0]["actor"] == "account:desk"
        assert (await command("forget", "E1", "--why", "asked", *owned))[0] == 1, "her call is not over"
        await it.city.close("I-1")
        assert (await command("forget", "nobody", "--why", "asked", *owned))[0] == 1
        events = await pool.fetchval("SELECT count(*) FROM log.event")
        assert (await command("forget", "E1", "--why", "asked", *owned))[0] == 0
        assert await it.city.logged("person.erased") == [
            {"what": "elder", "target": "E1", "elder": "E1", "why": "asked"}
        ]
        assert await pool.fetchval("SELECT count(*) FROM log.event") >= events
    left = {word: await where(settings, word) for word in (*WORDS[:1], *WORDS[2:])}
    assert left == {word: set() for word in left}
    assert await where(settings, ADDRESS) == {"dispatch.home"}, "王芳 lives there still"
    assert await where(settings, "王芳") == {"dispatch.elder"}


OPERATORS = {"dispatch.outage_silent"}
"""Tables with something of hers that only the operator's command reads."""


async def test_a_copy_is_handed_out_by_who_answers_for_her_division(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supervisor has what the operator's command tells, says for whom, and stands in the log and on the list."""
    monkeypatch.setenv("YINLING_FIELD_KEYS", f"1:{KEY}")
    monkeypatch.setenv("YINLING_SEARCH_KEY", KEY)
    note = {"note": "女儿持监护证明来取"}
    async with world(settings) as it:
        await it.city.open("I-1")
        await account(settings, "chief", COUNTY)
        chief = await it.log_in("chief")
        assert (await it.post("/elders/E1/copy", await it.log_in("desk"), note)).status_code == 403
        assert (await it.post("/elders/E9/copy", chief, note)).status_code == 404
        assert (await it.post("/elders/E1/copy", chief, {"note": ""})).json()["field"] == "note"
        assert await it.city.logged("person.copied") == []
        answer = await it.post("/elders/E1/copy", chief, note)
        assert answer.status_code == 200, answer.text
        copy = answer.json()
        told = copy["tables"]
        assert told["dispatch.elder"][0]["name"] == "李建国"
        assert told["dispatch.home"][0]["address"] == ADDRESS
        assert [one["kind"] for one in told["gateway.access"]] == ["file"]
        assert set(copy["missing"]) == OPERATORS
        _, said = await command("file", "E1", "--database", settings.owner_database)
        assert set(told) == set(json.loads(said)) - OPERATORS
        [logged] = await it.city.logged("person.copied")
        assert (logged["elder"], logged["why"], logged["opening"]) == ("E1", "asked_by_her", copy["opening"])
        assert "监护" not in str(logged)
        [line] = (await it.get("/access/openings", chief)).json()["items"]
        assert (line["kind"], line["note"], line["review_by"]) == ("file", note["note"], None)
