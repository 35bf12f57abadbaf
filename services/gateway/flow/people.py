"""People who go, and why they were asked, read within the caller's scope."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.flow.commands import MissingError
from services.gateway.store import people, views
from shared.runtime.database import Database


async def responder(database: Database, who: Identity, name: str, now: datetime) -> dict[str, Any]:
    """One person in full."""
    async with database.reading(who.scope) as connection:
        found = await people.responder(connection, name, now)
    if found is None:
        raise MissingError("responder")
    return found


async def explanation(database: Database, who: Identity, job: UUID) -> dict[str, Any]:
    """Why each person was asked for a job, and the others not."""
    async with database.reading(who.scope) as connection:
        about = await people.job(connection, job)
        if about is None:
            raise MissingError("job")
        offers = await views.offers(connection, job)
        waves = await people.waves(connection, about["incident"])
        waits = await people.waits(connection, about["incident"])
        names = await people.names(connection, sorted(_passed(waves)))
    told = [{**wave, "passed_over": _named(wave["passed_over"], names)} for wave in waves]
    return {**about, "policy": about["policy"] or {}, "offers": offers, "waves": told, "waits": waits}


def _passed(waves: Sequence[Mapping[str, Any]]) -> set[str]:
    return {one["responder"] for wave in waves for one in wave["passed_over"]}


def _named(passed: Sequence[Mapping[str, str]], names: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    unknown = {"name": "", "kind": ""}
    return [
        {**one, **{part: names.get(one["responder"], unknown)[part] for part in ("name", "kind")}} for one in passed
    ]
