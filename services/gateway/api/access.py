"""Looking behind masks with a reason, who has looked, mutual aid, and the seal of the log."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from services.gateway.api.door import NO_NUL, Anyone, Cursor, CursorId, Json, Limit, Seat, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.people import Identity
from services.gateway.flow import access as flow
from services.gateway.flow import aid as aids
from services.gateway.flow import sealing, subject
from shared.contracts import access as contract
from shared.contracts.http import Page
from shared.vocabulary.people import Role

router = APIRouter(tags=["audit"])

JUDGES = frozenset({Role.SUPERVISOR, Role.ADMIN})
READERS = JUDGES | {Role.AUDITOR}


def judge(who: Anyone) -> Identity:
    """Who asks, if one who answers for a division."""
    if who.role not in JUDGES:
        raise ProblemError(403, "forbidden")
    return who


def reader(who: Anyone) -> Identity:
    """Who asks, if one who may read who has read."""
    if who.role not in READERS:
        raise ProblemError(403, "forbidden")
    return who


def after(cursor: Cursor = "") -> tuple[datetime, UUID] | None:
    """The last read of the page before."""
    at, _, event = cursor.partition("~")
    try:
        return (datetime.fromisoformat(at).astimezone(UTC), UUID(event)) if cursor else None
    except (ValueError, OverflowError):
        raise ProblemError(422, "invalid_field", field="cursor") from None


After = Annotated[tuple[datetime, UUID] | None, Depends(after)]
Judge = Annotated[Identity, Depends(judge)]
Reader = Annotated[Identity, Depends(reader)]
Elder = Annotated[str, Path(max_length=64, pattern=NO_NUL)]
Named = Annotated[str, Query(max_length=64, pattern=NO_NUL)]


@router.post("/elders/{elder}/reveal", response_model=contract.Revealed)
async def reveal(elder: Elder, why: contract.Reveal, who: Seat, door: TheDoor) -> Response:
    """Name, telephone, address and contacts of an elder of the own division; who, when and why is written down."""
    return Json(await flow.reveal(door.database, who, elder, why, door.clock.now()))


@router.post("/elders/{elder}/copy", response_model=contract.SubjectCopy)
async def copy(elder: Elder, asked: contract.CopyAsked, who: Judge, door: TheDoor) -> Response:
    """Everything that is held about an elder of the own division, for her or her guardian; written down beforehand."""
    return Json(await subject.copied(door.database, who, elder, asked, door.clock.now()))


@router.post("/break-glass", response_model=contract.Revealed)
async def break_glass(given: contract.BreakGlass, who: Seat, door: TheDoor) -> Response:
    """The same beyond the own division, when somebody is in danger; judged within 24 h by those she belongs to."""
    try:
        return Json(await flow.break_glass(door.database, who, given, door.clock.now()))
    except flow.RefusedError as refused:
        raise ProblemError(409, str(refused)) from None


@router.get("/access/openings", response_model=Page[contract.Opening])
async def openings(
    who: Reader, door: TheDoor, cursor: CursorId, limit: Limit = 50, waiting: Annotated[bool, Query()] = False  # noqa: FBT002
) -> Response:  # fmt: skip
    """Who has looked behind the mask of whom of the own division; `waiting`: only what is still to be judged."""
    return Json(await flow.openings(door.database, who, cursor, limit, door.clock.now(), waiting=waiting))


@router.post("/access/openings/{opening}/review", status_code=204)
async def review(opening: UUID, given: contract.Review, who: Judge, door: TheDoor) -> Response:
    """Whether it was right to break the glass; nobody judges herself."""
    try:
        await flow.review(door.database, who, opening, given, door.clock.now())
    except flow.RefusedError as refused:
        raise ProblemError(409, str(refused)) from None
    return Response(status_code=204)


@router.get("/access/reads", response_model=Page[contract.AccessLine])
async def reads(
    who: Reader, door: TheDoor, after: After, account: Named = "", elder: Named = "", limit: Limit = 50
) -> Response:  # fmt: skip
    """Reads by an account, or of an elder: who, what, why, when; newest first, as the sealed log has them."""
    if bool(account) == bool(elder):
        raise ProblemError(422, "missing_field", field="account" if not account else "elder")
    return Json(await flow.reads(door.database, who, account or None, elder, after, limit))


@router.get("/aid", response_model=Page[contract.Aid])
async def lent(who: Seat, door: TheDoor) -> Response:
    """What the own division has lent to neighbours and borrowed from them."""
    return Json({"items": await aids.lent(door.database, who), "next": None})


@router.post("/aid", response_model=contract.Aid, status_code=201)
async def lend(given: contract.NewAid, who: Judge, door: TheDoor) -> Response:
    """Let a neighbour's seats read the own calls for help until a time; it ends by itself."""
    now = door.clock.now()
    try:
        grant = await aids.lend(door.database, who, given, now)
    except flow.RefusedError as refused:
        field = "until" if str(refused) == "too_long" else "to_division"
        raise ProblemError(422, "invalid_field", field=field, params={"why": str(refused)}) from None
    line = {**given.model_dump(), "id": grant, "from_at": now, "by": who.name, "ended_at": None}
    return Json(contract.Aid.model_validate(line), 201)


@router.delete("/aid/{grant}", status_code=204)
async def take_back(grant: UUID, who: Judge, door: TheDoor) -> Response:
    """End a grant of the own division before its time."""
    await aids.take_back(door.database, who, grant, door.clock.now())
    return Response(status_code=204)


@router.get("/seals/head", response_model=contract.SealHead)
async def head(_: Reader, door: TheDoor) -> Response:
    """The newest seal, for the level above to keep."""
    found = await sealing.head(door.database)
    return Json(contract.SealHead(n=found.n, hash=found.hash.hex(), at=found.at) if found else
                contract.SealHead(n=0, hash="00" * 32, at=None))  # fmt: skip
