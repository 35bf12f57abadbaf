"""The indicator pack of a division and period: every figure with its meaning, its parts and its list."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.gateway.domain import indicators as it
from services.gateway.domain import protection as scores
from services.gateway.domain.people import Identity
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.flow import areas, overview
from services.gateway.flow import protection as guarded
from services.gateway.flow.areas import Area
from services.gateway.flow.commands import MissingError
from services.gateway.flow.overview import SLOW_GOOD_FOR, Shared
from services.gateway.store import indicators as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

Sums = dict[str, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Counts:
    """Numerators and denominators of one division by indicator; `models` those of false alarms by device model."""

    sums: Sums = field(default_factory=lambda: defaultdict(lambda: (0, 0)))
    models: Sums = field(default_factory=lambda: defaultdict(lambda: (0, 0)))

    def add(self, code: str, numerator: float, denominator: int, model: str | None = None) -> None:
        """Count more of an indicator."""
        for sums, key in ((self.sums, code), (self.models, model)):
            if key is not None:
                n, of = sums[key]
                sums[key] = (n + numerator, of + denominator)


async def pack(
    database: Database, shared: Shared, who: Identity, code: Division, over: tuple[datetime, datetime], now: datetime
) -> dict[str, Any]:
    """Every indicator of a division, and those of its parts. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    since, until = over
    # whoever asks for the time so far asks for the same thing all along
    asked = f"{code} {since} {until if until < now else ''}"

    async def work() -> tuple[datetime, Counts, dict[str, Counts]]:
        return now, *await _counted(database, shared, area, over, now)

    as_of, whole, parts = await shared.get("indicators", asked, SLOW_GOOD_FOR, work)
    return {
        **area.told(), "since": since, "until": until, "as_of": as_of, "items": list(_items(whole)),
        "lines": [
            {"division": part, "name": area.parts().get(part, part), "values": _values(counts)}
            for part, counts in sorted(parts.items())
        ],
    }  # fmt: skip


async def _counted(
    database: Database, shared: Shared, area: Area, over: tuple[datetime, datetime], now: datetime
) -> tuple[Counts, dict[str, Counts]]:
    coverage = await overview.covered(database, shared, area, now)
    everybody = await guarded.guarded(database, shared, area.code, now)
    devices = await overview.things(database, shared, area.code, now)
    whole, parts = Counts(), defaultdict[str, Counts](Counts)
    async with areas.looking(database, area.code) as connection:
        counted = [*await store.times(connection, over, now), *await store.register(connection, over, now)]
        false = await store.false_alarms(connection, over)

    def add(division: str, code: str, n: float, of: int, model: str | None = None) -> None:
        for counts in (whole, parts[area.part_of(division)]):
            counts.add(code, n, of, model)

    for row in counted:
        for code in it.BY_CODE.keys() & {name[:-2] for name in row if name.endswith("_d")}:
            add(row["division"], code, row[f"{code}_n"], row[f"{code}_d"])
    for row in false:
        add(row["division"], "false_alarm", row["n"], row["of"], row["model"])
    for row in devices:
        add(row["division"], "device_online", row["online"], row["devices"])
        add(row["division"], "device_tested", row["tested_30d"], row["devices"])
    for division, mask, many in everybody.sums:
        add(division, "protection", scores.score(mask) * many, many)
    for counts, line in ((whole, coverage["total"]), *((parts[one["division"]], one) for one in coverage["lines"])):
        if line["elders"] is not None:
            counts.add("circle_15", line["elders"] - line["beyond"], line["elders"])
    return whole, parts


def _items(whole: Counts) -> Iterable[dict[str, Any]]:
    for kind in it.PACK:
        yield {**_meaning(kind), "part": "", **it.value(kind, *whole.sums[kind.code])}
        if kind.code == "false_alarm":
            for model, (n, of) in sorted(whole.models.items()):
                yield {**_meaning(kind), "part": model, **it.value(kind, n, of)}


def _values(counts: Counts) -> dict[str, Any]:
    return {kind.code: it.value(kind, *counts.sums[kind.code]) for kind in it.PACK}


def _meaning(kind: it.Kind) -> dict[str, Any]:
    zh, en = it.SOURCES[kind.source]
    return {
        "code": kind.code, "name": {"zh": kind.zh, "en": kind.en}, "group": kind.group, "unit": kind.unit,
        "better": kind.better, "target": kind.target, "cases": kind.cases,
        "formula": {"zh": kind.formula_zh, "en": kind.formula_en}, "source": {"zh": zh, "en": en},
    }  # fmt: skip


async def cases(
    database: Database, who: Identity, division: Division, code: str, part: str, over: tuple[datetime, datetime],
    after: str, limit: int, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Whom an indicator counts as missing its target. MissingError for one that has no list."""
    kind = it.BY_CODE.get(code)
    if kind is None or not kind.cases or code == "protection":
        raise MissingError("indicator")
    await areas.of(database, who, division)
    async with areas.looking(database, division) as connection:
        found = await store.missed(connection, code, part, over, now, after, limit + 1)
    return {
        "items": [_case(row) for row in found[:limit]],
        "next": found[limit - 1]["id"] if len(found) > limit else None,
    }


def _case(row: dict[str, Any]) -> dict[str, Any]:
    name, address = row.pop("name"), row.pop("address")
    return {
        **row, "division_name": row["division_name"] or row["division"], "name_masked": name_hint(name),
        "place": place_hint(address), "reasons": [one for one in row["reasons"] if one],
    }  # fmt: skip
