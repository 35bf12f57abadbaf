"""Waits that are over. Any worker may take any of them; there is no leader."""

import asyncio
import logging

from services.dispatch.flow.house import House
from services.dispatch.store import cases as store
from shared.runtime.clock import woken
from shared.runtime.database import AWAY
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)

AT_ONCE = 50
POLL_S = 0.25


async def keep(house: House, wakeup: Wakeup) -> None:
    """Sleep until the next wait is over, handle it, for ever. The poll is the backstop."""
    while True:
        try:
            await _round(house, wakeup)
        except AWAY:
            logger.warning("timers.database_away")
            await woken(asyncio.Event(), POLL_S)


async def _round(house: House, wakeup: Wakeup) -> None:
    async with house.database.pool.acquire() as connection:
        waiting = await store.waiting(connection, AT_ONCE)
    now = house.clock.now()
    overdue = dict.fromkeys(incident for incident, due_at in waiting if due_at <= now)
    for incident in overdue:
        await _handle(house, incident)
    if overdue:
        wakeup.ring("incident")
    else:
        await house.clock.wait_until(waiting[0][1] if waiting else None, house.planned, POLL_S)


async def _handle(house: House, incident: str) -> None:
    """One sick incident must not hold up the others; the watch sees its overdue wait."""
    try:
        await house.cases.overdue(house.database, incident)
    except AWAY:
        raise
    except Exception:
        logger.exception("timers.failed", extra={"incident": incident})
        await woken(asyncio.Event(), POLL_S / 10)
