"""Supervision: everything on one screen, what is late and moving it on, providers, devices, indicators."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from pydantic import Field

from services.gateway.api.door import NO_NUL, Cursor, Json, Limit, Overseer, Seat, TheDoor
from services.gateway.api.family import Supervisor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.response_times import PeriodError
from services.gateway.domain.response_times import period as spelled
from services.gateway.domain.supervision import within_month
from services.gateway.flow import breaches as late
from services.gateway.flow import case_file as case_files
from services.gateway.flow import circle as circles
from services.gateway.flow import duty_log as watches
from services.gateway.flow import fleet as things
from services.gateway.flow import indicators as figures
from services.gateway.flow import overview as now_there
from services.gateway.flow import protection as guarded
from services.gateway.flow import providers as ranks
from services.gateway.flow import ratings as opinions
from services.gateway.flow import replay as told_again
from services.gateway.flow.orders import CHINA
from shared.contracts import http
from shared.contracts import indicators as told
from shared.contracts import supervision as contract
from shared.vocabulary.divisions import BadDivisionError, Division, Level, division

router = APIRouter(tags=["supervision"])

Incident = Annotated[str, Path(max_length=64, pattern=NO_NUL)]
Fault = Literal[
    "no_device", "device_silent", "no_seat", "out_of_reach", "low_batt", "no_contact", "no_way_in", "untested",
    "unconfirmed", "no_phone",
]  # fmt: skip
When = Annotated[str, Query(max_length=40, pattern=NO_NUL)]


def area(who: Overseer, division_: Annotated[str | None, Query(alias="division", max_length=12)] = None) -> Division:
    """The division asked about; the caller's own where none is named."""
    try:
        return division(division_) if division_ else who.division
    except BadDivisionError:
        raise ProblemError(422, "invalid_field", field="division") from None


def period(
    door: TheDoor, since: Annotated[When, Query(alias="from")] = "", until: Annotated[When, Query(alias="to")] = ""
) -> tuple[datetime, datetime]:
    """From when until when, as reports read it; this month so far where nothing is said."""
    now = door.clock.now()
    try:
        found = spelled(since or ("" if until else within_month(now, CHINA).isoformat()), until, now)
    except PeriodError as wrong:
        raise ProblemError(422, wrong.code, field=wrong.field) from None
    return found.since, found.until


Part = Annotated[str, Query(max_length=100, pattern=NO_NUL)]
IndicatorCode = Annotated[str, Field(max_length=32, pattern=r"^[a-z0-9_]+$")]
Area = Annotated[Division, Depends(area)]
Period = Annotated[tuple[datetime, datetime], Depends(period)]


@router.get("/supervision/overview", response_model=contract.Overview)
async def overview(code: Area, who: Overseer, door: TheDoor) -> Response:
    """一屏统览: what is open, what waits for whom, who is on duty, and how the parts of a division compare."""
    found = await now_there.overview(door.database, door.shared, who, code, door.clock.now())
    return Json(contract.Overview.model_validate(found))


@router.get("/supervision/breaches", response_model=contract.Breaches)
async def breaches(code: Area, who: Overseer, door: TheDoor) -> Response:
    """Incidents and visits past their target at this moment, the most urgent first."""
    return Json(contract.Breaches.model_validate(await late.listed(door.database, who, code, door.clock.now())))


@router.post("/supervision/breaches/{incident}/nudge", response_model=contract.Nudged)
async def nudge(incident: Incident, who: Supervisor, door: TheDoor, given: contract.Nudge | None = None) -> Response:
    """Ring whoever holds it. 409 `nobody_coming`, `no_console`; `just_nudged` within a minute."""
    try:
        found = await late.nudge(door.database, who, incident, given or contract.Nudge(), door.clock.now())
    except late.NudgeError as fault:
        raise ProblemError(409, fault.code, params=fault.params) from None
    return Json(found)


