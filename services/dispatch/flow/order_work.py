"""What an order waits for: to be planned with others, to be sent out, to be missed, to be asked about.

Orders of a county are planned together, a batch at a time. The planner and everything it must know run outside the
transaction; within it each order is looked at once more, and whoever has been booked meanwhile makes the database
refuse the whole batch, which is then planned anew.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import asyncpg

from services.dispatch.domain.alarms import Pressed, open_case
from services.dispatch.domain.facts import Moment
from services.dispatch.domain.orders import decisions, following, sending
from services.dispatch.domain.orders.order import Order, Tale
from services.dispatch.domain.orders.planner import Plan, Planned, plan
from services.dispatch.domain.orders.states import TO_PLAN, OrderState
from services.dispatch.domain.orders.waits import BATCH, goes_at, waits
from services.dispatch.domain.situation import Situation
from services.dispatch.flow.house import House
from services.dispatch.registry import bookable
from services.dispatch.registry.bookable import Known
from services.dispatch.store import orders as store
from shared.runtime import log
from shared.runtime.database import Connection
from shared.vocabulary.divisions import Level
from shared.vocabulary.ids import uuid7
from shared.vocabulary.people import ElderStatus

logger = logging.getLogger(__name__)

ACTOR = "dispatch:orders"
MOST = 60
"""Orders planned in one go: some tenths of a second of arithmetic beside the event loop."""
AGAIN = timedelta(minutes=10)


def moment(house: House, actor: str = ACTOR) -> Moment:
    """Now."""
    now = house.clock.now()
    return Moment(now, actor, lambda: uuid7(now))


async def overdue(house: House, name: str) -> None:
    """Apply what is due for one order; another worker may have done it already."""
    async with house.database.pool.acquire() as connection:
        order = (await store.load(connection, [name])).get(name)
    due = {w.kind for w in waits(order) if w.due_at <= house.clock.now()} if order else set()
    if order is None or not due:
        return
    if due & {"missed", "absent"}:
        await _missed(house, order)
    elif "dispatch" in due:
        await send(house, order)
    elif "plan" in due:
        await plan_county(house, order.division[: Level.COUNTY])
    else:
        await _simply(house, order)


async def _simply(house: House, order: Order) -> None:
    async with house.database.transaction() as connection:
        found = await store.locked(connection, order.id)
        if found is None:
            return
        tale = following.overdue(moment(house), found)
        if tale.order.state == OrderState.CLOSED:
            await _stopped(house, connection, found, "missed")
        await store.save(connection, [tale], house.clock.now())


async def _missed(house: House, order: Order) -> None:
    """Nobody came, or nobody opened: the desk gets a welfare check unless she does not live there now."""
    now = house.clock.now()
    her = await _about(house, [order])
    at_home = her[order.elder_id].status == ElderStatus.HOME
    check = sending.welfare_check(order, uuid7(now), now) if order.welfare and at_home else None
    if check is not None:
        await house.cases.look_round([check])
    subjects = [f"subject/{check.subject}"] if check else []
    async with house.database.transaction() as connection:
        await log.lock(connection, [*store.streams([order]), *subjects])
        found = (await store.load(connection, [order.id]))[order.id]
        tale = following.overdue(moment(house), found)
        if tale.order.state != OrderState.MISSED or found.state == OrderState.MISSED:
            return
        await _stopped(house, connection, found, str(tale.order.ended_why), spare=found.absent_at is None)
        if check is not None:
            await house.cases.place(connection, [check])
        await store.save(connection, [tale], now)
    house.planned.set()


async def _stopped(house: House, connection: Connection, order: Order, why: str, *, spare: bool = False) -> None:
    if order.incident_id is not None:
        await house.cases.change(
            connection, [order.incident_id], ACTOR, lambda m, case: sending.stop(m, case, why, spare=spare)
        )


async def stop(house: House, connection: Connection, order: Order, why: str) -> None:
    """End the running case of an order that is to be served otherwise, or not at all."""
    if decisions.stoppable(order):
        await _stopped(house, connection, order, why)


async def _about(house: House, orders: Sequence[Order]) -> dict[str, Known]:
    async with house.database.pool.acquire() as connection:
        return await bookable.elders(connection, sorted({o.elder_id for o in orders}), house.clock.now())


async def send(house: House, order: Order) -> None:
    """Its time has come: people are asked, those planned first; nobody goes to an elder who is away."""
    her = await _about(house, [order])
    status = her[order.elder_id].status
    starts_at = max(order.starts_at or order.window_from, house.clock.now())
    asked, situation = await looked_round(house, order, order.people, starts_at)
    async with house.database.transaction() as connection:
        await log.lock(connection, [f"subject/{asked.subject}", f"order/{order.id}"])
        found = (await store.load(connection, [order.id]))[order.id]
        if found.ver != order.ver:
            return
        if status != ElderStatus.HOME:
            tale = decisions.away(moment(house), found, status)
        else:
            tale = await sent(house, connection, found, asked, situation)
        await store.save(connection, [tale], house.clock.now())
    house.planned.set()


async def looked_round(
    house: House, order: Order, people: Sequence[str], starts_at: datetime
) -> tuple[Pressed, Situation]:
    """What the case will need: who is planned, who is near, what is laid down."""
    now = house.clock.now()
    asked = sending.asked_for(order, starts_at, now)
    situation = await house.cases.ahead_of(asked)
    async with house.database.pool.acquire() as connection:
        planned = [c for c, _ in await bookable.named(connection, people, order.elder_id, now)]
        if order.provider_id is not None:
            near = [c.id for c in situation.roster.people]
            situation = sending.only(situation, await bookable.of_provider(connection, near, order.provider_id))
    return asked, sending.arranged(situation, order, planned, starts_at, now)


async def sent(house: House, connection: Connection, order: Order, asked: Pressed, situation: Situation) -> Tale:
    """Open the order's case; the order's and the subject's locks are held."""
    number = following.case_number(order)
    case = await house.cases.begin(connection, ACTOR, lambda m, _: open_case(m, asked, number, None, situation))
    planned = [p for p in order.people if p in {c.id for c in situation.roster.people}]
    starts_at = asked.starts_at or house.clock.now()
    return following.dispatched(moment(house), order, case.incident.id, planned, starts_at, situation.policy.version)


