"""月报 of a division: what a ministry's monthly table asks for, by the divisions directly below."""

from datetime import datetime
from typing import Any

from services.gateway.domain.monthly import COLUMNS, summed, values
from services.gateway.domain.people import Identity
from services.gateway.flow import areas
from services.gateway.flow.hazards import today
from services.gateway.store import monthly as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division


async def monthly(
    database: Database, who: Identity, code: Division, since: datetime, until: datetime, now: datetime
) -> dict[str, Any]:  # fmt: skip
    """The table; its lines add up to the total. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    async with areas.looking(database, code) as connection:
        lines = await store.counted(connection, (since, until), now, today(now))
    parts: dict[str, list[dict[str, int]]] = {part: [] for part in area.parts()}
    for line in lines:
        parts[area.part_of(line.pop("division"))].append(line)
    counts = {part: summed(found) for part, found in parts.items()}
    return {
        **area.told(), "since": since, "until": until, "as_of": now, "columns": [_column(one) for one in COLUMNS],
        "items": [
            {"division": part, "name": name, "values": values(counts[part])}
            for part, name in area.parts().items() if part != code or counts[part]
        ],
        "total": {"division": code, "name": area.name, "values": values(summed(counts.values()))},
    }  # fmt: skip


def _column(one: Any) -> dict[str, Any]:
    return {
        "code": one.code, "name": {"zh": one.zh, "en": one.en}, "means": {"zh": one.means_zh, "en": one.means_en},
        "share": one.of is not None,
    }  # fmt: skip
