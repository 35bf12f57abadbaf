"""Visits that are looked at twice: each finished visit is weighed once it is over, and a person decides what it was.

Three hours after a visit every sign against it is added up (`services.gateway.domain.doubts`). What is doubtful lies
in a queue of the supervisors over its division until one of them says, with a reason, whether it was sound. Nothing
follows from a score or from a decision by itself: nobody is paid less, blocked or asked less often.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.gateway.domain import doubts as it
from services.gateway.domain.people import Identity
from services.gateway.domain.wording import name_hint, place_hint
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.store import doubts as store
from services.gateway.store.doubts import Finished
from shared.runtime.clock import Clock
from shared.runtime.database import AWAY, Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import WHOLE_CELL, Division
from shared.vocabulary.ids import uuid7

logger = logging.getLogger(__name__)

EVERY_S = 60
PIECE = 100
AFTER = timedelta(hours=3)
"""Visits at the same time have ended by then, and photos are handed in."""
WITHIN = timedelta(days=4)
"""A telephone without network may hand in for three days."""
PHOTOS = timedelta(days=180)
Row = dict[str, Any]


class DecisionError(Exception):
    """A decision that can't be taken: `already_decided`, `own_visit`."""

    def __init__(self, code: str) -> None:
        """`code` is what the caller is told."""
        super().__init__(code)
        self.code = code


async def keep_weighing(database: Database, clock: Clock) -> None:
    """Look at every visit that has ended, for ever; `database` reads the whole cell."""
    while True:
        await clock.sleep(EVERY_S)
        try:
            while await weigh(database, clock.now()) == PIECE:
                pass
        except AWAY:
            logger.warning("doubts.database_away")
        except Exception:
            logger.exception("doubts.failed")  # calls for help go through here too, and do not wait for this


async def weigh(database: Database, now: datetime) -> int:
    """Look at the next visits; answers how many there were."""
    async with areas.looking(database, WHOLE_CELL) as connection:
        orders = await store.due(connection, now - WITHIN, now - AFTER, PIECE)
        found = await store.visits(connection, orders)
        visits = [one.visit for one in found]
        counties = {one.division[:6] for one in found}
        since = min((one.arrived_at for one in visits), default=now) - it.SAME_DAY
        beside = await store.beside(connection, since, now, counties, orders) if orders else []
        album = it.Album((*visits, *await store.resembling(connection, visits, now - PHOTOS)))
    reasons = await asyncio.to_thread(it.judged, visits, beside, album)
    async with database.transaction() as connection:
        await set_scope(connection, WHOLE_CELL)
        await lock(connection, [f"visit/{order}" for order in sorted(orders)])
        await store.checked(connection, [_line(one, reasons[one.visit.order], now) for one in found])
        await _tell(connection, found, reasons, now)
    return len(orders)


def _line(one: Finished, reasons: tuple[it.Reason, ...], now: datetime) -> tuple[Any, ...]:
    told = [{"code": reason.code, "weight": reason.weight, "params": dict(reason.params)} for reason in reasons]
    visit = one.visit
    return visit.order, one.division, sorted(visit.people), visit.left_at, now, it.score(reasons), told


async def _tell(
    connection: Connection, found: list[Finished], reasons: dict[str, tuple[it.Reason, ...]], now: datetime
) -> None:
    """The log has that a visit was doubted, and by which signs."""
    events = [
        NewEvent(
            uuid7(now), "visit", one.visit.order, "visit.doubted",
            {"order": one.visit.order, "score": it.score(signs), "signs": [sign.code for sign in signs]},
            one.division, "service:gateway", now,
        )
        for one in found if it.score(signs := reasons[one.visit.order]) >= it.DOUBTFUL
    ]  # fmt: skip
    if events:
        await append(connection, events, now)


async def listed(
    database: Database, who: Identity, code: Division, after: str, limit: int, now: datetime, *, decided: bool
) -> Row:
    """Doubtful visits of a division, the latest first, and how many were looked at. MissingError beyond the scope."""
    await areas.of(database, who, code)
    async with database.reading(code) as connection:
        found = await store.doubtful(connection, code, after, limit + 1, decided=decided)
        sums = await store.counted(connection, code, now)
        names = await store.people(connection, found)
    return {
        **sums, "items": [_shown(one, names) for one in found[:limit]],
        "next": found[limit - 1]["order"] if len(found) > limit else None,
    }  # fmt: skip


async def decide(database: Database, who: Identity, order: str, why: str, now: datetime, *, sound: bool) -> Row:
    """Say what a doubtful visit was. MissingError or DecisionError; the same decision again changes nothing."""
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"visit/{order}"])
        before = await store.one(connection, order)
        if before is None:
            raise MissingError("visit")
        if who.responder in before["responders"]:
            raise DecisionError("own_visit")
        done = await store.decide(connection, order, who.account, now, why.strip(), sound=sound)
        if done is None and (before["sound"], before["why"]) != (sound, why.strip()):
            raise DecisionError("already_decided")
        if done is not None:
            body = {"order": order, "sound": sound}
            by = f"account:{who.account}"
            event = NewEvent(uuid7(now), "visit", order, "visit.decided", body, done["division"], by, now)
            await append(connection, [event], now)
        line = await store.one(connection, order) or before
        return _shown(line, await store.people(connection, [line]))


def _shown(line: Row, names: Mapping[str, str]) -> Row:
    """As a screen may show it: names masked."""
    people = [{"responder": one, "name_masked": name_hint(names.get(one, ""))} for one in line["responders"]]
    kept = {name: value for name, value in line.items() if name not in ("name", "address", "responders")}
    return {
        **kept, "division_name": line["division_name"] or line["division"], "name_masked": name_hint(line["name"]),
        "place": place_hint(line["address"]), "people": people,
    }  # fmt: skip
