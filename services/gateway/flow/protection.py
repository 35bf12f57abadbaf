"""How well elders are protected at this moment, and who of them would not be helped in time."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.gateway.domain import coverage
from services.gateway.domain import protection as it
from services.gateway.domain.people import Identity
from services.gateway.domain.supervision import FEWEST
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.flow import areas
from services.gateway.flow.maps import FRESH
from services.gateway.store import maps
from services.gateway.store import protection as store
from services.gateway.store.protection import Around
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

TARGET_S = 900


async def around(database: Database, code: Division, now: datetime) -> Around:
    """Where nobody could be within fifteen minutes, and who sits at desks."""
    async with areas.looking(database, code) as connection:
        blocks = await maps.blocks(connection, code)
        goers = await maps.goers(connection, code, now, now - FRESH)
        seats = await store.seats(connection)
    return Around(await asyncio.to_thread(_beyond, blocks, goers), seats)


def _beyond(
    blocks: Sequence[coverage.Block], goers: Sequence[coverage.Goer]
) -> list[tuple[str, float, float]]:  # fmt: skip
    seconds = coverage.arrivals(blocks, goers)
    return [
        (block.division, block.lat, block.lon) for block, s in zip(blocks, seconds, strict=True) if s > TARGET_S
    ]  # fmt: skip


async def protection(
    database: Database, who: Identity, code: Division, fault: str, cursor: str, limit: int, now: datetime
) -> dict[str, Any]:
    """Figures of a division, and its elders with a fault, the worst first; `fault` narrows to whom it concerns."""
    area = await areas.of(database, who, code)
    here = await around(database, code, now)
    async with areas.looking(database, code) as connection:
        sums = await store.summed(connection, now, here)
        wanted = it.BY_CODE[fault].bit if fault else -1
        scores = {mask: it.score(mask) for _, mask, _ in sums if mask & wanted}
        found = await store.listed(connection, now, here, scores, _after(cursor), limit + 1) if scores else []
    points, elders = it.mean((mask, many) for _, mask, many in sums)
    last = found[limit - 1] if len(found) > limit else None
    return {
        "at": now, **area.told(), "elders": elders, "mean": round(points / elders, 1) if elders >= FEWEST else None,
        "whole": sum(many for _, mask, many in sums if mask == 0), "faults": _faults(sums),
        "items": [_line(row) for row in found[:limit]], "next": f"{last['score']}.{last['elder']}" if last else None,
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


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "elder": row["elder"], "name_masked": name_hint(row["name"]), "place": place_hint(row["address"]),
        "division": row["division"], "division_name": row["division_name"] or row["division"], "score": row["score"],
        "faults": it.faults(row["mask"]),
    }  # fmt: skip
