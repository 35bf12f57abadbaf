"""Decisions are passed to dispatch; what came of them is read back within the caller's scope."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import UNDER_WAY, Going, Incident
from services.gateway.domain.people import Identity
from services.gateway.store import incidents, lists, pages, views
from shared.contracts.commands import Actor
from shared.runtime.database import Connection, Database
from shared.vocabulary.divisions import Division

RECENTLY = timedelta(hours=12)


class MissingError(Exception):
    """Unknown, or beyond what this person may see: the two are not told apart."""

    def __init__(self, what: str, *, field: str | None = None) -> None:
        """`field` names it in a request's body."""
        super().__init__(what)
        self.field = field


def actor(who: Identity) -> Actor:
    """The caller as dispatch is told."""
    return Actor(
        account=who.account, name=who.name, role=who.role, division=who.division, responder=who.responder,
        kind=who.kind,
    )  # fmt: skip


async def job_view(database: Database, who: Identity, job: UUID, now: datetime, hotline: str) -> dict[str, Any]:
    """A job in full, for the desk in scope and for those who go or went just now.

    `hotline`: whom to telephone where her division has no duty telephone.
    """
    async with database.reading(who.scope) as connection:
        incident = await _incident(connection, await views.incident_of_job(connection, job))
        mine = _own(incident, who, now)
        if incident is None or not (who.at_desk or mine):
            raise MissingError("job")
        place = await _place(connection, incident, now)
        desk = await pages.duty_phone(connection, Division(incident.division)) or hotline
        due = await views.check_in_due(connection, incident.id, UUID(mine.line["id"])) if mine else None
    return _job_view(job, incident, place, mine) | {"desk_phone": desk, "check_in_due": due}


async def incident_view(database: Database, who: Identity, name: str, now: datetime) -> dict[str, Any]:
    """Everything the desk needs on one page."""
    if not who.at_desk:
        raise MissingError("incident")
    async with database.reading(who.scope) as connection:
        incident = await _incident(connection, name)
        if incident is None:
            raise MissingError("incident")
        place = await _place(connection, incident, now)
        asked = await views.offers(connection, UUID(incident.row["job"])) if incident.row["job"] else []
        calls = await views.calls(connection, name)
        names = {one["responder"]: one["name"] for one in (*asked, *(g.line for g in incident.going))}
        story = await views.timeline(connection, name, names)
    parts = {name: place[name] for name in ("elder", "home", "contacts", "others_in_home")}
    lines = [going.line for going in incident.going]
    return {
        "row": incident.desk_row(), **parts, "offers": asked, "assignments": lines, "calls": calls,
        "timeline": story, **place["ending"],
    }  # fmt: skip


async def duty(database: Database, who: Identity, now: datetime) -> dict[str, Any] | None:
    """Whether this responder is on duty, and until when a planned shift lasts."""
    if who.responder is None:
        return None
    async with database.reading(who.scope) as connection:
        found = await lists.duty(connection, who.responder)
        return found and {**found, "shift_until": await lists.shift(connection, who.responder, now)}


async def _incident(connection: Connection, name: str | None) -> Incident | None:
    return (await incidents.load(connection, [name])).get(name) if name else None


async def _place(connection: Connection, incident: Incident, now: datetime) -> dict[str, Any]:
    found = await views.place(connection, incident.id, incident.division, now)
    if found is None:
        raise MissingError("incident")
    return found


def _own(incident: Incident | None, who: Identity, now: datetime) -> Going | None:
    """The caller's own assignment: under way, or ended not long ago."""
    if incident is None or who.responder is None:
        return None
    own = [going for going in incident.going if going.responder == who.responder]
    live = [going for going in own if going.state in UNDER_WAY and not incident.ended]
    recent = [going for going in own if not _long_ago(going.line, now)]
    return next(iter((*live, *reversed(recent))), None)


def _long_ago(line: Mapping[str, Any], now: datetime) -> bool:
    return line["ended_at"] is not None and datetime.fromisoformat(line["ended_at"]) < now - RECENTLY


def _job_view(job: UUID, incident: Incident, place: dict[str, Any], mine: Going | None) -> dict[str, Any]:
    row = incident.row
    return {
        "job": job, "incident": incident.id, "ver": row["ver"], "state": row["job_state"] or "created",
        "priority": row["priority"], "kind": row["kind"], "drill": row["drill"], "incident_state": row["state"],
        "elder": place["elder"], "home": place["home"], "contacts": place["contacts"], "lat": place["lat"],
        "lon": place["lon"], "mine": mine.line if mine else None, "going": incident.desk_row()["going"],
        "opened_at": row["opened_at"], "hand_in": place["hand_in"],
    }  # fmt: skip
