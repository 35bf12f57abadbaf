"""What a desk decides beside the rules, what it writes down for those on the telephone, calls that come in."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.gateway.api.decisions import Decide, Decision
from services.gateway.api.door import CursorId, Door, Json, Limit, Seat, TheDoor, Version
from services.gateway.flow import calls
from services.gateway.flow.commands import MissingError
from shared.contracts import cases, desk, http, sessions

router = APIRouter(tags=["desk"])


def at_desk(it: Decide, _: Seat) -> Decision:
    """A decision that only a desk may make."""
    return it


AtDesk = Annotated[Decision, Depends(at_desk)]


@router.post("/incidents/{incident}/offer", response_model=cases.IncidentView)
async def offer(incident: str, whom: desk.Naming, it: AtDesk) -> Response:
    """Ask somebody by name."""
    return await it.for_incident(await it.send("offer_person", incident, whom))


@router.post("/incidents/{incident}/order", response_model=cases.IncidentView)
async def order(incident: str, whom: desk.Naming, it: AtDesk) -> Response:
    """Send somebody by name (指派): she counts as coming, and may still give it back."""
    return await it.for_incident(await it.send("order_person", incident, whom))


@router.post("/incidents/{incident}/reassign", response_model=cases.IncidentView)
async def reassign(incident: str, who: desk.Reassignment, it: AtDesk) -> Response:
    """Take the one who goes off the job (改派) and send another, or whoever the rules find."""
    return await it.for_incident(await it.send("reassign", incident, who.model_dump(mode="json", by_alias=True)))


@router.post("/incidents/{incident}/merge", response_model=cases.IncidentView)
async def merge(incident: str, given: desk.Merging, it: AtDesk, version: Version) -> Response:
    """It is the same event as another incident, which stays and is answered with."""
    return await it.for_incident(await it.send("merge", incident, given, version))


@router.post("/incidents/{incident}/split", response_model=cases.IncidentView)
async def split(incident: str, given: desk.Splitting, it: AtDesk) -> Response:
    """It is two events after all; answered with the one that was taken out."""
    return await it.for_incident(await it.send("split", incident, given))


@router.post("/incidents/{incident}/reopen", response_model=cases.IncidentView)
async def reopen(incident: str, it: AtDesk, why: desk.Reopening | None = None) -> Response:
    """It is not over; after half an hour only with a reason."""
    return await it.for_incident(await it.send("reopen", incident, why or desk.Reopening()))


@router.put("/incidents/held", response_model=desk.Held)
async def hold(held: desk.Held, who: Seat, door: TheDoor) -> Response:
    """Somebody sits at this seat still. One that has said so, and then nothing for a minute, lets go."""
    return Json(await Decision(who, door, "-").send("hold", who.account, held))


@router.post("/incidents/{incident}/answers", response_model=cases.IncidentView)
async def answer(incident: str, given: desk.GuidedAnswer, it: AtDesk) -> Response:
    """What was answered to a guided question; a later answer stands beside the earlier one."""
    return await it.for_incident(await it.send("answer_question", incident, given))


@router.get("/incidents/{incident}/candidates", response_model=desk.Candidates)
async def candidates(incident: str, who: Seat, door: TheDoor) -> Response:
    """Who may be asked now, the best first, and who near may not and why."""
    return Json(await Decision(who, door, "-").send("list_candidates", incident))


@router.get("/incidents/{incident}/calls", response_model=http.Page[cases.CallLine])
async def attempts(incident: str, who: Seat, door: TheDoor) -> Response:
    """Every try to reach somebody by telephone, oldest first."""
    return Json(await calls.attempts(door.database, who, incident))


@router.post("/jobs/{job}/act-for", response_model=cases.JobView)
async def act_for(job: UUID, said: desk.ByPhone, it: AtDesk) -> Response:
    """Write down what a responder says on the telephone (电话代录)."""
    return await it.for_job(await it.send("act_for", str(job), said))


@router.put("/responders/{responder}/duty", response_model=sessions.Duty)
async def duty_for(responder: str, duty: desk.DutyFor, it: AtDesk) -> Response:
    """Put somebody without a console on duty, or off."""
    return Json(await it.send("set_duty_for", responder, duty))


@router.post("/calls", response_model=desk.Announced, status_code=201)
async def announce(call: desk.IncomingCall, it: AtDesk) -> Response:
    """A telephone exchange announces a call: whoever it may be about pops up at the desk, masked."""
    seat = await _seat(it.door, it, call.seat)
    return Json(await it.send("record_call", it.who.division, call.model_copy(update={"seat": seat})), 201)


async def _seat(door: Door, it: Decision, seat: str | None) -> str | None:
    if seat is None:
        return None
    found = await calls.seat(door.database, it.who, seat)
    if found is None:
        raise MissingError("seat", field="seat")
    return found


@router.get("/calls", response_model=http.Page[desk.CallLine])
async def listed(
    who: Seat, door: TheDoor, cursor: CursorId, limit: Limit = 50, incident: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """Calls in scope, newest first, masked; those about one incident, if it is named."""
    return Json(await calls.page(door.database, who, incident, cursor, limit))


@router.get("/calls/{call}", response_model=desk.CallLine)
async def one(call: UUID, who: Seat, door: TheDoor) -> Response:
    """One call, masked."""
    return Json(await calls.line(door.database, who, call))


@router.post("/calls/{call}/open", response_model=desk.CallView)
async def open_call(call: UUID, it: AtDesk) -> Response:
    """Look behind the masks; it is written down who did."""
    await it.send("open_call", str(call))
    return Json(await calls.view(it.door.database, it.who, call, it.door.clock.now()))


@router.post("/calls/{call}/link", response_model=desk.CallLine)
async def link(call: UUID, about: desk.CallLink, it: AtDesk) -> Response:
    """The call was about this incident."""
    done: dict[str, Any] = await it.send("link_call", str(call), about)
    return Json(await calls.line(it.door.database, it.who, UUID(done["call"])))
