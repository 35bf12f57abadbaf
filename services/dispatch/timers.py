"""Waits that are over. Any worker may take any of them; there is no leader."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
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
from shared.runtime.clock import stopwatch, woken
from shared.runtime.database import AWAY, Connection
from shared.runtime.failpoint import reach
from shared.runtime.log import Wakeup

logger = logging.getLogger(__name__)

AT_ONCE = 50
TOGETHER = 8
"""Cases whose waits are handled in one transaction: more would make a command wait for their locks."""
POLL_S = 0.25
FIRST_REST_S, LONGEST_REST_S = 0.25, 30.0
WAITS_EACH = 100
"""More waits than any case has open at once."""


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


class Resting:
    """Waits that failed alone. Each is tried again after a while that grows, and none stands before the others."""

    def __init__(self) -> None:
        """Nothing has failed."""
        self._tries: dict[Hashable, tuple[int, float]] = {}

    def __len__(self) -> int:
        """How many have failed."""
        return len(self._tries)

    def awake(self, what: Hashable) -> bool:
        """Whether it may be tried now."""
        return what not in self._tries or self._tries[what][1] <= stopwatch()

    def failed(self, what: Hashable) -> None:
        """Let it be for a while."""
        tries = self._tries.get(what, (0, 0.0))[0] + 1
        self._tries[what] = tries, stopwatch() + min(LONGEST_REST_S, FIRST_REST_S * 2 ** (tries - 1))

    def forget(self, these: Iterable[Hashable]) -> None:
        """They are well, or gone."""
        for what in these:
            self._tries.pop(what, None)

    def known(self) -> frozenset[Hashable]:
        """All that have failed."""
        return frozenset(self._tries)


async def keep(house: House, wakeup: Wakeup, kept: Kept = CASES) -> None:
    """Sleep until the next wait is over, handle it, for ever. The poll is the backstop."""
    planned, resting = house.planned if kept is CASES else asyncio.Event(), Resting()
    while True:
        try:
            await _round(house, wakeup, kept, planned, resting)
        except AWAY:
            logger.warning("timers.database_away")
            await woken(asyncio.Event(), POLL_S)


async def _round(house: House, wakeup: Wakeup, kept: Kept, planned: asyncio.Event, resting: Resting) -> None:
    async with house.database.pool.acquire() as connection:
        found = await kept.waiting(connection, AT_ONCE + WAITS_EACH * len(resting))
    resting.forget(resting.known() - {what for what, _ in found})
    waiting = [(what, due_at) for what, due_at in found if resting.awake(what)]
    now = house.clock.now()
    for late in (now - due_at for _, due_at in waiting if due_at <= now):
        metrics.LATE.observe(late.total_seconds())
    overdue = list(dict.fromkeys(what for what, due_at in waiting if due_at <= now))
    for n in range(0, len(overdue), kept.many):
        await _handle(house, kept, overdue[n : n + kept.many], resting)
    if overdue:
        reach("timers.committed")
        wakeup.ring(*kept.tells)
    else:
        await house.clock.wait_until(waiting[0][1] if waiting else None, planned, POLL_S)


async def _handle(house: House, kept: Kept, these: Sequence[Hashable], resting: Resting) -> None:
    """One sick wait must not hold up the others: each has another try alone; the watch sees what is overdue."""
    try:
        await kept.handle(house, these)
        resting.forget(these)
    except AWAY:
        raise
    except Exception:
        logger.exception("timers.failed", extra={"waits": str(list(these))})
        if len(these) == 1:
            resting.failed(these[0])
            return
        for one in these:
            await _handle(house, kept, [one], resting)
