"""What a division lays down, how its elders are, what is owed to them."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.gateway.api.decisions import Decide
from services.gateway.api.door import Cursor, Door, Json, Limit, Seat, TheDoor, Version
from services.gateway.api.problems import ProblemError, away
from services.gateway.domain.people import Identity
from services.gateway.flow import elders as flow
from shared.contracts import cases, http, policies
from shared.vocabulary.divisions import Division, covers

router = APIRouter(tags=["policies"])
Code = Annotated[str, Path(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$")]
POLICY = "/policy"


@router.get("/policies/{division}", response_model=policies.PolicyView)
async def policy(division: Code, who: Seat, door: TheDoor) -> Response:
    """Who is asked after how long there, what holds now, and every version with who and why."""
    return Json(await _policy(who, door, division))


@router.put("/policies/{division}", response_model=policies.PolicyView)
async def lay_down(division: Code, given: policies.PolicyChange, _: Seat, it: Decide, version: Version) -> Response:
    """For incidents that open from now on. `If-Match` is the division's own newest version, 0 for none yet.

    422 `policy_hole` says in words where a path would end in nothing.
    """
    await it.send("set_policy", division, given, version)
    return Json(await _policy(it.who, it.door, division))


@router.post("/policies/check", response_model=policies.Holes)
async def check(given: policies.PolicyCheck, who: Seat, it: Decide) -> Response:
    """Everything that would have to be mended; nothing is written."""
    return Json(await it.send("check_policy", who.division, given))


async def _policy(who: Identity, door: Door, division: str) -> dict[str, Any]:
    asked = Division(division)
    if not covers(who.division, asked) and not covers(asked, who.division):
        raise ProblemError(404, "not_found")
    found = await door.owner.ask(POLICY, {"division": division})
    if found is None:
        raise away()
    return found


@router.get("/elders/{elder}/status", response_model=policies.ElderState)
async def status(elder: str, who: Seat, door: TheDoor) -> Response:
    """Where she lives at present, where she stays, what was signed."""
    return Json(await flow.state(door.database, who, elder))


@router.put("/elders/{elder}/status", response_model=policies.ElderState)
async def set_status(elder: str, given: policies.StatusChange, who: Seat, it: Decide) -> Response:
    """住院, 去世 and so on. An alarm rings the desk whatever her status; messages to her family follow it."""
    await it.send("set_elder_status", elder, given)
    return Json(await flow.state(it.door.database, who, elder))


@router.put("/elders/{elder}/temporary-address", response_model=policies.ElderState)
async def set_temporary(elder: str, given: policies.TemporaryAddress, who: Seat, it: Decide) -> Response:
    """Where she stays for a while: help goes there."""
    place = {"address": given.address, "lat": given.lat, "lon": given.lon}
    missing = [name for name, value in place.items() if value is None]
    if missing and given != policies.TemporaryAddress():
        raise ProblemError(422, "missing_field", field=missing[0])
    await it.send("set_temporary_address", elder, given)
    return Json(await flow.state(it.door.database, who, elder))


@router.put("/elders/{elder}/plan", response_model=policies.ElderState)
async def set_plan(elder: str, given: policies.FalsePressPlan, who: Seat, it: Decide) -> Response:
    """She often presses by mistake and has signed that the desk speaks first: for seven days at most."""
    await it.send("set_plan", elder, given)
    return Json(await flow.state(it.door.database, who, elder))


@router.post("/incidents/{incident}/confirm", response_model=cases.IncidentView)
async def confirm(incident: str, _: Seat, it: Decide) -> Response:
    """It is real: first priority, neighbours and family at once."""
    return await it.for_incident(await it.send("confirm", incident))


@router.post("/incidents/{incident}/handoff", response_model=cases.IncidentView)
async def handoff(incident: str, given: policies.Handoff, _: Seat, it: Decide) -> Response:
    """120, 110 or 119 was telephoned, or need not be."""
    return await it.for_incident(await it.send("handoff", incident, given))


@router.get("/call-backs", response_model=http.Page[policies.CallBackLine])
async def call_backs(who: Seat, door: TheDoor, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Calls that are owed after help has been with somebody, the longest overdue first."""
    return Json(await flow.call_backs(door.database, who, cursor, limit, door.clock.now()))


@router.post("/call-backs/{incident}")
async def make_call_back(incident: str, given: policies.CallBack, _: Seat, it: Decide) -> Response:
    """She was called, or could not be reached."""
    return Json(await it.send("make_call_back", incident, given))
