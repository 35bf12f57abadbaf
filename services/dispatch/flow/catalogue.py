"""What can be ordered, what it costs, what comes again, and the codes at homes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Moment
from services.dispatch.domain.orders import decisions, proof
from services.dispatch.domain.orders.catalogue import Price, Service, faults_of, price_of, succeeds
from services.dispatch.domain.orders.decisions import Wish
from services.dispatch.domain.orders.order import Tale
from services.dispatch.domain.orders.series import Series, fault_of, occurrences
from services.dispatch.domain.orders.states import TO_PLAN, OrderState
from services.dispatch.domain.orders.windows import local_day, on_day
from services.dispatch.domain.refusals import NOT_FOUND, Refusal, argument
from services.dispatch.flow import order_work as work
from services.dispatch.flow.house import Handler, House, done, refused
from services.dispatch.flow.orders import Asked, written
from services.dispatch.registry import bookable
from services.dispatch.store import catalogue as store
from services.dispatch.store import orders
from shared.contracts.commands import Answer, Command
from shared.runtime import log
from shared.runtime.database import Connection
from shared.vocabulary.ids import uuid7

SOON_MIN = 30
"""Minutes after midnight at which the next day of a series is placed."""
TO_CANCEL: list[str] = sorted({*TO_PLAN, OrderState.SCHEDULED, OrderState.DRAFT, OrderState.RETURNED})


async def set_service(_: House, connection: Connection, command: Command, __: Any) -> Answer:
    """A line of the division's own catalogue."""
    args = command.args
    lists = {name: tuple(args.get(name, ())) for name in ("skills", "evidence_arrive", "evidence_leave", "hand_in")}
    it = Service(**{**args, **lists, "code": command.target})
    wrong = faults_of(it)
    if wrong is not None:
        return refused(argument(*wrong))
    await store.set_service(connection, it)
    return done(code=it.code, division=it.division)


