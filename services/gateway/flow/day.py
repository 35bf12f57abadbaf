"""Own days: what somebody has done, how long it took, and what is booked."""

from datetime import date, datetime, timedelta
from typing import Any

from services.gateway.domain.day import legs, spread, stars
from services.gateway.domain.people import Identity
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.flow.orders import CHINA
from services.gateway.store import day as store
from shared.runtime.database import Database

ONE = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


async def jobs(database: Database, who: Identity, responder: str, days: int, now: datetime) -> dict[str, Any]:
    """Jobs of so many days, today the last of them, and their figures without drills."""
    since = _midnight(now.astimezone(CHINA).date()) - (days - 1) * ONE
    async with database.reading(who.scope) as connection:
        found = await store.jobs(connection, responder, since)
    real = [one for one in found if not one["drill"]]
    return {
        "since": since, "items": [_job(one) for one in found], "wait": spread(one["wait_s"] for one in real),
        "way": spread(one["way_s"] for one in real), "stars": stars(one["rating"] for one in real),
    }  # fmt: skip


def _job(row: dict[str, Any]) -> dict[str, Any]:
    name, address = row.pop("elder_name"), row.pop("address")
    return {**row, "name_masked": name_hint(name), "place": place_hint(address)}


async def visits(database: Database, who: Identity, responder: str, day: date | None, now: datetime) -> dict[str, Any]:
    """The visits of a day, with the way from each to the next."""
    wanted = min(max(day or now.astimezone(CHINA).date(), date(2000, 1, 1)), date(2999, 12, 31))
    async with database.reading(who.scope) as connection:
        found = await store.visits(connection, responder, _midnight(wanted), _midnight(wanted) + ONE)
    items = [_visit(one, leg) for one, leg in zip(found, legs(found), strict=True)]
    return {"day": wanted, "items": items}


def _visit(row: dict[str, Any], leg: int | None) -> dict[str, Any]:
    name = row.pop("elder_name")
    return {**row, "name_masked": name_hint(name), "leg_m": leg}
