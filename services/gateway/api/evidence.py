"""Photos, signatures and spoken notes of a visit, and the own days of those who go."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, ValidationError

from services.gateway.api.decisions import Decision
from services.gateway.api.door import Door, Json, Me, Seat, TheDoor
from services.gateway.api.problems import ProblemError
from services.gateway.domain.evidence import MEDIA, SUFFIX, NotEvidenceError
from services.gateway.domain.people import Identity
from services.gateway.flow import day as days
from services.gateway.flow import evidence as flow
from shared.contracts import evidence as contract
from shared.vocabulary.people import Role

router = APIRouter(tags=["evidence"])

OfVisit = Literal["photo", "signature", "voice", "report"]
TakenAt = Annotated[AwareDatetime | None, Query()]
HARMLESS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
"""What somebody sent us is shown as a picture or played; it is never a page."""


def body_of(*kinds: str) -> dict[str, Any]:
    """How the description says what may be sent."""
    media = sorted({one for kind in kinds for one in MEDIA[kind]})
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media}
    return {"requestBody": {"required": True, "content": content}}


@router.put(
    "/jobs/{job}/evidence/{evidence}", response_model=contract.EvidenceLine,
    openapi_extra=body_of("photo", "signature", "voice", "report"),
)  # fmt: skip
async def hand_in(
    job: UUID, evidence: UUID, kind: OfVisit, request: Request, who: Me, door: TheDoor, taken_at: TakenAt = None
) -> Response:
    """Hand something in for a visit; sending the same again under its id changes nothing."""
    if who.responder is None:
        raise ProblemError(409, "not_a_responder")
    given = flow.Given(evidence, kind, await _content(request, kind), taken_at)
    try:
        kept = await flow.of_job(door.database, who, job, given, door.clock.now())
    except NotEvidenceError as error:
        raise _refused(error, kind) from None
    return await _told(who, door, kept)


@router.put(
    "/incidents/{incident}/evidence/{evidence}", response_model=contract.EvidenceLine, openapi_extra=body_of("person")
)
async def picture(
    incident: str, evidence: UUID, request: Request, who: Seat, door: TheDoor, taken_at: TakenAt = None
) -> Response:
    """A picture of somebody who is missing (走失), for those who search for her."""
    given = flow.Given(evidence, "person", await request.body(), taken_at)
    try:
        kept = await flow.of_incident(door.database, who, incident, given, door.clock.now())
    except NotEvidenceError as error:
        raise _refused(error, "person") from None
    return await _told(who, door, kept)


async def _content(request: Request, kind: OfVisit) -> bytes:
    """As it came; a report in our own words, so that nothing but what is asked is kept."""
    body = await request.body()
    if kind != "report":
        return body
    try:
        return contract.VisitReport.model_validate_json(body).model_dump_json().encode()
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise ProblemError(422, "invalid_field", field=where or None) from None


def _refused(error: NotEvidenceError, kind: str) -> ProblemError:
    params = {"kind": kind, **({} if error.most is None else {"most": error.most})}
    field = "evidence" if error.code in ("other_content", "enough_evidence") else None
    return ProblemError(error.status, error.code, field=field, params=params)


async def _told(who: Identity, door: Door, kept: dict[str, Any]) -> Response:
    """The log gets the hash under a key of the thing's own, so it is told once, whoever asks again."""
    shown = {name: value for name, value in flow.line(kept).items() if name != "incident"}
    if kept["told_at"] is None:
        told = {
            "evidence": str(kept["id"]), "what": kept["kind"],
            **{name: kept[name] for name in ("media", "size", "sha256")},
        }  # fmt: skip
        await Decision(who, door, f"evidence-{kept['id']}").send("hand_in", kept["incident"], told)
        await flow.told(door.database, who, kept["id"], door.clock.now())
    return Json(shown)


@router.get("/jobs/{job}/evidence", response_model=contract.EvidenceList)
async def of_job(job: UUID, who: Me, door: TheDoor) -> Response:
    """What the caller has handed in for a visit; while under way also pictures of who is missing."""
    return Json(await flow.for_visitor(door.database, who, job))


@router.get("/incidents/{incident}/evidence", response_model=contract.EvidenceList)
async def of_incident(incident: str, who: Seat, door: TheDoor) -> Response:
    """Everything that was handed in for an incident."""
    return Json(await flow.for_desk(door.database, who, incident))


@router.get("/evidence/{evidence}", response_class=Response)
async def content(evidence: UUID, who: Me, door: TheDoor) -> Response:
    """The content itself, for the desk in scope; who searches for a missing person sees her picture."""
    found = await flow.content(door.database, who, evidence)
    name = f"{found['kind']}-{str(evidence)[:8]}.{SUFFIX[found['media']]}"
    headers = {**HARMLESS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found["content"], headers=headers, media_type=found["media"])


def _goes(who: Identity) -> str:
    if who.role != Role.RESPONDER or who.responder is None:
        raise ProblemError(409, "not_a_responder")
    return who.responder


@router.get("/me/jobs", response_model=contract.MyJobs)
async def my_jobs(who: Me, door: TheDoor, days_back: Annotated[int, Query(alias="days", ge=1, le=30)] = 1) -> Response:
    """The caller's jobs of today (1) or of so many days, with what they took."""
    return Json(await days.jobs(door.database, who, _goes(who), days_back, door.clock.now()))


@router.get("/me/visits", response_model=contract.MyVisits)
async def my_visits(who: Me, door: TheDoor, day: date | None = None) -> Response:
    """What the caller is booked for on a day, in the order in which it is made; today if no day is named."""
    return Json(await days.visits(door.database, who, _goes(who), day, door.clock.now()))
