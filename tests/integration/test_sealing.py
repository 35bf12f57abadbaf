"""The log is sealed in the order in which followers read it, and what was sealed cannot be rewritten unseen."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner

from bench.proofs.audit import TAMPERINGS, prove
from deploy.local.audit_cli import audit
from services.gateway.domain.sealing import NOTHING, root
from services.gateway.flow.sealing import hand_up, handed_up, seal_next, verified
from services.gateway.store import seals
from shared.runtime.clock import FakeClock, woken
from shared.runtime.database import Database
from shared.runtime.log import NewEvent, append, lock
from shared.runtime.settings import Settings
from shared.vocabulary.ids import uuid7
from tests.conftest import TestDatabase
from tests.integration.gateway_world import PATIENCE_S, START, world

CLOCK = FakeClock(START)


def event(name: str) -> NewEvent:
    """Something that happened to an incident."""
    return NewEvent(
        uuid7(START), "incident", name, "incident.taken", {"incident": name}, "360733100", "service:dispatch"
    )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A pool for the time of a test."""
    database = Database(url, name="test", size=3)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def writer(database: TestDatabase) -> AsyncIterator[Database]:
    """Dispatch, which writes."""
    async with opened(database.url("dispatch")) as found:
        yield found


@pytest.fixture
async def sealer(database: TestDatabase) -> AsyncIterator[Database]:
    """The gateway, which seals the whole cell."""
    async with opened(f"{database.url('gateway')}?options=-c%20yl.scope%3D/") as found:
        yield found


async def write(writer: Database, *names: str) -> None:
    """Events in one transaction."""
    async with writer.transaction() as connection:
        await lock(connection, [f"incident/{name}" for name in names])
        await append(connection, [event(name) for name in names], START)


async def seal(sealer: Database) -> int | None:
    """Seal the next piece: how many events it has."""
    async with sealer.transaction() as connection:
        found = await seal_next(connection, CLOCK.now())
        return found.count if found else None


async def test_nothing_is_sealed_that_somebody_may_still_come_before(writer: Database, sealer: Database) -> None:
    """An event that commits late goes into the next piece, and no piece is ever taken back."""
    await write(writer, "I-1", "I-2")
    assert await seal(sealer) == 2
    assert await seal(sealer) is None
    async with writer.transaction() as late:
        await lock(late, ["incident/I-3"])
        await append(late, [event("I-3")], START)
        await write(writer, "I-4", "I-5")
        assert await seal(sealer) is None, "what came after may still be preceded by what is not committed"
    assert await seal(sealer) == 3
    async with sealer.transaction() as connection:
        verdict = await verified(connection, {})
    assert (verdict.seals, verdict.events, verdict.findings) == (2, 5, ())


async def test_one_seals_at_a_time(writer: Database, sealer: Database) -> None:
    """Two gateways make one chain."""
    await write(writer, "I-1")
    async with sealer.transaction() as first:
        assert await seals.alone(first)
        assert await seal(sealer) is None
    assert await seal(sealer) == 1


async def test_the_command_names_what_was_rewritten(
    database: TestDatabase, writer: Database, sealer: Database, tmp_path: Path
) -> None:
    """`./yinling audit verify` says intact, then which seal has changed; exit 1."""
    heads = tmp_path / "seal-heads.jsonl"
    for name in ("I-1", "I-2", "I-3"):
        await write(writer, name)
        async with sealer.transaction() as connection:
            head = await seal_next(connection, CLOCK.now())
            assert head is not None
            hand_up(heads, head)
    assert len(handed_up(heads.read_bytes().splitlines())) == 3
    assert await told(database, heads) == (0, [], 3)
    await by_owner(database, "UPDATE log.event SET actor = 'account:x' WHERE stream_id = 'I-2'")
    assert await told(database, heads) == (1, [{"what": "content", "where": "seal 2"}], 3)
    await by_owner(database, "DELETE FROM log.seal WHERE n >= 2")
    await by_owner(database, "DELETE FROM log.event WHERE stream_id IN ('I-2', 'I-3')")
    await by_owner(database, "DELETE FROM log.stream WHERE stream_id IN ('I-2', 'I-3')")
    code, findings, _ = await told(database, heads)
    assert (code, findings) == (1, [{"what": "head", "where": "seal 2"}, {"what": "head", "where": "seal 3"}])


async def told(database: TestDatabase, heads: Path) -> tuple[int, Any, int]:
    """What the command says: exit code, findings, heads."""
    asked = ["verify", "--database", database.url("owner"), "--heads", str(heads), "--json"]
    result = await asyncio.to_thread(CliRunner().invoke, audit, asked)
    said = json.loads(result.stdout)
    return result.exit_code, said["findings"], said["heads"]


async def by_owner(database: TestDatabase, sql: str) -> None:
    """What only the owner of the database can do."""
    owner = await asyncpg.connect(database.url("owner"))
    await owner.execute(sql)
    await owner.close()


async def test_an_unsealed_end_cannot_be_cut_off_either(
    database: TestDatabase, writer: Database, sealer: Database
) -> None:
    """Streams count their events, so the last minute is guarded too."""
    await write(writer, "I-1", "I-2")
    assert await seal(sealer) == 2
    await write(writer, "I-2")
    await by_owner(database, "DELETE FROM log.event WHERE stream_id = 'I-2' AND stream_seq = 2")
    async with sealer.transaction() as connection:
        verdict = await verified(connection, {})
    assert [(one.what, one.where) for one in verdict.findings] == [("gap", "incident/I-2")]


async def test_the_gateway_seals_by_itself_and_hands_the_head_up(settings: Settings, tmp_path: Path) -> None:
    """Once a minute; the head lies in the file that the level above keeps, and an auditor may ask for it."""
    heads = tmp_path / "heads.jsonl"
    async with world(settings.model_copy(update={"demo": True, "seal_heads": heads})) as it:
        await it.city.open("I-1")
        async with asyncio.timeout(PATIENCE_S):
            while not (heads.exists() and heads.read_bytes().endswith(b"\n")):
                # Every minute anew: whoever writes beside us in this PostgreSQL may hold a piece back for one of them.
                it.clock.advance(61)
                await woken(asyncio.Event(), 0.05)
        ((number, hashed),) = handed_up(heads.read_bytes().splitlines()).items()
        told = (await it.get("/seals/head", await it.log_in("city"))).json()
        assert (told["n"], told["hash"]) == (number, hashed.hex())
        assert (await it.get("/seals/head", await it.log_in("desk"))).status_code == 403


async def test_every_kind_of_tampering_is_found() -> None:
    """The proof, small; `./yinling prove audit` makes it a thousand times."""
    found = await prove(60, seed=7)
    assert (found["found"], found["intact"]) == (60, True)
    assert set(found["by_kind"]) == {how.__name__ for how in TAMPERINGS}


def test_the_root_depends_on_every_line_and_its_place() -> None:
    """Merkle over the lines: order, number and content count, for odd and even numbers."""
    for many in (1, 2, 3, 5, 8):
        lines = [f"line {n}" for n in range(many)]
        others = [[*lines[:n], "x", *lines[n + 1 :]] for n in range(many)] + [lines[:-1], [*lines, lines[-1]]]
        assert root(lines) not in {root(other) for other in others} | {NOTHING}
        assert many < 2 or root(lines) != root(lines[::-1])
