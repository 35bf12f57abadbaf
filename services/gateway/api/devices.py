"""The device desk: what there is, how it is, what came from it, and the hands of those who tend it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from services.gateway.api.decisions import Decision
from services.gateway.api.door import Cursor, CursorId, Issuer, Json, Key, Limit, Me, Search, Tender, TheDoor
from services.gateway.api.problems import ProblemError, away
from services.gateway.flow import things
from shared.contracts import device_desk, http

router = APIRouter(tags=["devices"])

Device = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Only = Literal["", "offline", "low_batt", "untested", "unconfirmed", "unplaced", "revoked"]


def tending(who: Tender, door: TheDoor, key: Key) -> Decision:
    """Somebody who may place and test devices, with an idempotency key."""
    return Decision(who, door, key)


def issuing(who: Issuer, door: TheDoor, key: Key) -> Decision:
    """Somebody who may give and take credentials, with an idempotency key."""
    return Decision(who, door, key)


def visiting(who: Me, door: TheDoor, key: Key) -> Decision:
    """Somebody who tends devices, or a responder, who has to be on a visit there."""
    if not (who.tends_devices or who.responder):
        raise ProblemError(403, "forbidden")
    return Decision(who, door, key)


Tend = Annotated[Decision, Depends(tending)]
Issue = Annotated[Decision, Depends(issuing)]
Visit = Annotated[Decision, Depends(visiting)]


@router.get("/devices", response_model=http.Page[device_desk.DeviceLine])
async def devices(
    who: Tender, door: TheDoor, q: Search = "", filter: Only = "", cursor: Cursor = "", limit: Limit = 50,  # noqa: A002
) -> Response:  # fmt: skip
    """Devices by the beginning of an id, a model, an elder's name or telephone; or those that want looking after."""
    division, _, device = cursor.partition("/")
    if cursor and not (division and device):
        raise ProblemError(422, "invalid_field", field="cursor")
    now = door.clock.now()
    return Json(await things.page(door.database, who, filter, q.strip(), (division, device), limit, now))


@router.post("/devices", response_model=device_desk.Registered, status_code=201)
async def register(given: device_desk.Registration, it: Issue) -> Response:
    """A new device, with a claim code for its label and the secret it leaves the factory with."""
    things.in_scope(it.who, given.division)
    args = {**given.model_dump(mode="json", exclude_none=True, exclude={"cls"}), "class": given.cls}
    return Json(device_desk.Registered.model_validate(await it.send("register_device", given.id, args)), 201)


@router.get("/devices/{device}", response_model=device_desk.DeviceView)
async def device(device: Device, who: Tender, door: TheDoor) -> Response:
    """Everything about one device."""
    return Json(await things.view(door.database, who, device, door.clock.now()))


@router.get("/devices/{device}/raw", response_model=http.Page[device_desk.RawLine])
async def raw(device: Device, who: Tender, door: TheDoor, cursor: CursorId, limit: Limit = 50) -> Response:
    """What came from a device, as it came, newest first."""
    return Json(await things.raw_page(door.database, who, device, cursor, limit))


@router.post("/devices/{device}/raw/{event}/replay", response_model=device_desk.Replay)
async def replay(device: Device, event: UUID, who: Tender, door: TheDoor) -> Response:
    """What today's code makes of a message; nothing is stored, nobody is rung."""
    question = await things.question(door.database, who, device, event)
    reading = await door.things.ask("/explain", question)
    if reading is None:
        raise away()
    return Json({"reading": reading})


@router.post("/devices/{device}/claim", response_model=device_desk.ClaimOpened)
async def claim(device: Device, given: device_desk.ClaimCode, it: Tend) -> Response:
    """Take a device over with the code on its label; then press it within a minute."""
    return Json(device_desk.ClaimOpened.model_validate(await _about(it, device, "start_claim", given.model_dump())))


@router.post("/devices/{device}/claim/{claim}", response_model=device_desk.ClaimState)
async def finish_claim(device: Device, claim: UUID, it: Tend) -> Response:
    """Whether the press has come; then the device has a credential of its own."""
    answer = await _about(it, device, "finish_claim", {"claim": str(claim)})
    return Json(device_desk.ClaimState.model_validate(answer))


@router.post("/devices/{device}/unclaim", response_model=device_desk.Unclaimed)
async def unclaim(device: Device, it: Issue) -> Response:
    """Back as from the factory: its credential is void, it belongs nowhere."""
    return Json(device_desk.Unclaimed.model_validate(await _about(it, device, "unclaim", {})))


@router.post("/devices/{device}/rekey", response_model=device_desk.Rekeyed)
async def rekey(device: Device, it: Issue) -> Response:
    """A fresh secret in place of the old one."""
    return Json(device_desk.Rekeyed.model_validate(await _about(it, device, "rekey", {})))


@router.post("/devices/{device}/revoke", response_model=device_desk.DeviceView)
async def revoke(device: Device, why: device_desk.Revocation, it: Issue, door: TheDoor) -> Response:
    """It may no longer connect, from within a minute."""
    await _about(it, device, "revoke", why.model_dump())
    return Json(await things.view(door.database, it.who, device, door.clock.now()))


@router.post("/devices/{device}/place", response_model=device_desk.DeviceView)
async def place(device: Device, where: device_desk.Placing, it: Tend, door: TheDoor) -> Response:
    """Where it is from now on, and who wears it; the first press is to confirm it."""
    await things.division_of(door.database, it.who, device)
    spot = await things.spot(door.database, it.who, where.home, where.elder, where.division)
    if spot is None:
        raise ProblemError(422, "missing_field", field="home")
    args = {"home": spot.home, "elder": spot.elder, "division": spot.division}
    await it.send("place", device, args)
    return Json(await things.view(door.database, it.who, device, door.clock.now()))


@router.post("/devices/{device}/confirm", response_model=device_desk.DeviceView)
async def confirm(device: Device, given: device_desk.Confirmation, it: Tend, door: TheDoor) -> Response:
    """Elder and address are right."""
    await _about(it, device, "confirm_place", given.model_dump())
    return Json(await things.view(door.database, it.who, device, door.clock.now()))


@router.post("/devices/{device}/test-window", response_model=device_desk.ButtonTestOpened)
async def open_test(device: Device, it: Visit, given: device_desk.ButtonTest | None = None) -> Response:
    """For some minutes presses are tests and ring nobody; the third is real. A visitor may do it where she is sent."""
    if not it.who.tends_devices:
        await things.visited(it.door.database, it.who, device)
    args = (given or device_desk.ButtonTest()).model_dump()
    return Json(device_desk.ButtonTestOpened.model_validate(await _about(it, device, "open_test", args)))


@router.post("/devices/{device}/ask", response_model=device_desk.Asked)
async def ask(device: Device, given: device_desk.Asking, it: Tend) -> Response:
    """Let the device test itself, tell where it is, beat at another pace, or speak."""
    answer = await _about(it, device, "ask_device", given.model_dump(exclude_none=True))
    return Json(device_desk.Asked.model_validate(answer))


async def _about(it: Decision, device: str, name: Any, args: dict[str, Any]) -> dict[str, Any]:
    """Pass a command on about a device that the caller may touch."""
    await things.division_of(it.door.database, it.who, device)
    return await it.send(name, device, args)
