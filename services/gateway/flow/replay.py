"""An incident told again step by step, with ways and sounds; names are masked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.gateway.domain.people import Identity
from services.gateway.domain.replay import shown, sound_of, staged
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.flow.commands import MissingError
from services.gateway.store import replay as store
from shared.runtime.database import Database


async def replay(database: Database, who: Identity, name: str, now: datetime) -> dict[str, Any]:
    """The whole story of an incident in scope. MissingError beyond it."""
    async with database.reading(who.scope) as connection:
        found = await store.incident(connection, name)
        if found is None:
            raise MissingError("incident")
        facts = await store.facts(connection, name)
        tracks = await store.tracks(connection, name, now)
    opened = found.pop("opened_at")
    priority, drill = found["priority"], found["drill"]
    stages = staged((fact["tag"], fact["body"]) for fact in facts)
    steps = [
        {**_step(fact, opened), "stage": stage, "sound": sound_of(fact["tag"], fact["body"], priority, drill=drill)}
        for fact, stage in zip(facts, stages, strict=True)
    ]
    return {
        **found, "pressed_at": opened, "ended_at": found["closed_at"], "name_masked": name_hint(found["elder_name"]),
        "division_name": found["division_name"] or found["division"], "place": place_hint(found["address"]),
        "steps": steps, "tracks": [_track(track, opened) for track in tracks],
    }  # fmt: skip


def _step(fact: Mapping[str, Any], opened: datetime) -> dict[str, Any]:
    body = fact["body"]
    return {
        "s": (fact["at"] - opened).total_seconds(), "at": fact["at"], "tag": fact["tag"],
        "who": name_hint(fact["who"]) or None, "params": shown(body), "lat": body.get("lat"), "lon": body.get("lon"),
    }  # fmt: skip


def _track(track: Mapping[str, Any], opened: datetime) -> dict[str, Any]:
    points = [
        {"s": (datetime.fromisoformat(one["at"]) - opened).total_seconds(), "lat": one["lat"], "lon": one["lon"]}
        for one in track["points"]
    ]
    named = {"responder": track["responder"], "kind": track["kind"]}
    return {**named, "name_masked": name_hint(track["name"]), "points": points}
