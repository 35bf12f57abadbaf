"""What everybody may know: whether calls for help go through, told by a device nobody wears."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain.supervision import midnight
from services.gateway.flow.orders import CHINA
from services.gateway.flow.overview import Shared
from services.gateway.store import probes as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import WHOLE_CELL

DAYS = 30
DAY = timedelta(days=1)
LIMIT = timedelta(seconds=10)
FRESH = timedelta(minutes=2)
GOOD_FOR = timedelta(seconds=10)
OVER_GOOD_FOR = timedelta(days=DAYS)
"""A day that is over does not change any more."""


async def public(database: Database, shared: Shared, now: datetime) -> dict[str, Any]:
    """The state at this moment and the last thirty days; worked out once for all who ask."""

    async def work() -> dict[str, Any]:
        return await _worked(database, shared, now)

    found: dict[str, Any] = await shared.get("status", "", GOOD_FOR, work)
    return found


async def _worked(database: Database, shared: Shared, now: datetime) -> dict[str, Any]:
    async with database.reading(WHOLE_CELL) as connection:
        first = await store.first(connection)
        lately = await store.lately(connection, now - DAY, now, LIMIT)
    today = midnight(now, CHINA)
    begins = [today - n * DAY for n in range(DAYS)]
    days = [
        await _day(database, shared, max(begin, first), min(begin + DAY, now), over=begin < today)
        for begin in begins if first is not None and begin + DAY > first
    ]  # fmt: skip
    minutes = sum(day["minutes"] for day in days)
    p50, p99 = (None if ms is None else round(ms) for ms in lately["took_ms"] or (None, None))
    return {
        "ok": _ok(first, lately, now), "at": now, "last_at": lately["last_at"], "p50_ms": p50, "p99_ms": p99,
        "share_30d": round(sum(day["through"] for day in days) / minutes, 5) if minutes else None,
        "days": sorted(days, key=lambda day: day["day"]),
    }  # fmt: skip


def _ok(first: datetime | None, lately: Mapping[str, Any], now: datetime) -> bool | None:
    last: datetime | None = lately["last_at"]
    return None if first is None else last is not None and now - last < FRESH


async def _day(database: Database, shared: Shared, since: datetime, until: datetime, *, over: bool) -> dict[str, Any]:
    """Whole minutes of a day, and those in which a call went through."""
    begin = since.replace(second=0, microsecond=0)
    end = until.replace(second=0, microsecond=0)

    async def work() -> int:
        async with database.reading(WHOLE_CELL) as connection:
            return await store.through(connection, begin, end, LIMIT)

    through = int(await shared.get("minutes", begin.isoformat(), OVER_GOOD_FOR if over else GOOD_FOR, work))
    minutes = int((end - begin).total_seconds() // 60)
    return {
        "day": begin.astimezone(CHINA).date(), "minutes": minutes, "through": through,
        "share": round(through / minutes, 5) if minutes else None,
    }  # fmt: skip
