"""Waits that are over. Any worker may take any of them; there is no leader."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Sequence
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
from shared.runtime import metrics
from shared.runtime.clock import woken
from shared.runtime.database import AWAY, Connection
from shared.runtime.failpoint import reach
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)

AT_ONCE = 50
TOGETHER = 8
"""Cases whose waits are handled in one transaction: more would make a command wait for their locks."""
POLL_S = 0.25


@dataclass(frozen=True, slots=True)
class Kept:
    """One table of waits: `waiting` names the next to end and when, `handle` what they mean; then `tells` grow.

    `many` of them are handled in one transaction, where that is quicker.
    """

    waiting: Callable[[Connection, int], Awaitable[list[tuple[Any, datetime]]]]
    handle: Callable[[House, Sequence[Any]], Awaitable[None]]
    tells: tuple[str, ...]
    many: int = 1


async def _cases(house: House, incidents: Sequence[str]) -> None:
    await house.cases.overdue(house.database, incidents)


def _alone(handle: Callable[[House, Any], Awaitable[None]]) -> Callable[[House, Sequence[Any]], Awaitable[None]]:
    async def each(house: House, these: Sequence[Any]) -> None:
        for one in these:
            await handle(house, one)

    return each


CASES = Kept(cases.waiting, _cases, ("incident",), many=TOGETHER)
ORDERS = Kept(orders.waiting, _alone(order_work.overdue), ("incident", "order"))
SERIES = Kept(series_store.series_waiting, _alone(series_flow.fill), ("order",))
REST = Kept(store.waiting, _alone(flow.overdue), ("incident", "mass", "mode", "duty"))


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
    for late in (now - due_at for _, due_at in waiting if due_at <= now):
        metrics.LATE.observe(late.total_seconds())
    overdue = list(dict.fromkeys(what for what, due_at in waiting if due_at <= now))
    for n in range(0, len(overdue), kept.many):
        await _handle(house, kept, overdue[n : n + kept.many])
    if overdue:
        reach("timers.committed")
        wakeup.ring(*kept.tells)
    else:
        await house.clock.wait_until(waiting[0][1] if waiting else None, planned, POLL_S)


async def _handle(house: House, kept: Kept, these: Sequence[Hashable]) -> None:
    """One sick wait must not hold up the others: each has another try alone; the watch sees what is overdue."""
    try:
        await kept.handle(house, these)
    except AWAY:
        raise
    except Exception:
        logger.exception("timers.failed", extra={"waits": str(list(these))})
        if len(these) == 1:
            await woken(asyncio.Event(), POLL_S / 10)
            return
        for one in these:
            await _handle(house, kept, [one])
