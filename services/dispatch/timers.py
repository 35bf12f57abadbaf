"""Waits that are over. Any worker may take any of them; there is no leader."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.dispatch.flow import catalogue as series_flow
from services.dispatch.flow import order_work
from services.dispatch.flow import waits as flow
from services.dispatch.flow.house import House
from services.dispatch.store import cases, orders
from services.dispatch.store import catalogue as series_store
from services.dispatch.store import waits as store
from shared.runtime.clock import woken
from shared.runtime.database import AWAY, Connection
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)

AT_ONCE = 50
POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of waits: `waiting` names the next to end and when, `handle` what one means; then `tells` grow."""

    waiting: Callable[[Connection, int], Awaitable[list[tuple[Any, datetime]]]]
    handle: Callable[[House, Any], Awaitable[None]]
    tells: tuple[str, ...]


async def _case(house: House, incident: str) -> None:
    await house.cases.overdue(house.database, incident)


CASES = Kept(cases.waiting, _case, ("incident",))
ORDERS = Kept(orders.waiting, order_work.overdue, ("incident", "order"))
SERIES = Kept(series_store.series_waiting, series_flow.fill, ("order",))
REST = Kept(store.waiting, flow.overdue, ("incident", "mass", "mode", "duty"))


async def keep(house: House, wakeup: Wakeup, kept: Kept = CASES) -> None:
    """Sleep until the next wait is over, handle it, for ever. The poll is the backstop."""
    planned = house.planned if kept is CASES else asyncio.Event()
    while True:
        try:
            await _round(house, wakeup, kept, planned)
        except AWAY:
            logger.warning("timers.database_away")
            await woken(asyncio.Event(), POLL_S)


async def _round(house: House, wakeup: Wakeup, kept: Kept, planned: asyncio.Event) -> None:
    async with house.database.pool.acquire() as connection:
        waiting = await kept.waiting(connection, AT_ONCE)
    now = house.clock.now()
    overdue = dict.fromkeys(what for what, due_at in waiting if due_at <= now)
    for what in overdue:
        await _handle(house, kept, what)
    if overdue:
        wakeup.ring(*kept.tells)
    else:
        await house.clock.wait_until(waiting[0][1] if waiting else None, planned, POLL_S)


async def _handle(house: House, kept: Kept, what: Hashable) -> None:
    """One sick wait must not hold up the others; the watch sees that it is overdue."""
    try:
        await kept.handle(house, what)
    except AWAY:
        raise
    except Exception:
        logger.exception("timers.failed", extra={"wait": str(what)})
        await woken(asyncio.Event(), POLL_S / 10)
