"""一屏统览: a division at this moment, the same for everybody who may see it, so it is worked out once for all."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain.load import WINDOW
from services.gateway.domain.people import Identity
from services.gateway.domain.supervision import UNCLAIMED, Standing, late, midnight, seconds_since
from services.gateway.flow import areas, fleet, maps
from services.gateway.flow.areas import Area
from services.gateway.flow.orders import CHINA
from services.gateway.store import supervision as store
from shared.runtime.clock import Clock
from shared.runtime.database import Connection, Database, Record
from shared.vocabulary.divisions import Division

AT_ONCE = 2000
"""Open incidents whose steps are looked at; more than that and the most urgent stand for them."""
GOOD_FOR = timedelta(seconds=2)
SLOW_GOOD_FOR = timedelta(seconds=30)
"""How long figures of all devices, and of everybody's way to everybody, are good for."""
TARGET_S = 900
CLOCKS = {"unclaimed": "claim", "unaccepted": "acceptance", "not_closed": "closing"}
Row = dict[str, Any]


class Shared:
    """Answers that many ask for at once, worked out once and kept for a moment."""

    def __init__(self, clock: Clock) -> None:
        """Nothing is known yet."""
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[datetime, timedelta, Any]] = {}
        self._locks: dict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, what: str, code: str, good_for: timedelta, work: Callable[[], Awaitable[Any]]) -> Any:
        """What is known of a division, worked out anew when it is older than `good_for`."""
        key = (what, code)
        async with self._locks[key]:
            now = self._clock.now()
            at, _, found = self._kept.get(key, (None, good_for, None))
            if at is None or not now - good_for < at <= now:
                found = await work()
                self._forget(now)
                self._kept[key] = (now, good_for, found)
        return found

    def _forget(self, now: datetime) -> None:
        """Lists of everybody are large: what nobody asked for again goes."""
        old = [key for key, (at, good_for, _) in self._kept.items() if now - good_for >= at]
        for key in old:
            del self._kept[key]
            if not self._locks[key].locked():
                del self._locks[key]


async def reached(database: Database, shared: Shared, code: Division, now: datetime) -> maps.Reach:
    """Everybody's way to everybody of a division, at most half a minute old."""
    found: maps.Reach = await shared.get("reach", code, SLOW_GOOD_FOR, lambda: maps.reach(database, code, now))
    return found


async def covered(database: Database, shared: Shared, area: Area, now: datetime) -> Row:
    """The circle of fifteen minutes of a division and its parts, from the same ways."""

    async def work() -> Row:
        ways = await reached(database, shared, area.code, now)
        return await asyncio.to_thread(maps.covered, area.divisions(), ways, TARGET_S)

    found: Row = await shared.get("coverage", area.code, SLOW_GOOD_FOR, work)
    return found


async def things(database: Database, shared: Shared, code: Division, now: datetime) -> list[Row]:
    """Devices of a division, counted at most half a minute ago."""
    found: list[Row] = await shared.get("things", code, SLOW_GOOD_FOR, lambda: fleet.counted(database, code, now))
    return found


