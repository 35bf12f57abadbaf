"""The load of seats: what it was, which flood is on, whose screen cannot be heard any more."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain import load
from services.gateway.domain.load import WINDOW, Span
from services.gateway.domain.people import Identity
from services.gateway.store import duty
from services.gateway.store import load as store
from shared.runtime.database import Connection, Database, Record
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.ids import uuid7

NOISE = frozenset({"false_press", "test", "device_fault", "not_actionable", "poor_details"})
SILENT_AFTER = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(hours=1)


async def shelf(database: Database, who: Identity, now: datetime) -> dict[str, Any]:
    """What is put aside in scope."""
    async with database.reading(who.scope) as connection:
        return {"items": await store.shelf(connection, now)}


async def held(database: Database, who: Identity) -> list[str]:
    """Incidents that this account has taken and that are not over."""
    async with database.reading(who.scope) as connection:
        return await duty.held(connection, who.account)


async def report(database: Database, who: Identity, hours: int, now: datetime) -> dict[str, Any]:
    """Alarm load of the desks in scope over the last hours."""
    since = now - timedelta(hours=hours)
    async with database.reading(who.scope) as connection:
        rings = await store.rings(connection, since - WINDOW)
        waits = await store.waits(connection, since)
        seats = await store.seats(connection, since, who.account)
        posts = [post for post in await duty.posts(connection) if post["division"].startswith(who.scope)]
        stale = await store.stale(connection, now)
        shelved = len(await store.shelf(connection, now))
    if len(rings) == store.AT_MOST:
        since = max(since, rings[-1]["at"] + WINDOW)
    over = Span(since, now)
    within = [ring for ring in rings if ring["at"] >= since]
    shares = _shares(seats, waits)
    return {
        "since": since, "until": now, "alarms": len(within),
        "seats": [_seat(seat, rings, over, shares) for seat in seats],
        "desks": [_desk(post, rings, waits, seats, over) for post in posts],
        "sources": _sources(within), "stale": stale, "shelved": shelved, "shares": shares,
    }  # fmt: skip


def _times(rings: Sequence[Record], division: str) -> list[datetime]:
    return sorted(ring["at"] for ring in rings if ring["division"].startswith(division))


def _rates(times: Sequence[datetime], over: Span) -> dict[str, Any]:
    own = [at for at in times if at >= over.since]
    return {
        "alarms": len(own), "now_10min": load.lately(times, over.until), "mean_10min": load.mean(times, over),
        "worst_10min": load.worst(own), "flood_share": load.flood_share(times, over),
    }  # fmt: skip


def _seat(seat: Record, rings: Sequence[Record], over: Span, shares: dict[str, str]) -> dict[str, Any]:
    own = Span(max(over.since, seat["since"]), over.until)
    silent, heard = seat["silent_at"], seat["heard_at"]
    return {
        **{name: seat[name] for name in ("account", "name", "division", "since", "held", "claimed")},
        **_rates(_times(rings, seat["division"]), own),
        "offered": list(shares.values()).count(seat["account"]),
        "sound": "silent" if silent else "ok" if heard else "unknown", "silent_since": silent,
    }  # fmt: skip


def _desk(
    post: dict[str, Any], rings: Sequence[Record], waits: Sequence[Record], seats: Sequence[Record], over: Span
) -> dict[str, Any]:
    division = post["division"]
    own = [one for one in waits if one["division"].startswith(division)]
    most, longest = load.unclaimed([(max(w["opened_at"], over.since), w["ended"]) for w in own], over.until)
    flood = next((seat["began_at"] for seat in seats if seat["division"] == division), None)
    return {
        "division": division, "name": post["name"], **_rates(_times(rings, division), over), "flood_since": flood,
        "most_unclaimed": most, "longest_unclaimed_s": int(longest),
        "unclaimed": sum(one["ended"] is None for one in own),
    }  # fmt: skip


def _sources(rings: Sequence[Record]) -> list[dict[str, Any]]:
    """The ten noisiest. What it mostly says stands for its kind."""
    own = defaultdict[str, list[Record]](list)
    for ring in reversed(rings):
        own[ring["source"]].append(ring)
    return [
        {
            "source": one.name, "alarms": one.alarms, "share": one.share, "cumulative": one.cumulative,
            "kind": Counter(ring["kind"] for ring in own[one.name]).most_common(1)[0][0],
            "division": own[one.name][-1]["division"], "chatters": load.chatters([r["at"] for r in own[one.name]]),
            "noise": len({ring["id"] for ring in own[one.name] if ring["outcome"] in NOISE}),
        }
        for one in load.noisiest({name: len(all_of) for name, all_of in own.items()})
    ]  # fmt: skip


def _shares(seats: Sequence[Record], waits: Sequence[Record]) -> dict[str, str]:
    """In a flood what waits is offered to the seats of that desk in turn, least busy first, deaf ones last of all."""
    found: dict[str, str] = {}
    for division in sorted({seat["division"] for seat in seats if seat["began_at"]}, key=len):
        here = [seat for seat in seats if seat["division"] == division]
        free = [seat for seat in here if not seat["silent_at"]] or here
        waiting = [w["id"] for w in waits if w["ended"] is None and w["division"].startswith(division)]
        found |= load.dealt(waiting, {seat["account"]: seat["held"] for seat in free})
    return found


async def watch(connection: Connection, now: datetime, here: Sequence[tuple[str, bool]]) -> list[NewEvent]:
    """Note which desk screens are open `here` and heard; tell what has changed. The scope is the whole cell."""
    await store.heard(connection, here, now)
    return [*await _floods(connection, now), *await _sounds(connection, now)]


async def keep_watch(database: Database, now: datetime, here: Sequence[tuple[str, bool]]) -> bool:
    """The same in a transaction of its own; whether there is news. `database` reads the whole cell."""
    async with database.transaction() as connection:
        await lock(connection, ["load/watch"])
        events = await watch(connection, now, here)
        await append(connection, events, now)
    return bool(events)


async def forget(database: Database, now: datetime) -> None:
    """Forget screens of those who have left."""
    async with database.transaction() as connection:
        await store.forget(connection, now - FORGOTTEN_AFTER)


async def _floods(connection: Connection, now: datetime) -> list[NewEvent]:
    found = []
    for desk in await store.counted(connection, now - WINDOW):
        before = desk["began_at"] is not None
        after = load.flooded(desk["alarms"], before=before)
        since = await store.mark(connection, desk["division"], now, begins=after) if after != before else None
        if since is not None:
            body = {"alarms": desk["alarms"], "since": since}
            found.append(_event("load.flood" if after else "load.calm", desk["division"], desk["division"], body, now))
    return found


async def _sounds(connection: Connection, now: datetime) -> list[NewEvent]:
    found = []
    for seat in await store.changed(connection, now - SILENT_AFTER):
        falls_silent = seat["silent_at"] is None
        if await store.silence(connection, seat["account"], seat["since"] if falls_silent else None):
            body = {"account": seat["account"], "since": seat["silent_at"] or seat["since"]}
            tag = "seat.silent" if falls_silent else "seat.heard"
            found.append(_event(tag, seat["account"], seat["division"], body, now))
    return found


def _event(tag: str, of: str, division: str, body: dict[str, Any], now: datetime) -> NewEvent:
    plain = body | {"since": body["since"].isoformat()}
    return NewEvent(uuid7(now), "load", of, tag, plain, division, "gateway:load", now)
