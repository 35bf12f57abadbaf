"""The circle of fifteen minutes by hour of the week: at night, at noon, on Sundays somebody else is on duty.

Who was ready at some hour last week cannot be told afterwards, so a sample is taken every hour, street by street.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain import coverage as it
from services.gateway.domain.people import Identity
from services.gateway.domain.supervision import FEWEST
from services.gateway.flow import areas, maps
from services.gateway.flow.overview import TARGET_S
from services.gateway.store import circle as store
from shared.runtime.clock import Clock
from shared.runtime.database import AWAY, Database, set_scope
from shared.vocabulary.divisions import WHOLE_CELL, Division

logger = logging.getLogger(__name__)

EVERY_S = 60
KEPT = timedelta(days=92)
PIECE = 5000


async def keep_sampling(database: Database, clock: Clock) -> None:
    """Take a sample of every county each hour, for ever; `database` reads the whole cell."""
    while True:
        await clock.sleep(EVERY_S)
        try:
            await sample(database, clock.now())
        except AWAY:
            logger.warning("circle.database_away")
        except Exception:
            logger.exception("circle.failed")  # calls for help go through here too, and do not wait for this


async def sample(database: Database, now: datetime) -> None:
    """Count each county of which nothing is known for this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    async with areas.looking(database, WHOLE_CELL) as connection:
        counties = await store.due(connection, hour)
    for county in counties:
        ways = await maps.reach(database, Division(county), now)
        streets = await asyncio.to_thread(it.by_street, ways.blocks, ways.seconds, TARGET_S)
        async with database.transaction() as connection:
            await set_scope(connection, WHOLE_CELL)
            await store.add(connection, hour, [(street, *counted) for street, counted in streets.items()])
            await store.forget(connection, now - KEPT, PIECE)


async def hours(database: Database, who: Identity, code: Division, since: datetime, until: datetime) -> dict[str, Any]:
    """The share of elders within reach by hour of the week over a period. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    async with areas.looking(database, code) as connection:
        found = await store.hours(connection, code, since, until)
    return {
        **area.told(), "since": since, "until": until, "as_of": max((row["last"] for row in found), default=None),
        "target_s": TARGET_S, "hours": [_hour(row) for row in found],
    }  # fmt: skip


def _hour(row: dict[str, Any]) -> dict[str, Any]:
    few = row["elders"] < FEWEST * row["samples"]
    return {
        "weekday": row["weekday"], "hour": row["hour"], "samples": row["samples"],
        "within": None if few else round(row["within"] / row["elders"], 4),
    }  # fmt: skip