async def set_price(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """A new version of a price, from a day on; never of a day that is over."""
    args, now = command.args, house.clock.now()
    division, since = args["division"], date.fromisoformat(args["since"])
    until = date.fromisoformat(args["until"]) if args.get("until") else None
    if since < local_day(now):
        return refused(argument("since", "day_passed"))
    if await store.service(connection, command.target, division) is None:
        return refused(NOT_FOUND)
    it = Price(
        uuid7(now), command.target, division, since, until, args["cents"], args["subsidy_permille"],
        args.get("absent_permille", 0),
    )  # fmt: skip
    await log.lock(connection, [f"price/{division}/{command.target}"])
    wrong = succeeds(it, [_shortened(p, since) for p in await store.prices(connection, command.target, division)])
    if wrong is not None:
        return refused(argument(*wrong))
    await store.set_price(connection, it, command.actor.account, now)
    return done(price=str(it.id))


def _shortened(price: Price, since: date) -> Price:
    """What held until further notice holds until the new one; of the same day, it is put right and holds never."""
    return replace(price, until=since) if price.until is None and price.since <= since else price


async def look_up_series(house: House, command: Command) -> Series | Refusal:
    """The elder and the service of a new series, checked."""
    args, now = command.args, house.clock.now()
    async with house.database.pool.acquire() as connection:
        her = await bookable.lives(connection, command.target, command.actor.division, now)
        if her is None:
            return argument("elder", "not_found")
        if await store.service(connection, args["service"], her["division"]) is None:
            return argument("service", "unknown_service")
        if args.get("provider") and not await bookable.provider(connection, args["provider"]):
            return argument("provider", "unknown_provider")
        prices = await store.prices(connection, args["service"], her["division"])
    it = _series(uuid7(now), her["division"], command)
    if price_of(prices, it.division, max(it.first_day, local_day(now))) is None:
        return argument("service", "no_price")
    wrong = fault_of(it, local_day(now))
    return argument(*wrong) if wrong else it


def _series(name: UUID, division: str, command: Command) -> Series:
    args = command.args
    return Series(
        name, division, command.target, args["service"], args["rule"], date.fromisoformat(args["first_day"]),
        args["first_min"], args["last_min"], date.fromisoformat(args["until"]) if args.get("until") else None,
        args.get("provider"), skipped=tuple(date.fromisoformat(day) for day in args.get("skipped", ())),
    )  # fmt: skip


async def add_series(house: House, connection: Connection, command: Command, found: Any) -> Answer:
    """A service that comes again; its first orders are placed in a moment."""
    if isinstance(found, Refusal):
        return refused(found)
    await store.add_series(connection, found, command.actor.account, house.clock.now())
    return done(series=str(found.id))


async def end_series(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """No more of it; what has been placed ahead is cancelled."""
    now, why = work.moment(house, f"account:{command.actor.account}"), command.args["reason"]
    if why not in decisions.REASONS["cancel"]:
        return refused(argument("reason", "invalid_field"))
    await log.lock(connection, [f"series/{command.target}"])
    it = await store.series(connection, UUID(command.target))
    if it is None or not it.division.startswith(command.actor.division):
        return refused(NOT_FOUND)
    names = await store.orders_of(connection, it.id, TO_CANCEL, now.now)
    await log.lock(connection, (f"order/{name}" for name in names))
    found = (await orders.load(connection, names)).values()
    tales = [decisions.cancel(now, order, why) for order in found]
    gone = [t for t in tales if isinstance(t, Tale)]
    await orders.save(connection, gone, now.now)
    await store.end_series(connection, it.id, now.now)
    return done(series=command.target, cancelled=len(gone))


async def fill(house: House, name: UUID) -> None:
    """Place the orders of a series up to the horizon; each day once."""
    now = work.moment(house)
    async with house.database.pool.acquire() as connection:
        it = await store.series(connection, name)
        if it is None:
            return
        days = occurrences(it, local_day(now.now))
        her = await bookable.lives(connection, it.elder_id, "", now.now)
        service = await store.service(connection, it.service, it.division)
        prices = await store.prices(connection, it.service, it.division)
    names = await orders.number(house.database, now.now, len(days)) if days else []
    wishes = [
        Wish(
            order, it.division, it.elder_id, her["home_id"], her["lat"], her["lon"], window, it.provider_id, it.id, day
        )
        for order, (day, window) in zip(names, days, strict=True)
        if her is not None
    ]  # fmt: skip
    tales = [_placed(now, Asked(wish, service, prices)) for wish in wishes if service is not None]
    async with house.database.transaction() as connection:
        await log.lock(connection, [f"series/{name}", *(f"order/{w.order}" for w in wishes)])
        still = await store.series(connection, name)
        if still is None or still.ended_at is not None or still.filled_until != it.filled_until:
            return
        await orders.save(connection, [t for t in tales if t is not None], now.now)
        last = days[-1][0] if days else it.filled_until
        await store.filled(connection, name, last, _again(it, now.now))


def _placed(now: Moment, asked: Asked) -> Tale | None:
    """Placed, or left a draft for a person to look at where there is no price; nothing for what is over already."""
    for place in (True, False):
        tale = written(now, asked, place=place)
        if isinstance(tale, Tale):
            return tale
    return None


def _again(it: Series, now: datetime) -> datetime | None:
    """Tomorrow, unless the series is over by then."""
    tomorrow = local_day(now) + timedelta(days=1)
    return None if it.until is not None and it.until < tomorrow else on_day(tomorrow, SOON_MIN, SOON_MIN).first


async def set_home_code(house: House, connection: Connection, command: Command, _: Any) -> Answer:
    """The code on the label that was put up at a home; only its hash is kept."""
    by = (command.actor.account, command.actor.division)
    kept = await store.set_home_code(
        connection, command.target, proof.digest(command.args["code"]), by, house.clock.now()
    )
    return done(home=command.target) if kept else refused(NOT_FOUND)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "set_service": Handler(set_service),
        "set_price": Handler(set_price),
        "add_series": Handler(add_series, look_up_series),
        "end_series": Handler(end_series),
        "set_home_code": Handler(set_home_code),
    }
)
