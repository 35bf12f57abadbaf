"""How well elders are protected at this moment, and who of them would not be helped in time."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.gateway.domain import protection as it
from services.gateway.domain.people import Identity
from services.gateway.domain.protection import Guarded
from services.gateway.domain.supervision import FEWEST
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.flow import areas
from services.gateway.flow.maps import Reach
from services.gateway.flow.overview import SLOW_GOOD_FOR, TARGET_S, Shared, reached
from services.gateway.store import protection as store
from services.gateway.store.protection import Around
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

EVERYBODY_S = 12
"""A second for a hundred thousand elders where nothing else runs, once for all who look."""


async def guarded(database: Database, shared: Shared, code: Division, now: datetime) -> Guarded:
    """Everybody of a division, at most half a minute ago, for whoever may see it."""

    async def work() -> Guarded:
        beyond = _beyond(await reached(database, shared, code, now))
        async with areas.looking(database, code, EVERYBODY_S) as connection:
            around = Around(beyond, await store.seats(connection))
            groups = await store.lacking(connection, now, around, EVERYBODY_S)
        return await asyncio.to_thread(it.guarded, groups, now)

    found: Guarded = await shared.get("protection", code, SLOW_GOOD_FOR, work)
    return found


def _beyond(ways: Reach) -> list[tuple[str, float, float]]:
    return [
        (block.division, block.lat, block.lon)
        for block, seconds in zip(ways.blocks, ways.seconds, strict=True) if seconds > TARGET_S
    ]  # fmt: skip


async def protection(
    database: Database, shared: Shared, who: Identity, code: Division, fault: str, cursor: str, limit: int,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Figures of a division, and its elders with a fault, the worst first; `fault` narrows to whom it concerns."""
    area = await areas.of(database, who, code)
    everybody = await guarded(database, shared, code, now)
    found = everybody.page(it.BY_CODE[fault].bit if fault else -1, _after(cursor), limit + 1)
    async with areas.looking(database, code) as connection:
        known = await store.who(connection, [elder for _, elder, _ in found[:limit]])
    points, elders = everybody.mean()
    last = found[limit - 1] if len(found) > limit else None
    return {
        "at": everybody.at, **area.told(), "elders": elders,
        "mean": round(points / elders, 1) if elders >= FEWEST else None,
        "whole": sum(many for _, mask, many in everybody.sums if mask == 0), "faults": _faults(everybody.sums),
        "items": [_line(one, known[one[1]]) for one in found[:limit] if one[1] in known],
        "next": f"{last[0]}.{last[1]}" if last else None,
    }  # fmt: skip


def _after(cursor: str) -> tuple[int, str]:
    score, _, elder = cursor.partition(".")
    return (int(score), elder) if score.isdecimal() and len(score) < 4 else (-1, "")


def _faults(sums: Sequence[tuple[str, int, int]]) -> list[dict[str, Any]]:
    many: Counter[str] = Counter()
    for _, mask, elders in sums:
        many.update(dict.fromkeys(it.faults(mask), elders))
    return [
        {
            "code": fault.code, "name": {"zh": fault.zh, "en": fault.en}, "weight": fault.weight,
            "elders": many[fault.code],
        }
        for fault in it.FAULTS
    ]  # fmt: skip


def _line(one: tuple[int, str, int], known: dict[str, Any]) -> dict[str, Any]:
    score, elder, mask = one
    return {
        "elder": elder, "name_masked": name_hint(known["name"]), "place": place_hint(known["address"]),
        "division": known["division"], "division_name": known["division_name"] or known["division"], "score": score,
        "faults": it.faults(mask),
    }  # fmt: skip