@router.get("/supervision/providers", response_model=told.Providers)
async def providers(code: Area, who: Overseer, door: TheDoor, over: Period) -> Response:
    """How providers answer and come, with numbers and intervals; no rank for a handful."""
    found = await ranks.ranking(door.database, who, code, *over, door.clock.now())
    return Json(told.Providers.model_validate(found))


@router.get("/supervision/ratings", response_model=told.Ratings)
async def ratings(
    code: Area, who: Overseer, door: TheDoor, over: Period, by: Literal["provider", "month", "source"] = "provider"
) -> Response:
    """Stars and call-backs, by provider, month or where it was said; small lines are merged."""
    found = await opinions.ratings(door.database, who, code, by, *over, door.clock.now())
    return Json(told.Ratings.model_validate(found))


@router.get("/supervision/fleet", response_model=told.Fleet)
async def fleet(code: Area, who: Overseer, door: TheDoor) -> Response:
    """Devices by area, model and kind: online, low, silent, tested."""
    return Json(told.Fleet.model_validate(await things.fleet(door.database, who, code, door.clock.now())))


@router.get("/supervision/indicators", response_model=told.Indicators)
async def indicators(code: Area, who: Overseer, door: TheDoor, over: Period) -> Response:
    """The indicator pack: every figure with formula, source and target, for a division and its parts."""
    found = await figures.pack(door.database, door.shared, who, code, over, door.clock.now())
    return Json(told.Indicators.model_validate(found))


@router.get("/supervision/circle", response_model=told.CircleHours)
async def circle(code: Area, who: Overseer, door: TheDoor, over: Period) -> Response:
    """The circle of fifteen minutes by hour of the week, from a sample an hour; down to streets."""
    if len(code) > Level.STREET:
        raise ProblemError(422, "invalid_field", field="division")
    return Json(told.CircleHours.model_validate(await circles.hours(door.database, who, code, *over)))


@router.get("/supervision/indicators/{indicator}/cases", response_model=http.Page[told.IndicatorCase])
async def cases(
    indicator: IndicatorCode, code: Area, who: Overseer, door: TheDoor, over: Period, part: Part = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Response:  # fmt: skip
    """Whom a figure counts as missing its target: the exact list. `part` is a device model."""
    now = door.clock.now()
    found = await figures.cases(door.database, who, code, indicator, part, over, cursor, limit, now)
    return Json(http.Page[told.IndicatorCase].model_validate(found))


@router.get("/supervision/protection", response_model=told.Protection)
async def protection(
    code: Area, who: Overseer, door: TheDoor, fault: Fault | None = None, cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """What would fail if elders pressed now, and for whom, the worst protected first."""
    now = door.clock.now()
    found = await guarded.protection(door.database, door.shared, who, code, fault or "", cursor, limit, now)
    return Json(told.Protection.model_validate(found))


@router.get("/reports/incidents/{incident}/replay", response_model=contract.IncidentReplay)
async def replay(incident: Incident, who: Seat, door: TheDoor) -> Response:
    """An incident told again, step by step, with the ways of those who went and the sounds of consoles."""
    found = await told_again.replay(door.database, who, incident, door.clock.now())
    return Json(contract.IncidentReplay.model_validate(found))


@router.get("/reports/incidents/{incident}/case-file", response_class=Response)
async def case_file(incident: Incident, who: Seat, door: TheDoor, lang: Literal["zh", "en"] = "zh") -> Response:
    """The same as a PDF to be filed, with the seal of every event; the log tells who took it."""
    now = door.clock.now()
    content = await case_files.case_file(door.database, who, incident, lang, now)
    name = f"yinling-case-{incident}-{now.astimezone(CHINA):%Y%m%d-%H%M}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.get("/supervision/duty", response_model=contract.DutyLog)
async def duty(code: Area, who: Overseer, door: TheDoor, over: Period) -> Response:
    """值班日志: who sat where, how she answered when asked (查岗), and when nobody did."""
    found = await watches.duty_log(door.database, who, code, *over, door.clock.now())
    return Json(contract.DutyLog.model_validate(found))