async def overview(database: Database, shared: Shared, who: Identity, code: Division, now: datetime) -> Row:
    """Everything about a division on one screen. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    return {**await _shown(database, shared, area, now), "above": area.above}


async def seen(database: Database, shared: Shared, code: str, now: datetime) -> Row:
    """The same for a screen that may see this division and has no account."""
    area = await areas.known(database, Division(code)) or Area(Division(code), code, (), ())
    return await _shown(database, shared, area, now)


async def _shown(database: Database, shared: Shared, area: Area, now: datetime) -> Row:
    async def work() -> Row:
        devices = fleet.total(await things(database, shared, area.code, now))
        coverage = await covered(database, shared, area, now)
        return {**await _worked(database, area, devices, coverage, now), "above": ()}

    found: Row = await shared.get("overview", area.code, GOOD_FOR, work)
    return found


async def _worked(database: Database, area: Area, devices: Row, coverage: Row, now: datetime) -> Row:
    day = midnight(now, CHINA)
    async with areas.looking(database, area.code) as connection:
        lines = await store.open_lines(connection)
        standing = await store.standing(connection, AT_ONCE)
        owed = await store.owed(connection, now)
        today = await store.today(connection, day)
        people = await _people(connection, area, now)
        rang = await store.rang(connection, day, now - WINDOW)
        pace, orders = await store.pace(connection, day), await store.orders(connection, day)
        mass = await store.mass_events(connection)
    breaches = [(row["division"], one) for it, row in standing for one in late(it, now)]
    return {
        "at": now, **area.told(), "open": _open(lines, now),
        "waiting": [*_waiting(lines, standing, [one.stage for _, one in breaches], now), *_owed(owed, now)],
        "breaches": Counter(one.stage for _, one in breaches), "on_duty": people["total"],
        "load": {"now_10min": rang["lately"], "today": rang["today"], "floods": rang["floods"]},
        "reach": _reach(coverage), "fleet": devices, "today": _today(today, pace), "orders": orders,
        "mass_events": mass, "lines": _lines(area, lines, [code for code, _ in breaches], people, coverage, today),
    }  # fmt: skip


def _open(lines: Sequence[Record], now: datetime) -> list[Row]:
    parts = ("open", "unclaimed", "nobody_coming", "under_way", "with_elder", "to_close")
    found = []
    for priority in sorted({line["priority"] for line in lines}):
        mine = [line for line in lines if line["priority"] == priority]
        sums = {part: sum(line[part] for line in mine) for part in parts}
        oldest = seconds_since(min(line["oldest"] for line in mine), now)
        found.append({"priority": priority, **sums, "oldest_s": oldest})
    return found


def _waiting(
    lines: Sequence[Record], standing: Sequence[tuple[Standing, Row]], stages: Iterable[str], now: datetime
) -> list[Row]:
    over = Counter(stages)
    many = {
        "claim": sum(line["unclaimed"] for line in lines),
        "acceptance": sum(line["nobody_coming"] for line in lines),
        "closing": sum(line["to_close"] for line in lines),
    }
    calls = [it for it, _ in standing if it.window_to is None]
    oldest = {
        "claim": [it.since for it in calls if it.state in UNCLAIMED],
        "acceptance": [it.asked_from for it in calls if it.wanted and not it.coming and it.arrived_at is None],
        "closing": [it.resolved_at for it in calls if it.state == "resolved" and it.resolved_at],
    }
    return [
        {
            "what": what, "waiting": many[what], "overdue": over[stage],
            "oldest_s": seconds_since(min(oldest[what], default=None), now),
        }
        for stage, what in CLOCKS.items()
    ]  # fmt: skip


def _owed(owed: Sequence[Record], now: datetime) -> list[Row]:
    return [
        {
            "what": one["what"], "waiting": one["waiting"], "overdue": one["overdue"],
            "oldest_s": seconds_since(one["oldest"], now),
        }
        for one in owed
    ]  # fmt: skip


async def _people(connection: Connection, area: Area, now: datetime) -> Row:
    seats, uncovered = await store.seats(connection)
    people = await store.people(connection, area.code, now)
    return {
        "seats": seats, "people": people,
        "total": {
            "seats": sum(one["seats"] for one in seats), "silent": sum(one["silent"] for one in seats),
            "uncovered": uncovered,
            **{part: sum(one[part] for one in people) for part in ("responders", "ready", "busy")},
        },
    }  # fmt: skip


def _reach(coverage: Mapping[str, Any]) -> Row:
    total = coverage["total"]
    return {
        "within": total["within"], "beyond": total["beyond"], "holes": len(coverage["holes"]), "target_s": TARGET_S,
    }  # fmt: skip


def _today(today: Sequence[Record], pace: tuple[Sequence[float | None], Sequence[float | None]]) -> Row:
    taken, door = ([None if s is None else round(s) for s in part] for part in pace)
    return {
        **{part: sum(one[part] for one in today) for part in ("incidents", "closed", "false_alarms")},
        "taken_p50_s": taken[0], "taken_p90_s": taken[1], "door_p50_s": door[0], "door_p90_s": door[1],
    }  # fmt: skip


def _lines(
    area: Area, lines: Sequence[Record], breaches: Sequence[str], people: Mapping[str, Any],
    coverage: Mapping[str, Any], today: Sequence[Record],
) -> list[Row]:  # fmt: skip
    """The parts of a division beside one another; they add up to it."""
    names = area.parts()
    within = {line["division"]: line["within"] for line in coverage["lines"]}
    found: dict[str, Counter[str]] = {code: Counter() for code in names}
    for part, rows in (
        (("open", "unclaimed"), lines), (("seats",), people["seats"]), (("responders", "ready"), people["people"]),
    ):  # fmt: skip
        for row in rows:
            found[area.part_of(row["division"])].update({name: row[name] for name in part})
    for row in today:
        found[area.part_of(row["division"])]["today"] += row["incidents"]
    for code in breaches:
        found[area.part_of(code)]["breaches"] += 1
    parts = ("open", "unclaimed", "breaches", "seats", "responders", "ready", "today")
    return [
        {"division": code, "name": names[code], "within": within.get(code), **{name: sums[name] for name in parts}}
        for code, sums in found.items() if code != area.code or sums
    ]  # fmt: skip
