"""Devices of a division: how many answer, run low, are silent, were tried."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.domain.supervision import share
from services.gateway.flow import areas
from services.gateway.store import fleet as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

COUNTS = ("devices", "online", "low_batt", "silent_24h", "tested_30d", "faults")
DEFINITION = {
    "zh": "在用设备（不含已停用、探针、短信号码和手机页面）。在线：心跳未过期；超过24小时无声：无心跳、报警或测试；"
    "30天内测试：按键测试、自检或真实报警；低电和故障：尚未恢复。",
    "en": "Devices in use (without revoked ones, probes, numbers for texts and pages on telephones). Online: its beats "
    "come. Silent over 24 h: no beat, alarm or test. Tested within 30 days: a test by hand or of its own, or a real "
    "press. Low battery and faults: not over yet.",
}
Row = dict[str, Any]


async def fleet(database: Database, who: Identity, code: Division, now: datetime) -> Row:
    """Devices of a division by its parts, by model and by kind. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    rows = await counted(database, code, now)
    names = area.parts()
    return {
        "at": now, **area.told(), "total": total(rows), "definition": DEFINITION,
        "areas": [
            {"key": key, "name": names[key], **total(mine)}
            for key, mine in sorted(_by(rows, lambda row: area.part_of(row["division"])).items())
        ],
        "models": _lines(rows, "model"), "kinds": _lines(rows, "kind"),
    }  # fmt: skip


async def counted(database: Database, code: Division, now: datetime) -> list[Row]:
    """Devices of a division by division, model and kind, for whoever may see it."""
    async with areas.looking(database, code) as connection:
        return await store.counted(connection, now)


def _lines(rows: Iterable[Row], name: str) -> list[Row]:
    return [{"key": key, "name": key, **total(mine)} for key, mine in sorted(_by(rows, lambda row: row[name]).items())]


def _by(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def total(rows: Iterable[Row]) -> Row:
    """What lines add up to."""
    lines = list(rows)
    sums = {name: sum(line[name] for line in lines) for name in COUNTS}
    return {
        **sums, "online_share": share(sums["online"], sums["devices"]),
        "tested_share": share(sums["tested_30d"], sums["devices"]),
    }  # fmt: skip
