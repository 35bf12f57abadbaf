"""What is past its time is forgotten in pieces; what is not stays, and so does the log."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from bench.proofs.scope_world import COMMUNITIES, World
from services.gateway.flow import retention
from services.gateway.flow.maps import SHOWN_AFTER
from services.gateway.store.retention import KEPT
from shared.runtime.database import Database
from shared.runtime.settings import Settings
from tests.integration.gateway_world import START, world


async def counted(owner: "asyncpg.Connection[Any]") -> dict[str, int]:
    """Rows of every table that forgets, and of the log."""
    return {name: await owner.fetchval(f"SELECT count(*) FROM {name}") for name in (*KEPT, "log.event")}


async def test_old_words_numbers_and_pictures_go(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each table at its own age, however many pieces that takes."""
    monkeypatch.setattr(retention, "PIECE", 3)
    owner = await asyncpg.connect(settings.owner_database)
    database = Database(settings.gateway_database, name="test", size=1)
    await database.open()
    try:
        await World(owner, START).settle()
        before = await counted(owner)
        assert [name for name in KEPT if before[name] < len(COMMUNITIES)] == []
        young = START + min(kept for _, kept in KEPT.values()) - timedelta(seconds=1)
        assert await retention.forget(database, young) == 0
        left = dict(before)
        for age in sorted({kept for _, kept in KEPT.values()}):
            await retention.forget(database, START + age + timedelta(seconds=1))
            left |= {name: 0 for name, (_, kept) in KEPT.items() if kept <= age}
            assert await counted(owner) == left
    finally:
        await database.close()
        await owner.close()


async def test_where_she_called_from_is_not_shown_for_ever(settings: Settings) -> None:
    """From the opening until half an hour after the end; then her home, which is known anyway."""
    async with world(settings) as it:
        await it.city.open("I-1")
        called = "UPDATE dispatch.incident SET lat = 25.7, lon = 115.9, away_m = 9000 WHERE id = 'I-1'"
        await it.city.database.pool.execute(called)
        desk = await it.log_in("desk")
        assert (await it.get("/map/incidents/I-1", desk)).json()["lat"] == 25.7
        await it.city.close("I-1")
        assert (await it.get("/map/incidents/I-1", desk)).json()["lat"] == 25.7
        it.clock.advance(SHOWN_AFTER.total_seconds() + 1)
        shown = (await it.get("/map/incidents/I-1", desk)).json()
        assert (shown["lat"], shown["lon"], shown["away_m"]) == (25.6, 115.79, None)
