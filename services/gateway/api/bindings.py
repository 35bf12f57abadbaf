"""Foreign things: what is discovered, what is bound to which device, what was set aside; and whom brokers refused."""

from secrets import token_hex
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import Response

from services.gateway.api.decisions import Decision
from services.gateway.api.devices import Tend
from services.gateway.api.door import (
    NO_NUL,
    Cursor,
    CursorId,
    Door,
    Json,
    Key,
    Limit,
    Search,
    Seat,
    Tender,
    TheDoor,
)
from services.gateway.api.problems import ProblemError, away
from services.gateway.flow import things
from services.gateway.flow.reading import page
from services.gateway.flow.things import Spot
from shared.contracts import device_desk, http

router = APIRouter(tags=["bindings"])

Address = Annotated[str, Query(min_length=1, max_length=200, pattern=NO_NUL)]


def deciding(who: Seat, door: TheDoor, key: Key) -> Decision:
    """Somebody at a desk, with an idempotency key."""
    return Decision(who, door, key)


@router.get("/discovered", response_model=http.Page[device_desk.DiscoveredLine])
async def discovered(who: Tender, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Foreign things that told of themselves and are bound to nothing yet, the latest first."""
    return Json(await page(door.database, who, "discovered", q, cursor, limit))


@router.get("/denials", response_model=http.Page[device_desk.DenialLine])
async def denials(who: Seat, door: TheDoor, q: Search = "", cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Who was refused by a broker, the latest first."""
    return Json(await page(door.database, who, "denials", q, cursor, limit))


@router.get("/unplaced", response_model=http.Page[device_desk.UnplacedLine])
async def unplaced(who: Tender, door: TheDoor, cursor: CursorId, q: Search = "", limit: Limit = 50) -> Response:
    """What came and could not be placed, the latest first. An installer sees what waits to be bound."""
    after = str(cursor) if cursor else ""
    return Json(await page(door.database, who, "unplaced" if who.at_desk else "unbound", q, after, limit))


@router.post("/unplaced/{quarantine}/replay", response_model=device_desk.Replay)
async def replay(quarantine: UUID, who: Tender, door: TheDoor) -> Response:
    """What today's code makes of what was set aside: from which address, saying which words."""
    question = await things.question_of_stray(door.database, who, quarantine)
    reading = await door.things.ask("/explain", question)
    if reading is None:
        raise away()
    return Json({"reading": reading})


@router.post("/unplaced/{quarantine}/settle")
async def settle(quarantine: UUID, it: Annotated[Decision, Depends(deciding)]) -> Response:
    """Looked at, and nothing more to do."""
    await things.question_of_stray(it.door.database, it.who, quarantine)
    return Json(await it.send("settle_stray", str(quarantine)))


@router.post("/bindings", response_model=device_desk.Bound)
async def bind(given: device_desk.NewBinding, it: Tend) -> Response:
    """Say which device a foreign address is; what was said there unbound may ring now."""
    target = given.device or (given.new.id if given.new else None)
    if target is None or (given.device and given.new):
        raise ProblemError(422, "missing_field" if target is None else "invalid_field", field="device")
    spot = await _spot(given, it.who, it.door)
    if given.quarantine is not None:
        await things.question_of_stray(it.door.database, it.who, given.quarantine)
    return Json(device_desk.Bound.model_validate(await it.send("bind_address", target, _args(given, spot))))


@router.delete("/bindings")
async def unbind(
    address: Address, who: Tender, door: TheDoor, key: Annotated[str | None, Header(alias="Idempotency-Key")] = None
) -> Response:
    """Make the address nobody's again."""
    device = await things.bound_to(door.database, who, address)
    it = Decision(who, door, key or f"unbind-{token_hex(16)}")
    return Json(await it.send("unbind_address", device, {"address": address}))


async def _spot(given: device_desk.NewBinding, who: Tender, door: Door) -> Spot:
    """Where the bound device is: as said, else where the existing one is already."""
    division = given.division
    if given.device is not None:
        division = division or await things.division_of(door.database, who, given.device)
    spot = await things.spot(door.database, who, given.home, given.elder, division)
    if spot is None:
        raise ProblemError(422, "missing_field", field="home")
    return spot


def _args(given: device_desk.NewBinding, spot: Spot) -> dict[str, Any]:
    return {
        **given.model_dump(mode="json", exclude_none=True),
        "home": spot.home, "elder": spot.elder, "division": spot.division,
    }  # fmt: skip