async def plan_county(house: House, county: str) -> None:
    """Plan what a county has gathered: one batch, together with what is due in a moment."""
    now = house.clock.now()
    async with house.database.pool.acquire() as connection:
        names = await store.batch(connection, county, now + BATCH, MOST)
        orders = [o for o in (await store.load(connection, names)).values() if o.state in TO_PLAN]
        if not orders:
            return
        about = await bookable.elders(connection, sorted({o.elder_id for o in orders}), now)
        last = max(o.window_to for o in orders) + timedelta(minutes=max(o.minutes for o in orders))
        helpers = await bookable.helpers(connection, county, min(o.window_from for o in orders), last)
    laid = await asyncio.to_thread(plan, bookable.visits(orders, about), helpers, now)
    try:
        await _planned(house, {o.id: o for o in orders}, laid)
    except asyncpg.ExclusionViolationError:
        logger.warning("orders.plan_overtaken", extra={"county": county})


async def _planned(house: House, orders: Mapping[str, Order], laid: Planned) -> None:
    now = moment(house)
    async with house.database.transaction() as connection:
        await log.lock(connection, (f"order/{name}" for name in orders))
        found = await store.load(connection, orders)
        same = [o for o in found.values() if o.ver == orders[o.id].ver]
        tales = [_laid(now, order, laid.plans.get(order.id), laid.unplanned.get(order.id, "")) for order in same]
        await store.save(connection, tales, now.now, book=store.BOOK)


def _laid(now: Moment, order: Order, found: Plan | None, why: str) -> Tale:
    if found is not None:
        booked = decisions.book(now, order, found.start, found.people, "plan")
        if isinstance(booked, Tale):
            return booked
    tale = Tale(order)
    again = now.now + max(AGAIN, (goes_at(order) - now.now) / 4)
    tale.add(now.fact("order.not_planned", order=order.id, why=why, again_at=again))
    return tale
