"""An elder's record as the desk keeps it: card and home, contacts, assessments, consents, the code on her card.

Names, telephone numbers and illness stand in their rows; the log is told ids, and which columns have changed.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from secrets import token_bytes
from types import MappingProxyType
from typing import Any

from services.dispatch.commands import DESKS
from services.dispatch.domain.imports import codes, merging
from services.dispatch.domain.imports.merging import Before
from services.dispatch.domain.imports.rows import HOLDS_FOR
from services.dispatch.domain.refusals import NOT_AT_A_DESK, NOT_FOUND, Refusal, argument
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.registry import elders
from services.dispatch.store import imports as rows
from services.dispatch.store import records as store
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.runtime.log import NewEvent
from shared.vocabulary.divisions import Division, covers
from shared.vocabulary.geo import Position
from shared.vocabulary.ids import uuid7

Facts = dict[str, Any]
Change = Callable[[House, Connection, Command], Awaitable[Facts | Refusal]]


async def _save(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """Write the card of an elder, new or known, and of her home."""
    args, scope = command.args, Division(command.actor.division)
    if not covers(scope, args["division"]):
        return argument("division", "outside_scope")
    if not await store.stands(connection, args["division"], house.clock.now().date()):
        return argument("division", "unknown_division")
    if not Position(args["lat"], args["lon"]).plausible:
        return argument("lat", "invalid_field")
    before = (await rows.there(connection, "elder", [command.target])).get(command.target)
    values = {**args, "id": command.target}
    home = merging.home_id(values, before)
    there = (await rows.there(connection, "home", [home])).get(home)
    values["spot"] = (args["lat"], args["lon"], _placed(args, there))
    if any(old is not None and not covers(scope, old["division"]) for old in (before, there)):
        return NOT_FOUND
    made = merging.elder(values, Before(before, there), house.clock.now().isoformat())
    for table in ("home", "elder"):
        await rows.put(connection, table, made[table])
    await rows.add_codes(
        connection, {command.target: (_code(), args["division"])}, house.clock.now(), command.actor.account
    )
    await rows.follow(connection, [command.target])
    changed = [name for name, value in made["elder"][0].items() if before is None or before.get(name) != value]
    return {"division": args["division"], "new": before is None, "changed": sorted(changed)}


def _placed(args: Facts, there: Facts | None) -> str:
    """A guess that nobody has touched stays a guess."""
    if there is not None and (there["lat"], there["lon"]) == (args["lat"], args["lon"]):
        return str(there["placed"])
    return "given"


async def _contact(_: House, connection: Connection, command: Command) -> Facts | Refusal:
    """Write one contact; a new number has been confirmed by nobody."""
    n = int(command.args["ord"])
    there = (await rows.there(connection, "contact", [command.target])).get(f"{command.target}/{n}")
    values = {**command.args, "elder": command.target}
    division = await elders.found(connection, command.target, command.actor.division)
    await rows.put(connection, "contact", [merging.contact(values, there, division or "")])
    return {"contact": n}


async def _no_contact(_: House, connection: Connection, command: Command) -> Facts | Refusal:
    n = int(command.args["ord"])
    return {"contact": n} if await store.drop_contact(connection, command.target, n) else NOT_FOUND


async def _confirm(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """Somebody has asked: the number is right, and so is the key."""
    n, now = int(command.args["ord"]), house.clock.now()
    confirmed = await store.confirm_contact(connection, command.target, n, now, command.actor.account)
    return {"contact": n} if confirmed else NOT_FOUND


async def _assess(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """An assessment; the newest is hers."""
    args, now = command.args, house.clock.now()
    on = date.fromisoformat(args["assessed_on"])
    if on > now.date():
        return argument("assessed_on", "in_the_future")
    until = date.fromisoformat(args["until"]) if args.get("until") else on + HOLDS_FOR
    if until <= on:
        return argument("until", "ends_before")
    await store.assess(
        connection, command.target, on, args["level"], until, args.get("assessor"), command.actor.account, now
    )
    return {"level": args["level"], "assessed_on": on.isoformat(), "until": until.isoformat()}


async def _agree(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """She agrees, or her guardian for her."""
    args, now = command.args, house.clock.now()
    name = uuid7(now)
    if not await store.agree(connection, name, command.target, args, command.actor.account, now):
        return Refusal("agreed_already", params={"purpose": args["purpose"]})
    by = "guardian" if args.get("guardian") else "elder"
    return {"purpose": args["purpose"], "consent": str(name), "given_by": by, "wording": args["wording"]}


async def _take_back(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """Taken back, as easily as it was given; that it was given is kept."""
    purpose, now = command.args["purpose"], house.clock.now()
    ended = await store.take_back(connection, command.target, purpose, now, command.actor.account)
    return {"purpose": purpose} if ended else NOT_FOUND


async def _new_code(house: House, connection: Connection, command: Command) -> Facts | Refusal:
    """Her card is lost: its code opens nothing any more, and another takes its place."""
    now = house.clock.now()
    await store.end_code(connection, command.target, now)
    division = await elders.found(connection, command.target, command.actor.division)
    await rows.add_codes(connection, {command.target: (_code(), division or "")}, now, command.actor.account)
    return {}


def _code() -> str:
    return codes.spelt(token_bytes(8))


def _handler(tag: str, change: Change, *, makes: bool = False) -> Handler:
    """Change her record and tell the log; only `makes` may meet somebody who is not there yet."""

    async def within(house: House, connection: Connection, command: Command, _: Any) -> Answer:
        if command.actor.role not in DESKS:
            return refused(NOT_AT_A_DESK)
        await log.lock(connection, [f"elder/{command.target}"])
        division = await elders.found(connection, command.target, command.actor.division)
        if division is None and not makes:
            return refused(NOT_FOUND)
        facts = await change(house, connection, command)
        if isinstance(facts, Refusal):
            return refused(facts)
        await _tell(connection, command, tag, {"division": division, **facts}, house.clock.now())
        return done(elder=command.target)

    return Handler(within)


async def _tell(connection: Connection, command: Command, tag: str, facts: Facts, now: datetime) -> None:
    body = {"elder": command.target, **{name: value for name, value in facts.items() if name != "division"}}
    actor = f"account:{command.actor.account}"
    event = NewEvent(uuid7(now), "elder", command.target, tag, body, facts["division"], actor)
    await log.append(connection, [event], now)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "save_elder": _handler("elder.saved", _save, makes=True),
        "save_contact": _handler("elder.contact_saved", _contact),
        "remove_contact": _handler("elder.contact_removed", _no_contact),
        "confirm_contact": _handler("elder.contact_confirmed", _confirm),
        "assess_elder": _handler("elder.assessed", _assess),
        "give_consent": _handler("elder.agreed", _agree),
        "end_consent": _handler("elder.took_back", _take_back),
        "renew_code": _handler("elder.code_renewed", _new_code),
    }
)
