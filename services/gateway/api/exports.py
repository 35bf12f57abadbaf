"""Reports to be taken away as CSV or XLSX, with what their figures mean and who took them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.gateway.api.door import Overseer, TheDoor
from services.gateway.api.reports import Only
from services.gateway.api.supervision import Area, Fault, IndicatorCode, Part, Period
from services.gateway.domain.legends import legend
from services.gateway.domain.response_times import Period as Span
from services.gateway.domain.response_times import Question
from services.gateway.domain.sheets import HEADS, ROWS, Sheet
from services.gateway.domain.wording import stamp
from services.gateway.flow import (
    areas,
    breaches,
    complaints,
    duty_log,
    fleet,
    hazards,
    indicators,
    monthly,
    protection,
    providers,
    ratings,
    sheets,
)
from services.gateway.flow.orders import CHINA
from services.gateway.reports import answers
from services.gateway.reports.definitions import definitions
from shared.contracts import reports as contract

router = APIRouter(tags=["supervision"])

MOST = 5000
"""Elders, incidents or devices in one file."""
What = Literal[
    "response-times", "indicators", "providers", "fleet", "breaches", "protection", "cases", "duty", "complaints",
    "hazards", "monthly", "ratings",
]  # fmt: skip
TITLES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "response-times": "响应时间", "indicators": "指标", "providers": "服务商", "fleet": "设备",
        "breaches": "超时事项", "protection": "保护分", "cases": "未达标名单", "duty": "值班日志",
        "complaints": "投诉台账", "hazards": "隐患整改责任清单", "monthly": "月报", "ratings": "评价与回访",
    },
    "en": {
        "response-times": "Response times", "indicators": "Indicators", "providers": "Providers", "fleet": "Devices",
        "breaches": "Past their target", "protection": "Protection", "cases": "Missing a target",
        "duty": "Duty log", "complaints": "Complaints", "hazards": "Hazards", "monthly": "Monthly table",
        "ratings": "Ratings and call-backs",
    },
}  # fmt: skip
Lang = Literal["zh", "en"]


class Wanted:
    """What somebody asks to take away."""

    def __init__(
        self, code: Area, over: Period, who: Overseer, door: TheDoor, only: Annotated[Only, Depends()],
        lang: Lang = "zh", by: contract.Grouping | None = "division", indicator: IndicatorCode = "monthly_visit",
        part: Part = "", fault: Fault | None = None,
    ) -> None:  # fmt: skip
        """Division, period, language; `by` and filters of response times, `indicator` and `part` of cases, `fault`."""
        self.code = code
        self.over = over
        self.who = who
        self.door = door
        self.lang = lang
        self.by = by
        self.only = only.values
        self.indicator = indicator
        self.part = part
        self.fault = fault or ""
        self.now = door.clock.now()


async def _response_times(it: Wanted) -> dict[str, Any]:
    return await answers.response_times(it.door.database, it.who, Question(it.code, Span(*it.over), it.by, it.only))


async def _protection(it: Wanted) -> dict[str, Any]:
    asked = (it.who, it.code, it.fault, "", MOST, it.now)
    return await protection.protection(it.door.database, it.door.shared, *asked)


async def _cases(it: Wanted) -> dict[str, Any]:
    asked = (it.indicator, it.part, it.over, "", MOST, it.now)
    return await indicators.cases(it.door.database, it.who, it.code, *asked)


async def _ratings(it: Wanted) -> dict[str, Any]:
    by = "month" if it.by == "month" else "provider"
    return await ratings.ratings(it.door.database, it.who, it.code, by, *it.over, it.now)


WORK: Mapping[What, Callable[[Wanted], Awaitable[dict[str, Any]]]] = {
    "response-times": _response_times,
    "indicators": lambda it: indicators.pack(it.door.database, it.door.shared, it.who, it.code, it.over, it.now),
    "providers": lambda it: providers.ranking(it.door.database, it.who, it.code, *it.over, it.now),
    "fleet": lambda it: fleet.fleet(it.door.database, it.who, it.code, it.now),
    "breaches": lambda it: breaches.listed(it.door.database, it.who, it.code, it.now),
    "protection": _protection,
    "cases": _cases,
    "complaints": lambda it: complaints.listed(it.door.database, it.who, it.code, it.over, MOST, it.now),
    "hazards": lambda it: hazards.listed(it.door.database, it.who, it.code, it.over, MOST, it.now),
    "monthly": lambda it: monthly.monthly(it.door.database, it.who, it.code, *it.over, it.now),
    "ratings": _ratings,
    "duty": lambda it: duty_log.duty_log(it.door.database, it.who, it.code, *it.over, it.now),
}


@router.get("/supervision/export/{what}", response_class=Response)
async def export(
    what: What, it: Annotated[Wanted, Depends()], how: Annotated[sheets.Format, Query(alias="format")] = "xlsx"
) -> Response:
    """A report as a file, with its definitions; the log tells who took it. At most 5,000 elders or incidents."""
    found = await WORK[what](it)
    area = await areas.of(it.door.database, it.who, it.code)
    rows = ROWS[what](found, it.lang)
    title = f"{area.name or it.code} {TITLES[it.lang][what]}"
    sheet = Sheet(title, HEADS[it.lang][what], rows, (*_meanings(what, found, it), *_marks(it)))
    content = await asyncio.to_thread(sheets.written, sheet, how)
    body: dict[str, str | int] = {"what": what, "format": how, "rows": len(rows), "of": it.code}
    await sheets.told(it.door.database, it.who, it.code, body, it.now)
    name = f"yinling-{what}-{it.code or 'all'}-{it.now.astimezone(CHINA):%Y%m%d-%H%M}.{how}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=sheets.MEDIA[how], headers=headers)


def _meanings(what: What, found: Mapping[str, Any], it: Wanted) -> list[str]:
    """What each figure of a report means."""
    lang = it.lang
    if what == "response-times":
        meant = definitions()
        parts = [meant[name][lang] for name in ("left_out", "percentiles", "small_cells")]
        return [*(f"{one['name'][lang]}: {one['means'][lang]}" for one in meant["stages"]), *parts]
    if what == "indicators":
        whole = [one for one in found["items"] if not one["part"]]
        return [f"{one['name'][lang]}: {one['formula'][lang]} ({one['source'][lang]})" for one in whole]
    if what == "monthly":
        return [f"{one['name'][lang]}: {one['means'][lang]}" for one in found["columns"]]
    return [found["definition"][lang]] if "definition" in found else legend(what, lang, it.indicator)


def _marks(it: Wanted) -> list[str]:
    """For which time, as of when, and who has taken it."""
    since, until = (stamp(at) for at in it.over)
    if it.lang == "zh":
        return [f"期间（UTC）：{since} 至 {until}（不含）", f"截至（UTC）：{stamp(it.now)}", f"导出人：{it.who.name}"]
    return [f"Period (UTC): {since} to {until}, not included", f"As of (UTC): {stamp(it.now)}", f"By: {it.who.name}"]
