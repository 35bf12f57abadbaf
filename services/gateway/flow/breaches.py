"""What is past its target now, and asking whoever holds it to move it on."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import Fact, Letter, desks_over
from services.gateway.domain.people import Identity, personal_inbox
from services.gateway.domain.supervision import RANK, Late, late
from services.gateway.domain.wording import name_hint, place_hint, ring_of
from services.gateway.flow import areas
from services.gateway.flow.commands import MissingError
from services.gateway.store import supervision as store
from shared.contracts.supervision import Nudge
from shared.runtime.database import Connection, Database, set_scope
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.divisions import Division
from shared.vocabulary.ids import uuid7

LOOKED_AT = 2000
MOST = 500
AGAIN_AFTER = timedelta(minutes=1)
NUDGED = "breach.nudged"
Row = dict[str, Any]


class NudgeError(Exception):
    """It cannot be done now: nobody is coming, she has no console, or it was done a moment ago."""

    def __init__(self, code: str, **params: Any) -> None:
        """A stable code, and what goes with it."""
        super().__init__(code)
        self.code = code
        self.params = params


async def listed(database: Database, who: Identity, code: Division, now: datetime) -> Row:
    """Everything past its target in a division, the most urgent first. MissingError beyond the caller's scope."""
    area = await areas.of(database, who, code)
    async with database.reading(code) as connection:
        found = await store.standing(connection, LOOKED_AT)
    items = [_breach(row, one, now) for it, row in found for one in late(it, now)]
    items.sort(key=lambda one: (one["priority"], RANK.index(one["stage"]), -one["over_s"], one["incident"]))
    more = len(items) > MOST or len(found) == LOOKED_AT
    return {"at": now, **area.told(), "items": items[:MOST], "more": more}


def _breach(row: Row, one: Late, now: datetime) -> Row:
    kept = ("ver", "job", "assignment", "division", "kind", "priority", "state", "nudges", "nudged_at")
    holder = row["responder_name"] if row["assignment"] else row["taken_name"]
    return {
        **{name: row[name] for name in kept}, "incident": row["id"], "order": row["order_id"], "stage": one.stage,
        "since": one.since, "target_s": one.target_s, "over_s": one.over_s(now),
        "division_name": row["division_name"] or row["division"], "name_masked": name_hint(row["elder_name"]),
        "place": place_hint(row["address"]),
        "holder": {
            "account": row["taken_by"], "seat": row["taken_name"], "responder": row["responder_id"],
            "name_masked": name_hint(holder) or None,
        },
    }  # fmt: skip


async def nudge(database: Database, who: Identity, incident: str, given: Nudge, now: datetime) -> Row:
    """Ring whoever holds an incident. MissingError beyond the scope or over; NudgeError where it cannot be done."""
    async with database.transaction() as connection:
        await set_scope(connection, who.scope)
        await lock(connection, [f"breach/{incident}"])
        found = await store.standing(connection, 1, incident)
        if not found:
            raise MissingError("incident")
        it, row = found[0]
        kind, account, name = await _receiver(connection, row, given)
        await _not_just_now(connection, incident, kind, now)
        stages = sorted((one.stage for one in late(it, now)), key=RANK.index)
        stage = stages[0] if stages else "none"
        made = uuid7(now)
        await store.nudge(connection, (
            made, incident, row["division"], stage, kind, account, name, given.text.strip(), who.account, who.name, now,
        ))  # fmt: skip
        body = {"nudge": str(made), "of": incident, "stage": stage, "to": kind, "account": account}
        by = f"account:{who.account}"
        await append(connection, [NewEvent(made, "breach", incident, NUDGED, body, row["division"], by, now)], now)
    return {"nudge": made, "incident": incident, "at": now, "to": kind, "name_masked": name_hint(name) or None}


async def _receiver(connection: Connection, row: Row, given: Nudge) -> tuple[str, str | None, str | None]:
    """Kind, account and name of who is rung; a seat that has left gives way to its desk."""
    if given.to == "responder":
        if row["assignment"] is None:
            raise NudgeError("nobody_coming")
        found = await store.account_of(connection, row["responder_id"])
        if found is None:
            raise NudgeError("no_console")
        return "responder", found[0], row["responder_name"]
    name = await store.on_duty(connection, row["taken_by"])
    return ("seat", row["taken_by"], name) if name else ("desk", None, None)


async def _not_just_now(connection: Connection, incident: str, kind: str, now: datetime) -> None:
    kinds = ["responder"] if kind == "responder" else ["seat", "desk"]
    last = await store.nudged_at(connection, incident, kinds)
    if last is not None and now - last < AGAIN_AFTER:
        raise NudgeError("just_nudged", retry_after_s=int((last + AGAIN_AFTER - now).total_seconds()) + 1)


async def letters(connection: Connection, facts: list[Fact]) -> list[Letter]:
    """`breach.nudged` for the seat or the one who goes, or for the desks over it."""
    found = await store.nudges(connection, [UUID(str(fact.body["nudge"])) for fact in facts]) if facts else {}
    letters = []
    for fact in facts:
        row = found.get(str(fact.body["nudge"]))
        if row is not None:
            to = (personal_inbox(row["to_account"]),) if row["to_account"] else desks_over(fact.division)
            d = {
                "incident": row["incident_id"], "stage": row["stage"], "priority": row["priority"],
                "by": row["by_name"], "text": row["text"], "ring": ring_of(row["priority"], drill=False),
            }  # fmt: skip
            letters.append(Letter(to, fact.id, NUDGED, fact.at, d, fact.division))
    return letters
