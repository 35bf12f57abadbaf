"""The words of what devices sent are forgotten after half a year, in pieces; which press it was stays."""

from datetime import timedelta

import asyncpg
import pytest

from services.devices.flow import retention
from services.devices.flow.retention import KEPT, forget
from shared.runtime.database import Database
from shared.vocabulary.ids import uuid7
from tests.conftest import TestDatabase
from tests.story.town import COUNTY, START

RAW = """
INSERT INTO devices.raw_event (device_id, boot, seq, id, eid, topic, payload, flags, received_at)
VALUES ('B-1', 1, $1::bigint, $2, 'B-1:1:' || ($1::bigint)::text, 'yl/v1/x', '{"loc":[1,2]}', '{}', $3)
"""
STRAY = """
INSERT INTO devices.quarantine (digest, id, topic, payload, reason, county, first_at, last_at)
VALUES ($1, $2, 'sms', '13912345678 help', 'unbound', $3, $4, $4)
"""
LEFT = "SELECT seq FROM devices.raw_event WHERE payload <> '' ORDER BY seq"


async def test_old_words_of_devices_go(database: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pieces that takes; the next time begins above what was done."""
    monkeypatch.setattr(retention, "PIECE", 3)
    owner = await asyncpg.connect(database.url("owner"))
    for n in range(10):
        at = START + timedelta(days=n)
        await owner.execute(RAW, n, uuid7(at), at)
        await owner.execute(STRAY, bytes([n]), uuid7(at), COUNTY, at)
    it = Database(database.url("devices"), name="test", size=1)
    await it.open()
    try:
        assert (await forget(it, START + KEPT)).int == 0
        above = await forget(it, START + KEPT + timedelta(days=6, hours=12))
        assert [row["seq"] for row in await owner.fetch(LEFT)] == [7, 8, 9]
        assert await owner.fetchval("SELECT count(*) FROM devices.quarantine WHERE payload <> ''") == 3
        await owner.execute("UPDATE devices.raw_event SET payload = 'again' WHERE seq = 1")
        await forget(it, START + KEPT + timedelta(days=8, hours=12), above)
        assert [row["seq"] for row in await owner.fetch(LEFT)] == [1, 9]
        assert await owner.fetchval("SELECT count(*) FROM devices.raw_event") == 10
    finally:
        await it.close()
        await owner.close()
