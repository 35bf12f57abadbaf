"""Lists of people that leave the house: asked for with a reason, allowed by somebody else, taken once."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.gateway.api.desk import AtDesk
from services.gateway.api.door import CursorId, Json, Limit, Seat, TheDoor
from services.gateway.flow import handouts as flow
from services.gateway.flow import sheets
from shared.contracts import http
from shared.contracts import registry as contract

router = APIRouter(prefix="/registry/exports", tags=["registry"])


@router.get("", response_model=http.Page[contract.ExportLine])
async def listed(who: Seat, door: TheDoor, cursor: CursorId, limit: Limit = 50) -> Response:
    """Lists that were asked for, newest first, and what became of them."""
    return Json(await flow.page(door.database, who, cursor, limit))


@router.post("", status_code=201)
async def ask(given: contract.NewExport, it: AtDesk) -> Response:
    """Ask for a list of a division."""
    return Json(await it.send("ask_export", it.who.account, given), 201)


@router.post("/{export}/decision")
async def decide(export: UUID, given: contract.ExportDecision, it: AtDesk) -> Response:
    """A supervisor's yes or no; 409 `own_export` for whoever asked."""
    return Json(await it.send("decide_export", str(export), given))


@router.post("/{export}/file", response_class=Response)
async def take(export: UUID, it: AtDesk, how: Annotated[sheets.Format, Query(alias="format")] = "xlsx") -> Response:
    """The file, once, within a day: every line bears who took it, who allowed it and when."""
    taken = await it.send("take_export", str(export))
    sheet = await flow.sheet(it.door.database, taken)
    content = await asyncio.to_thread(sheets.written, sheet, how)
    name = f"yinling-{taken['sheet']}-{taken['within']}-{str(export)[-8:]}.{how}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=sheets.MEDIA[how], headers=headers)
