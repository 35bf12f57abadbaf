"""Who may be asked for an incident now, best first, and who near may not and why. Nothing is changed by asking."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.dispatch.domain.asking import need_of
from services.dispatch.domain.case import Case
from services.dispatch.domain.matching import Candidate, Ranked
from services.dispatch.domain.refusals import NOT_FOUND
from services.dispatch.flow.house import House, done, refused
from services.dispatch.registry import responders
from services.dispatch.store import cases as store
from shared.contracts.commands import Answer, Command
from shared.vocabulary.people import ResponderKind

AT_MOST = 50


async def listed(house: House, command: Command) -> Answer:
    """The same ranking by which people are asked, as it is at this moment."""
    async with house.database.pool.acquire() as connection:
        incident = await store.incident_of(connection, command)
        case = (await store.load(connection, [incident])).get(incident) if incident else None
    if case is None:
        return refused(NOT_FOUND)
    situation = await house.cases.around(case.incident.id)
    found = situation.roster.about(need_of(case, situation, house.clock.now()))
    people = {one.id: one for one in situation.roster.people}
    async with house.database.pool.acquire() as connection:
        seen = await responders.seen(connection, list(people))
    ranking = [_line(one, case, seen) for one in found.ranking if one.candidate.kind != ResponderKind.CANARY]
    passed = [_passed(people[one.id], one.why) for one in found.passed if one.id in people]
    return done(items=ranking[:AT_MOST], passed_over=passed[:AT_MOST])


def _line(one: Ranked, case: Case, seen: Mapping[str, datetime]) -> dict[str, Any]:
    who = one.candidate
    asked = [o.state for o in case.offers.values() if o.responder_id == who.id]
    return {
        "responder": who.id, "name": who.name, "kind": who.kind, "dist_m": one.dist_m, "eta_s": one.eta_s,
        "score": one.score, "reachable": who.reachable, "phone_only": who.phone_only, "on_duty": who.on_duty,
        "relation": who.relation, "asked": asked[-1] if asked else None,
        "skills": sorted(who.skills), "jobs_24h": who.jobs_24h, "pending": who.pending, "busy": who.busy,
        "seen_at": seen.get(who.id),
    }  # fmt: skip


def _passed(who: Candidate, why: str) -> dict[str, Any]:
    return {"responder": who.id, "name": who.name, "kind": who.kind, "why": why}
