"""The clock of waits beside cases that cannot be handled."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from services.dispatch import timers
from services.dispatch.flow.house import House
from services.dispatch.timers import AT_ONCE, Kept
from shared.runtime.database import Connection
from shared.runtime.log import Wakeup
from tests.integration.test_dispatch_flow import Desk, desk

__all__ = ["desk"]

WELL = "the last one"


async def test_more_sick_waits_than_are_read_at_once_hold_nobody_up(desk: Desk) -> None:
    """They were due before; they rest and are tried again, and the one behind them all has its turn."""
    now = desk.clock.now()
    due = [(f"sick-{n}", now - timedelta(hours=1)) for n in range(AT_ONCE + 10)]
    left, tried, handled, again = [*due, (WELL, now)], list[str](), asyncio.Event(), asyncio.Event()

    async def waiting(_: Connection, many: int) -> list[tuple[Any, datetime]]:
        return list(left[:many])

    async def handle(_: House, these: Sequence[Any]) -> None:
        for one in these:
            tried.append(one)
            if tried.count(due[0][0]) == 4:
                again.set()
            if one != WELL:
                raise ValueError(one)
            left.remove((WELL, now))
            handled.set()

    keeper = asyncio.create_task(
        timers.keep(desk.house, Wakeup(desk.owner.url), Kept(waiting, handle, ("incident",), many=8))
    )
    try:
        async with asyncio.timeout(10):
            await handled.wait()
            await again.wait()
    finally:
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper
