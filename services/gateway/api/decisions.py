"""Decisions about incidents: passed to dispatch under the caller's name and key, answered with what came of them."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header
from fastapi.responses import Response

from services.gateway.api.door import Door, Json, Key, Me, TheDoor, Version
from services.gateway.api.problems import RETRY, ProblemError, away
from services.gateway.domain.people import Identity
from services.gateway.flow import commands
from shared.contracts import cases, sessions, steps
from shared.contracts.base import Message
from shared.contracts.commands import DEVICE_COMMANDS, Answer, Command, CommandName
from shared.vocabulary.people import Role

router = APIRouter(tags=["decisions"])


class Decision:
    """One caller with one idempotency key."""

    def __init__(self, who: Identity, door: Door, key: str) -> None:
        """Who decides, and under which key."""
        self.who = who
        self.door = door
        self._key = key

    async def send(
        self, name: CommandName, target: str, args: Message | Mapping[str, Any] | None = None,
        if_match: int | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Pass a command on to its owner. ProblemError for every answer but done."""
        command = Command(
            name=name, target=target, actor=commands.actor(self.who), key=self._key, if_match=if_match,
            args=args.model_dump(mode="json") if isinstance(args, Message) else dict(args or {}),
        )  # fmt: skip
        owner = self.door.things if name in DEVICE_COMMANDS else self.door.owner
        answer = await owner.send(command)
        if answer is None:
            raise away()
        return _done(answer)

    async def for_job(self, done: dict[str, Any]) -> Response:
        """Answer with the job, where the caller may see it."""
        return await self._shown("job", done)

    async def for_incident(self, done: dict[str, Any]) -> Response:
        """Answer with the incident, where the caller may see it."""
        return await self._shown("incident", done)

    async def _shown(self, what: str, done: dict[str, Any]) -> Response:
        found, now = done.get(what), self.door.clock.now()
        try:
            if found and what == "job":
                return Json(
                    await commands.job_view(self.door.database, self.who, UUID(found), now, self.door.settings.hotline)
                )
            if found:
                return Json(await commands.incident_view(self.door.database, self.who, found, now))
        except commands.MissingError:
            pass
        return Json(done)


def _done(answer: Answer) -> dict[str, Any]:
    if answer.status == 200:
        return answer.body
    code, params = str(answer.body.get("code", "refused")), answer.body.get("params") or {}
    wait = params.get("retry_after_s")
    again = {"Retry-After": str(wait)} if wait is not None else RETRY if answer.status >= 500 else None
    raise ProblemError(answer.status, code, field=params.get("field"), params=params, headers=again)


def decision(who: Me, door: TheDoor, key: Key) -> Decision:
    """A decision needs a key, so that sending it again does it once."""
    if who.role == Role.INSTALLER:
        raise ProblemError(403, "forbidden")
    return Decision(who, door, key)


Decide = Annotated[Decision, Depends(decision)]


@router.post("/offers/{offer}/accept", response_model=cases.JobView)
async def accept(offer: UUID, it: Decide) -> Response:
    """I go. 409 tells who won instead."""
    return await it.for_job(await it.send("accept_offer", str(offer)))


@router.post("/offers/{offer}/decline")
async def decline(offer: UUID, it: Decide, why: steps.Decline | None = None) -> Response:
    """I can't go; somebody else is asked at once."""
    return Json(await it.send("decline_offer", str(offer), why or steps.Decline()))


@router.post("/jobs/{job}/depart", response_model=cases.JobView)
async def depart(job: UUID, it: Decide, step: steps.Step | None = None) -> Response:
    """On the way."""
    return await it.for_job(await it.send("depart", str(job), step))


@router.post("/jobs/{job}/arrive", response_model=cases.JobView)
async def arrive(job: UUID, it: Decide, where: steps.Arrival | None = None) -> Response:
    """At the door."""
    return await it.for_job(await it.send("arrive", str(job), where))


@router.post("/jobs/{job}/start", response_model=cases.JobView)
async def start(job: UUID, it: Decide, step: steps.Step | None = None) -> Response:
    """With the elder (见到老人)."""
    return await it.for_job(await it.send("start", str(job), step))


@router.post("/jobs/{job}/complete", response_model=cases.JobView)
async def complete(job: UUID, it: Decide, how: steps.Completion | None = None) -> Response:
    """The visit is over."""
    return await it.for_job(await it.send("complete", str(job), how or steps.Completion()))


@router.post("/jobs/{job}/check-in", response_model=cases.JobView)
async def check_in(job: UUID, it: Decide, step: steps.Step | None = None) -> Response:
    """With the elder, and all is well: the desk need not ask yet."""
    return await it.for_job(await it.send("check_in", str(job), step))


@router.post("/jobs/{job}/support", response_model=cases.JobView)
async def support(job: UUID, it: Decide, what: steps.Support | None = None) -> Response:
    """I need more hands, or an ambulance."""
    return await it.for_job(await it.send("support", str(job), what))


@router.post("/jobs/{job}/no-access", response_model=cases.JobView)
async def no_access(job: UUID, it: Decide, step: steps.Step | None = None) -> Response:
    """The door stays shut."""
    return await it.for_job(await it.send("no_access", str(job), step))


@router.post("/jobs/{job}/not-found", response_model=cases.JobView)
async def not_found(job: UUID, it: Decide, step: steps.Step | None = None) -> Response:
    """The elder is not there."""
    return await it.for_job(await it.send("not_found", str(job), step))


@router.post("/incidents", response_model=cases.IncidentView)
async def open_incident(given: steps.PhoneIncident, it: Decide) -> Response:
    """Somebody telephoned for an elder."""
    return await it.for_incident(await it.send("open_incident", given.elder, given))


@router.post("/incidents/{incident}/claim", response_model=cases.IncidentView)
async def claim(incident: str, it: Decide, version: Version) -> Response:
    """Take it for a seat (接警)."""
    return await it.for_incident(await it.send("claim", incident, if_match=version))


@router.post("/incidents/{incident}/call", response_model=cases.IncidentView)
async def call(incident: str, attempt: steps.CallAttempt, it: Decide) -> Response:
    """Somebody was telephoned, reached or not."""
    return await it.for_incident(await it.send("call", incident, attempt))


@router.post("/incidents/{incident}/relocate", response_model=cases.IncidentView)
async def relocate(incident: str, where: steps.Relocation, it: Decide) -> Response:
    """The elder is somewhere else."""
    return await it.for_incident(await it.send("relocate", incident, where))


@router.post("/incidents/{incident}/escalate", response_model=cases.IncidentView)
async def escalate(incident: str, it: Decide, why: steps.Escalation | None = None) -> Response:
    """Ring the next level now."""
    return await it.for_incident(await it.send("escalate", incident, why or steps.Escalation()))


@router.post("/incidents/{incident}/classify", response_model=cases.IncidentView)
async def classify(incident: str, given: steps.Classification, it: Decide, version: Version) -> Response:
    """Set the priority; lowering it needs a reason."""
    return await it.for_incident(await it.send("classify", incident, given, version))


@router.post("/incidents/{incident}/stand-down", response_model=cases.IncidentView)
async def stand_down(incident: str, why: steps.StandDown, it: Decide) -> Response:
    """Everyone asked or under way is told to stop."""
    return await it.for_incident(await it.send("stand_down", incident, why))


@router.post("/incidents/{incident}/close", response_model=cases.IncidentView)
async def close(incident: str, given: steps.Closing, it: Decide, version: Version) -> Response:
    """The end, with what it was and who saw or heard the elder."""
    return await it.for_incident(await it.send("close", incident, given, version))


@router.post("/incidents/{incident}/note", response_model=cases.IncidentView)
async def note(incident: str, given: steps.Note, it: Decide) -> Response:
    """A line in the timeline."""
    return await it.for_incident(await it.send("note", incident, given))


@router.get("/duty", response_model=sessions.DutyState)
async def read_duty(who: Me, door: TheDoor) -> Response:
    """Whether I am on duty."""
    return Json(await _duty(who, door))


@router.put("/duty", response_model=sessions.DutyState)
async def set_duty(
    duty: sessions.Duty, who: Me, door: TheDoor, key: Annotated[str | None, Header(alias="Idempotency-Key")] = None
) -> Response:
    """Go on or off duty, and say where I am."""
    if who.responder is None:
        raise ProblemError(409, "not_a_responder")
    await Decision(who, door, key or f"duty-{token_hex(16)}").send("set_duty", who.responder, duty)
    return Json(await _duty(who, door))


async def _duty(who: Identity, door: Door) -> dict[str, Any]:
    found = await commands.duty(door.database, who, door.clock.now())
    if found is None:
        raise ProblemError(409, "not_a_responder")
    return found
