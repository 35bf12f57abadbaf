"""Waits that are over. Any worker may take any of them; there is no leader."""

import asyncio
import logging

from services.dispatch import store
from services.dispatch.flow import Flow
from shared.runtime.clock import woken
from shared.runtime.database import AWAY
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)

AT_ONCE = 50
POLL_S = 0.25


async def keep(flow: Flow, wakeup: Wakeup) -> None:
    """Sleep until the next wait is over, handle it, for ever. The poll is the backstop."""
    while True:
        try:
            await _round(flow, wakeup)
        except AWAY:
            logger.warning("timers.database_away")
            await woken(asyncio.Event(), POLL_S)


async def _round(flow: Flow, wakeup: Wakeup) -> None:
    async with flow.database.pool.acquire() as connection:
        waiting = await store.waiting(connection, AT_ONCE)
    now = flow.clock.now()
    overdue = dict.fromkeys(incident for incident, due_at in waiting if due_at <= now)
    for incident in overdue:
        await _handle(flow, incident)
    if overdue:
        wakeup.ring("incident")
    else:
        await flow.clock.wait_until(waiting[0][1] if waiting else None, flow.planned, POLL_S)


async def _handle(flow: Flow, incident: str) -> None:
    """One sick incident must not hold up the others; the watch sees its overdue wait."""
    try:
        await flow.overdue(incident)
    except AWAY:
        raise
    except Exception:
        logger.exception("timers.failed", extra={"incident": incident})
        await woken(asyncio.Event(), POLL_S / 10)
