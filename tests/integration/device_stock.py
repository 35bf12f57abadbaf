"""A few devices in a street, each wanting something else, and what may be done with them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from shared.runtime.settings import Settings
from tests.integration.gateway_world import OTHER_STREET, START, STREET, World

DEVICE = """
INSERT INTO devices.device (id, county, division, model, kind, class, home_id, elder_id, added_at, revoked_at)
VALUES ($1, '360733', $2, 'SOS-1', $3, 'own', $4, $5, $6, $7)
"""
PLACED = "INSERT INTO devices.placement VALUES ($1, $2, $3, $4, $5, NULL, 'fitter', $6, $7, $8)"
FAULT = "INSERT INTO devices.fault (id, device_id, kind, division, opened_at) VALUES ($1, $2, $3, $4, $5)"
LONG_AGO = START - timedelta(days=40)
READS = ("/devices/{}", "/devices/{}/raw")
ACTS: tuple[tuple[str, Any], ...] = (
    ("/devices/{}/claim", {"code": "1234"}),
    (f"/devices/{{}}/claim/{uuid4()}", None),
    ("/devices/{}/unclaim", None),
    ("/devices/{}/rekey", None),
    ("/devices/{}/revoke", {"reason": "lost"}),
    ("/devices/{}/place", {"division": STREET}),
    ("/devices/{}/confirm", {"how": "tick"}),
    ("/devices/{}/test-window", {"minutes": 5}),
    ("/devices/{}/ask", {"cmd": "test"}),
    (f"/devices/{{}}/raw/{uuid4()}/replay", None),
)


@asynccontextmanager
async def registry(settings: Settings) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The tables of devices, written as their owner."""
    connection = await asyncpg.connect(settings.owner_database)
    yield connection
    await connection.close()


async def stock(settings: Settings) -> None:
    """Three buttons in one street, each wanting something else, a canary, and a watch in the next street."""
    async with registry(settings) as it:
        for name, division, kind, home, elder, revoked in (
            ("B-1", STREET, "button", "H1", "E1", None),
            ("B-2", STREET, "button", None, None, None),
            ("B-3", STREET, "button", "H1", None, START),
            ("C-1", STREET, "canary", None, None, None),
            ("W-1", OTHER_STREET, "wearable", None, None, None),
        ):
            await it.execute(DEVICE, name, division, kind, home, elder, LONG_AGO, revoked)
        await it.execute(PLACED, "B-1", STREET, "H1", "E1", LONG_AGO, None, None, None)
        await it.execute(PLACED, "B-3", STREET, "H1", None, LONG_AGO, START, "fitter", "tick")
        await it.execute(FAULT, uuid4(), "B-1", "low_batt", STREET, START)
        await it.execute(FAULT, uuid4(), "W-1", "offline", OTHER_STREET, START)
        await it.execute("INSERT INTO devices.health VALUES ('B-1', $1, true, $1, NULL, 12, -70, true, '1.4')", START)
        await it.execute("INSERT INTO devices.pressed VALUES ('B-1', $1, $1, NULL)", LONG_AGO)
        await it.execute("INSERT INTO devices.pressed VALUES ('B-2', $1, NULL, $1)", START)
        await it.execute(
            "INSERT INTO devices.test_window VALUES ('B-1', $1, $2, 'fitter', 1)",
            START - timedelta(minutes=1), START + timedelta(minutes=9),
        )  # fmt: skip


async def ids(it: World, token: str, **params: Any) -> list[str]:
    """Ids on the first page."""
    answer = await it.get("/devices", token, **params)
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.json()["items"]]
