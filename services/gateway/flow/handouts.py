"""Lists of people as files. Each line bears who took it, who allowed it, when and what for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.domain.sheets import Cell, Sheet
from services.gateway.flow.orders import CHINA
from services.gateway.store import handouts as store
from shared.runtime.database import Database
from shared.vocabulary.divisions import Division

TITLES = {"elders": "老人名单", "contacts": "联系人名单"}
HEADS: Mapping[str, tuple[str, ...]] = {
    "elders": (
        "编号",
        "姓名",
        "性别",
        "出生年份",
        "行政区划",
        "住址",
        "电话",
        "独居",
        "能力等级",
        "评估有效期",
        "风险等级",
    ),
    "contacts": ("老人编号", "顺序", "姓名", "关系", "电话", "有钥匙"),
}
"""Headings that an import understands again."""
MARK = "水印"


async def sheet(database: Database, taken: Mapping[str, Any]) -> Sheet:
    """The list that may be taken now; `taken` is what dispatch said of it."""
    what, within = str(taken["sheet"]), Division(taken["within"])
    mark = watermark(taken)
    async with database.reading(within) as connection:
        rows = await store.rows(connection, what)
    lines: list[tuple[Cell, ...]] = [(*row, mark) for row in rows]
    notes = (mark, f"用途：{taken['reason']}", f"共 {len(lines)} 行")
    return Sheet(f"{TITLES[what]} {within}", (*HEADS[what], MARK), lines, notes)


def watermark(taken: Mapping[str, Any]) -> str:
    """Whose copy this is, short enough for a column."""
    at = datetime.fromisoformat(taken["at"]).astimezone(CHINA)
    return f"{taken['asked_name']} 经 {taken['decided_name']} 批准 {at:%Y-%m-%d %H:%M} {taken['export'][-8:]}"


async def page(database: Database, who: Identity, after: UUID | None, limit: int) -> dict[str, Any]:
    """Lists that were asked for, newest first."""
    async with database.reading(who.scope) as connection:
        found = await store.listed(connection, after, limit + 1, who.account)
    more, items = len(found) > limit, found[:limit]
    return {"items": items, "next": str(items[-1]["id"]) if more else None}
