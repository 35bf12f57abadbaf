"""Elders' records, cards and consents; what has to be asked again."""

import base64
from typing import Annotated, Any, Literal

import segno
from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.api.decisions import Decision
from services.gateway.api.desk import AtDesk
from services.gateway.api.door import Cursor, CursorId, Door, Json, Limit, Seat, TheDoor, identity, known
from services.gateway.api.family import Supervisor
from services.gateway.api.problems import ProblemError, away
from services.gateway.domain.cards import card_page
from services.gateway.domain.people import Identity
from services.gateway.flow import registry as flow
from services.gateway.flow.commands import MissingError
from shared.contracts import http
from shared.contracts import registry as contract
from shared.contracts.commands import Table

router = APIRouter(tags=["registry"])
public = APIRouter()

Elder = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
Code = Annotated[str, Path(max_length=20, pattern=r"^[0-9A-Za-z-]+$")]
Order = Annotated[int, Path(ge=1, le=20)]
GROUP = 4
TABLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        },
    }
}


async def _record(it: Decision, elder: str) -> Response:
    return Json(await flow.record(it.door.database, it.who, elder, it.door.clock.now()))


@router.get("/elders/{elder}", response_model=contract.ElderRecord)
async def record(elder: Elder, who: Seat, door: TheDoor) -> Response:
    """Everything that is kept of her: card, home, contacts, assessments, consents, code."""
    return Json(await flow.record(door.database, who, elder, door.clock.now()))


@router.put("/elders/{elder}", response_model=contract.ElderRecord)
async def save(elder: Elder, card: contract.ElderForm, it: AtDesk) -> Response:
    """Write her card and her home; a new id is a new elder, with a code of her own."""
    await it.send("save_elder", elder, card)
    return await _record(it, elder)


@router.put("/elders/{elder}/contacts/{n}", response_model=contract.ElderRecord)
async def save_contact(elder: Elder, n: Order, card: contract.ContactForm, it: AtDesk) -> Response:
    """Write the contact who is called at this place in the order."""
    await it.send("save_contact", elder, {"ord": n, **card.model_dump(mode="json")})
    return await _record(it, elder)


@router.delete("/elders/{elder}/contacts/{n}", response_model=contract.ElderRecord)
async def remove_contact(elder: Elder, n: Order, it: AtDesk) -> Response:
    """Nobody calls this contact any more."""
    await it.send("remove_contact", elder, {"ord": n})
    return await _record(it, elder)


@router.post("/elders/{elder}/contacts/{n}/confirm", response_model=contract.ElderRecord)
async def confirm_contact(elder: Elder, n: Order, it: AtDesk) -> Response:
    """Somebody has asked: number and key are right. It is asked again in 180 days."""
    await it.send("confirm_contact", elder, {"ord": n})
    return await _record(it, elder)


@router.post("/elders/{elder}/assessments", response_model=contract.ElderRecord)
async def assess(elder: Elder, card: contract.AssessmentForm, it: AtDesk) -> Response:
    """Write an assessment down; the newest is hers."""
    await it.send("assess_elder", elder, card)
    return await _record(it, elder)


@router.post("/elders/{elder}/consents", response_model=contract.ElderRecord)
async def agree(elder: Elder, card: contract.ConsentForm, it: AtDesk) -> Response:
    """She agrees, or her guardian for her. 409 `agreed_already`."""
    await it.send("give_consent", elder, card)
    return await _record(it, elder)


@router.delete("/elders/{elder}/consents/{purpose}", response_model=contract.ElderRecord)
async def take_back(elder: Elder, purpose: contract.Purpose, it: AtDesk) -> Response:
    """Taken back, as easily as it was given."""
    await it.send("end_consent", elder, {"purpose": purpose})
    return await _record(it, elder)


@router.post("/elders/{elder}/code", response_model=contract.ElderRecord)
async def new_code(elder: Elder, it: AtDesk) -> Response:
    """Her card is lost: another code, and the old one opens nothing."""
    await it.send("renew_code", elder)
    return await _record(it, elder)


@router.get("/elders/{elder}/card", response_model=contract.Card)
async def card(elder: Elder, who: Seat, door: TheDoor, request: Request) -> Response:
    """Her card to be printed; nothing on it says who she is."""
    code = (await flow.record(door.database, who, elder, door.clock.now()))["code"]
    if code is None:
        raise MissingError("code")
    address = f"{request.url.scheme}://{request.headers.get('host', '')}/e/{code}"
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    grouped = "-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))
    return Json(contract.Card(code=grouped, address=address, picture=picture))


@router.get("/cards/{code}", response_model=contract.CardOpened)
async def open_card(code: Code, request: Request, door: TheDoor) -> Response:
    """What a card opens for whoever reads it, logged in or not: for most, only whom to telephone."""
    return Json(contract.CardOpened.model_validate(await _opened(code, request, door)))


@public.get("/e/{code}", include_in_schema=False)
async def found(code: Code, request: Request, door: TheDoor) -> Response:
    """The page behind the picture: whoever finds her sees whom to telephone."""
    opened = await _opened(code, request, door)
    return HTMLResponse(card_page(str(opened["phone"])), headers={"Cache-Control": "no-store"})


async def _opened(code: str, request: Request, door: Door) -> dict[str, object]:
    """Codes are guessed in vain: there are 2^60 of them, and an address has few tries."""
    key, now = ("card", request.client.host if request.client else ""), door.clock.now()
    door.accounts.throttle.check(key, now)
    try:
        who: Identity | None = await identity(await known(request))
    except ProblemError:
        who = None
    try:
        return await flow.opened(door.database, who, code, door.settings.hotline)
    except MissingError:
        door.accounts.throttle.failed(key, now)
        raise


@router.get("/registry/due/{what}", response_model=http.Page[contract.DueLine])
async def due(
    what: Literal["contacts", "assessments"], who: Seat, door: TheDoor, cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """Contacts nobody has asked for 180 days, and elders without an assessment that holds; names are masked."""
    return Json(await flow.stale(door.database, who, what, cursor, limit, door.clock.now()))


@router.get("/imports", response_model=http.Page[contract.ImportLine])
async def imports(who: Seat, door: TheDoor, cursor: CursorId, limit: Limit = 50) -> Response:
    """Tables that were taken in, newest first."""
    return Json(await flow.imports(door.database, who, cursor, limit))


@router.post("/imports/{sheet}", response_model=contract.ImportReport, openapi_extra=TABLE)
async def take_in(
    sheet: contract.SheetName, area: contract.DivisionCode, request: Request, who: Supervisor, door: TheDoor,
    crs: contract.Crs = "wgs84", *, dry_run: bool = True, good_rows: bool = False,
) -> Response:  # fmt: skip
    """Look at a list (CSV or a workbook, 4 MiB), or take it in; again changes nothing. 409 `import_running`."""
    content = base64.b64encode(await request.body()).decode()
    table = Table(
        sheet=sheet, area=area, crs=crs, by=f"account:{who.account}", dry_run=dry_run, good_rows=good_rows,
        content=content,
    )  # fmt: skip
    found = await flow.take_in(door.database, door.owner, who, table)
    if found is None:
        raise away()
    if code := found.get("problem"):
        raise ProblemError(409 if code == "import_running" else 422, code, field="file")
    return Json(found)
