"""One event over an area with many people: the list, what is written on it, the paper."""

import asyncio
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import Cursor, CursorId, Json, Limit, Seat, TheDoor
from services.gateway.domain import printing
from services.gateway.flow import mass as flow
from shared.contracts import http, mass

router = APIRouter(tags=["mass events"])
Area = Annotated[str, Query(pattern=r"^[0-9]{0,12}$")]


@router.post("/mass-events", response_model=mass.EventView)
async def open_event(given: mass.NewEvent, who: Seat, it: Decide) -> Response:
    """A storm, a flood, a heat wave over some divisions; or an outage, whose silent devices say who is on the list."""
    done = await it.send("open_event", "", given)
    return Json(await flow.event_view(it.door.database, who, UUID(done["event"])))


@router.get("/mass-events", response_model=http.Page[mass.EventLine])
async def events(
    who: Seat, door: TheDoor, cursor: CursorId, state: Literal["open", "closed"] | None = None, limit: Limit = 50
) -> Response:
    """Events that touch the scope, newest first, with the figures of what lies in it."""
    return Json(await flow.event_page(door.database, who, state, cursor, limit))


@router.get("/mass-events/totals", response_model=mass.Totals)
async def totals(who: Seat, door: TheDoor, division: Area = "") -> Response:
    """All open events together: whoever is on two lists is one person."""
    return Json(await flow.totals(door.database, who, division))


@router.get("/mass-events/{event}", response_model=mass.EventView)
async def event(event: UUID, who: Seat, door: TheDoor) -> Response:
    """An event with its villages, whose figures add up to its own."""
    return Json(await flow.event_view(door.database, who, event))


@router.get("/mass-events/{event}/roll-call", response_model=http.Page[mass.PersonLine])
async def roll_call(
    event: UUID,
    who: Seat,
    door: TheDoor,
    village: Area = "",
    state: mass.PersonState | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """People of the list, those at most risk first, of one village or of all."""
    now = door.clock.now()
    return Json(await flow.roll_call(door.database, who, event, village, state, cursor, limit, now))


@router.get("/mass-events/{event}/people/{elder}", response_model=http.Page[mass.EntryLine])
async def entries(event: UUID, elder: str, who: Seat, door: TheDoor) -> Response:
    """Every call and every answer about somebody, with who wrote it down and when."""
    return Json(await flow.entries(door.database, who, event, elder))


@router.get("/mass-events/{event}/print")
async def printed(
    event: UUID, who: Seat, door: TheDoor, village: Area = "", form: Literal["html", "csv"] = "html"
) -> Response:
    """The whole list on paper, a page a village; as CSV for a spreadsheet."""
    now = door.clock.now()
    about, lines = await flow.printed(door.database, who, event, village, now)
    if form == "html":
        page = await asyncio.to_thread(printing.as_html, about, lines, now)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})
    name = quote(f"点名册-{about['title']}-{village or about['division']}.csv")
    kept = {"Cache-Control": "no-store", "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    sheet = await asyncio.to_thread(printing.as_csv, lines)
    return Response(sheet, media_type="text/csv; charset=utf-8", headers=kept)


@router.post("/mass-events/{event}/mark", response_model=mass.EventView)
async def mark(event: UUID, given: mass.Mark, who: Seat, it: Decide) -> Response:
    """What was found out about people, or that nobody answered; whoever must be fetched gets an incident of her own."""
    await it.send("mark_people", str(event), given)
    return Json(await flow.event_view(it.door.database, who, event))


@router.post("/mass-events/{event}/close", response_model=mass.EventView)
async def close(event: UUID, given: mass.CloseEvent, who: Seat, it: Decide) -> Response:
    """The end, when everybody is safe or back home, or named with what becomes of her."""
    await it.send("close_event", str(event), given)
    return Json(await flow.event_view(it.door.database, who, event))
